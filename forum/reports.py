"""Use cases of readers who ask us to look at a published post again, without an account.

They write a report and nothing else of another's post. What becomes of that post is for the sweep
and for the desk.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from forum import admission
from forum.admission import FormToken
from forum.given import Given, first
from forum.hands import Hands
from forum.ids import new_id
from forum.intake import Crowded
from forum.keys import Keyring
from forum.lanes import Gate
from forum.ports import Clock, Randomness, ReportStore
from forum.races import FormUsed, settled, taken_once
from forum.receipts import Receipt, mint
from forum.rows import NotUp, Reason, Report, Spent
from forum.screening import screen
from forum.submission import digest
from forum.texts import Refused, plain_text

LONGEST_WORDS = 1_000
"""Characters of a report's own words."""


@dataclass(frozen=True)
class Received:
    """What a reader gets for a report: a receipt of its own."""

    receipt: Receipt
    report: Report
    marks: frozenset[str]
    """Screening rules that found something in the reader's words; they are not kept."""


@dataclass(frozen=True)
class Reports:
    """The reader's use case over one store."""

    store: ReportStore
    forms: Keyring
    receipts: Keyring
    lane: Gate
    clock: Clock
    randomness: Randomness = secrets.token_bytes

    def form_token(self, post_id: str) -> str:
        """A token for a fresh form about this post; raise `NotUp`."""
        if not self.store.is_up(plain_text(post_id)):
            raise NotUp
        return self.fresh_token()

    def fresh_token(self) -> str:
        """A token for a form that comes back with what was typed."""
        return admission.issue(self.forms, self.clock.now(), self.randomness)

    def report(self, given: Given) -> Received:
        """Store the report once and answer with its own receipt.

        The same form sent twice with the same words gets the same answer. Raises `NotUp`,
        `Crowded`, `Refused` (errors by field), `FormUsed`, `Changed`, `Unavailable`.
        """
        form = self._admitted(given)
        body = digest(self.forms, given)
        return taken_once(
            lambda: self._received_before(form, body), lambda: self._receive(form, body, given)
        )

    def _admitted(self, given: Given) -> FormToken:
        try:
            return admission.admit(self.forms, first(given, "token"), self.clock.now())
        except admission.NotAdmitted as error:
            raise Refused({"token": str(error)}, error.needs_new_form) from error

    def _received_before(self, form: FormToken, body: bytes) -> Received | None:
        spent = self.store.spent(form.mark)
        if spent is None:
            return None
        report = self.store.report(spent.post_id)
        if spent.body != body or report is None:
            raise FormUsed
        return self._received(form, body, report)

    def _receive(self, form: FormToken, body: bytes, given: Given) -> Received:
        report = self._checked(given)
        if not self.lane.enter(self.clock.now()):
            raise Crowded
        received = self._received(form, body, report)
        hands = Hands(self.store, self.receipts, self.randomness)
        spent = Spent(form.mark, body, report.id, report.day)

        def store() -> Received:
            author = hands.joined(hands.of(received.receipt), report.id)
            self.store.add_report(report, author, spent)
            return received

        return settled(store)

    def _received(self, form: FormToken, body: bytes, report: Report) -> Received:
        marks = frozenset(mark.rule for mark in screen(report.words).found)
        return Received(mint(self.receipts, form.nonce, body), report, marks)

    def _checked(self, given: Given) -> Report:
        """The report in a form; raise `NotUp`, or `Refused` with all that is wrong with it."""
        post_id, words = (plain_text(first(given, name)).strip() for name in ("id", "words"))
        errors: dict[str, str] = {}
        reason = _reason(first(given, "reason"), errors)
        if len(words) > LONGEST_WORDS:
            errors["words"] = (
                f"This has {len(words):,} characters. The most we can take is {LONGEST_WORDS:,}."
            )
        errors |= admission.trapped(given)
        if not self.store.is_up(post_id):
            raise NotUp
        if errors:
            raise Refused(errors)
        return Report(new_id(self.randomness), post_id, reason, words, self._today())

    def _today(self) -> date:
        return self.clock.now().date()


def _reason(value: str, errors: dict[str, str]) -> Reason:
    reason = next((reason for reason in Reason if reason.value == value), None)
    if reason is None:
        errors["reason"] = "Please choose what comes closest."
    return reason or Reason.OTHER
