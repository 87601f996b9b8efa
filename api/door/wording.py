"""What a receipt-holder reads about each state, in plain words."""

from __future__ import annotations

from forum.post import State

STATES: dict[State, tuple[str, str]] = {
    State.RECEIVED: (
        "Waiting to be read",
        "A person will read it, usually within three days. Thank you for waiting.",
    ),
    State.SECOND: (
        "Being read by a second person",
        "One of us has read it. A second person reads it too, to be sure. Thank you for waiting.",
    ),
    State.RETURNED: (
        "Sent back to you",
        "We would like to publish this. Please change something first, and share it again.",
    ),
    State.OFFERED: (
        "We suggest small changes",
        "Nothing goes up unless you agree.",
    ),
    State.ESCALATED: (
        "Being read with care",
        "We are glad you told someone. Please talk to one of the people above, tonight.",
    ),
    State.APPROVED: (
        "Approved",
        "It goes up with the next stories. Thank you. Someone will feel less alone.",
    ),
    State.DECLINED: (
        "Not published",
        "We read every word, and we did not publish it. It is no judgement on you.",
    ),
    State.APPEALED: (
        "Being read again",
        "You asked us to look again. A different person will read it.",
    ),
    State.HIDDEN: (
        "Off the site for now",
        "A reader asked us to look at it again. A person will, soon.",
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
