"""Use cases of the visitors' door: share, look up with a receipt, take back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import TypeVar

from forum import admission
from forum.admission import FormToken
from forum.hands import Hand, Hands, Unknown
from forum.ids import new_id
from forum.keys import Keyring
from forum.pen_names import candidates
from forum.ports import Clock, Randomness, VisitorStore
from forum.post import Act, Fields, Post, State, allowed, moved
from forum.receipts import Receipt, mint, parse
from forum.retention import erased_on
from forum.rows import AlreadySpent, Changed, Message, NameTaken, Spent
from forum.submission import Given, Refused, Submission, check, digest, errors_in

TRIES = 5
"""How often a lost race is run again before the person is told."""
MOST_NAMES = 200
"""Pen names tried for one post."""
OPEN_ACTS = frozenset({Act.WITHDRAW})
"""What a receipt-holder can do today."""
PRESENT_DANGER = frozenset({"SUI-1", "SUI-2", "HARM-1"})
"""Screening rules that may mean present danger."""
MINOR = "MIN-1"
"""The screening rule that finds a writer who may be under 18."""
UNKNOWN_RECEIPT = (
    "We found nothing for these words. Please check them, or leave this empty to get a new receipt."
)


class Closed(Exception):
    """The form takes nothing new just now."""


class FormUsed(Exception):
    """This form already sent something else; a fresh one is needed, with the text kept."""


@dataclass(frozen=True)
class VisitorKeys:
    """The secrets of the visitors' door, one per purpose."""

    receipts: Keyring
    forms: Keyring
    capabilities: Keyring


@dataclass(frozen=True)
class Sent:
    """What a visitor gets for a post: the receipt, and what became of it so far."""

    receipt: Receipt
    post: Post

    @property
    def worrying(self) -> bool:
        """Whether help must come before everything else: somebody may be in danger now."""
        return not PRESENT_DANGER.isdisjoint(self.post.marks)

    @property
    def young(self) -> bool:
        """Whether the writer may be under 18."""
        return MINOR in self.post.marks


@dataclass(frozen=True)
class Holding:
    """What a receipt-holder sees of one post."""

    post: Post
    message: Message | None
    is_up: bool
    acts: frozenset[Act]
    erased_on: date | None

    @property
    def readable(self) -> bool:
        """Whether readers see it, and go on seeing it."""
        return self.is_up and self.post.state is State.APPROVED

    @property
    def coming_down(self) -> bool:
        """Whether readers see it still, until the next edition."""
        return self.is_up and self.post.state is not State.APPROVED


@dataclass(frozen=True)
class Holdings:
    """Everything under one receipt, and the capability to act on it for a while."""

    posts: tuple[Holding, ...]
    capability: str


@dataclass(frozen=True)
class Visitors:
    """The visitors' use cases over one store."""

    store: VisitorStore
    keys: VisitorKeys
    clock: Clock
    randomness: Randomness = secrets.token_bytes

    def form_token(self) -> str:
        """A token for a fresh form."""
        return admission.issue(self.keys.forms, self.clock.now(), self.randomness)

    def closed(self) -> bool:
        """Whether the form takes nothing new."""
        return self.store.closed()

    def submit(self, given: Given) -> Sent:
        """Admit, check, sanitize and store once.

        The same form sent twice with the same words gets the same answer. Raises `Closed`,
        `Refused` (errors by field), `FormUsed`, `Unavailable`.
        """
        form = self._admitted(given)
        body = digest(self.keys.forms, given)
        return self._sent_before(form, body, given) or self._send(form, body, given)

    def errors_in(self, given: Given) -> dict[str, str]:
        """Every error in a form's fields but its token, for one that cannot be sent anyway."""
        return errors_in(given, self._receipt_errors(given))

    def look_up(self, typed: str, capability: str = "") -> Holdings:
        """Everything under a receipt or a capability; raise `Unknown` otherwise.

        Only typed words get a new capability: one that renewed itself would never end.
        """
        held = self._hands.by_capability(capability)
        hand = held or self._hand(typed)
        posts = [self.store.post(post_id) for post_id in hand.posts]
        holdings = tuple(self._holding(post) for post in posts if post)
        if not holdings:
            raise Unknown
        return Holdings(holdings, capability if held else self._hands.capability(hand))

    def withdraw(self, post_id: str, typed: str, capability: str = "") -> Post:
        """Take one post back: its text is erased before this returns. Raises `Unknown`."""
        hand = self._hands.by_capability(capability) or self._hand(typed)
        if post_id not in hand.posts:
            raise Unknown
        return _settled(lambda: self._withdraw(post_id))

    @property
    def _hands(self) -> Hands:
        keys = self.keys
        return Hands(self.store, keys.receipts, keys.capabilities, self.clock, self.randomness)

    def _hand(self, typed: str) -> Hand:
        """The hand behind a receipt as somebody typed it."""
        receipt = parse(typed)
        hand = self._hands.by_receipt(receipt) if receipt else None
        if hand is None:
            raise Unknown
        return hand

    def _receipt_errors(self, given: Given) -> dict[str, str]:
        """What is wrong with a receipt that was typed into a form: it opens nothing."""
        if not _typed_receipt(given):
            return {}
        own = _own_receipt(given)
        hand = self._hands.by_receipt(own) if own else None
        return {} if hand and hand.posts else {"receipt": UNKNOWN_RECEIPT}

    def _withdraw(self, post_id: str) -> Post:
        post = self.store.post(post_id)
        if post is None:
            raise Unknown
        if post.state is State.WITHDRAWN:
            return post
        # The row that says so keeps nothing that the author told about themselves.
        gone = replace(moved(post, Act.WITHDRAW, self._today()), fields=Fields(), marks=())
        self.store.withdraw(gone)
        return gone

    def _admitted(self, given: Given) -> FormToken:
        token = (given.get("token") or ("",))[0]
        try:
            return admission.admit(self.keys.forms, token, self.clock.now())
        except admission.NotAdmitted as error:
            errors = self.errors_in(given) | {"token": str(error)}
            raise Refused(errors, needs_new_form=error.needs_new_form) from error

    def _sent_before(self, form: FormToken, body: bytes, given: Given) -> Sent | None:
        spent = self.store.spent(_mark(form))
        if spent is None:
            return None
        post = self.store.post(spent.post_id)
        if spent.body != body or post is None:
            raise FormUsed
        return Sent(_own_receipt(given) or self._mint(form, body), post)

    def _send(self, form: FormToken, body: bytes, given: Given) -> Sent:
        if self.store.closed():
            raise Closed
        submission = check(given, self._receipt_errors(given))
        own = _own_receipt(given)
        receipt = own or self._mint(form, body)
        spent = Spent(_mark(form), body, "", self._today())

        def store() -> Post:
            hand = self._hands.of(receipt)
            if own and not hand.posts:
                raise Refused({"receipt": UNKNOWN_RECEIPT})
            return self._store(self._new_post(submission), submission, hand, spent)

        try:
            return Sent(receipt, _settled(store))
        except AlreadySpent:
            sent = self._sent_before(form, body, given)
            if sent is None:
                raise FormUsed from None
            return sent

    def _store(self, post: Post, submission: Submission, hand: Hand, spent: Spent) -> Post:
        """Store the post under the first pen name that is free."""
        author = self._hands.joined(hand, post.id)
        for name in islice(candidates(post.id), MOST_NAMES):
            named = replace(post, pen_name=name)
            try:
                self.store.add(named, submission.text, author, replace(spent, post_id=post.id))
            except NameTaken:
                continue
            return named
        raise NameTaken

    def _mint(self, form: FormToken, body: bytes) -> Receipt:
        return mint(self.keys.receipts, form.nonce, body)

    def _new_post(self, submission: Submission) -> Post:
        today = self._today()
        return Post(
            id=new_id(self.randomness),
            kind=submission.kind,
            state=State.RECEIVED,
            version=1,
            day=today,
            state_day=today,
            pen_name="",
            fields=submission.fields,
            marks=submission.marks,
        )

    def _holding(self, post: Post) -> Holding:
        message, is_up = self.store.message(post.id), self.store.is_up(post.id)
        return Holding(post, message, is_up, allowed(post) & OPEN_ACTS, erased_on(post))

    def _today(self) -> date:
        return self.clock.now().date()


def _mark(form: FormToken) -> bytes:
    """What is kept of a used form. With the nonce itself, a thief of the store and of the receipt
    key could mint the receipt again."""
    return hashlib.sha256(form.nonce).digest()


def _typed_receipt(given: Given) -> str:
    return (given.get("receipt") or ("",))[0].strip()


def _own_receipt(given: Given) -> Receipt | None:
    """The receipt of someone who has shared here before, if they typed one."""
    return parse(_typed_receipt(given))


Result = TypeVar("Result")


def _settled(attempt: Callable[[], Result]) -> Result:
    """Run the attempt again when somebody changed a row meanwhile."""
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except Changed:
            continue
    return attempt()
