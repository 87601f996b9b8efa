"""What moderators and the press do while somebody's browser waits: by their own use cases."""

from __future__ import annotations

from typing import Any

from forum.approving import Approver
from forum.deciding import Seen, Words
from forum.desk import Desk
from forum.post import Act, Post, State
from forum.store.sqlite import Database
from forum.store.sqlite_desk import SqliteDesk
from forum.wiring import CLOCK
from tests.doors.served import House

WORDS = "Thank you for this. Could you leave out the town?"


def desk(house: House) -> Desk:
    """The moderators' use cases over this house's own store."""
    return Desk(SqliteDesk(Database(house.folder / "handrail.sqlite3")), CLOCK)


def decided(house: House, post_id: str, act: Act, words: str = WORDS, who: str = "robin") -> Post:
    """A moderator reads a post and decides."""
    at = desk(house)
    seen = at.read(post_id)
    return at.decide(act, Seen(post_id, seen.post.version, seen.hash), who, words)


def offered(house: House, post_id: str, body: str, title: str = "", words: str = WORDS) -> Post:
    """A moderator suggests another text."""
    at = desk(house)
    seen = at.read(post_id)
    return at.offer(
        Seen(post_id, seen.post.version, seen.hash), Approver("robin"), title, body, Words(words)
    )


def put(house: House, post_id: str, state: State, message: str | None = None) -> None:
    """Stand a post somewhere, whatever the table of moves says."""
    with house.store() as store:
        store.execute("UPDATE posts SET state = ? WHERE id = ?", (state.value, post_id))
        if message:
            row = (post_id, "2026-01-02", message)
            store.execute(
                "INSERT OR REPLACE INTO messages (post_id, day, words) VALUES (?, ?, ?)", row
            )


def put_up(house: House, post_id: str) -> None:
    """Approve a post and stand it on the site, as the press would have."""
    put(house, post_id, State.APPROVED)
    with house.store() as store:
        names = "(post_id, hash, month, slots)"
        row = (post_id, "hash", "2026-01", "{}")
        store.execute(f"INSERT OR REPLACE INTO editions {names} VALUES (?, ?, ?, ?)", row)


def up(house: House, **changed: Any) -> dict[str, Any]:
    """A story that readers see; what its author was told when they shared it."""
    shared = house.shared(**changed)
    put_up(house, shared["id"])
    return shared
