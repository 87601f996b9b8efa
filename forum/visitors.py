"""Use cases of whoever shares: the form, a look at what it could give away, and sending it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Any

from forum import admission, proof
from forum.admission import FormToken
from forum.given import Given, first
from forum.hands import Hand, Hands
from forum.ids import new_id
from forum.intake import Closed, Crowded, Intake, told_wait
from forum.keys import Keyring
from forum.pen_names import candidates
from forum.ports import Clock, Randomness, VisitorStore
from forum.post import Post, State
from forum.preview import Preview, preview, reworded
from forum.races import FormUsed, settled, taken_once
from forum.receipts import Pocket, Receipt, mint, parse
from forum.rows import NameTaken, Spent
from forum.spelling import PutAway
from forum.submission import Submission, check, digest, errors_in
from forum.texts import Refused

MOST_NAMES = 200
"""Pen names tried for one post."""
UNKNOWN_RECEIPT = (
    "We found nothing for these words. Please check them, or leave this empty to get a new receipt."
)
PUT_AWAY_TOO_LONG = "Please type your six words once more. This page had kept them for a day."


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


@dataclass(frozen=True)
class Visitors:
    """The use cases of sharing over one store."""

    store: VisitorStore
    keys: VisitorKeys
    intake: Intake
    clock: Clock
    randomness: Randomness = secrets.token_bytes

    def form_token(self) -> str:
        """A token for a fresh form."""
        return admission.issue(self.keys.forms, self.clock.now(), self.randomness)

    def challenge(self, token: str) -> dict[str, Any]:
        """The proof of work for the form with this token, as altcha spells it; raise `Forged`."""
        form = admission.read(self.keys.forms, token)
        return proof.challenge(self.keys.forms, form.nonce, self.clock.now())

    def closed(self) -> bool:
        """Whether the form takes nothing new."""
        return self.intake.closed(self.store, self._today())

    def usual_wait(self) -> int | None:
        """In how many days a post is usually decided now; None where too few were to say."""
        return told_wait(self.store, self._today())

    def submit(self, given: Given) -> Sent:
        """Admit, check, sanitize, screen and store once.

        The same form sent twice with the same words gets the same answer. Raises `Closed`,
        `Crowded`, `Refused` (errors by field), `FormUsed`, `Unavailable`.
        """
        form = self._admitted(given)
        body = digest(self.keys.forms, given)
        return taken_once(
            lambda: self._sent_before(form, body, given), lambda: self._send(form, body, given)
        )

    def errors_in(self, given: Given) -> dict[str, str]:
        """Every error in a form's fields but its token, for one that cannot be sent anyway."""
        return errors_in(given, self._receipt_errors(given, self._own_receipt(given)))

    def preview(self, given: Given, accepted: Collection[int] = ()) -> Preview:
        """The typed words with what could identify somebody marked; nothing is stored.

        `accepted` are the numbers of the spots whose suggestion the author takes, as the preview
        of the same words numbered them. Raises `Refused` with every error of the form when its
        words could not be sent.
        """
        errors = self.errors_in(given)
        if not errors.keys().isdisjoint(("title", "body")):
            raise Refused(errors)
        shown = replace(preview(first(given, "title"), first(given, "body")), missing=errors)
        taken = {spot.number for spot in shown.spots} & set(accepted)
        if not taken:
            return shown
        return replace(preview(*reworded(shown, taken)), changed=len(taken), missing=errors)

    def marks_in(self, given: Given) -> frozenset[str]:
        """Rules that mark the words of a form that is not taken now, so that help can come first.

        None where too many come at once: looking costs as much as taking them in. Nothing is
        stored, and no store is asked.
        """
        if not self.intake.lanes.unproven.enter(self.clock.now()):
            return frozenset()
        return preview(first(given, "title"), first(given, "body")).marks

    def put_away(self, given: Given) -> str:
        """The receipt in a form for the page that sends it on and must not show it; "" for none."""
        own = self._own_receipt(given)
        typed = first(given, "receipt").strip()
        # One that came along goes on as it is: put away anew, it would never run out.
        kept = first(given, "put_away") if own else ""
        return self._form_words.put(own) if own and typed else kept

    @property
    def words(self) -> PutAway:
        """Where a receipt is put that was shown, to be typed back."""
        return PutAway(self.keys.capabilities, self.clock)

    @property
    def _form_words(self) -> PutAway:
        """Where a receipt is put that a form carries: it lives as long as the form."""
        life = timedelta(seconds=admission.OLDEST)
        return PutAway(self.keys.capabilities, self.clock, Pocket.FORM, life)

    @property
    def _hands(self) -> Hands:
        return Hands(self.store, self.keys.receipts, self.randomness)

    def _own_receipt(self, given: Given) -> Receipt | None:
        """The receipt of someone who has shared here before, if they typed one, here or before."""
        typed, token = first(given, "receipt").strip(), first(given, "put_away")
        if typed or not token:
            return parse(typed)
        return self._form_words.take(token)

    def _receipt_errors(self, given: Given, own: Receipt | None) -> dict[str, str]:
        """What is wrong with a receipt that was given with a form: it opens nothing."""
        if not (typed := first(given, "receipt").strip()) and not first(given, "put_away"):
            return {}
        if own is None and not typed:
            return {"receipt": PUT_AWAY_TOO_LONG}
        hand = self._hands.by_receipt(own) if own else None
        return {} if hand and hand.held else {"receipt": UNKNOWN_RECEIPT}

    def _admitted(self, given: Given) -> FormToken:
        try:
            return admission.admit(self.keys.forms, first(given, "token"), self.clock.now())
        except admission.NotAdmitted as error:
            errors = self.errors_in(given) | {"token": str(error)}
            raise Refused(errors, needs_new_form=error.needs_new_form) from error

    def _sent_before(self, form: FormToken, body: bytes, given: Given) -> Sent | None:
        spent = self.store.spent(form.mark)
        if spent is None:
            return None
        post = self.store.post(spent.post_id)
        if spent.body != body or post is None:
            raise FormUsed
        return Sent(self._own_receipt(given) or self._mint(form, body), post)

    def _send(self, form: FormToken, body: bytes, given: Given) -> Sent:
        if self.closed():
            raise Closed
        own = self._own_receipt(given)
        submission = check(given, self._receipt_errors(given, own))
        self._take_a_place(form, given)
        submission = submission.screened()
        receipt = own or self._mint(form, body)
        spent = Spent(form.mark, body, "", self._today())

        def store() -> Post:
            hand = self._hands.of(receipt)
            if own and not hand.held:
                raise Refused({"receipt": UNKNOWN_RECEIPT})
            return self._store(self._new_post(submission), submission, hand, spent)

        return Sent(receipt, settled(store))

    def _take_a_place(self, form: FormToken, given: Given) -> None:
        """Who shows a proof of work takes the wide lane; the other is kept for who cannot."""
        shown = proof.proven(self.keys.forms, first(given, "pow"), form.nonce, self.clock.now())
        if not self.intake.lanes.for_post(shown).enter(self.clock.now()):
            raise Crowded

    def _store(self, post: Post, submission: Submission, hand: Hand, spent: Spent) -> Post:
        """Store the post under the first pen name that is free."""
        author, text = self._hands.joined(hand, post.id), submission.checked.text
        for name in islice(candidates(post.id), MOST_NAMES):
            named = replace(post, pen_name=name)
            try:
                self.store.add(named, text, author, replace(spent, post_id=post.id))
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
            marks=submission.checked.marks,
            route=submission.checked.route,
            language=submission.checked.language,
        )

    def _today(self) -> date:
        return self.clock.now().date()
