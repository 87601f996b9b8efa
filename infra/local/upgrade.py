"""``python -m infra.local.upgrade``: put this code in place of what runs, or change nothing.

A backup first; then the forum is stopped, its store opened with the new code, and started. If it
does not come up, or `doctor` finds what it did not find before, the old code and the old store are
put back and started. It is run by root, from the folder of the new code.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from forum.settings import BadSetting
from infra.local.settings import ROOT, CannotStart, read

PATIENCE_SECONDS: Final = 180
"""How long the forum may take to come up: a new version makes every page anew first."""
COMMAND: Final = "infra/local/production/handrail"
"""What runs a command of the operators, as the forum's own user; a copy in each version."""


class WentBack(Exception):
    """The new version is not in place; the old one runs. One sentence that says why."""


class NotBegun(Exception):
    """Nothing was changed; one sentence that says why."""


class Service(Protocol):
    """What an upgrade does to a machine."""

    def amiss(self, code: Path) -> frozenset[str]:
        """The names of `doctor`'s checks that find something, with the code in this folder."""

    def backup(self, code: Path) -> bool:
        """Make a backup; whether that was done."""

    def stop(self) -> None:
        """Stop the forum, and return when it has stopped."""

    def start(self) -> bool:
        """Start the forum; whether it came up."""


@dataclass(frozen=True)
class Upgrade:
    """From the code that a link points to, to other code."""

    link: Path
    new: Path
    database: Path
    service: Service
    say: Callable[[str], None]

    def run(self) -> None:
        """Do it; raises `NotBegun` or `WentBack`."""
        old = self.link.resolve()
        if not self.link.is_symlink() or old == self.new:
            raise NotBegun(f"{self.link} must be a link to the version that runs, and not to this.")
        before = self.service.amiss(old)
        self.say("Making a backup")
        if not self.service.backup(old):
            raise NotBegun(
                "There is no backup, so nothing was changed. `handrail backup` says why."
            )
        self.say("Stopping the forum")
        self.service.stop()
        kept = self.database.with_name(f"{self.database.name}.before-upgrade")
        try:
            _copy(self.database, kept)
            self._change(before)
        except BaseException as error:  # noqa: BLE001 - Ctrl-C too: it must not stay stopped
            self._go_back(old, kept)
            why = str(error) if isinstance(error, WentBack) else type(error).__name__
            raise WentBack(f"The old version runs again. {why}") from None
        finally:
            _wipe(kept)

    def _change(self, before: frozenset[str]) -> None:
        self.say("Opening the store with the new version")
        if worse := self.service.amiss(self.new) - before:
            raise WentBack(f"doctor finds what it did not find before: {', '.join(sorted(worse))}.")
        _point(self.link, self.new)
        self.say("Starting the forum")
        if not self.service.start():
            raise WentBack(f"The new version did not come up within {PATIENCE_SECONDS} seconds.")

    def _go_back(self, old: Path, kept: Path) -> None:
        self.say("Going back")
        self.service.stop()
        _point(self.link, old)
        if kept.exists() and _steps(kept) != _steps(self.database):
            for part in _parts(self.database)[1:]:
                part.unlink(missing_ok=True)
            os.replace(kept, self.database)
        self.service.start()


def _parts(database: Path) -> list[Path]:
    return [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]


def _copy(database: Path, kept: Path) -> None:
    """A copy of the store beside it, whole and with the same owner; none if there is no store."""
    if database.exists():
        kept.unlink(missing_ok=True)
        kept.touch(mode=0o600)
        with closing(sqlite3.connect(database)) as one, closing(sqlite3.connect(kept)) as other:
            one.backup(other)
        shutil.copystat(database, kept)
        os.chown(kept, database.stat().st_uid, database.stat().st_gid)


def _wipe(kept: Path) -> None:
    """Overwrite the copy and remove it: it holds what people wrote."""
    with suppress(FileNotFoundError), kept.open("r+b") as file:
        for _ in range(0, kept.stat().st_size, 1 << 20):
            file.write(bytes(1 << 20))
        file.flush()
        os.fsync(file.fileno())
    kept.unlink(missing_ok=True)


def _steps(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        (steps,) = connection.execute("PRAGMA user_version").fetchone()
    return int(steps)


def _point(link: Path, code: Path) -> None:
    aside = link.with_name(f".{link.name}.new")
    aside.unlink(missing_ok=True)
    aside.symlink_to(code)
    os.replace(aside, link)


@dataclass(frozen=True)
class Systemd:
    """The machine as `docs/operators-machine.md` sets it up."""

    unit: str
    health: str

    def amiss(self, code: Path) -> frozenset[str]:
        """Ask `doctor`; raises `WentBack` if it cannot even say what is amiss."""
        asked = subprocess.run(
            [code / COMMAND, "doctor", "--json"], capture_output=True, check=False
        )
        try:
            checks = json.loads(asked.stdout.splitlines()[0])["checks"]
        except (ValueError, LookupError, TypeError):
            raise WentBack("doctor could not run.") from None
        return frozenset(name for name, words in checks.items() if words)

    def backup(self, code: Path) -> bool:
        """Make today's backup."""
        return subprocess.run([code / COMMAND, "backup"], check=False).returncode == 0

    def stop(self) -> None:
        """Stop the unit."""
        subprocess.run(["/usr/bin/systemctl", "stop", self.unit], check=True)

    def start(self) -> bool:
        """Start the unit, and wait until it answers."""
        subprocess.run(["/usr/bin/systemctl", "start", self.unit], check=False)
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(self.health, timeout=5).close()  # noqa: S310 - our own address
                return True
            time.sleep(1)
        return False


def main(arguments: list[str]) -> int:
    """Upgrade what `arguments` name, or `/opt/handrail`; the exit status."""
    link = Path(arguments[0] if arguments else "/opt/handrail")
    try:
        settings = read()
        health = f"http://127.0.0.1:{settings.port}/api/health"
        service = Systemd("handrail", health)
        Upgrade(link, ROOT, settings.forum.database, service, _say).run()
    except (NotBegun, WentBack, CannotStart, BadSetting) as error:
        print(f"handrail: {error}", file=sys.stderr)  # noqa: T201 - a command speaks by printing
        return 1
    _say(f"Done: {link} is {ROOT} now.")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - likewise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
