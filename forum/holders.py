"""Use cases of whoever holds a receipt: look, change, agree or not, ask again, take back."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from forum.given import Given
from forum.hands import Hand, Hands, Unknown
from forum.intake import told_wait
from forum.keys import Keyring
from forum.ports import Clock, HolderStore, Randomness
from forum.post import (
    Act,
    Fields,
    NotAllowed,
    Post,
    State,
    Text,
    allowed,
    fingerprint,
    moved,
    record_of,
)
from forum.races import settled
from forum.receipts import Pocket, grant, parse, redeem
from forum.retention import erased_on, report_erased_on
from forum.route import Route
from forum.rows import Changed, Message, Offer, Report
from forum.spelling import PutAway
from forum.submission import check_change

HOLDERS_ACTS = frozenset({Act.WITHDRAW, Act.REVISE, Act.ACCEPT, Act.AGREE, Act.REFUSE, Act.APPEAL})
"""What the holder of a receipt may do to a post, where the table of moves has it."""


class Stale(Exception):
    """The post is not as its author saw it, or cannot take this any more. Nothing was changed."""


@dataclass(frozen=True)
class Holding:
    """What a receipt-holder sees of one post."""

    post: Post
    text: Text | None
    """Their own words, while they can still change them."""
    message: Message | None
    offer: Offer | None
    original: Text | None
    """Their own words, where moderators took identifying detail out of them since."""
    is_up: bool
    acts: frozenset[Act]
    erased_on: date | None

    @property
    def hash(self) -> str | None:
        """What an act on these words carries: the offer's record, or that of the words as sent."""
        if self.offer:
            return self.offer.hash
        return fingerprint(record_of(self.post, self.text)) if self.text else None

    @property
    def readable(self) -> bool:
        """Whether readers see it, and go on seeing it."""
        return self.is_up and self.post.state is State.APPROVED

    @property
    def coming_down(self) -> bool:
        """Whether readers see it still, until the next edition."""
        return self.is_up and self.post.state is not State.APPROVED


@dataclass(frozen=True)
class Reported:
    """What a reader sees of a report they sent."""

    report: Report
    erased_on: date | None


@dataclass(frozen=True)
class Holdings:
    """Everything under one receipt, and the capability to act on it for a while."""

    posts: tuple[Holding, ...]
    reports: tuple[Reported, ...]
    capability: str
    usual_wait: int | None = None
    """In how many days a post is usually decided now; None where too few were to say."""

    def of(self, post_id: str) -> Holding:
        """One post of these; raise `Unknown`."""
        found = [holding for holding in self.posts if holding.post.id == post_id]
        if not found:
            raise Unknown
        return found[0]


@dataclass(frozen=True)
class Leave:
    """What lets somebody act: a receipt as they typed it, or the capability a page carried."""

    typed: str = ""
    capability: str = ""


@dataclass(frozen=True)
class Holders:
    """The receipt-holders' use cases over one store."""

    store: HolderStore
    receipts: Keyring
    capabilities: Keyring
    clock: Clock
    randomness: Randomness = secrets.token_bytes

    def look_up(self, leave: Leave) -> Holdings:
        """Everything under a receipt or a capability; raise `Unknown` otherwise.

        Only typed words get a new capability: one that renewed itself would never end.
        """
        held = self._by_capability(leave.capability)
        hand = held or self._hand(leave)
        posts = tuple(self._holding(post) for post in map(self.store.post, hand.held) if post)
        reports = tuple(
            Reported(report, report_erased_on(report))
            for report in map(self.store.report, hand.held)
            if report
        )
        if not posts and not reports:
            raise Unknown
        now = self.clock.now()
        capability = leave.capability if held else grant(self.capabilities, hand.access, now)
        return Holdings(posts, reports, capability, self.usual_wait())

    def usual_wait(self) -> int | None:
        """In how many days a post is usually decided now; None where too few were to say."""
        return told_wait(self.store, self.clock.now().date())

    def withdraw(self, post_id: str, leave: Leave) -> Post:
        """Take one post back: its text is erased before this returns. Raises `Unknown`."""
        self._own(post_id, leave)
        return settled(lambda: self._withdraw(post_id))

    def revise(self, post_id: str, seen: str, given: Given, leave: Leave) -> Post:
        """Put new words in place of those that were returned or offered; they are read again.

        `seen` is the hash that the holder's page carried. Raises `Unknown`, `Stale`, `Refused`.
        """
        post = self._seen(post_id, seen, Act.REVISE, leave)
        submission = check_change(given, post.kind).screened()
        after = replace(
            moved(post, Act.REVISE, self._today()),
            fields=submission.fields,
            marks=submission.checked.marks,
            route=submission.checked.route,
            language=submission.checked.language,
        )
        return self._rewritten(after, submission.checked.text)

    def accept(self, post_id: str, seen: str, leave: Leave) -> Post:
        """Agree to exactly the changes that were shown. Raises `Unknown`, `Stale`.

        That approves the post, unless two people must read it first: then it waits for them.
        """
        needs_two = Act.AGREE in allowed(self._post(post_id))
        post = self._seen(post_id, seen, Act.AGREE if needs_two else Act.ACCEPT, leave)
        offer = self.store.offer(post_id)
        if offer is None or fingerprint(record_of(post, offer.text)) != seen:
            raise Stale
        if needs_two:
            return self._rewritten(moved(post, Act.AGREE, self._today()), offer.text)
        after = replace(moved(post, Act.ACCEPT, self._today()), approved_hash=seen)
        return self._rewritten(after, offer.text)

    def refuse(self, post_id: str, seen: str, leave: Leave) -> Post:
        """Leave the offered changes: it is not published. Raises `Unknown`, `Stale`."""
        return self._move(self._seen(post_id, seen, Act.REFUSE, leave), Act.REFUSE)

    def appeal(self, post_id: str, leave: Leave) -> Post:
        """Ask that a different moderator decides again. Raises `Unknown`, `Stale`."""
        self._own(post_id, leave)
        return self._move(self._post(post_id), Act.APPEAL)

    def erase(self, leave: Leave) -> None:
        """Take every post back and forget the receipt: nothing is left to find with it.

        A report stays, under no receipt, until it is answered and its clock has run out. Raises
        `Unknown`, and `Changed` when something was shared under the receipt at this moment.
        """
        hand = self._hand(leave)
        if not hand.held:
            raise Unknown
        for post_id in hand.held:
            with suppress(Unknown):  # a report; or a post that ran out at this moment
                settled(partial(self._withdraw, post_id))
        self.store.forget(hand.access.lookup, hand.sealed or b"")

    @property
    def words(self) -> PutAway:
        """Where a receipt is put whose misspelt words were mended."""
        return PutAway(self.capabilities, self.clock, Pocket.MENDED)

    @property
    def _hands(self) -> Hands:
        return Hands(self.store, self.receipts, self.randomness)

    def _hand(self, leave: Leave) -> Hand:
        """The hand behind a capability, or a receipt as somebody typed it; raise `Unknown`."""
        receipt = parse(leave.typed)
        typed = self._hands.by_receipt(receipt) if receipt else None
        hand = self._by_capability(leave.capability) or typed
        if hand is None:
            raise Unknown
        return hand

    def _by_capability(self, capability: str) -> Hand | None:
        access = redeem(self.capabilities, capability, self.clock.now())
        return self._hands.opened(access) if access else None

    def _own(self, post_id: str, leave: Leave) -> Hand:
        hand = self._hand(leave)
        if post_id not in hand.held:
            raise Unknown
        return hand

    def _post(self, post_id: str) -> Post:
        post = self.store.post(post_id)
        if post is None:
            raise Unknown
        return post

    def _seen(self, post_id: str, seen: str, act: Act, leave: Leave) -> Post:
        """The holder's own post, if it is as they saw it and can take this."""
        self._own(post_id, leave)
        holding = self._holding(self._post(post_id))
        if act not in holding.acts or holding.hash != seen:
            raise Stale
        return holding.post

    def _move(self, post: Post, act: Act) -> Post:
        try:
            after = moved(post, act, self._today())
            self.store.move(after)
        except (NotAllowed, Changed):
            raise Stale from None
        return after

    def _rewritten(self, after: Post, text: Text) -> Post:
        try:
            self.store.rewrite(after, text)
        except Changed:
            raise Stale from None
        return after

    def _withdraw(self, post_id: str) -> Post:
        post = self._post(post_id)
        if post.state is State.WITHDRAWN:
            return post
        # The row that says so keeps nothing that the author told about themselves.
        gone = replace(
            moved(post, Act.WITHDRAW, self._today()),
            fields=Fields(),
            marks=(),
            route=Route.NOTE,
            language="",
            editors=(),
        )
        self.store.withdraw(gone)
        return gone

    def _holding(self, post: Post) -> Holding:
        acts = allowed(post) & HOLDERS_ACTS
        return Holding(
            post=post,
            text=self._text(post, acts),
            message=self.store.message(post.id),
            offer=self.store.offer(post.id),
            original=self.store.original(post.id),
            is_up=self.store.is_up(post.id),
            acts=acts,
            erased_on=erased_on(post),
        )

    def _text(self, post: Post, acts: frozenset[Act]) -> Text | None:
        """The text, where they can still change it or somebody else has."""
        shown = Act.REVISE in acts or self.store.original(post.id) is not None
        return self.store.text(post.id) if shown else None

    def _today(self) -> date:
        return self.clock.now().date()
