"""What lies on the disk, byte for byte: a text is all marks, so that any scrap tells whose."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from editions.press import FILE

MARK = re.compile(rb"mark[0-9]+ends")


IN_MEMORY = Path("/dev/shm")


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder for one example of many: in memory where there is such a place, since each edition
    waits for the disk.
    """
    where = IN_MEMORY if IN_MEMORY.is_dir() else None
    with TemporaryDirectory(prefix="handrail-", dir=where) as folder:
        yield Path(folder)


def log_is_cut(folder: Path) -> bool:
    """Whether nothing is left in the log of the editions, where what was dropped would still be."""
    log = folder / f"{FILE}-wal"
    return not log.exists() or not log.stat().st_size


def marked(number: int, size: int) -> bytes:
    """A text of this length in bytes, or a little less, that is nothing but its mark."""
    mark = f"mark{number}ends ".encode()
    return mark * max(1, size // len(mark))


def marks(*contents: bytes) -> set[bytes]:
    """The marks of all texts of which something stands in these bytes."""
    return {mark for content in contents for mark in MARK.findall(content)}


def marks_on_disk(folder: Path) -> set[bytes]:
    """The marks of all texts of which something stands in any file below a folder.

    Another process looks: to open and close a database's file here would drop SQLite's locks on it.
    """
    grep = ["grep", "-rhaoE", MARK.pattern.decode(), str(folder)]
    return set(subprocess.run(grep, capture_output=True, check=False).stdout.split())
