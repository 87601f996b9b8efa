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
from urllib.parse import urlsplit

from forum.keys import BadKey, Key, Keyring, read_keyring, write_key

ROOT = Path(__file__).resolve().parents[1]
CURRENT = "current"
"""Name of the link, among the editions, to the one that readers see."""


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


LIMITS = {
    "most_unread": "HANDRAIL_MOST_UNREAD",
    "proven_a_minute": "HANDRAIL_PROVEN_A_MINUTE",
    "unproven_a_minute": "HANDRAIL_UNPROVEN_A_MINUTE",
    "reports_a_minute": "HANDRAIL_REPORTS_A_MINUTE",
}
"""The setting behind each limit."""


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

    @property
    def database(self) -> Path:
        """The file behind `store`; raise `BadSetting` when that names none."""
        scheme, _, path = self.store.partition(":///")
        if scheme != "sqlite" or not path:
            raise BadSetting("HANDRAIL_STORE must be written sqlite:///PATH.")
        return Path("/", path) if self.store.startswith("sqlite:////") else Path(path)

    @property
    def editions(self) -> Path:
        """The folder of the editions."""
        return self.data / "editions"

    @property
    def current(self) -> Path:
        """The link to the edition that readers see."""
        return self.editions / CURRENT

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
        posts=Path(environ.get("HANDRAIL_POSTS") or ROOT / "content" / "posts").absolute(),
        keys={p.value: environ[p.value] for p in Purpose if environ.get(p.value)},
        limits=_limits(environ),
    )


def _limits(environ: Mapping[str, str]) -> Limits:
    given = {limit: environ[name] for limit, name in LIMITS.items() if environ.get(name)}
    for limit, value in given.items():
        if not re.fullmatch("[0-9]{1,7}", value) or not 1 <= int(value) <= MOST_OF_ANYTHING:
            raise BadSetting(f"{LIMITS[limit]} must be a whole number, at least 1.")
    return Limits(**{limit: int(value) for limit, value in given.items()})


def _siteurl(environ: Mapping[str, str]) -> str:
    port = environ.get("PORT") or "8000"
    siteurl = (environ.get("HANDRAIL_SITEURL") or f"http://localhost:{port}").rstrip("/")
    if not _is_web_address(siteurl):
        raise BadSetting("HANDRAIL_SITEURL must begin with https:// (or http:// on this machine).")
    return siteurl


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


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
