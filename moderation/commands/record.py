"""The record of decisions, for operators: printed, written to a file, held against a noted link."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from forum import chain, wiring
from forum.figures import RecordStore
from forum.record import Entry
from forum.record_csv import lines_of
from moderation.commands.arguments import Arguments, Failed

STDOUT = "-"


def record(asked: Arguments) -> None:
    """Print the record, or write it as a table, or look for a link that was noted."""
    store = wiring.open_record(wiring.settings())
    if asked.noted:
        _compare(store, asked)
    elif asked.csv == STDOUT:
        asked.pass_on(lines_of(store.entries()))
    elif asked.csv:
        _write(lines_of(store.entries()), asked.csv)
        asked.say({"file": asked.csv}, f"{asked.csv} holds the record. Only your user can read it.")
    else:
        entries = list(store.entries())
        lines = "\n".join(map(_line, entries))
        asked.say(
            {"record": [_entry(entry) for entry in entries]}, lines or "Nothing is on record."
        )


def _compare(store: RecordStore, asked: Arguments) -> None:
    found = chain.check(store.entries(), asked.noted)
    if found.faults:
        raise Failed(found.faults[0])
    if found.noted is None:
        raise Failed("No row has this link: the record was cut off or written anew.")
    words = f"Row {found.noted} has this link. Nothing up to it was changed since you noted it."
    asked.say({"row": found.noted, "rows": found.rows, "link": found.link}, words)


def _write(lines: Iterable[str], name: str) -> None:
    """Write a new file that only its owner can read."""
    try:
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
    except FileExistsError:
        raise Failed(f"There is a file {name!a} already. Nothing was written.") from None
    except OSError as error:
        raise Failed(f"{name!a} cannot be written: {error.strerror}.") from None


def _line(entry: Entry) -> str:
    reason = f"  {entry.details.reason}" if entry.details.reason else ""
    return f"{entry.number}  {entry.day}  {entry.who}  {entry.what}  {entry.about}{reason}"


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "day": entry.day.isoformat(),
        "who": entry.who,
        "what": entry.what,
        "about": entry.about,
        "reason": entry.details.reason,
        "rules": entry.details.rules,
        "approved_hash": entry.details.approved_hash,
        "salt": entry.salt.hex() if entry.salt is not None else None,
        "seal": entry.seal,
        "link": entry.link,
    }
