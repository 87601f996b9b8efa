"""What every page is made of besides the posts, told by its bytes and never by its date.

When any of it changes, what depends on it is made again by itself: all pages for the frame (theme,
plugins, settings, words, help lines, the libraries), the hand-written ones alone for theirs.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jinja2
import markdown
import pelican
from outside_groups import directory

from story_pages.tag_grammar import NH3

_NOT_THE_FRAME = frozenset({
    "CACHE_PATH", "EDITIONS", "EDITION_PROGRESS", "EDITION_PURGE", "EDITION_REPORT",
    "EDITION_SEARCH", "EDITION_TOLD", "EDITION_WHOLE", "DEBUG", "FEED_DOMAIN", "GROUPS",
    "GROUPS_CHECKED", "NUMBERS", "OUTPUT_PATH", "PAGE_PATHS", "POSTS", "THEME_STATIC_PATHS",
    "VERBOSITY", "WORDS",
})  # fmt: skip
"""Settings that say where or how to build, not what."""
_PLAIN = (str, int, float, bool, type(None), list, tuple, dict, Path)

_PLUGINS = Path(__file__).parents[1]
_ROOT = _PLUGINS.parents[1]
_DOORS = (_ROOT / "doors" / f"{name}.py" for name in ("helplines", "helpline_rows", "tables"))
_CODE = (_PLUGINS, *_DOORS)


def frame(settings: Mapping[str, Any]) -> str:
    """A hash of what all pages are made of."""
    theme = Path(settings["THEME"]) / "templates"
    content = (Path(settings["HELPLINES"]), Path(settings["VOCABULARY"]))
    told = {name: value for name, value in settings.items() if _tells(name, value)}
    return _hash((theme, *content), CODE, *(f"{name}={told[name]!r}" for name in sorted(told)))


def by_hand(settings: Mapping[str, Any]) -> str:
    """A hash of what only the hand-written pages, and the theme's own files, are made of."""
    pages = (Path(settings["PATH"], path) for path in settings["PAGE_PATHS"])
    static = Path(settings["THEME"]) / "static"
    files = (Path(settings["NUMBERS"]), Path(settings["WORDS"]))
    return _hash((*pages, static, *files), repr(directory(settings)))


def _tells(name: str, value: object) -> bool:
    return name.isupper() and name not in _NOT_THE_FRAME and isinstance(value, _PLAIN)


def _hash(places: Iterable[Path], *more: str) -> str:
    made_of = hashlib.sha256("\n".join(more).encode())
    for place in places:
        for file in _files(place):
            made_of.update(f"\n{file.relative_to(place)} ".encode())
            made_of.update(hashlib.sha256(file.read_bytes()).digest())
    return made_of.hexdigest()


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place] if place.is_file() else []
    found = (Path(folder, name) for folder, _, names in os.walk(place) for name in names)
    return sorted(file for file in found if file.suffix != ".pyc")


CODE = _hash(_CODE, jinja2.__version__, markdown.__version__, NH3, pelican.__version__)
"""A hash of the code as this process has it, whatever becomes of the files."""
