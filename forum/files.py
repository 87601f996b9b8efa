"""Files that are put in place whole: a reader sees the old bytes or the new ones."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

MOST_ONE_BY_ONE = 64
"""So many files are brought to the disk one by one; more, with all that the machine holds."""
WRITING = ".writing-"
"""How the name of a file begins that is not whole yet. The rest is the name it will have, so that
whoever comes after a pass that died finds it without a look around."""


def put(path: Path, content: bytes) -> bool:
    """Write the file unless it holds these bytes; whether something else was in its place.

    A reader sees the old bytes or the new ones, whole. Raises `OSError`.
    """
    if holds(path, content):
        return False
    there = os.path.lexists(path)
    if is_folder(path):
        remove(path)
    _replace(path, content)
    return there


def is_folder(path: Path) -> bool:
    """Whether this is a folder itself, and no link to one."""
    return path.is_dir() and not path.is_symlink()


def remove(path: Path) -> None:
    """Remove a file or a link, or a folder with all in it. Raises `OSError`."""
    if is_folder(path):
        shutil.rmtree(path)
    else:
        path.unlink()


def read(path: Path) -> bytes:
    """The bytes of a plain file. Raises `OSError`, for any other too: a pipe would never end."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise IsADirectoryError(path)
    return path.read_bytes()


def hash_of(path: Path) -> str:
    """The SHA-256 of a plain file, in hex; "" for one that cannot be read."""
    try:
        return hashlib.sha256(read(path)).hexdigest()
    except OSError:
        return ""


def holds(path: Path, content: bytes) -> bool:
    """Whether this is a plain file of exactly these bytes; one that cannot be read is not."""
    try:
        return path.lstat().st_size == len(content) and read(path) == content
    except OSError:
        return False


def unfinished(path: Path) -> Path:
    """Where a file is written before it is put in its place."""
    return path.with_name(WRITING + path.name)


def _replace(path: Path, content: bytes) -> None:
    aside = unfinished(path)
    try:
        if os.path.lexists(aside):
            remove(aside)
        with aside.open("xb") as file:
            file.write(content)
        aside.chmod(0o644)
        os.replace(aside, path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def bring_to_disk(folder: Path, names: Collection[str]) -> None:
    """Return once these files and folders in it are on the disk as they are now: gone, if gone.

    Raises `OSError`.
    """
    if len(names) > MOST_ONE_BY_ONE:
        os.sync()
        return
    for name in names:
        with suppress(FileNotFoundError):
            _sync(folder / name)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
