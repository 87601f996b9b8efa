"""One story more, and one less, from the shell, every program started anew; and beside the others.

Ours stands twice: Pelican alone, once the post lies in its folder, and the whole press over a
store. Each of the others does what it does once it has built the site.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Protocol

from publish_cost import Cost, Costs, run
from publish_house import house
from publish_peers import PEERS, Peer, Site, install, present
from publish_plain import plain
from publish_rounds import SIZE, SMALL_SIZE, Tell, Turn, compared, in_json, in_turns
from publish_tales import tale, tales
from servers import environment

PELICAN: Final = "Handrail, pelican"
PRESS: Final = "Handrail, publish"
STEP: Final = 37
"""Stories are withdrawn from here and there."""


class Ours(Protocol):
    """A site of ours that is built, and can be built again."""

    def add(self) -> str:
        """Let there be one more story; its id."""

    def withdraw(self, number: int) -> str:
        """Let the story with this number be gone; its id."""

    def press(self) -> Cost:
        """Build what differs."""

    def shows(self, post_id: str) -> bool:
        """Whether readers find the story."""

    def hold_gone(self, post_ids: Sequence[str]) -> None:
        """See that nothing of these is left; raise `RuntimeError` otherwise."""


@dataclass
class Changes:
    """What is measured of one site of ours."""

    ours: Ours
    _numbers: Iterator[int] = field(default_factory=lambda: count(STEP, STEP))

    def add(self) -> Cost:
        """One more."""
        post_id = self.ours.add()
        cost = self.ours.press()
        if not self.ours.shows(post_id):
            raise RuntimeError(f"{post_id} was pressed, and readers do not find it")
        return cost

    def withdraw(self) -> Cost:
        """One less."""
        post_id = self.ours.withdraw(next(self._numbers))
        cost = self.ours.press()
        self.ours.hold_gone([post_id])
        return cost


@dataclass(frozen=True)
class Adding:
    """One more on a site of another maker."""

    site: Site
    _numbers: Iterator[int] = field(default_factory=count)

    def __call__(self) -> Cost:
        """Write its file, and build."""
        added = tale(self.site.size + next(self._numbers))
        self.site.add(added)
        cost = build(self.site)
        if not self.site.story(added).exists():
            raise RuntimeError(f"{self.site.peer.name} made no page of {added.id}")
        return cost


def build(site: Site) -> Cost:
    """Let another maker build its site."""
    settings = environment(**site.peer.settings)
    return run(site.peer.command(), site.folder, settings)[0]


def measure(tell: Tell) -> dict[str, Any]:
    """Ours at a thousand and at ten thousand stories, the others at ten thousand."""
    install()
    peers = present(PEERS, tell)
    with ExitStack() as stack:
        sides = {n: t for size in (SMALL_SIZE, SIZE) for n, t in turns(size, stack).items()}
        sides |= {peer.name: Adding(_built(peer, tell)) for peer in peers}
        costs = in_turns(sides, tell, [peer.name for peer in peers if peer.dear])
    ours = {name: costs[f"{name}, {SIZE}, add"] for name in (PELICAN, PRESS)}
    others = {peer.name: costs[peer.name] for peer in peers}
    return {
        "costs": in_json(costs),
        "times": compared(others, ours, tell),
        "times wall": compared(others, ours, tell, "wall_s"),
        "itself": by_size_and_act(costs, (SMALL_SIZE, SIZE), tell),
    }


def turns(size: int, stack: ExitStack) -> dict[str, Turn]:
    """Everything that is measured of ours at one size, both sites being built first."""
    sides: dict[str, Ours] = {
        PELICAN: stack.enter_context(plain(size)),
        PRESS: stack.enter_context(house(size)),
    }
    found: dict[str, Turn] = {}
    for name, ours in sides.items():
        ours.press()
        changes = Changes(ours)
        found |= {
            f"{name}, {size}, add": changes.add,
            f"{name}, {size}, withdraw": changes.withdraw,
        }
    return found


def by_size_and_act(
    costs: Mapping[str, Costs], sizes: tuple[int, int], tell: Tell
) -> dict[str, dict[str, float]]:
    """How much dearer the larger site is, and withdrawing than adding."""
    small, large = sizes
    found: dict[str, dict[str, float]] = {}
    for name in (PELICAN, PRESS):
        added = costs[f"{name}, {large}, add"]
        less = {f"{name}, {small}, add": costs[f"{name}, {small}, add"]}
        found |= compared({f"{name}, {large}, add": added}, less, tell)
        withdrawn = {f"{name}, {large}, withdraw": costs[f"{name}, {large}, withdraw"]}
        found |= compared(withdrawn, {"adding": added}, tell)
    return found


def _built(peer: Peer, tell: Tell) -> Site:
    """The site of another maker as it is before the story comes."""
    site = peer.site(SIZE)
    site.prepare(list(tales(range(SIZE))))
    if not site.output.exists():
        tell(f"{peer.name}, built before: {build(site)}")
    return site


if __name__ == "__main__":
    measure(print)
