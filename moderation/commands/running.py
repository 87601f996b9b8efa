"""Running the place from the command line: the form, and the clocks."""

from __future__ import annotations

from dataclasses import asdict

from forum import wiring
from forum.retention import IDLE_FOR
from forum.retention import purge as purge_posts
from moderation.commands.arguments import Arguments


def set_open(asked: Arguments) -> None:
    """Open or close the form."""
    closed = asked.command == "close"
    wiring.open_desk(wiring.settings()).set_closed(closed, asked.who)
    asked.say({"open": not closed}, "The form is closed." if closed else "The form is open.")


def purge(asked: Arguments) -> None:
    """Erase what has run out."""
    erased = purge_all()
    asked.say(erased, ", ".join(f"{name}: {number}" for name, number in erased.items()))


def purge_all() -> dict[str, int]:
    """Erase everything whose time has run out; how many rows of each kind."""
    chosen, now = wiring.settings(), wiring.CLOCK.now()
    days = wiring.open_duty(chosen).erase_duty(now.date())  # before all is compacted
    erased = asdict(purge_posts(wiring.open_retention(chosen), now))
    erased["passing"] += days + wiring.open_sign_ins(chosen).erase_expired(now, now - IDLE_FOR)
    return erased
