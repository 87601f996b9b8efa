"""Random histories of one post: everything that anybody may do to it, at a real door and desk.

The ledger beside them is kept from what people did alone, and knows nothing of the rules that it
is held against.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from forum.approving import Approver, TooFew
from forum.deciding import (
    ENDINGS,
    NeedsAnother,
    NoSuchPost,
    NothingToUndo,
    Seen,
    Words,
    WordsNeeded,
)
from forum.desk import Desk
from forum.holders import Stale as NotAsSeen
from forum.post import Act, NotAllowed, Post, Text, fingerprint, moved, record_of
from forum.review import BadReplacement, Choice, Choices, Undecided, stretches
from forum.route import Route
from forum.rows import Decision, Verdict
from forum.screening import screen
from forum.settling import Review, Settled, Unchanged
from forum.store.sqlite import Database
from forum.sweep import BY_READERS
from forum.texts import Refused
from forum.visitors import Sent
from tests.builders import TODAY, make_fields, make_given
from tests.forum.visitors_door import Door, leave, open_door

PLAIN = "I stopped counting days and started counting walks. It took a while, and it helped."
CONTACT = "It helped to talk. You can write to me@example.org whenever the nights are long."
NAMED = "My sister Priya Sharma drove me home that night, and I slept for the first time in weeks."
DOSE = "I took 40 mg of oxycodone every day for a year. I do not any more, and I sleep again."
DANGER = "I am going to kill myself tonight. I wanted somebody to know that the walks helped."
GRAVE_AND_NAMED = f"{DANGER} {NAMED}"
BODIES = (PLAIN, CONTACT, NAMED, DOSE, DANGER, DANGER, GRAVE_AND_NAMED)
INSTEAD = ("", "", "somebody", "a place I knew", "Call Anna Smith", "I will kill myself tonight")
TEAM = ("robin", "sam", "kim", "lee")
LEARNER, OPERATOR = "newt", "operator:ann"
CLOSE = {"PII-7", "PII-8", "PII-9", "PII-10"}
REFUSALS = (
    NeedsAnother, NotAllowed, NotAsSeen, NothingToUndo, Refused, TooFew, Unchanged, Undecided,
    BadReplacement, NoSuchPost, WordsNeeded,
)  # fmt: skip


@dataclass
class Ledger:
    """What was done to the words since they were last their author's own."""

    grave: bool
    """Whether screening found danger in them, or in what was made of them."""
    editors: set[str] = field(default_factory=set)
    approved: set[tuple[str, str]] = field(default_factory=set)
    """Who approved which bytes, changing nothing."""
    close: set[str] = field(default_factory=set)
    """Who took out or changed names, places or rare roles, and nobody else has agreed yet."""

    def approve(self, who: str, hash: str) -> None:
        """Somebody read these bytes and changed nothing."""
        self.approved.add((who, hash))
        self.close = self.close if who in self.close else set()


@dataclass
class History:
    """One post, those who may act on it, and what is known of it."""

    door: Door
    desk: Desk
    chance: random.Random
    crew: int
    sent: Sent
    ledger: Ledger
    undoable: tuple[str, Ledger] | None = None
    trail: list[str] = field(default_factory=list)

    @property
    def post(self) -> Post:
        return self.door.post(self.sent)

    @property
    def text(self) -> Text | None:
        return self.door.stores.desk.text(self.sent.post.id)

    @property
    def hash(self) -> str:
        text = self.text
        return fingerprint(record_of(self.post, text)) if text else ""

    def step(self) -> tuple[Post, str, Post]:
        """Somebody does something or is refused: the post before, who it was, the post after."""
        before = self.post
        who = self.chance.choice((*TEAM, *TEAM, LEARNER, OPERATOR))
        act = self.chance.choice([step for step in STEPS if who != LEARNER or step is not decide])
        try:
            act(self, who)
        except REFUSALS as refusal:
            self.trail.append(f"{act.__name__} {who}: {type(refusal).__name__}")
            assert self.post == before, "what is refused changes nothing"
        else:
            self.trail.append(
                f"{act.__name__} {who}: {before.state.value} → {self.post.state.value}"
            )
        return before, who, self.post

    def seen(self) -> Seen:
        return Seen(self.sent.post.id, self.post.version, self.hash)

    def decided(self, who: str, ledger: Ledger) -> None:
        """Somebody at the desk decided: that can be undone to what the ledger was before."""
        self.undoable, self.ledger = (who, self.ledger), ledger


def _choices(history: History, words: tuple[str, ...]) -> Choices:
    """Something is made of every marked stretch."""
    chance, text = history.chance, history.text
    replaces = chance.random() < 0.5
    verdicts = [Verdict.KEEP, Verdict.FALSE_ALARM, *[Verdict.REPLACE] * 3 * replaces]
    return {
        stretch.number: Choice(chance.choice(verdicts), chance.choice(words))
        for stretch in (stretches(text) if text else ())
    }


def review(history: History, who: str) -> None:
    """Somebody reads it and decides on every mark; at times they file it otherwise."""
    fields = history.post.fields
    if history.chance.random() < 0.2:
        fields = make_fields(topics=(history.chance.choice(("alcohol", "grief")),))
    choices, text = _choices(history, INSTEAD), history.text
    by = Approver(who, learning=who == LEARNER)
    settled = history.desk.review(history.seen(), by, Review(choices, fields), Words("Thanks."))
    ledger = deepcopy(history.ledger)
    ledger.grave = ledger.grave or danger(settled.text)
    if settled.offer or settled.changed:
        ledger.editors.add(who)
        ledger.close |= {who} if _touches_names(text, choices) else set()
    else:
        ledger.approve(who, history.hash)
    history.decided(who, ledger)
    _nothing_undecided(settled, choices)


def _touches_names(text: Text | None, choices: Choices) -> bool:
    marked = stretches(text) if text else ()
    replaced = [s for s in marked if choices[s.number].verdict is Verdict.REPLACE]
    return any(CLOSE & set(stretch.rules) for stretch in replaced)


def _nothing_undecided(settled: Settled, choices: Choices) -> None:
    """Whatever is approved has no marked word in it but those that were read and left."""
    if settled.act not in (Act.APPROVE, Act.KEEP):
        return
    left = [
        s.words for s in stretches(settled.was) if choices[s.number].verdict is not Verdict.REPLACE
    ]
    for stretch in stretches(settled.text):
        assert not stretch.needs_decision or stretch.words in left, stretch


def offer(history: History, who: str) -> None:
    """Somebody suggests other words to the author."""
    body = history.chance.choice((PLAIN, NAMED, DANGER, DOSE, "Walks helped me. They still do."))
    history.desk.offer(
        history.seen(),
        Approver(who, learning=who == LEARNER),
        "Walks",
        body,
        Words("Would you like this better?"),
    )
    ledger = deepcopy(history.ledger)
    ledger.grave = ledger.grave or danger(history.door.stores.desk.offer(history.post.id).text)  # type: ignore[union-attr]
    ledger.editors.add(who)
    history.decided(who, ledger)


def decide(history: History, who: str) -> None:
    """Somebody decides without a word on the marks."""
    act = history.chance.choice(
        (Act.APPROVE, Act.KEEP, Act.ASK_SECOND, Act.ASK_SECOND, Act.DECLINE, Act.AGREE)
    )
    before = history.hash
    history.desk.decide(act, history.seen(), who, "Thank you for this.")
    ledger = deepcopy(history.ledger)
    if act in (Act.APPROVE, Act.KEEP):
        ledger.approve(who, before)
    history.decided(who, ledger)


def end(history: History, who: str) -> None:
    """Somebody sends it back, escalates it or takes it down."""
    acts = (Act.RETURN, Act.ESCALATE, Act.TAKE_DOWN, Act.CONCLUDE)
    act, ending = history.chance.choice(acts), min(ENDINGS)
    history.desk.decide(act, history.seen(), who, "We are sorry.", ending)
    history.decided(who, history.ledger)


def undo(history: History, who: str) -> None:
    """Somebody takes back what was just decided, if it was theirs."""
    if history.undoable:
        who = history.undoable[0] if history.chance.random() < 0.8 else who
    history.desk.undo(history.post.id, who)
    assert history.undoable
    assert history.undoable[0] == who
    history.ledger, history.undoable = history.undoable[1], None


def accept(history: History, _: str) -> None:
    """Its author agrees to what was suggested."""
    seen = history.door.holding(history.sent).hash or ""
    history.door.holders.accept(history.post.id, seen, leave(history.sent))
    history.ledger = replace(history.ledger, close=set())
    history.undoable = None


def revise(history: History, _: str) -> None:
    """Its author writes it anew."""
    seen = history.door.holding(history.sent).hash or ""
    body = history.chance.choice(BODIES)
    given = make_given(body=body)
    history.door.holders.revise(history.post.id, seen, given, leave(history.sent))
    history.ledger, history.undoable = Ledger(danger(history.text)), None


def by_author(history: History, _: str) -> None:
    """Its author refuses, asks for somebody else, or now and then takes it back."""
    act = history.chance.choice([Act.REFUSE, Act.APPEAL] * 4 + [Act.WITHDRAW])
    after, holders = moved(history.post, act, TODAY), history.door.stores.holders
    (holders.withdraw if act is Act.WITHDRAW else holders.move)(after)
    history.undoable = None


def hide(history: History, _: str) -> None:
    """Enough readers report it."""
    post = moved(history.post, Act.HIDE, TODAY)
    decision = Decision(TODAY, BY_READERS, Act.HIDE, post.id, post.approved_hash)
    history.door.stores.sweep.hide(post, decision, 1_000_000)
    history.undoable = None


STEPS: list[Callable[[History, str], None]] = [
    *[review] * 10, offer, offer, decide, decide, end, undo, undo, undo, *[accept] * 3, revise,
    revise, by_author, hide,
]  # fmt: skip


def danger(text: Text | None) -> bool:
    """Whether screening finds what two people must read."""
    found = (*screen(text.title).found, *screen(text.typed or "").found) if text else ()
    return any(finding.route is Route.HOLD2 for finding in found)


@dataclass
class Forum:
    """A door and a desk over one store, in which many histories begin."""

    door: Door
    database: Database
    started: count[int] = field(default_factory=count)

    def begin(self, chance: random.Random, operator_counts: bool = True) -> History:
        """A post has just come in; so many people are enrolled to read it."""
        crew, number = chance.choice((2, 3, 4, 4)), next(self.started)
        with self.database.write() as connection:
            connection.execute("DELETE FROM moderators")
            for name in TEAM[:crew]:
                values = (name, name, name, TODAY.isoformat())
                connection.execute(
                    "INSERT INTO moderators (id, name, folded, day) VALUES (?, ?, ?, ?)", values
                )
        body = chance.choice(BODIES)
        sent = self.door.share(title=f"Walks, part {number + 100}", body=body)
        desk = replace(self.door.desk, operator_counts=operator_counts)
        kept = self.door.stores.desk.text(sent.post.id)
        return History(self.door, desk, chance, crew, sent, Ledger(danger(kept)))


def open_forum(folder: Path) -> Forum:
    """An empty forum in this folder."""
    return Forum(open_door(folder), Database(folder / "handrail.sqlite3"))
