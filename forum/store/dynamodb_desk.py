"""The desk's port on DynamoDB: what a decision changes, and what takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from forum.figures import Wait
from forum.post import Act, Post, State
from forum.record import Event
from forum.rows import Changed, Decided, Decision, Run, Undo
from forum.store.dynamodb_change import Change
from forum.store.dynamodb_entries import decisions_on
from forum.store.dynamodb_keys import (
    FORM,
    message_key,
    offer_key,
    original_key,
    post_key,
    text_key,
    undo_key,
)
from forum.store.dynamodb_posts import (
    answer_reports,
    expiring,
    put_post,
    put_text,
    read_post,
    ring,
    ring_if_due,
    text_item,
)
from forum.store.dynamodb_queue import DynamoQueue, release
from forum.store.dynamodb_record import record, record_event
from forum.store.dynamodb_reported import open_again
from forum.store.dynamodb_runs import last_run
from forum.store.dynamodb_tallies import take_back_wait, tally_verdict, tally_wait
from forum.store.dynamodb_undos import (
    batch_key,
    clear,
    give_place_back,
    put_batch,
    put_undo,
)
from forum.store.dynamodb_values import Item
from forum.store.rows import TEXT_NAMES, undo_from

MOST_AT_ONCE = 6
"""Decisions in one change: each touches up to thirteen rows, and all together sixteen besides."""


class DynamoDesk(DynamoQueue):
    """Decides and takes decisions back; has no way to an author's row."""

    def decide(self, *decided: Decided) -> None:
        """Put each post in its new state with all that belongs to its decision, or do nothing.

        More than `MOST_AT_ONCE` are too many for one change. All are held against the store
        first, and then stored so many at a time, in order. Where one moves on at that very moment,
        `Changed` is raised, and those before it stand: each is whole, on record, and can be taken
        back like any other.
        """
        parts = [
            decided[begin : begin + MOST_AT_ONCE] for begin in range(0, len(decided), MOST_AT_ONCE)
        ]
        if len(parts) > 1:
            self._must_stand(decided)
        for part in parts:
            self._dynamo.change(partial(_decide_all, decided=part))

    def undo(self, post_id: str) -> Undo | None:
        """What the last decision on this post could be taken back to."""
        row = self._dynamo.get(undo_key(post_id))
        return undo_from(row) if row else None

    def undos(self, batch: str) -> Sequence[Undo]:
        """What the decisions made as one could be taken back to, by post id."""
        row = self._dynamo.get(batch_key(batch)) or {"posts": []}
        rows = self._dynamo.many(map(undo_key, row["posts"]))
        found = [undo_from(one) for one in rows.values() if one["batch"] == batch]
        return sorted(found, key=lambda undo: undo.before.id)

    def decisions(self, post_id: str) -> Sequence[Decision]:
        """The record of decisions on one post, oldest first."""
        return decisions_on(self._dynamo, post_id)

    def ring(self) -> int:
        """Ask for a press run; the number of this ring."""
        return self._dynamo.change(ring)

    def last_run(self) -> Run | None:
        """The latest press run that was recorded."""
        return last_run(self._dynamo)

    def set_closed(self, closed: bool, day: date, who: str) -> None:
        """Close or open the form, and put that on record."""
        event = Event.FORM_CLOSED if closed else Event.FORM_OPENED

        def close(change: Change) -> None:
            change.put(FORM, {"closed": int(closed)})
            record_event(change, day, who, event, "")

        self._dynamo.change(close)

    def _must_stand(self, decided: Sequence[Decided]) -> None:
        rows = self._dynamo.many(post_key(one.post.id) for one in decided)
        for post in (one.post for one in decided):
            if rows.get(post_key(post.id), {}).get("version") != post.version - 1:
                raise Changed(post.id)


def _decide_all(change: Change, decided: Sequence[Decided]) -> None:
    for one in decided:
        _decide(change, one)
    for batch in {one.undo.batch for one in decided if one.undo and one.undo.batch}:
        put_batch(change, batch, [one.undo for one in decided if one.undo])
    for one in decided:  # last, and soon committed: everybody who decides takes turns at it
        record(change, one.decision)


def _decide(change: Change, decided: Decided) -> None:
    post, decision = decided.post, decided.decision
    row, before = read_post(change, post.id, post.version - 1)
    put_post(change, row, post, day=decision.day, **_kept(decided))
    _put_message(change, decided)
    _put_offer(change, decided)
    _put_edited(change, decided)
    _count(change, before, decided)
    if decision.act is Act.UNDO:
        open_again(change, before)
    elif decision.act is not Act.ASK_SECOND:
        answer_reports(change, post, decision.day)
    if decision.act is Act.UNDO and before.state is not State.APPROVED:
        give_place_back(change, post)
    stays_up = before.state is post.state is State.APPROVED
    if stays_up and before.approved_hash != post.approved_hash:
        ring(change)  # readers see other words of it than they should
    put_undo(change, post.id, decided.undo)
    release(change, post.id, decision.moderator)
    ring_if_due(change, before, post)


def _kept(decided: Decided) -> Item:
    """What is kept beside the post that changes with this decision."""
    length = {"length": len(decided.text.html)} if decided.text else {}
    hidden = decided.decision.act is Act.HIDE
    return length | ({"hidden_day": decided.decision.day} if hidden else {})


def _put_edited(change: Change, decided: Decided) -> None:
    """Put the edited text in place, and keep the author's own words beside it.

    An undo that gives those back ends their being kept: nothing was changed after all.
    """
    if decided.text is None:
        return
    post, original = decided.post, original_key(decided.post.id)
    own = change.peek(original) or change.peek(text_key(post.id))
    put_text(change, post, decided.text)
    after = text_item(decided.text)
    if own and any(own[name] != after[name] for name in TEXT_NAMES):
        change.put(original, expiring(post, own))
    else:
        clear(change, original)


def _count(change: Change, before: Post, decided: Decided) -> None:
    """Count for the team's figures how long it took, and what was made of each mark."""
    day = decided.decision.day
    for rule, verdict in decided.verdicts:
        tally_verdict(change, day, rule, verdict)
    if before.state is State.RECEIVED:
        tally_wait(change, day, Wait.DECIDED, before.state_day)
    elif decided.decision.act is Act.UNDO and decided.post.state is State.RECEIVED:
        take_back_wait(change, day, Wait.DECIDED, decided.post.state_day)


def _put_offer(change: Change, decided: Decided) -> None:
    key, offer = offer_key(decided.post.id), decided.offer
    if offer:
        row = {"hash": offer.hash, **text_item(offer.text)}
        change.put(key, expiring(decided.post, row))
    else:
        clear(change, key)


def _put_message(change: Change, decided: Decided) -> None:
    key, message = message_key(decided.post.id), decided.message
    if message:
        change.put(key, {"day": message.day.isoformat(), "words": message.words})
    else:
        clear(change, key)
