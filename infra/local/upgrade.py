"""``python -m infra.local.upgrade``: put this code in place of what runs, or the old code back.

A backup first; then the forum is stopped, its store opened with the new code, and started. If it
does not come up, or `doctor` finds what it did not find before, or somebody stops this, the old
code is put back and started. The store is put back only where the new code changed its form:
otherwise whatever it wrote stays, and so does what came in. A copy of the store lies beside it
meanwhile. Killed hard, this leaves the copy there, and perhaps the forum stopped: `doctor` names
the copy, and no other upgrade begins before somebody has looked.

It is run by root, from the folder of the new code.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from forum.settings import BadSetting
from infra.local.settings import COPY, ROOT, CannotStart, read

PATIENCE_SECONDS: Final = 180
"""How long the forum may take to come up: a new version makes every page anew first."""
COMMAND: Final = "infra/local/production/handrail"
"""What runs a command of the operators, as the forum's own user; a copy in each version."""
STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What stops an upgrade on its way: Ctrl-C, a shutdown, a line to the machine that breaks."""


class WentBack(Exception):
    """The new version is not in place: sentences that say how it stands now, and why."""


class NotBegun(Exception):
    """Nothing was changed; one sentence that says why."""


class CannotAsk(Exception):
    """`doctor` cannot even say what is amiss."""


class Service(Protocol):
    """What an upgrade does to a machine."""

    def amiss(self, code: Path) -> frozenset[str]:
        """The names of `doctor`'s checks that find something, with the code in this folder.

        Raises `CannotAsk`.
        """

    def backup(self, code: Path) -> bool:
        """Make a backup; whether that was done."""

    def stop(self) -> bool:
        """Stop the forum, and return when it has stopped; whether it has."""

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
        """Do it; raises `NotBegun` or `WentBack`, and OSError where it could not even go back."""
        old = self.link.resolve()
        before = self._ready(old)
        self.say("Stopping the forum")
        try:
            self._stop()
            _copy(self.database, self._kept)
            self._change(before)
        except NotBegun:
            raise
        except BaseException as error:  # noqa: BLE001 - Ctrl-C too: it must not stay stopped
            with _undisturbed():
                raise WentBack(f"{self._go_back(old)} {_why(error)}") from None
        _wipe(self._kept)

    @property
    def _kept(self) -> Path:
        return self.database.with_name(f"{self.database.name}{COPY}")

    def _ready(self, old: Path) -> frozenset[str]:
        """See that it may begin, and make a backup; what is amiss already."""
        if not self.link.is_symlink() or old == self.new:
            raise NotBegun(f"{self.link} must be a link to the version that runs, and not to this.")
        if self._kept.exists():
            raise NotBegun(
                f"An upgrade was cut off: {self._kept} is the store from before it. "
                "docs/operators-machine.md says what to do with it. Nothing was changed."
            )
        try:
            before = self.service.amiss(old)
        except CannotAsk:
            raise NotBegun(
                "`doctor` cannot run with the version that is there, so nothing was changed."
            ) from None
        self.say("Making a backup")
        if not self.service.backup(old):
            raise NotBegun(
                "There is no backup, so nothing was changed. `handrail backup` says why."
            )
        return before

    def _stop(self) -> None:
        if not self.service.stop():
            raise NotBegun(
                "The forum could not be stopped, so nothing was changed. "
                "`systemctl status handrail` says why."
            )

    def _change(self, before: frozenset[str]) -> None:
        self.say("Opening the store with the new version")
        try:
            worse = self.service.amiss(self.new) - before
        except CannotAsk:
            raise WentBack("`doctor` cannot run with the new version.") from None
        if worse:
            raise WentBack(f"`doctor` finds what it did not before: {', '.join(sorted(worse))}.")
        _point(self.link, self.new)
        self.say("Starting the forum")
        if not self.service.start():
            raise WentBack(f"The new version did not come up within {PATIENCE_SECONDS} seconds.")

    def _go_back(self, old: Path) -> str:
        """Put the old version in place and start it; how it stands then, in a sentence."""
        self.say("Going back")
        if not self.service.stop():
            return f"The forum cannot be stopped, so nothing was put back: see {self._kept}."
        _point(self.link, old)
        _put_back(self._kept, self.database)
        if self.service.start():
            return "The old version runs again."
        return "The old version does not come up either: `journalctl -u handrail -n 20` says why."


def _why(error: BaseException) -> str:
    """Why it went back, in a sentence."""
    if isinstance(error, WentBack):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return "It was stopped on its way."
    told = error.strerror if isinstance(error, OSError) else None
    return f"{told or type(error).__name__}."


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Whoever stops it now must wait: half way back, nothing would run."""
    before = {which: signal.signal(which, signal.SIG_IGN) for which in STOPPING}
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


def _parts(database: Path) -> list[Path]:
    return [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]


def _copy(database: Path, kept: Path) -> None:
    """A copy of the store beside it, whole and with the same owner; none if there is no store."""
    if not database.exists():
        return
    half = kept.with_name(f"{kept.name}.half")  # only a whole one may ever be put back
    _wipe(half)
    half.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(database)) as one, closing(sqlite3.connect(half)) as other:
            one.backup(other)
        shutil.copystat(database, half)
        os.chown(half, database.stat().st_uid, database.stat().st_gid)
        os.replace(half, kept)
    finally:
        _wipe(half)


def _put_back(kept: Path, database: Path) -> None:
    """Bring the store back if the new version changed its form; the copy is gone either way."""
    if kept.exists() and _steps(kept) != _steps(database):
        for part in _parts(database)[1:]:
            part.unlink(missing_ok=True)
        os.replace(kept, database)
    _wipe(kept)


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
        """Ask `doctor`; raises `CannotAsk`."""
        try:
            asked = subprocess.run(
                [code / COMMAND, "doctor", "--json"], capture_output=True, check=False
            )
            checks = json.loads(asked.stdout.splitlines()[0])["checks"]
        except (OSError, ValueError, LookupError, TypeError):
            raise CannotAsk from None
        return frozenset(name for name, words in checks.items() if words)

    def backup(self, code: Path) -> bool:
        """Make today's backup."""
        return subprocess.run([code / COMMAND, "backup"], check=False).returncode == 0

    def stop(self) -> bool:
        """Stop the unit."""
        asked = subprocess.run(["/usr/bin/systemctl", "stop", self.unit], check=False)
        return asked.returncode == 0

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
    for which in STOPPING:
        signal.signal(which, signal.default_int_handler)
    try:
        _upgrade(link)
    except (NotBegun, WentBack, CannotStart, BadSetting) as error:
        return _sorry(str(error))
    except KeyboardInterrupt:
        return _sorry("It was stopped before anything was changed.")
    except (OSError, sqlite3.Error) as error:
        return _sorry(f"It stopped half way: {error}. See `systemctl status handrail` and {link}.")
    _say(f"Done: {link} is {ROOT} now.")
    return 0


def _upgrade(link: Path) -> None:
    settings = read()
    service = Systemd("handrail", f"http://127.0.0.1:{settings.port}/api/health")
    Upgrade(link, ROOT, settings.forum.database, service, _say).run()


def _sorry(sentence: str) -> int:
    with suppress(OSError):
        print(f"handrail: {sentence}", file=sys.stderr)  # noqa: T201 - a command speaks by printing
    return 1


def _say(line: str) -> None:
    with suppress(OSError):  # whoever listened may be gone, and it must go on
        print(line, flush=True)  # noqa: T201 - likewise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
