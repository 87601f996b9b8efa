"""Nothing is destroyed by one word: protection comes off first, and the name is typed twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from infra.aws.commands.cloud import Refused
from infra.aws.commands.deploying import Say
from infra.aws.commands.stacks import Stacks

Ask = Callable[[str], str]
"""Asks the operator something; what was typed."""


def destroy(name: str, stacks: Stacks, names: Sequence[str], ask: Ask, say: Say) -> None:
    """Remove every stack, the last first; raise `Refused` while any is protected."""
    there = [stack for stack in reversed(names) if stacks.state(stack)]
    if not there:
        raise Refused(f"Nothing called {name} is deployed here.")
    guarded = [stack for stack in there if stacks.protected(stack)]
    if guarded:
        raise Refused(
            f"{guarded[0]} is protected, so nothing is removed. If the forum is to end: tell the "
            "people on it first, make a last backup, then run `python -m infra.aws unprotect`."
        )
    _confirm(name, ask)
    for stack in there:
        say(f"Removing {stack} ...")
        stacks.remove(stack)
    say("All stacks are gone.")


def _confirm(name: str, ask: Ask) -> None:
    first = (
        f"This takes the whole forum {name} down. Every receipt stops working.\n"
        "Type its name to go on: "
    )
    questions = (first, "There is no way back from here. Type its name once more: ")
    for question in questions:
        if _answer(ask, question) != name:
            raise Refused("That is not its name. Nothing was removed.")


def _answer(ask: Ask, question: str) -> str:
    try:
        return ask(question).strip()
    except EOFError:
        raise Refused("Nothing was removed: this asks, so run it in a terminal.") from None
