"""Which function answers which command."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from moderation.commands.arguments import Arguments
from moderation.commands.decisions import decide, queue, show
from moderation.commands.doctor import doctor
from moderation.commands.running import publish, purge, set_open
from moderation.commands.team import invite, moderators

COMMANDS: Mapping[str, Callable[[Arguments], None]] = {
    "queue": queue,
    "show": show,
    "approve": decide,
    "return": decide,
    "decline": decide,
    "escalate": decide,
    "take-down": decide,
    "publish": publish,
    "invite": invite,
    "moderators": moderators,
    "open": set_open,
    "close": set_open,
    "purge": purge,
    "doctor": doctor,
}
