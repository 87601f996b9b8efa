"""What moderators read about states, decisions and why something could not be done."""

from __future__ import annotations

from forum.post import NOT_SCREENED, SECOND_OPINION, Act, State
from forum.rows import Reason, ReportState

STATES = {
    State.RECEIVED: "Received",
    State.SECOND: "Second reading",
    State.RETURNED: "Returned",
    State.OFFERED: "Changes offered",
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
    Act.OFFER: "changes offered to its author",
    Act.DECLINE: "declined",
    Act.ESCALATE: "escalated",
    Act.TAKE_DOWN: "taken down",
    Act.HIDE: "hidden until somebody reads it again",
    Act.KEEP: "read again and kept on the site",
    Act.UNDO: "decision undone",
}
"""What stands in the record of decisions: the desk's own, and the hiding that readers asked for."""

MARKS = {
    SECOND_OPINION: "The two sanitizers did not agree on this text. Please look at it closely.",
    NOT_SCREENED: "Screening could not read all of this: another language, for instance.",
}

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

SUGGESTED = {
    Act.RETURN: (
        "Thank you for sharing this. We would like to publish it. To keep you and readers safe, "
        "could you change this first:"
    ),
    Act.DECLINE: (
        "Thank you for trusting us with this. We read every word. We can’t publish it, because "
    ),
    Act.TAKE_DOWN: "We took your story off the site, because ",
}
"""How a message to an author can begin; the moderator writes on from there."""

SUGGESTED_TO_MANY = (
    "Many posts with almost the same words came in at once, so we did not take them. If you wrote "
    "this yourself, please ask us to look again. Somebody else will read it."
)
"""A message to the authors of a flood: there may be a person among them."""
