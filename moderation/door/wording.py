"""What moderators read about states, decisions and why something could not be done."""

from __future__ import annotations

from forum.post import NOT_SCREENED, SECOND_OPINION, Act, State

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
    Act.HIDE: "hidden",
    Act.UNDO: "decision undone",
}

MARKS = {
    SECOND_OPINION: "The two sanitizers did not agree on this text. Please look at it closely.",
    NOT_SCREENED: "Screening could not read all of this: another language, for instance.",
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
