"""A file that is there whole or not at all, and that nobody but its owner can read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from moderation.commands.arguments import Failed


@contextmanager
def new_file(path: Path, over: bool = False) -> Iterator[BinaryIO]:
    """A file to write into; it gets its name when the block ends well, and leaves nothing if not.

    An older file of that name is replaced where `over` says so, and is a reason to fail elsewhere.
    Raises `Failed`.
    """
    try:
        if not over and os.path.lexists(path):
            raise FileExistsError
        aside = path.with_name(f".writing-{path.name}")
        aside.unlink(missing_ok=True)  # one that died here left it
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            (os.replace if over else os.link)(aside, path)
        finally:
            aside.unlink(missing_ok=True)
    except FileExistsError:
        raise Failed(f"There is a file {str(path)!a} already. Nothing was written.") from None
    except OSError as error:
        raise Failed(f"{str(path)!a} cannot be written: {error.strerror}.") from None
