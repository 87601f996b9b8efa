"""Puts files into a zip so that the same files make the same bytes, whenever and wherever.

Names are in order, every file has the same day and mode, and compiled code stands beside its
source. Nothing in it says where it was made.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

Contents = Mapping[str, Path]
"""Where each file of a bundle lies now, by its name in the bundle."""

DAY = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can name."""
MODE = 0o100644 << 16
"""A plain file, which Lambda's own user can read: as zips write it."""
UNIX = 3
COMPILER = Path(__file__).with_name("compiling.py")
TAG = sys.implementation.cache_tag
"""What compiled code is named by, such as cpython-311."""


def compiled(contents: Contents, folder: Path) -> dict[str, Path]:
    """The contents with compiled code for every module; a folder keeps that for other bundles."""
    made = {_cached(n): (n, _kept(folder, n, path)) for n, path in _modules(contents)}
    todo = {kept: name for name, kept in made.values() if not kept.exists()}
    _compile([(contents[name], kept, name) for kept, name in todo.items()])
    return {**contents, **{name: kept for name, (_, kept) in made.items()}}


def _modules(contents: Contents) -> list[tuple[str, Path]]:
    return sorted((name, path) for name, path in contents.items() if name.endswith(".py"))


def _kept(folder: Path, name: str, source: Path) -> Path:
    known = hashlib.sha256(name.encode() + b"\0" + source.read_bytes())
    return folder / f"{known.hexdigest()}.pyc"


def _cached(name: str) -> str:
    """The name by which Python looks for the compiled code of a module."""
    module = PurePosixPath(name)
    return str(module.parent / "__pycache__" / f"{module.stem}.{TAG}.pyc")


def _compile(listed: Iterable[tuple[Path, Path, str]]) -> None:
    lines = [json.dumps([str(source), str(kept), name]) for source, kept, name in listed]
    subprocess.run(
        [sys.executable, "-S", "-s", "-P", "-B", "-W", "ignore", str(COMPILER)],
        input="\n".join(lines),
        env={"PYTHONHASHSEED": "0"},
        text=True,
        check=True,
    )


def pack(contents: Contents, target: Path) -> str:
    """Write the zip; its SHA-256 in hex."""
    with zipfile.ZipFile(target, "w") as packed:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, DAY)
            entry.external_attr, entry.create_system = MODE, UNIX
            packed.writestr(entry, contents[name].read_bytes(), zipfile.ZIP_DEFLATED)
    with target.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
