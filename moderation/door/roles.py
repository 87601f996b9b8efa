"""What roles are called on pages, and where each of them begins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from forum.person import READERS, Moderator, Role

QUEUE = "/moderation/"
YOU = "/moderation/you"
TEAM = "/moderation/team"
THEN: Mapping[str, str] = {"you": YOU, "team": TEAM}
"""Where somebody may be led on to after signing in, by the word in the address; nowhere else."""

LABELS: Mapping[Role, tuple[str, str]] = {
    Role.MODERATOR: ("Moderator", "Reads posts and decides about them."),
    Role.SAFETY_LEAD: (
        "Safety lead",
        "Does the same, and is called when someone may be in danger.",
    ),
    Role.PEER_SUPPORTER: ("Peer supporter", "Answers private letters. There are none yet."),
    Role.COORDINATOR: ("Coordinator", "Looks after the team: who is in it, and who does what."),
}
"""What people call each role, and what it is for, in the order that pages list them."""


def named(roles: Collection[Role]) -> list[str]:
    """The roles' names in their usual order."""
    return [name for role, (name, _) in LABELS.items() if role in roles]


def said(roles: Collection[Role]) -> str:
    """The roles in a sentence: "moderators and safety leads"."""
    return " and ".join(f"{name.lower()}s" for name in named(roles))


def options() -> Sequence[Mapping[str, str]]:
    """The roles as the choices of a form."""
    return [
        {"slug": role.value, "label": f"{name}: {words}"} for role, (name, words) in LABELS.items()
    ]


def chosen(slugs: Collection[str]) -> frozenset[Role]:
    """The roles that were ticked; what names none is worth nothing."""
    return frozenset(role for role in Role if role.value in slugs)


def home_of(moderator: Moderator) -> str:
    """The page where somebody's work begins."""
    if moderator.may_any(READERS):
        return QUEUE
    return TEAM if moderator.may(Role.COORDINATOR) else YOU
