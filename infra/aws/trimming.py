"""What a bundle leaves out of other people's packages: what no line of code in it reads.

Less to fetch, to unpack and to read through when a door wakes in the cloud, and less in the hands
of whoever gets in.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

UNREAD = (
    *("*.pyi", "*/py.typed", "*.c", "*.h", "*.pyx", "*.pxd", "*/tests/*", "*/testing/*"),
    "*.dist-info/*",
    *("cffi/*", "pycparser/*"),  # they make bindings; cryptography's are made
    "botocore/data/*",  # but what `slim_data` picks
    *("fido2/client/*", "fido2/hid/*", "fido2/ctap2/*", "fido2/pcsc*"),  # they speak to a key
    *("pelican/themes/notmyidea/*", "pelican/tools/*"),
)
"""Patterns of names in a wheel; `*` stands for slashes too."""

READ = ("markdown-*.dist-info/entry_points.txt",)
"""But these are read: Markdown looks up its own extensions there."""

DATA = "botocore/data/"
FOR_ALL = ("endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json")
"""What botocore reads for whatever service."""
OF_A_SERVICE = ("service-2.", "endpoint-rule-set-1.", "paginators-1.")
"""What it reads for one, by how the file's name begins; of a service's versions, the newest."""

Files = Mapping[str, Path]


def is_read(name: str) -> bool:
    """Whether something reads this file of a wheel; of botocore's data nothing counts."""
    return _fits(name, READ) or not _fits(name, UNREAD)


def may_be_read(name: str, services: Collection[str]) -> bool:
    """Whether something may read this file, botocore's data of these services among them."""
    if not name.startswith(DATA):
        return is_read(name)
    first, *rest = name.removeprefix(DATA).split("/")
    return first in services if rest else first in FOR_ALL


def without_unread(files: Files) -> dict[str, Path]:
    """Those files of a wheel that something reads; of botocore's data none."""
    return {name: path for name, path in files.items() if is_read(name)}


def _fits(name: str, patterns: Collection[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def slim_data(files: Files, services: Collection[str], folder: Path) -> dict[str, Path]:
    """What botocore must know of these services, without what it says of them to people.

    `files` are those of its wheel; what is made anew is written into the folder.
    """
    kept = {f"{DATA}{name}": files[f"{DATA}{name}"] for name in FOR_ALL}
    for service in services:
        newest = max(n.split("/")[3] for n in files if n.startswith(f"{DATA}{service}/"))
        of_it = f"{DATA}{service}/{newest}/"
        kept |= {
            n: p for n, p in files.items() if n.startswith(tuple(of_it + s for s in OF_A_SERVICE))
        }
    return {
        name.removesuffix(".gz"): _slimmed(name, path, services, folder)
        for name, path in kept.items()
    }


def _slimmed(name: str, path: Path, services: Collection[str], folder: Path) -> Path:
    read = gzip.open if name.endswith(".gz") else open
    with read(path, "rb") as file:
        told = _unsaid(json.load(file))
    if name == f"{DATA}endpoints.json":
        for partition in told["partitions"]:
            of_it = partition["services"]
            partition["services"] = {name: of_it[name] for name in services if name in of_it}
    target = folder / name.removesuffix(".gz")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(told, separators=(",", ":")), "utf-8")
    return target


def _unsaid(told: Any) -> Any:
    """The same with nothing in place of the words that are for people."""
    if isinstance(told, dict):
        return {
            name: "" if name == "documentation" and isinstance(one, str) else _unsaid(one)
            for name, one in told.items()
        }
    return [_unsaid(one) for one in told] if isinstance(told, list) else told
