"""Random days of a forum: whatever can happen to stories between two runs of the press."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from itertools import count

from forum.deciding import NeedsAnother, NoSuchPost, NothingToUndo
from forum.post import Act, NotAllowed
from tests.forum.press_room import WHO, PressRoom

ACTIONS = [
    *("share", "share", "withdraw", "hide", "keep", "second", "take-down", "appeal"),
    *("approve-again", "undo", "edit", "run", "run", "day"),
]


class Days:
    """What people do in one room; the same chance does the same in another."""

    def __init__(self, room: PressRoom, chance: random.Random) -> None:
        self.room = room
        self.chance = chance
        self.shared: list[str] = []
        self.numbers = count()

    def act(self, action: str) -> None:
        """Do it to some post; what the table of moves does not allow does not happen."""
        room, post_id = self.room, self.chance.choice(self.shared) if self.shared else ""
        doing: dict[str, Callable[[], object]] = {
            "share": self.share,
            "run": self.run,
            "day": lambda: room.clock.advance(days=1),
            "withdraw": lambda: room.withdraw(post_id),
            "hide": lambda: room.hide(post_id),
            "keep": lambda: room.keep(post_id),
            "second": lambda: room.decide(Act.ASK_SECOND, post_id),
            "appeal": lambda: room.appeal(post_id),
            "undo": lambda: room.desk.undo(post_id, WHO),
            "take-down": lambda: room.decide(Act.TAKE_DOWN, post_id),
            "approve-again": lambda: room.approve(post_id, "kim"),
            "edit": lambda: self.edit(post_id),
            "rewrite": lambda: room.edit(post_id, f"<p>{self.chance.random()}</p>"),
            "lose": lambda: self.lose(post_id),
        }
        if post_id or action in ("share", "run", "day"):
            with suppress(NotAllowed, NoSuchPost, NothingToUndo, NeedsAnother):
                doing[action]()

    def run(self) -> None:
        """One run of the press."""
        self.room.run()

    def share(self) -> None:
        """A story comes in, and is approved."""
        some = {
            name: tuple(slug for slug in slugs if self.chance.random() < 0.5)
            for name, slugs in {"topics": ("alcohol", "grief"), "helped": ("nature",)}.items()
        }
        post_id = self.room.receive(next(self.numbers), **some)
        self.room.approve(post_id)
        self.shared.append(post_id)

    def edit(self, post_id: str) -> None:
        """Hidden, changed, and mostly kept as it is now."""
        self.room.hide(post_id)
        self.room.edit(post_id, f"<p>{self.chance.random()}</p>")
        if self.chance.random() < 0.8:
            self.room.keep(post_id)

    def lose(self, post_id: str) -> None:
        """Its row is gone, and nothing says why."""
        self.room.lose(post_id)
        self.shared.remove(post_id)
