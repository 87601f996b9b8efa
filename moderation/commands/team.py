"""The people of the desk, from the command line."""

from __future__ import annotations

from forum import wiring
from forum.rows import NotEnrolled
from moderation.commands.arguments import Arguments, Failed


def invite(asked: Arguments) -> None:
    """Print a link that works once, for a day."""
    chosen = wiring.settings()
    people = wiring.open_people(chosen)
    token = people.invite_first() if asked.first else people.invite()
    link = f"{chosen.siteurl}/moderation/enrol?invitation={token}" if token else None
    asked.say({"link": link}, link or "There is a moderator already; invite without --first.")


def moderators(asked: Arguments) -> None:
    """List the moderators, or remove one."""
    people = wiring.open_people(wiring.settings())
    if asked.remove:
        try:
            people.remove(asked.remove)
        except NotEnrolled:
            raise Failed("There is no moderator with this id.") from None
    found = [{"id": m.id, "name": m.name, "since": m.day.isoformat()} for m in people.moderators()]
    lines = [f"{m['id']}  {m['name']}, since {m['since']}" for m in found]
    asked.say({"moderators": found}, "\n".join(lines) or "There is no moderator yet.")
