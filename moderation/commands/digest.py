"""What moderators are told of what waits, from the command line: the same words, to nobody."""

from __future__ import annotations

from dataclasses import asdict

from forum import wiring
from forum.digest import Waiting
from forum.settings import NotifyBy, Settings
from moderation.commands.arguments import Arguments

SAYS_WHY = "The server's own lines say when; then look at HANDRAIL_NOTIFY and HANDRAIL_NOTIFY_FROM."


def digest(asked: Arguments) -> None:
    """Print what would be said now."""
    chosen = wiring.settings()
    drafted = wiring.open_telling(chosen).draft()
    if drafted is None:
        asked.say({"why": None}, "Nothing waits, so nobody would be told anything.")
        return
    subject, body = drafted.words(chosen.siteurl)
    told = {"why": drafted.why.value, "subject": subject, "body": body}
    asked.say({**told, "waiting": _for_programs(drafted.waiting)}, f"{subject}\n\n{body}".rstrip())


def _for_programs(waiting: Waiting) -> dict[str, int | str]:
    numbers = {name: number for name, number in asdict(waiting).items() if name != "came"}
    return {**numbers, "form": waiting.form.value}


def doubts(chosen: Settings) -> str:
    """Why moderators may not learn that something urgent waits; empty if they will."""
    if chosen.production and chosen.notices.by is NotifyBy.NOBODY:
        return "Nobody is told when something urgent waits: HANDRAIL_NOTIFY is off."
    failed = wiring.open_telling(chosen).failed()
    if failed:
        return f"Nobody could be told what waits, {failed} times since it last worked. {SAYS_WHY}"
    if chosen.production and chosen.notices.by is NotifyBy.FILE:
        where = chosen.data / "notices"
        return f"What waits is told in files under {where} alone: somebody must look there."
    return ""
