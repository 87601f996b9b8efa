"""The edition as plain files, for any web server: what `pelican` alone leaves in its output."""

from __future__ import annotations

from pathlib import Path

from editions.press import Editions


def export(editions: Editions, folder: Path) -> int:
    """Write every page of the edition in place below an empty folder; how many.

    Raises `FileExistsError` when there is something in it: a page that is gone could stay there.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty.")
    number = 0
    with editions.printing() as edition:
        for path in edition.paths():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(edition.read(path) or b"")
            number += 1
    return number
