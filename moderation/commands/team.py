"""The people of the desk from the command line: done by the operator, and recorded as theirs."""

from __future__ import annotations

from collections.abc import Mapping

from forum import wiring
from forum.people import People
from forum.person import Moderator, Role
from forum.rows import NotEnrolled
from forum.team import Team
from moderation.commands.arguments import Arguments, Failed

UNKNOWN = "There is no moderator with this id."


def invite(asked: Arguments) -> None:
    """Print a link that works once, for a day."""
    chosen = wiring.settings()
    people = wiring.open_people(chosen)
    if asked.first and asked.roles:
        raise Failed("The first moderator has every role of the desk; leave --roles out.")
    if asked.first:
        token = people.invite_first(asked.who)
    else:
        roles = _roles(asked.roles or Role.MODERATOR.value)
        token = people.invite(asked.who, roles)
    link = _link(chosen.siteurl, token) if token else None
    asked.say({"link": link}, link or "There is a moderator already; invite without --first.")


def moderators(asked: Arguments) -> None:
    """List the moderators, or change something about one."""
    chosen = wiring.settings()
    people = wiring.open_people(chosen)
    try:
        link = _changed(Team(people), asked)
    except NotEnrolled:
        raise Failed(UNKNOWN) from None
    if link:
        asked.say({"link": _link(chosen.siteurl, link)}, _link(chosen.siteurl, link))
    else:
        _list(people, asked)


def _changed(team: Team, asked: Arguments) -> str:
    """Do what was asked; the token of the link that came of it, if one did."""
    if asked.remove:
        team.remove(asked.remove, asked.who)
    if asked.roles:
        moderator_id, _, roles = asked.roles.partition("=")
        team.set_roles(moderator_id, _roles(roles), asked.who)
    if asked.replace_passkey:
        return team.replace_passkey(asked.replace_passkey, asked.who)
    return ""


def _list(people: People, asked: Arguments) -> None:
    found = [_shown(one) for one in people.moderators()]
    lines = [
        f"{one['id']}  {one['name']}, since {one['since']}: {', '.join(one['roles'])}"
        for one in found
    ]
    asked.say({"moderators": found}, "\n".join(lines) or "There is no moderator yet.")


def _shown(moderator: Moderator) -> Mapping[str, str | list[str]]:
    return {
        "id": moderator.id,
        "name": moderator.name,
        "since": moderator.day.isoformat(),
        "roles": sorted(role.value for role in moderator.roles),
    }


def _roles(text: str) -> frozenset[Role]:
    """Roles by their words, with commas between."""
    try:
        return frozenset(Role(word.strip()) for word in text.split(","))
    except ValueError:
        known = ", ".join(role.value for role in Role)
        raise Failed(f"Roles are {known}; write them with commas between.") from None


def _link(siteurl: str, token: str) -> str:
    return f"{siteurl}/moderation/enrol?invitation={token}"
