"""Backups that this machine cannot read, and the way back from one.

A backup is locked to the operators' public keys (`HANDRAIL_BACKUP_TO`). Whoever restores brings the
identity along. What passes within a day is in no backup, and no backup stays longer than a week.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from forum import wiring
from forum.archive import PASSING, write
from forum.lockbox import BEGINNING, BadRecipient, CannotOpen, lock, new_identity, unlocked
from forum.settings import Settings
from moderation.commands.archives import (
    Counted,
    Unreached,
    for_programs,
    in_words,
    ledger_name,
    opened_file,
    take_in,
)
from moderation.commands.arguments import Arguments, Failed
from moderation.commands.backup_files import BACKUP_DAYS, named, prune
from moderation.commands.new_file import new_file


def backup(asked: Arguments) -> None:
    """Write today's backup, and remove those that are too old; or make an identity."""
    if asked.make_identity:
        _make_identity(asked)
        return
    chosen, today = wiring.settings(), wiring.CLOCK.now().date()
    keep = _days(asked.keep)
    path = Path(asked.file) if asked.file else named(_folder(chosen), today)
    number = _write(chosen, path, today, over=not asked.file)
    removed = [] if asked.file else prune(path.parent, today - timedelta(days=keep - 1))
    words = f"{path} holds {number} rows. Only the identity that belongs to it opens it."
    if removed:
        words += f" Removed: {', '.join(removed)}."
    asked.say({"file": str(path), "rows": number, "removed": removed}, words)


def restore(asked: Arguments) -> None:
    """Fill an empty store from a backup, but for what was erased since."""
    chosen, path = wiring.settings(), Path(asked.file)
    identity = _identity(asked.identity)

    @contextmanager
    def opened() -> Iterator[Iterator[bytes]]:
        with opened_file(path) as file, unlocked(file, identity) as lines:
            yield lines

    try:
        otherwise = Unreached.HIDDEN if asked.ledger_lost else Unreached.REFUSED
        taken = take_in(chosen, opened, otherwise, hide_all=asked.ledger_lost)
    except CannotOpen:
        raise Failed(f"{_why_not(path)} Nothing was changed.") from None
    asked.say(for_programs(taken), f"{in_words(taken)} The forum can be started.")


def _why_not(path: Path) -> str:
    """Why a file cannot be opened, in a sentence."""
    with opened_file(path) as file:
        first = file.read(len(BEGINNING))
    if not BEGINNING.startswith(first):
        return "This is no backup. If it is an export, use `import`."
    return "The identity does not open this file, or the file was changed or cut short."


def _write(chosen: Settings, path: Path, today: date, over: bool) -> int:
    if not chosen.backup_to:
        raise Failed(
            "HANDRAIL_BACKUP_TO is not set: a backup is locked to a public key. "
            "On another computer `python -m moderation backup --make-identity FILE` makes one: "
            "the identity must never lie on this one."
        )
    ledger = ledger_name(chosen)
    rows = Counted(wiring.open_archive(chosen).rows(), without=PASSING)
    try:
        with new_file(path, over) as file:
            lock(write(today, rows, ledger), chosen.backup_to, file)
    except BadRecipient:
        raise Failed("HANDRAIL_BACKUP_TO must be public keys that begin with age1.") from None
    return rows.number


def _folder(chosen: Settings) -> Path:
    if chosen.backups is None:
        raise Failed("Name a FILE, or set HANDRAIL_BACKUPS to the folder of the backups.")
    try:
        chosen.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(f"{str(chosen.backups)!a} cannot be made: {error.strerror}.") from None
    return chosen.backups


def _days(given: str) -> int:
    if not re.fullmatch("[1-7]", given):
        raise Failed(f"--keep must be a number of days from 1 to {BACKUP_DAYS}: texts are in them.")
    return int(given)


def _make_identity(asked: Arguments) -> None:
    identity, recipient = new_identity()
    with new_file(Path(asked.make_identity)) as file:
        file.write(identity.encode())
    asked.say(
        {"file": asked.make_identity, "recipient": recipient},
        f"{asked.make_identity} opens every backup that is locked to it. Keep it away from the "
        f"forum's machine, twice. On that machine set HANDRAIL_BACKUP_TO={recipient}",
    )


def _identity(name: str) -> str:
    """What is in the identity's file, or comes in on standard input and touches no disk."""
    if name == "-":
        if sys.stdin.isatty():
            print("Paste the identity, then press Enter and Ctrl-D.", file=sys.stderr)
        return sys.stdin.read()
    with opened_file(Path(name)) as file:
        return file.read(1 << 16).decode("ascii", "replace")
