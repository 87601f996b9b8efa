"""What moderators read about kinds, states and why something could not be done."""

from __future__ import annotations

from forum.post import Act, Kind, State

KINDS = {
    Kind.STORY: "Story",
    Kind.REPLY: "Reply",
    Kind.CHECK_IN: "Check-in",
    Kind.COPING: "Coping tip",
    Kind.LETTER: "Letter",
}

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
    Act.APPROVE.value: "approved",
    Act.RETURN.value: "returned to its author",
    Act.DECLINE.value: "declined",
    Act.ESCALATE.value: "escalated",
    Act.TAKE_DOWN.value: "taken down",
    "undo": "decision undone",
}

MARKS = {
    "second-opinion": "The two sanitizers did not agree on this text. Please look at it closely.",
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
