"""Many pages that come and go: SQLite moves rows about, and may leave copies behind."""

from __future__ import annotations

import random
from collections.abc import Sequence

from editions.press import Editions
from tests.editions.on_disk import marked, marks, marks_on_disk, quick_folder


def churn(chance: random.Random, pages: int, editions: int, sizes: Sequence[int]) -> None:
    """Print so many editions of up to so many pages; after each only what is up may be there."""
    now: dict[str, bytes] = {}
    born = 0
    with quick_folder() as folder:
        for _ in range(editions):
            with Editions(folder).printing() as edition:
                for _ in range(chance.randint(1, pages // 2)):
                    path = f"page-{chance.randrange(pages)}"
                    if chance.random() < 0.4:
                        now.pop(path, None)
                        edition.remove(path)
                    else:
                        born += 1
                        now[path] = marked(born, chance.choice(sizes))
                        edition.put(path, now[path])
                edition.commit(keep=0)
            assert marks_on_disk(folder) == marks(*now.values())
