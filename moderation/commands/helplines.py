"""Help lines from the command line: who vouches for a number sees it first, and is recorded."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from doors.helpline_rows import RULES, HelplinesError, Line, read
from doors.helplines import FILE
from forum import wiring
from moderation.commands.arguments import Arguments, Failed, harmless
from moderation.commands.helpline_checks import days_since, shown_first, standing
from moderation.commands.helpline_file import record

NEAR = 5
"""Ids that are offered at most for one that is not there."""


def verify_helpline(asked: Arguments) -> None:
    """Record that a row was checked; without an id, list every row and what its check is worth."""
    today = wiring.CLOCK.now().date()
    try:
        lines = read(FILE)
        if asked.line:
            _verify(asked, _find(asked.line, lines), today)
        else:
            _list(asked, lines, today)
    except (HelplinesError, OSError) as error:
        raise Failed(f"The help lines cannot be used: {error}.") from None


def _verify(asked: Arguments, line: Line, today: date) -> None:
    if not asked.json:
        print(harmless(_card(line)))
    by, on = _name(asked.by), _day(asked.on, today)
    if not line.settled:
        raise Failed(
            f"{line.id} does not say yet who answers and when: fill in `answered_by` and `hours` "
            "in content/helplines.csv first."
        )
    try:
        line = record(FILE, line.id, by=by, on=on)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else type(error).__name__
        raise Failed(
            f"Nothing was recorded: {FILE.resolve()} cannot be written ({why}). "
            "Do this in the project's own folder, then deploy from there."
        ) from None
    done = f"Recorded: {line.id} was checked on {on} by {by}. Pages show it after the next start."
    asked.say(_for_programs(line, today), done)


def _find(wanted: str, lines: Sequence[Line]) -> Line:
    ids = [line.id for line in lines]
    if wanted in ids:
        return lines[ids.index(wanted)]
    holding = [line_id for line_id in ids if wanted.lower() in line_id]
    close = get_close_matches(wanted.lower(), ids, n=NEAR, cutoff=0.5)
    near = ", ".join(list(dict.fromkeys((*holding, *close)))[:NEAR])
    offered = f"Near it: {near}." if near else "`verify-helpline` alone lists them all."
    raise Failed(f"There is no help line {wanted!a}. {offered}")


def _name(given: str) -> str:
    by = given.strip()
    if not by or not RULES["verified_by"].allows(by):
        raise Failed("Say who checked it: --by NAME, on one line, up to 80 characters.")
    return by


def _day(given: str, today: date) -> date:
    if not RULES["verified_on"].allows(given):
        raise Failed("--on must be a day written like 2026-11-30.")
    on = date.fromisoformat(given) if given else today
    if on > today:
        raise Failed(f"{on} has not come yet: today is {today}, by UTC.")
    return on


def _card(line: Line) -> str:
    """What the operator vouches for, and where the number was seen before."""
    said = {
        "call": " or ".join(number.shown for number in line.numbers),
        "text": f"{line.sms_word} to {line.sms_to}" if line.sms_word else line.sms_to,
        "answered by": line.answered_by,
        "hours": line.hours,
        "website": line.url,
        "seen in": line.source,
    }
    rows = [f"  {name:12} {words}" for name, words in said.items() if words]
    return "\n".join((f"{line.id}: {line.name} ({line.country_name})", *rows))


def _list(asked: Arguments, lines: Sequence[Line], today: date) -> None:
    first = shown_first(lines)
    rest = [line for line in lines if line not in first]
    content = [{**_for_programs(line, today), "first": line in first} for line in (*first, *rest)]
    words = [
        "Shown first, on every page:",
        *(_row(line, today) for line in first),
        "On the help page:",
        *(_row(line, today) for line in rest),
    ]
    asked.say({"lines": content}, "\n".join(words))


def _row(line: Line, today: date) -> str:
    days = days_since(line, today)
    ago = "" if days is None else f"  {days} {'day' if days == 1 else 'days'} ago"
    checked = f"{ago}, on {line.verified_on} by {line.verified_by}" if ago else ""
    return f"  {line.id:34} {standing(line, today).value:8}{checked}".rstrip()


def _for_programs(line: Line, today: date) -> dict[str, Any]:
    return {
        "id": line.id,
        "name": line.name,
        "country": line.country,
        "numbers": [number.shown for number in line.numbers],
        "sms_to": line.sms_to,
        "sms_word": line.sms_word,
        "answered_by": line.answered_by,
        "hours": line.hours,
        "url": line.url,
        "state": standing(line, today).value,
        "verified_on": line.verified_on.isoformat() if line.verified_on else None,
        "verified_by": line.verified_by,
        "days": days_since(line, today),
    }
