"""Packages for the cloud's Python: exactly those that are pinned, as wheels for one architecture.

Whatever has no wheel that the cloud can load stops the build. Chalice's own way leaves such a
package out, says so in passing, and ends well.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePosixPath

MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
"""What Lambda calls an architecture, and what wheels call it."""
OLDER_GLIBC, GLIBC = 26, 34
"""Minor versions of Lambda's C library: that of Amazon Linux 2 up to Python 3.11, then of 2023."""
LIBRARIES = ("purelib", "platlib")
"""Folders of a wheel's data that belong beside its modules."""


class NoWheel(Exception):
    """A package cannot be had for the cloud. The text names it, in pip's own words."""


def read_pins(requirements: Path) -> tuple[str, ...]:
    """The packages of a requirements file, each written `name==version`."""
    lines = (line.partition("#")[0].strip() for line in requirements.read_text("utf-8").split("\n"))
    return tuple(line for line in lines if line)


def fetch(pins: Collection[str], folder: Path, architecture: str) -> dict[str, Path]:
    """One wheel for each pin, put into a folder; raise `NoWheel` if one cannot be had.

    Only what is named comes: a package that another one asks for must be pinned as well.
    """
    loose = [pin for pin in pins if "==" not in pin]
    if loose:
        raise NoWheel(f"{loose[0]} names no version.")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    only = ["--no-deps", "--only-binary", ":all:", "--no-input", "--dest", str(folder)]
    done = subprocess.run(
        [*pip, *only, *_platforms(architecture), *sorted(pins)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoWheel(done.stderr.strip())
    return {pin: _wheel(pin, folder) for pin in pins}


def _platforms(architecture: str) -> Iterator[str]:
    """What Lambda's Python can load, newest first, as pip wants to be told."""
    major, minor = sys.version_info[:2]
    yield from ("--implementation", "cp", "--python-version", f"{major}.{minor}")
    machine = MACHINES[architecture]
    newest = OLDER_GLIBC if (major, minor) <= (3, 11) else GLIBC
    for glibc in range(newest, 16, -1):
        yield from ("--platform", f"manylinux_2_{glibc}_{machine}")
    yield from ("--platform", f"manylinux2014_{machine}")


def _wheel(pin: str, folder: Path) -> Path:
    name, _, version = pin.partition("==")
    found = [path for path in folder.glob("*.whl") if _is_of(path.name, name, version)]
    if len(found) != 1:
        raise NoWheel(f"{pin} was asked for; {len(found)} wheels came.")
    return found[0]


def _is_of(wheel: str, name: str, version: str) -> bool:
    """Whether a wheel is of this package: a wheel of `Jinja2` is named jinja2, and so on."""
    named, numbered, *_ = wheel.split("-")
    return (_plain(named), numbered) == (_plain(name), version)


def _plain(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def unpack(wheel: Path, into: Path, wanted: Callable[[str], bool] = bool) -> None:
    """Put a wheel's modules and notes into a folder; its commands and headers stay out.

    So does whatever is not `wanted`, by its path there.
    """
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            place = _place(PurePosixPath(name))
            if place is not None and not name.endswith("/") and wanted(str(place)):
                target = into / place
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(packed.read(name))


def _place(name: PurePosixPath) -> PurePosixPath | None:
    if not name.parts[0].endswith(".data"):
        return name
    return PurePosixPath(*name.parts[2:]) if name.parts[1] in LIBRARIES else None
