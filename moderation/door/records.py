"""The record at the desk: who decided what on which day, whether it still holds, and a copy of it.

Nothing here sums it up by who.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice.app import Request, Response

from doors.answers import page
from doors.forms import number, read_query
from forum import chain
from forum.figures import RecordStore
from forum.given import first
from forum.person import OPERATOR, READERS, Role
from forum.post import Act
from forum.record import Entry, Event
from forum.record_csv import lines_of
from moderation.door import roles
from moderation.door.at_desk import AtDesk
from moderation.door.wording import ACTS, reason_in_words

PAGE = 50
"""Rows on a page."""
BY_READERS = "readers"
"""How the record calls the hiding that readers' reports ask for."""
EVENTS = {
    Event.INVITED: "invited somebody",
    Event.INVITATION_REVOKED: "took an invitation back",
    Event.ENROLLED: "enrolled",
    Event.REMOVED: "removed somebody",
    Event.ROLES_CHANGED: "changed somebody’s roles",
    Event.PASSKEY_ADDED: "added a passkey",
    Event.PASSKEY_REMOVED: "removed a passkey",
    Event.RECOVERY_ASKED: "asked that a lost passkey is replaced",
    Event.RECOVERY_AGREED: "agreed that a lost passkey is replaced",
    Event.RECOVERY_STOPPED: "still had the passkey",
    Event.RECOVERED: "came back with a new passkey",
    Event.SESSION_ENDED: "ended a session",
    Event.FORM_CLOSED: "closed the form",
    Event.FORM_OPENED: "opened the form",
}
WHAT: Mapping[str, str] = {
    **{act.value: words for act, words in ACTS.items()},
    **{event.value: words for event, words in EVENTS.items()},
}
"""Acts and events as people read them."""
_POSTS = frozenset(act.value for act in Act)


def show(request: Request, at: AtDesk, record: RecordStore) -> Response:
    """GET /record: a page of it, newest first; all of it is checked when somebody asks."""
    asked = read_query(request)
    what = first(asked, "what") if first(asked, "what") in WHAT else ""
    before = number(first(asked, "before"))
    entries = record.page(before, what, PAGE + 1)
    shown = entries[:PAGE]
    return page(
        "desk/record.html",
        person=at.person,
        rows=[_row(at, entry) for entry in shown],
        what=what,
        choices=sorted(WHAT.items(), key=lambda choice: choice[1]),
        is_first=before is None,
        older=shown[-1].number if len(entries) > PAGE else None,
        chain=chain.check(record.entries()) if first(asked, "check") else None,
        may_read=at.person.moderator.may_any(READERS),
        may_copy=at.person.moderator.may(Role.COORDINATOR),
    )


def as_csv(at: AtDesk, record: RecordStore) -> Response:
    """GET /record.csv: all of it, for a coordinator, as spreadsheets read it."""
    name = f"record-until-{at.desk.clock.now():%Y-%m-%d}.csv"
    return Response(
        body="".join(lines_of(record.entries())),
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


def _row(at: AtDesk, entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "day": entry.day,
        "who": _called(at, entry.who),
        "what": WHAT.get(entry.what, entry.what),
        "post": entry.about if entry.what in _POSTS else "",
        "about": "" if entry.what in _POSTS or not entry.about else _called(at, entry.about),
        "reason": _reason(entry),
        "rules": entry.details.rules,
    }


def _reason(entry: Entry) -> str:
    """Why, in words: the message that was sent, how care ended, or which roles somebody has now."""
    code = entry.details.reason
    if entry.what == Event.ROLES_CHANGED.value:
        return ", ".join(roles.named(roles.chosen(code.split(","))))
    return reason_in_words(code)


def _called(at: AtDesk, who: str) -> str:
    """A name while it is known, and then the pseudonym; nobody can tell more from that."""
    if who == BY_READERS:
        return "Readers’ reports"
    if who.startswith(OPERATOR):
        return f"Operator ({who.removeprefix(OPERATOR)})"
    return at.names.get(who, who)
