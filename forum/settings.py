"""What an operator can set, with defaults for one machine; read by wiring from the environment."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from forum.duty import Care
from forum.keys import BadKey, Key, Keyring, read_keyring, write_key
from forum.person import BUDDY_FIRST

ROOT = Path(__file__).resolve().parents[1]
MOST_OF_ANYTHING = 1_000_000
"""The greatest limit that can be set."""


class BadSetting(Exception):
    """A setting that cannot be used: one sentence that names it and says what would do."""


class Purpose(Enum):
    """What a secret is for. One each, so that none opens what it was not made for."""

    RECEIPTS = "HANDRAIL_KEY_RECEIPTS"
    FORMS = "HANDRAIL_KEY_FORMS"
    CAPABILITIES = "HANDRAIL_KEY_CAPABILITIES"
    SESSIONS = "HANDRAIL_KEY_SESSIONS"


@dataclass(frozen=True)
class Limits:
    """How much the visitors' door takes in."""

    most_unread: int = 300
    """Posts that may wait to be read; then the form closes itself."""
    proven_a_minute: int = 12
    """Posts that come in with a proof of work, sent by a browser with script."""
    unproven_a_minute: int = 6
    """Posts that come in without one; no flood of proofs takes their place."""
    reports_a_minute: int = 6


class NotifyBy(Enum):
    """What carries digests to the moderators."""

    NOBODY = "off"
    FILE = "file"
    SES = "ses"


@dataclass(frozen=True)
class Notices:
    """How moderators learn what waits, and when."""

    by: NotifyBy = NotifyBy.FILE
    to: tuple[str, ...] = field(default=(), repr=False)
    """E-mail addresses of moderators. They stand nowhere else."""
    sender: str = field(default="", repr=False)
    hour: int = 18
    """The hour of the daily digest, in UTC: it goes out at half past."""


_TABLES = re.compile(r"dynamodb://([A-Za-z0-9_.-]{3,200})")
"""DynamoDB takes names of 255 characters; two of ours get a longer one."""
MOST_TOLD = 50
"""Addresses that can be told: each is a letter of its own, and the press waits for all of them."""
_ADDRESS = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}", re.ASCII | re.IGNORECASE
)

LIMITS = {
    "most_unread": "HANDRAIL_MOST_UNREAD",
    "proven_a_minute": "HANDRAIL_PROVEN_A_MINUTE",
    "unproven_a_minute": "HANDRAIL_UNPROVEN_A_MINUTE",
    "reports_a_minute": "HANDRAIL_REPORTS_A_MINUTE",
}
"""The setting behind each limit."""

CARE = {
    "heavy_in_a_row": "HANDRAIL_HEAVY_IN_A_ROW",
    "heavy_a_day": "HANDRAIL_HEAVY_A_DAY",
    "soft_minutes": "HANDRAIL_SOFT_MINUTES",
    "hard_minutes": "HANDRAIL_HARD_MINUTES",
    "pause_minutes": "HANDRAIL_PAUSE_MINUTES",
    "break_minutes": "HANDRAIL_BREAK_MINUTES",
}
"""The setting behind each limit that looks after moderators."""
BUDDY = {"buddy_first": "HANDRAIL_BUDDY_FIRST"}
MAY_BE_NONE = frozenset({"pause_minutes", "buddy_first"})
"""Those that can be switched off with 0."""


@dataclass(frozen=True)
class Settings:
    """Every setting, read once."""

    production: bool
    data: Path
    store: str
    siteurl: str
    posts: Path
    keys: Mapping[str, str] = field(repr=False)
    """Setting name to keyring text, for the purposes that were given one."""
    limits: Limits = Limits()
    notices: Notices = Notices()
    care: Care = field(default_factory=Care)
    buddy_first: int = BUDDY_FIRST
    leave_url: str = ""
    """Where "Leave now" leads; "" for the page that the theme names."""

    ledger: Path | None = None
    """The folder of the ledger of erasures; None for one beside the database."""
    backups: Path | None = None
    """The folder of the backups."""
    backup_to: tuple[str, ...] = ()
    """The public keys that open a backup."""
    parameters: str = ""
    """Where the keys are kept in the cloud: what the names of their parameters begin with."""
    bucket: str = ""
    """In the cloud: the bucket that readers are served from."""
    distribution: str = ""
    """In the cloud: what keeps copies of it near readers."""

    @property
    def database(self) -> Path:
        """The file behind `store`; raise `BadSetting` when that names none."""
        scheme, _, path = self.store.partition(":///")
        if scheme != "sqlite" or not path:
            raise BadSetting("HANDRAIL_STORE must be written sqlite:///PATH or dynamodb://TABLE.")
        return Path("/", path) if self.store.startswith("sqlite:////") else Path(path)

    @property
    def tables(self) -> str:
        """The name of the DynamoDB tables behind `store`; "" when it is a file."""
        found = _TABLES.fullmatch(self.store)
        return found.group(1) if found else ""

    @property
    def editions(self) -> Path:
        """The folder of the editions."""
        return self.data / "editions"

    def keyring(self, purpose: Purpose) -> Keyring:
        """The secret for one purpose; in development one is made and kept under the data folder."""
        given = self.keys.get(purpose.value, "")
        try:
            if given:
                return read_keyring(given)
            if self.production:
                raise BadSetting(f"{purpose.value} must be set in production.")
            return read_keyring(_kept_key(self.data / "keys" / purpose.name.lower()))
        except BadKey as error:
            raise BadSetting(f"{purpose.value} cannot be used: {error}.") from None


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in an environment; raise `BadSetting` for one that makes no sense."""
    env = environ.get("HANDRAIL_ENV") or "development"
    if env not in ("development", "production"):
        raise BadSetting("HANDRAIL_ENV must be development or production.")
    data = Path(environ.get("HANDRAIL_DATA") or ROOT / "var").absolute()
    return Settings(
        production=env == "production",
        data=data,
        store=environ.get("HANDRAIL_STORE") or f"sqlite:///{data / 'handrail.sqlite3'}",
        siteurl=_siteurl(environ),
        notices=_notices(environ),
        posts=Path(environ.get("HANDRAIL_POSTS") or ROOT / "content" / "posts").absolute(),
        keys={p.value: environ[p.value] for p in Purpose if environ.get(p.value)},
        limits=Limits(**_numbers(environ, LIMITS)),
        care=Care(
            **_numbers(environ, CARE), debrief_url=_web_address(environ, "HANDRAIL_DEBRIEF_URL")
        ),
        leave_url=_web_address(environ, "HANDRAIL_LEAVE_URL"),
        ledger=_folder(environ, "HANDRAIL_LEDGER"),
        backups=_folder(environ, "HANDRAIL_BACKUPS"),
        backup_to=tuple((environ.get("HANDRAIL_BACKUP_TO") or "").replace(",", " ").split()),
        parameters=_parameters(environ),
        bucket=environ.get("HANDRAIL_BUCKET") or "",
        distribution=environ.get("HANDRAIL_DISTRIBUTION") or "",
        **_numbers(environ, BUDDY),
    )


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    given = environ.get(name)
    return Path(given).absolute() if given else None


def _numbers(environ: Mapping[str, str], names: Mapping[str, str]) -> dict[str, int]:
    given = {limit: environ[name] for limit, name in names.items() if environ.get(name)}
    for limit, value in given.items():
        least = 0 if limit in MAY_BE_NONE else 1
        if not re.fullmatch("[0-9]{1,7}", value) or not least <= int(value) <= MOST_OF_ANYTHING:
            raise BadSetting(f"{names[limit]} must be a whole number, at least {least}.")
    return {limit: int(value) for limit, value in given.items()}


def _parameters(environ: Mapping[str, str]) -> str:
    path = environ.get("HANDRAIL_PARAMETERS") or ""
    if path and not re.fullmatch(r"(/[A-Za-z0-9_.-]+)+", path):
        raise BadSetting("HANDRAIL_PARAMETERS must be a path such as /handrail/forum.")
    return path


def _web_address(environ: Mapping[str, str], name: str) -> str:
    address = environ.get(name) or ""
    if address and not _is_web_address(address):
        raise BadSetting(f"{name} must begin with https:// or http://.")
    return address


def _notices(environ: Mapping[str, str]) -> Notices:
    way, _, listed = (environ.get("HANDRAIL_NOTIFY") or NotifyBy.FILE.value).partition(":")
    to = tuple(address.strip() for address in listed.split(",")) if listed else ()
    by = next((by for by in NotifyBy if by.value == way), None)
    if by is None or (by is NotifyBy.SES) != bool(to) or not all(map(_ADDRESS.fullmatch, to)):
        raise BadSetting("HANDRAIL_NOTIFY must be off, file, or ses: and e-mail addresses.")
    if len(to) > MOST_TOLD:
        raise BadSetting(f"HANDRAIL_NOTIFY can hold {MOST_TOLD} addresses at most.")
    sender = environ.get("HANDRAIL_NOTIFY_FROM") or ""
    if (to or sender) and not _ADDRESS.fullmatch(sender):
        raise BadSetting("HANDRAIL_NOTIFY_FROM must be an e-mail address.")
    hour = environ.get("HANDRAIL_DIGEST_HOUR") or str(Notices.hour)
    if not re.fullmatch("[0-9]{1,2}", hour) or int(hour) > 23:
        raise BadSetting("HANDRAIL_DIGEST_HOUR must be a whole number from 0 to 23.")
    return Notices(by, to, sender, int(hour))


_WEB_ADDRESS = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?(?:/[^\s\"<>]*)?", re.IGNORECASE
)
"""Nothing that a page could take for more: no spaces, no quotes, no user before the host."""


def _siteurl(environ: Mapping[str, str]) -> str:
    port = environ.get("PORT") or "8000"
    siteurl = (environ.get("HANDRAIL_SITEURL") or f"http://localhost:{port}").rstrip("/")
    if not _is_web_address(siteurl):
        raise BadSetting("HANDRAIL_SITEURL must begin with https:// (or http:// on this machine).")
    return siteurl


def _is_web_address(address: str) -> bool:
    return _WEB_ADDRESS.fullmatch(address) is not None


def _kept_key(path: Path) -> str:
    """The key in this file; made on first use, readable by its owner alone."""
    path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        _make_key(path)
    return path.read_text("ascii", errors="replace").strip()


def _make_key(path: Path) -> None:
    """Put a new key there, whole, unless another process was quicker."""
    handle, unnamed = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
    with os.fdopen(handle, "w") as file:
        file.write(write_key(Key("v1", secrets.token_bytes(32))))
    with suppress(FileExistsError):
        os.link(unnamed, path)
    os.unlink(unnamed)
