"""A release is good when its doors answer and its press runs; else it is not left standing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from infra.aws.commands.cloud import Client
from infra.aws.commands.stacks import Pause
from infra.aws.commands.visiting import Visitor

TRIES = 5
"""A change of programs or addresses takes a moment to be seen everywhere."""
BETWEEN = 6.0
"""Seconds."""
BUSY = "busy"
"""What the build job answers while another is at work."""


Ailing = Callable[[Visitor], Iterator[str]]
"""What does not answer as it should, in sentences."""


def doors_ailing(visitor: Visitor) -> Iterator[str]:
    """Look at both doors."""
    health = visitor.get("/api/health")
    if health.status != 200 or health.told.get("ok") is not True:
        yield f"The visitors' door does not answer (status {health.status})."
    desk = visitor.get("/moderation/sign-in").status
    if desk != 200:
        yield f"The moderators' door does not answer (status {desk})."


def front_ailing(visitor: Visitor) -> Iterator[str]:
    """Look at the front page."""
    front = visitor.get("/").status
    if front != 200:
        yield f"The front page does not show (status {front})."


def patiently(look: Ailing, visitor: Visitor, pause: Pause) -> list[str]:
    """What is still wrong after some tries."""
    for left in reversed(range(TRIES)):
        found = list(look(visitor))
        if not found:
            return []
        if left:
            pause(BETWEEN)
    return found


class PressFailed(Exception):
    """The press could not run. `kind` is the class of the error, by which the job names its own."""

    def __init__(self, kind: str) -> None:
        # Only the class: an error's words may come from anywhere.
        super().__init__(f"The press could not run ({kind}).")
        self.kind = kind


@dataclass(frozen=True)
class PressRuns:
    """The build job, run from outside."""

    client: Client
    """That of Lambda."""
    function: str
    pause: Pause

    def run(self, everything: bool = False) -> str:
        """Run it once and wait: `printed`, `nothing` or `busy`. Raises `PressFailed`."""
        asked = json.dumps({"everything": everything}).encode()
        answer = self.client.invoke(FunctionName=self.function, Payload=asked)
        told = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            raise PressFailed(told.get("errorType", "?") if isinstance(told, dict) else "?")
        return str(told.get("press", "")) if isinstance(told, dict) else ""

    def patiently(self, everything: bool = False) -> list[str]:
        """The same with some tries: another press may be at work. What is wrong in the end."""
        for left in reversed(range(TRIES)):
            try:
                if self.run(everything) != BUSY:
                    return []
                found = ["Another press is at work, and does not end."]
            except PressFailed as failed:
                found = [str(failed)]
                if failed.kind != PressFailed.__name__:
                    return found  # it did not even start: trying again helps nobody
            if left:
                self.pause(BETWEEN)
        return found


def judge(visitor: Visitor, press: PressRuns, pause: Pause) -> list[str]:
    """What is wrong with what is deployed: its doors first, then the press, then what it made."""
    return (
        patiently(doors_ailing, visitor, pause)
        or press.patiently(everything=True)
        or patiently(front_ailing, visitor, pause)
    )
