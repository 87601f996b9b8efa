"""What the environment says about this machine, read once, with a plain sentence for what is wrong.

The forum's own settings come from forum/settings.py; the server adds where it listens, and sees
to it that its children and its doors read the same.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forum import settings as forum_settings

ROOT: Final = forum_settings.ROOT
COPY: Final = ".before-upgrade"
"""What the name of the store's copy ends in, while an upgrade is under way."""


class CannotStart(Exception):
    """The server cannot start; its text is one sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    """Where this machine listens, and the forum's settings."""

    host: str
    port: int
    forum: forum_settings.Settings

    @property
    def folder(self) -> Path:
        """Where everything of this installation is kept."""
        return self.forum.data

    @property
    def https(self) -> bool:
        """Say whether readers reach the site over https."""
        return self.forum.siteurl.startswith("https://")

    def shared(self) -> dict[str, str]:
        """Return what the doors and the press must read in their environment, spelled out."""
        return {
            "HANDRAIL_DATA": str(self.forum.data),
            "HANDRAIL_POSTS": str(self.forum.posts),
            "HANDRAIL_LEDGER": str(self.forum.ledger or ""),
            "HANDRAIL_SITEURL": self.forum.siteurl,
            "PORT": str(self.port),
        }


def _port(given: str) -> int:
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:9]) <= 65535:
        raise CannotStart(f"PORT must be a whole number from 1 to 65535, and it is {given[:99]!r}.")
    return int(given)


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; an empty value counts as unset. Raises CannotStart."""
    port = _port(environ.get("PORT") or "8000")
    try:
        forum = forum_settings.read_settings(environ)
    except forum_settings.BadSetting as error:
        raise CannotStart(str(error)) from error
    return Settings(environ.get("HANDRAIL_HOST") or "127.0.0.1", port, forum)


def share(settings: Settings) -> None:
    """Put what is shared into this process's environment, before a door is loaded."""
    os.environ.update(settings.shared())


PASSED_ON: Final = (
    *("HANDRAIL_ENV", "HANDRAIL_DATA", "HANDRAIL_STORE", "HANDRAIL_POSTS", "HANDRAIL_SITEURL"),
    *("HANDRAIL_LEAVE_URL", "HANDRAIL_LEDGER"),
    *("PORT", "PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE"),
)
"""What the press may read of the environment: no secret is among it."""
IN_THE_CLOUD: Final = (
    *("AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
)
"""What it must read besides where the store is in the cloud: who may reach it."""


def passed_on(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of the press beside the server."""
    in_the_cloud = environ.get("HANDRAIL_STORE", "").startswith("dynamodb:")
    names = (*PASSED_ON, *IN_THE_CLOUD) if in_the_cloud else PASSED_ON
    return {name: environ[name] for name in names if name in environ}


@contextmanager
def bare_environment(given: Mapping[str, str]) -> Iterator[None]:
    """Let this process have these variables and no other, and then those it had again."""
    before = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(given)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
