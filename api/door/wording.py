"""What a receipt-holder reads about each state, act and report, in plain words."""

from __future__ import annotations

from doors.messages import messages
from forum.post import Act, State
from forum.rows import Reason, ReportState

Said = tuple[str, ...]
"""A heading, and one paragraph or more."""


def said(key: str) -> Said:
    """A text of content/messages.toml that a page shows by itself."""
    template = messages()[key]
    return template.label, *template.paragraphs


def _in_short(key: str) -> tuple[str, str]:
    heading, *sentences = said(key)
    return heading, " ".join(sentences)


STATES: dict[State, tuple[str, str]] = {
    State.RECEIVED: _in_short("waiting"),
    State.SECOND: _in_short("waiting-second"),
    State.RETURNED: (
        "Sent back to you",
        "We would like to publish this. Please read our message, and change what it asks for.",
    ),
    State.OFFERED: (
        "We suggest small changes",
        "We would like to publish this with the changes below. Nothing goes up unless you agree.",
    ),
    State.ESCALATED: _in_short("held-back"),
    State.APPROVED: (
        "Approved",
        "It goes up with the next stories. Thank you. Someone will feel less alone.",
    ),
    State.DECLINED: (
        "Not published",
        "It is not on the site. That says nothing about you, or what your story is worth.",
    ),
    State.APPEALED: (
        "Being read again",
        "You asked us to look again. A different person will read it.",
    ),
    State.HIDDEN: (
        "Off the site for now",
        "Some readers asked us to look at it again. A person will, soon. Sharing it was not wrong.",
    ),
    State.WITHDRAWN: (
        "Taken back",
        "You took this back. Your words are erased.",
    ),
    State.TAKEN_DOWN: (
        "Taken down",
        "We took this off the site. Our message says why.",
    ),
}

UP = ("On the site", "Readers can see it now. Thank you. Someone will feel less alone.")
COMING_DOWN = "It is coming down from the site now, and will be gone within two minutes."

STALE = (
    "Nothing was changed",
    "This had changed since you opened the page. Here is how it stands now.",
)
DONE: dict[Act, Said] = {
    Act.WITHDRAW: said("withdrawn"),
    Act.ACCEPT: ("Thank you", "It goes up with the next stories, exactly as you saw it."),
    Act.AGREE: (
        "Thank you",
        "Two people read a story like yours before it goes up. They will see it just as you did.",
    ),
    Act.REFUSE: (
        "It stays unpublished",
        "Thank you for telling us. It will not go on the site.",
    ),
    Act.APPEAL: ("We will look again", "A different person will read it. Thank you for asking."),
}
"""A heading and what else there is to say about what was just done."""
DOWN = said("withdrawn-from-site")
"""Instead, when readers could see what its author took back."""

REASONS: dict[Reason, str] = {
    Reason.IDENTIFIES_ME: "It shows who I am",
    Reason.IDENTIFIES_SOMEONE: "It shows who somebody else is",
    Reason.UNSAFE: "It could hurt someone: it says how, how much or where",
    Reason.CRUEL: "It is cruel, or it threatens someone",
    Reason.SELLING: "It sells something, or asks people to make contact",
    Reason.WORRIED: "I’m worried about the person who wrote it",
    Reason.OTHER: "Something else",
}

REPORTS: dict[ReportState, tuple[str, str]] = {
    ReportState.OPEN: ("Waiting to be read", "A person will read your report and the story, soon."),
    ReportState.KEPT: (
        "Read again",
        "A person read the story again, with your report in mind. It stays on the site. Thank you.",
    ),
    ReportState.GONE: (
        "Off the site",
        "The story is no longer on the site. Thank you for looking out for others.",
    ),
}
