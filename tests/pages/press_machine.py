"""The whole press on one machine: real store, real Pelican builds, a process that can be killed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from editions.press import FILE
from editions.reading import Pages
from infra.local.printer import LocalPrinter
from tests.builders import FakeClock
from tests.forum.press_room import PressRoom
from tests.pages.search_answers import settled

ROOT = Path(__file__).parents[2]
HOUSE = ("forum", "doors", "editions", "infra", "moderation", "site", "content")


class Machine(PressRoom):
    """A press room whose editions are a file that readers read, as `make run` keeps them."""

    def __init__(self, folder: Path, home: Path = ROOT) -> None:
        """`home` is the checkout whose press and theme are used."""
        super().__init__(folder, clock=FakeClock(datetime.now(UTC)))
        self.home = home
        self.editions = folder / "editions"
        self.reader = Pages(self.editions)
        """Somebody who reads all the time, whatever happens to the press."""

    @property
    def file(self) -> Path:
        """The file of the editions."""
        return self.editions / FILE

    def local_printer(self) -> LocalPrinter:
        """The printer of this machine, in this process."""
        return LocalPrinter(self.editions, self.mirror.folder, "http://localhost:8000", False)

    def print(self) -> None:
        """One run in this process, without examples."""
        self.press(self.local_printer()).run(lambda words: None)

    def start(
        self, *given: str, room: int | None = None, **environment: str
    ) -> subprocess.Popen[str]:
        """Begin `python -m moderation publish --json` in a process and group of its own.

        `room` is how many bytes a file may have before the disk is full.
        """
        limit = ["prlimit", f"--fsize={room}"] if room is not None else []
        return subprocess.Popen(
            [*limit, sys.executable, "-m", "moderation", "publish", "--json", *given],
            cwd=self.home,
            env={
                "PATH": os.environ["PATH"],
                "HANDRAIL_DATA": str(self.folder),
                "HANDRAIL_POSTS": str(self.mirror.folder),
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def publish(self, *given: str, **how: Any) -> dict[str, Any]:
        """Run it to its end; what it said."""
        return said(self.start(*given, **how))

    def page(self, path: str) -> str:
        """What a reader reads there; "" when there is no such page."""
        found = self.reader.read(path)
        return found[1].decode("utf-8") if found else ""

    def paths(self) -> list[str]:
        """Every page that readers can open now."""
        if not self.file.exists():
            return []
        with closing(sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT path FROM page WHERE until IS NULL ORDER BY path")
            return [path for (path,) in rows]

    def stories(self) -> set[str]:
        """The ids whose pages readers can open now."""
        parts = [path.split("/") for path in self.paths()]
        return {part[1] for part in parts if len(part) == 3 and part[0] == "stories"}

    def digest(self) -> str:
        """A hash of every page as readers get it now, and of what can be found; none is cut."""
        pages = {}
        for path in self.paths():
            found = self.reader.read(path)
            assert found, path
            assert hashlib.sha256(found[1]).hexdigest() == found[0], path
            pages[path] = found[1]
        whole = hashlib.sha256()
        for path, page in sorted(settled(pages).items()):
            whole.update(f"{path}\n{len(page)}\n".encode() + page)
        return whole.hexdigest()

    def harm(self, statements: str) -> None:
        """Act on the file of the editions behind everyone's back."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            connection.executescript(statements)

    def litter(self) -> list[str]:
        """What lies among the editions and is none; a log that holds anything is litter, too."""
        known = {self.file, self.editions / f"{FILE}-shm"}
        known |= {self.editions / name for name in ("compiled", "reserve")}
        log = self.editions / f"{FILE}-wal"
        if log.exists() and not log.stat().st_size:
            known.add(log)
        return [path.name for path in self.editions.iterdir() if path not in known]

    def traces(self, words: str) -> list[str]:
        """Every file of the installation, the store's among them, that holds these words.

        Another process looks: reading a database's file from here would drop SQLite's locks on it.
        """
        grep = ["grep", "-rlaF", words, "."]
        found = subprocess.run(grep, cwd=self.folder, capture_output=True, text=True, check=False)
        return sorted(line.removeprefix("./") for line in found.stdout.splitlines())


def copy_of_the_house(home: Path) -> Path:
    """A checkout of its own, to break something in."""
    skip = shutil.ignore_patterns("__pycache__", "posts", "vendor", "words")
    for room in HOUSE:
        shutil.copytree(ROOT / room, home / room, symlinks=True, ignore=skip)
    shutil.copy(ROOT / "pelicanconf.py", home)
    return home


def said(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a press and read what it printed."""
    out, err = process.communicate(timeout=120)
    assert out, err
    told: dict[str, Any] = json.loads(out)
    assert (process.returncode == 0) is ("error" not in told), err
    return told


def kill(process: subprocess.Popen[str]) -> bool:
    """End a press, and whatever it started, at once; whether it was still at work."""
    alive = process.poll() is None
    if alive:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return alive


def shortly(seconds: float) -> Iterator[None]:
    """Look again and again for that long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield
        time.sleep(0.002)


def survive_a_kill(machine: Machine, number: int, after: float) -> bool:
    """One story goes, another comes, and the press is killed on the way; True if it was in time.

    Readers must see the old edition or the new one, whole, and the next run must leave the
    installation as if nothing had happened.
    """
    (gone,) = machine.put_up(number)
    machine.publish()
    old, before = machine.digest(), machine.stories()
    machine.withdraw(gone)
    (come,) = machine.put_up(number + 1)
    process = machine.start()
    time.sleep(after)
    in_time = kill(process)
    seen = machine.digest()
    told = machine.publish()
    assert "error" not in told, told
    assert machine.stories() == (before - {gone}) | {come}
    assert seen in (old, machine.digest()), "readers saw an edition that was not whole"
    assert machine.litter() == []
    assert machine.traces(f"Story {100 + number}<") == []
    assert machine.traces(f'"Story {100 + number}"') == []
    machine.withdraw(come)
    return in_time
