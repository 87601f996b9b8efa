"""Makes editions in a process of its own, which may be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

from editions.press import Editions, NewEdition
from tests.editions.on_disk import marked
from tests.editions.printed import Site

ROOT = Path(__file__).parents[2]
OLD: Site = {f"page-{n}": marked(n, 9_000) for n in range(4)}
NEW: Site = {**OLD, "page-1": marked(11, 30_000), "page-9": marked(19, 500)}
GONE = "page-3"


def start(folder: Path, *job: str) -> subprocess.Popen[str]:
    """Begin one of the jobs below in a process of its own."""
    command = [sys.executable, "-m", "tests.editions.writer", str(folder), *job]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def put_new(edition: NewEdition) -> None:
    """Make the new edition of the old one."""
    for path, body in NEW.items():
        edition.put(path, body)
    edition.remove(GONE)
    edition.commit(keep=0)


def killed_at(folder: Path, step: str) -> None:
    """Make the new edition, but be killed where so many statements have begun."""
    statements = count(1)

    def begins(statement: str) -> None:
        if next(statements) == int(step):
            os.kill(os.getpid(), signal.SIGKILL)

    with Editions(folder).printing() as edition:
        edition.connection.set_trace_callback(begins)
        put_new(edition)


def on_and_on(folder: Path) -> None:
    """Make one edition after another, each all of one kind, and say when each is begun."""
    for number in count(1):
        print(number, flush=True)
        with Editions(folder).printing() as edition:
            for page in range(8):
                edition.put(f"page-{page}", marked(number, 4_000 + page))
            edition.commit(keep=0)


def add_one(folder: Path, times: str) -> None:
    """Make so many editions whose one page says one more than before."""
    for _ in range(int(times)):
        with Editions(folder).printing() as edition:
            said = int(edition.read("page") or b"0")
            edition.put("page", str(said + 1).encode())
            edition.commit()


JOBS: dict[str, Callable[..., None]] = {
    job.__name__: job for job in (killed_at, on_and_on, add_one)
}

if __name__ == "__main__":
    JOBS[sys.argv[2]](Path(sys.argv[1]), *sys.argv[3:])
