"""What goes with a moderator who leaves the team: what they hold, and what they had begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from forum.person import By
from forum.post import State
from forum.record import Event
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Change, Key
from forum.store.dynamodb_keys import SHARDS, post_key
from forum.store.dynamodb_posts import put_post, write_off
from forum.store.dynamodb_record import record_event
from forum.store.dynamodb_turn import (
    Turn,
    drop_in_parts,
    must_coordinate,
    must_leave_a_coordinator,
    roles_now,
)
from forum.store.rows import post_from


def must_be_removable(turn: Turn, moderator_id: str, by: By) -> None:
    """Raise `NotTheirs`, `NotEnrolled` or `LastCoordinator` where they are not to be removed."""
    must_coordinate(turn, by)
    roles_now(turn, moderator_id)
    must_leave_a_coordinator(turn, moderator_id, by)


def remove(turn: Turn, moderator_id: str, by: By) -> None:
    """Erase them and every passkey; raises as `must_be_removable`.

    What is erased here is few: nobody has more passkeys than the desk gives out, and a colleague
    has one recovery and one link at most. Sessions and whom they invited may be hundreds.
    """
    must_be_removable(turn, moderator_id, by)
    for kind in ("invitation", "recovery", "duty"):
        turn.drop(kind, moderator=moderator_id)
    turn.drop("recovery", asked_by=moderator_id)
    drop_passkeys(turn, by.day, moderator=moderator_id)
    turn.drop("moderator", id=moderator_id)
    write_off(turn.change, "moderator", moderator_id, by.day)
    record_event(turn.change, by.day, by.who, Event.REMOVED, moderator_id)


def drop_what_is_left(dynamo: Dynamo, moderator_id: str) -> None:
    """Erase the sessions and invitations of somebody who was removed, in parts.

    Wherever this is cut off, what is left lets nobody in: a session opens nothing without its
    moderator, and an invitation is worth what whoever made it may do when it is used. It runs out
    within a day, and the clocks erase it.
    """
    drop_in_parts(dynamo, "invitation", invited_by=moderator_id)
    drop_in_parts(dynamo, "session", moderator=moderator_id)


def drop_passkeys(turn: Turn, day: date, **holds: object) -> int:
    """Erase the passkeys that hold these values; how many.

    They go on the erasure ledger: no backup that is brought back lets anybody in with them.
    """
    for row in turn.every("passkey", **holds).values():
        write_off(turn.change, "passkey", row["credential_id"].hex(), day)
    return turn.drop("passkey", **holds)


def end_what_was_begun(dynamo: Dynamo, moderator_id: str) -> None:
    """Give up their claims, and let posts that they approved first be approved anew.

    A first approval is worth what the person is. The index that finds them may be a moment old:
    what they did in the second before they were removed may stand, a claim until it runs out.
    """
    for post_id in _with_second_readers(dynamo):
        dynamo.change(partial(_read_anew, post_id=post_id, moderator_id=moderator_id))
    for key, _ in dynamo.index(claimed_by(moderator_id)):
        dynamo.change(partial(_release, key=key, moderator_id=moderator_id))


def claimed_by(moderator_id: str) -> str:
    """What the index has a moderator's claims under."""
    return f"claimed#{moderator_id}"


def _with_second_readers(dynamo: Dynamo) -> Iterator[str]:
    for number in range(SHARDS):
        for _, row in dynamo.index(f"{State.SECOND.value}#{number}"):
            yield row["qs"].rpartition("#")[2]


def _read_anew(change: Change, post_id: str, moderator_id: str) -> None:
    row = change.get(post_key(post_id))
    if row is None or row["state"] != State.SECOND.value or row["first_reader"] != moderator_id:
        return
    post = post_from(row)
    after = replace(post, first_reader="", approved_hash=None, version=post.version + 1)
    put_post(change, row, after)


def _release(change: Change, key: Key, moderator_id: str) -> None:
    row = change.get(key)
    if row and row["moderator"] == moderator_id:
        change.delete(key)
