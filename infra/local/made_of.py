"""What an edition is made of, so that a start after a change presses anew, and no other does."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.local.settings import ROOT, Settings

# What a page is made of. A change in any of it makes the next start press again.
_THESE: Final = (
    *("site", "content", "doors", "forum", "moderation"),
    *("pelicanconf.py", "requirements.txt"),
)
# The press writes these itself.
_NOT_THESE: Final = (ROOT / "content" / "posts", ROOT / "content" / "posts-numbers.json")


def files() -> Iterator[Path]:
    """Yield every file that a page is made of, save the posts themselves."""
    for name in _THESE:
        place = ROOT / name
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        yield from (
            file
            for file in found
            if file.is_file()
            and file.suffix != ".pyc"
            and not any(file.is_relative_to(other) for other in _NOT_THESE)
        )


def fingerprint(settings: Settings) -> str:
    """Return a hash of all that an edition is made of, save the posts themselves."""
    made_of = hashlib.sha256(f"{settings.forum.siteurl}\n{settings.forum.production}\n".encode())
    for file in files():
        made_of.update(f"{file.relative_to(ROOT)}\n".encode())
        made_of.update(hashlib.sha256(file.read_bytes()).digest())
    return made_of.hexdigest()


def stamp_file(settings: Settings) -> Path:
    """Return where the fingerprint of the last press at start-up is kept."""
    return settings.folder / "pressed-from"


def outdated(settings: Settings) -> bool:
    """Say whether the edition is missing or was made of something else than what is here now."""
    stamp = stamp_file(settings)
    if not settings.forum.current.is_dir() or not stamp.is_file():
        return True
    return stamp.read_text("ascii", "replace") != fingerprint(settings)
