"""A writer killed at any moment, and what must be true of the editions then."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

from editions.press import Editions
from editions.reading import Pages
from tests.editions.on_disk import log_is_cut, marks, marks_on_disk
from tests.editions.printed import print_edition, served, shown
from tests.editions.writer import start

PAGES = [f"page-{n}" for n in range(8)]


def survive_a_kill(editions: Editions, chance: random.Random) -> None:
    """Readers see one edition, whole; the next press finds no trace of any other."""
    process = start(editions.folder, "on_and_on")
    assert process.stdout
    for _ in range(chance.randint(1, 4)):
        begun = int(process.stdout.readline())
    time.sleep(chance.uniform(0, 0.02))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    seen = served(editions.folder, *PAGES)
    assert len(marks(*seen.values())) == 1, "readers saw an edition that was not whole"
    (mark,) = marks(*seen.values())
    assert len(seen) == len(PAGES)
    assert int(mark[4:-4]) >= begun - 1
    assert shown(editions) == seen
    assert editions.unsound() == []
    assert log_is_cut(editions.folder)
    assert marks_on_disk(editions.folder) == {mark}


def begin(folder: Path) -> Editions:
    """Editions of which there is one."""
    editions = Editions(folder)
    print_edition(editions, dict.fromkeys(PAGES, b"mark0ends " * 500), keep=0)
    assert Pages(folder).edition()
    return editions
