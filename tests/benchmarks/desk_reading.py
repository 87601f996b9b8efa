"""The page on which a post is read, and the one on which a decision is checked before it is sent.

The post is held, its text open in all three views, every marked stretch with its form.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from desk_pages import Cost, cost, least, opened, plain, seated
from desk_texts import marked

from tests.doors.desk_seat import Room, Seat, form_of

POSTS: Final = {"600 words, 12 marks": (600, 12), "1,900 words, 180 marks": (1_900, 180)}
PASSES: Final = 3


def measure(folder: Path, tell: Callable[[str], None]) -> dict[str, Any]:
    """What each page costs for each post: the best of several passes."""
    folder.mkdir(parents=True)
    found: dict[str, dict[str, Cost]] = {}
    with seated(folder, "Robin") as (room, seat):
        for number, (name, (words, marks)) in enumerate(POSTS.items()):
            found[name] = _pages(room, seat, number, words, marks)
    for name, pages in found.items():
        for page, one in pages.items():
            tell(f"{page}, {name}: {one.cpu_ms} ms CPU, {one.wall_ms} ms")
    return {name: plain(pages) for name, pages in found.items()}


def _pages(room: Room, seat: Seat, number: int, words: int, marks: int) -> dict[str, Cost]:
    """The read page and the check page of one post that somebody has just taken."""
    checked = marked(words, marks)
    post = room.receive(number, checked.text, marks=checked.marks, route=checked.route)
    page = seat.hold(post.id)
    where = f"/post/{post.id}/check"
    sent = {**form_of(page, where)}
    sent |= {name: ["replace"] for name in _verdicts(seat, post.id)}

    def check() -> None:
        answer = seat.door.send(where, **sent)
        if answer.status_code != 200:
            raise RuntimeError(f"the check was answered with {answer.status_code}")

    return {
        "read page": least([cost(lambda: opened(seat, f"/post/{post.id}")) for _ in range(PASSES)]),
        "check page": least([cost(check, 11) for _ in range(PASSES)]),
    }


def _verdicts(seat: Seat, post_id: str) -> set[str]:
    """The names of the questions about marked words."""
    fields = seat.post(post_id).all("input")
    return {one.name for one in fields if one.name.startswith("verdict-")}
