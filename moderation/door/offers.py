"""Suggesting changes: the whole text as it could be, for its author to accept, change or refuse."""

from __future__ import annotations

from chalice.app import Request, Response

from doors.answers import to
from doors.forms import read_texts
from forum.deciding import WordsNeeded
from forum.desk import Unchanged
from forum.given import first
from forum.texts import Refused
from moderation.door.at_desk import REFUSALS, AtDesk
from moderation.door.reading import QUEUE, CameBack, seen, show

FORM = "offer"
FIELDS = ("title", "body", "words")
TOO_LONG = "Please make this message shorter. The longest is 2,000 characters."
UNCHANGED = (
    "This is what the author wrote, letter for letter, so there is nothing to offer yet. "
    "Please change what you would like them to change."
)


def offer(request: Request, at: AtDesk, post_id: str) -> Response:
    """Suggest what the form holds; if that cannot be done, all of it comes back."""
    given = read_texts(request)
    typed = {name: first(given, name) for name in FIELDS}
    try:
        at.desk.offer(seen(given, post_id), at.who, typed["title"], typed["body"], typed["words"])
    except Refused as refused:
        return show(at, post_id, CameBack(FORM, typed, refused.errors))
    except Unchanged:
        return show(at, post_id, CameBack(FORM, typed, {"body": UNCHANGED}))
    except WordsNeeded:
        return show(at, post_id, CameBack(FORM, typed, {"words": TOO_LONG}))
    except REFUSALS as refusal:
        return at.refused(refusal, post_id, *typed.values())
    return to(f"{QUEUE}?done={post_id}")
