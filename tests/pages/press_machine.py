"""The whole press on one machine: real store, real Pelican builds, a process that can be killed."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forum.settings import CURRENT
from infra.local.printer import LocalPrinter
from tests.builders import FakeClock
from tests.forum.press_room import PressRoom

ROOT = Path(__file__).parents[2]


class Machine(PressRoom):
    """A press room whose editions are folders, as `make run` keeps them."""

    def __init__(self, folder: Path, home: Path = ROOT) -> None:
        """`home` is the checkout whose press and theme are used."""
        super().__init__(folder, clock=FakeClock(datetime.now(UTC)))
        self.home = home
        self.editions = folder / "editions"

    @property
    def current(self) -> Path:
        """The link that readers come through."""
        return self.editions / CURRENT

    def local_printer(self) -> LocalPrinter:
        """The printer of this machine, in this process."""
        return LocalPrinter(self.editions, self.mirror.folder, "http://localhost:8000", False)

    def print(self) -> None:
        """One run in this process, without examples."""
        self.press(self.local_printer()).run(lambda words: None)

    def start(self) -> subprocess.Popen[str]:
        """Begin `python -m moderation publish --json` in a process and group of its own."""
        given = {
            "PATH": os.environ["PATH"],
            "HANDRAIL_DATA": str(self.folder),
            "HANDRAIL_POSTS": str(self.mirror.folder),
        }
        return subprocess.Popen(
            [sys.executable, "-m", "moderation", "publish", "--json"],
            cwd=self.home,
            env=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def publish(self) -> dict[str, Any]:
        """Run it to its end; what it said."""
        return said(self.start())

    def stories(self) -> set[str]:
        """The ids whose pages readers can open now."""
        return {path.parent.name for path in self.current.glob("stories/*/index.html")}

    def digest(self) -> str:
        """A hash of every file that readers can open now."""
        return digest(self.current.resolve(strict=True))

    def litter(self) -> list[str]:
        """What lies among the editions and is none, and every link that leads nowhere."""
        known = {*self.editions.glob("edition-*"), self.current}
        strange = [path.name for path in self.editions.iterdir() if path not in known]
        dangling = [p.name for p in self.editions.rglob("*") if p.is_symlink() and not p.exists()]
        return strange + dangling

    def traces(self, words: str) -> list[str]:
        """Every file of the installation, the store's among them, that holds these words.

        Another process looks: reading a database's file from here would drop SQLite's locks on it.
        """
        grep = ["grep", "-rlaF", words, "."]
        found = subprocess.run(grep, cwd=self.folder, capture_output=True, text=True, check=False)
        return sorted(line.removeprefix("./") for line in found.stdout.splitlines())


def said(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a press and read what it printed."""
    out, err = process.communicate(timeout=120)
    assert out, err
    told: dict[str, Any] = json.loads(out)
    assert (process.returncode == 0) is ("error" not in told), err
    return told


def digest(folder: Path) -> str:
    """A hash over the names and bytes of all files."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return whole.hexdigest()


def kill(process: subprocess.Popen[str], family: bool) -> None:
    """End a press at once, if it still runs; with `family` its build too, else that outlives it."""
    if family and process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.communicate()


def shortly(seconds: float) -> Iterator[None]:
    """Look again and again for that long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield
        time.sleep(0.002)


def survive_a_kill(machine: Machine, number: int, after: float, family: bool) -> bool:
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
    alive = process.poll() is None
    kill(process, family)
    seen, stories = machine.digest(), machine.stories()
    assert seen == old or stories == (before - {gone}) | {come}
    told = machine.publish()
    assert "error" not in told, told
    assert machine.stories() == (before - {gone}) | {come}
    assert seen in (old, machine.digest()), "readers saw an edition that was not whole"
    assert machine.litter() == []
    assert machine.traces(f"Story {number}<") == machine.traces(f'"Story {number}"') == []
    machine.withdraw(come)
    return alive
