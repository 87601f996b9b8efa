"""What moderators read about states, decisions and why something could not be done."""

from __future__ import annotations

from doors.messages import messages
from forum.deciding import NO_MEANS, PASSED_ON
from forum.post import NOT_SCREENED, SECOND_OPINION, Act, State
from forum.route import Route
from forum.rows import Reason, ReportState

STATES = {
    State.RECEIVED: "Received",
    State.SECOND: "Second reading",
    State.RETURNED: "Returned",
    State.OFFERED: "Changes suggested",
    State.ESCALATED: "Escalated",
    State.APPROVED: "Approved",
    State.DECLINED: "Declined",
    State.APPEALED: "Appealed",
    State.HIDDEN: "Hidden",
    State.WITHDRAWN: "Withdrawn",
    State.TAKEN_DOWN: "Taken down",
}

ACTS = {
    Act.APPROVE: "approved",
    Act.ASK_SECOND: "sent to a second reader",
    Act.RETURN: "returned to its author",
    Act.OFFER: "changes suggested to its author",
    Act.DECLINE: "declined",
    Act.ESCALATE: "escalated",
    Act.TAKE_DOWN: "taken down",
    Act.HIDE: "hidden until somebody reads it again",
    Act.KEEP: "read again and kept on the site",
    Act.CONCLUDE: "care for it concluded",
    Act.UNDO: "decision undone",
}
"""What stands in the record of decisions: the desk's own, and the hiding that readers asked for."""

MARKS = {
    SECOND_OPINION: "Our two checks of its formatting did not agree. Please look closely.",
    NOT_SCREENED: "Screening could not read all of this: another language, for instance.",
}

CHECKS = {
    SECOND_OPINION: "Checks did not agree",
    NOT_SCREENED: "Could not be read by a program",
}
"""The same, short, to choose from."""

REASONS = {
    Reason.IDENTIFIES_ME: "It gives away who the reader is",
    Reason.IDENTIFIES_SOMEONE: "It gives away who somebody else is",
    Reason.UNSAFE: "It could hurt someone who reads it",
    Reason.CRUEL: "It is cruel to someone",
    Reason.SELLING: "It sells or advertises something",
    Reason.WORRIED: "The reader is worried about someone",
    Reason.OTHER: "Something else",
}
"""Why a reader asks us to look again, as the desk reads it."""

ANSWERS = {
    ReportState.OPEN: "Open",
    ReportState.KEPT: "Answered: it stayed on the site",
    ReportState.GONE: "Answered: it came off the site",
}

ROUTES = {
    Route.HOLD2: "Someone may be in danger",
    Route.HOLD: "Needs a closer look",
    Route.REDACT: "May show who somebody is",
    Route.NOTE: "Read like any other",
}
"""What screening makes of a post. None of these is a verdict: somebody reads every word."""

LANGUAGES = {"en": "English", "und": "Cannot be told"}
"""Languages that screening tells apart, by code."""

COMES_TO = {
    Act.APPROVE: "This approves it. It goes up with the next stories, exactly as you see it here.",
    Act.KEEP: "It stays on the site, exactly as you see it here.",
    Act.ASK_SECOND: "A second reader must see it before it can go up. Your work is kept for them.",
    Act.OFFER: "The author is asked first. Nothing goes up unless they agree to these very words.",
    Act.RETURN: "It goes back to its author, who can change it and send it again.",
    Act.DECLINE: "It will not be published.",
    Act.TAKE_DOWN: "It leaves the site within two minutes.",
    Act.ESCALATE: (
        "It is never published. The author, if they look, reads that we are worried, and where to "
        "find help."
    ),
}
"""What a decision comes to, on the page where it is checked."""

ENDINGS = {
    PASSED_ON: "Passed on: the words said who or where, and we told the emergency services",
    NO_MEANS: "No means of contact: nothing in the words says who or where",
}
"""How care for an escalated post can end; the reason codes of concluding it."""

REASON_NAMES = {"": "", "own-words": "In their own words", **ENDINGS}
"""Reason codes that are no key of a message."""


def reason_in_words(code: str) -> str:
    """A reason code as people read it; the code itself once its message has left the file."""
    return REASON_NAMES[code] if code in REASON_NAMES else messages().label(code)


UNCHANGED = (
    "This is what the author wrote, letter for letter, so there is nothing to offer yet. "
    "Please change what you would like them to change."
)


def length(characters: int) -> str:
    """How long a text is, as people think of it: 1,000 characters take about a minute to read."""
    minutes = round(characters / 1_000)
    return "under a minute to read" if minutes < 1 else f"about {minutes} min to read"
