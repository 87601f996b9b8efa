"""What a deploy asks before it begins: quota, keys, and whether anybody may be let in at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infra.aws.commands import quota
from infra.aws.commands.cloud import Clients, Refused
from infra.aws.commands.deployment import Deployment
from infra.aws.commands.desk_words import DeskWords
from infra.aws.commands.keyrings import missing
from infra.aws.commands.leftovers import Left, in_lines, left_behind
from infra.aws.commands.stacks import EMPTY, STILLBORN, Stacks

BEFORE_OPENING = ("duties", "help lines", "moderators", "https", "messages", "second readers")
"""Checks of the doctor without which nobody may be let in."""


@dataclass(frozen=True)
class Guarding:
    """The guards of one deployment. `grounded` tells whether its tables are there."""

    deployment: Deployment
    clients: Clients
    grounded: bool

    def doubt(self, more: int = 0) -> str:
        """Why what is to be reserved, and so many more, cannot be; "" if it can."""
        wished = self.deployment.reserved_concurrency + more
        own = [f"{self.deployment.name}-{name}" for name in ("api", "press")]
        return quota.doubts(self.clients("lambda"), wished, own)

    def spare(self) -> bool:
        """Whether one more can be kept for the press; else its lease alone keeps two apart."""
        return not self.doubt(more=1)

    def left(self, stacks: Stacks) -> list[Left]:
        """What a forum of this name left behind where a deploy would make the same."""
        name = self.deployment.name
        found = left_behind(self.clients, name, self.deployment.region)
        new = {one.stack for one in found if _is_new(stacks.state(f"{name}-{one.stack}"))}
        return [one for one in found if one.stack in new]

    def nothing_in_the_way(self, stacks: Stacks) -> None:
        """Raise `Refused` while something stands where a deploy would make it."""
        if left := self.left(stacks):
            raise Refused(
                f"A forum called {self.deployment.name} left this behind, and nothing new can be "
                "made in its place. Give this deployment another name, or, if nobody needs it any "
                f"more, remove it:\n{in_lines(left)}"
            )

    def keys_wanting(self) -> bool:
        """Whether keys are to be made. One that is gone later must be brought back, not made."""
        wanting = missing(self.clients("ssm"), self.deployment.name)
        if wanting and self.grounded:
            raise Refused(
                f"The key for {wanting[0].name.lower()} is gone. Bring it back from where you keep "
                "it apart: a new one would make every receipt worthless."
            )
        return bool(wanting)

    def duties(self, desk: DeskWords) -> None:
        """Raise `Refused` while anything is open without which nobody may be let in."""
        if not self.grounded:
            raise Refused(
                "Nobody can be let in yet: there is no safety lead at the desk. Begin with "
                "`deploy --to-try`, which keeps the form closed, and enrol your people."
            )
        told: Mapping[str, str] = desk.ask("doctor").get("checks", {})
        amiss = [f"{name}: {told[name]}" for name in BEFORE_OPENING if told.get(name)]
        if amiss:
            raise Refused("\n".join(("This forum may not be opened yet.", *amiss)))


def _is_new(state: str) -> bool:
    return state in ("", EMPTY, *STILLBORN)
