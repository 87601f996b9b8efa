"""One history, told to two stores at once: whatever one of them answers, the other must answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from forum.digest import Told
from forum.figures import Wait
from forum.person import Role
from forum.post import Act, Kind, Post, State, Text, allowed, fingerprint, moved, record_of
from forum.retention import purge
from forum.route import GRAVITY
from forum.rows import (
    Asked,
    Claim,
    Decided,
    Decision,
    EditionRow,
    Place,
    Reason,
    Run,
    RunState,
    Undo,
    Verdict,
)
from tests.builders import (
    NOON,
    keep,
    make_decision,
    make_fields,
    make_message,
    make_offer,
    make_post,
    make_report,
    make_text,
    make_undone,
    tell,
)
from tests.store.adapters import Stores
from tests.store.people_given import (
    by,
    make_invitation,
    make_moderator,
    make_passkey,
    make_session,
)

AT_THE_DESK = frozenset(
    {
        *(Act.APPROVE, Act.ASK_SECOND, Act.RETURN, Act.OFFER, Act.DECLINE, Act.ESCALATE),
        *(Act.TAKE_DOWN, Act.HIDE, Act.KEEP),
    }
)
LIKELY = {Act.APPROVE: 20, Act.KEEP: 8, Act.WITHDRAW: 1, Act.TAKE_DOWN: 1, Act.ESCALATE: 1}
WITH_NEW_WORDS = frozenset({Act.REVISE, Act.ACCEPT, Act.AGREE})
MODERATORS = ("robin", "sam", "kim", "alex")
KINDS = (Kind.STORY, Kind.STORY, Kind.REPLY, Kind.LETTER)


def outcome(ask: Callable[[], Any]) -> Any:
    """What somebody got: an answer, or the name of what was raised instead."""
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 - each must be raised by both stores
        return type(error).__name__


@dataclass
class History:
    """Random use cases over two stores; the first is asked what there is to go on with."""

    pair: tuple[Stores, Stores]
    chance: random.Random
    now: datetime = NOON
    posts: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    undos: list[Undo] = field(default_factory=list)
    slot: int = 0

    @property
    def today(self) -> date:
        return self.now.date()

    def both(self, what: str, ask: Callable[[Stores], Any]) -> None:
        """Do this to both; raise where they do not say the same."""
        one, other = (outcome(partial(ask, stores)) for stores in self.pair)
        assert one == other, f"{what}: {one!r} | {other!r}"

    def step(self) -> str:
        """One thing happens; what."""
        steps, weights = zip(*_STEPS, strict=True)
        (step,) = self.chance.choices(steps, weights)
        step(self)
        return str(step.__name__)

    def some_post(self) -> Post | None:
        """A post that has a row."""
        post_id = self.chance.choice(self.posts) if self.posts else ""
        return self.pair[0].desk.post(post_id)

    def text_of(self, post: Post) -> Text:
        return self.pair[0].desk.text(post.id) or make_text()

    def hash_of(self, post: Post, text: Text) -> str:
        return fingerprint(record_of(post, text))


def comes(history: History) -> None:
    number = len(history.posts)
    chance = history.chance
    given: dict[str, Any] = {
        "kind": chance.choice(KINDS),
        "day": history.today,
        "state_day": history.today,
        "route": chance.choice(GRAVITY),
        "marks": tuple(sorted(chance.sample(["SUI-1", "PII-2", "second-opinion"], 1))),
        "language": chance.choice(["", "de"]),
        "fields": make_fields(topics=tuple(chance.sample(["alcohol", "grief", "anxiety"], 2))),
    }
    post, text = make_post(number, **given), make_text(title=f"Title {number}")
    history.posts.append(post.id)
    history.both("keep", lambda stores: keep(stores.visitors, post, text))


def is_decided(history: History) -> None:
    post = history.some_post()
    acts = sorted(allowed(post) & AT_THE_DESK, key=str) if post else []
    if post and acts:
        decided = _decided(history, post, _often(history, acts))
        history.both(str(decided.decision.act), lambda stores: stores.desk.decide(decided))
        if decided.undo:
            history.undos.append(decided.undo)


def _often(history: History, acts: list[Act]) -> Act:
    """One of these, and rather one after which there is more to happen."""
    (act,) = history.chance.choices(acts, [LIKELY.get(act, 2) for act in acts])
    return act


def _decided(history: History, post: Post, act: Act) -> Decided:
    chance, who = history.chance, history.chance.choice(MODERATORS)
    after, text = moved(post, act, history.today), history.text_of(post)
    edited = replace(text, html=f"<p>{chance.random()}</p>") if chance.random() < 0.3 else None
    if act in (Act.APPROVE, Act.KEEP, Act.ASK_SECOND) and after.state is not State.HIDDEN:
        after = replace(after, approved_hash=history.hash_of(after, edited or text))
    else:
        edited = None
    if act is Act.ASK_SECOND:
        after = replace(after, first_reader=who)
    undo = Undo(post, after.version, who, history.now + timedelta(minutes=1), None, "", text)
    return Decided(
        after,
        make_decision(post_id=post.id, act=act, moderator=who, day=history.today, rules=post.marks),
        make_message(day=history.today) if chance.random() < 0.3 else None,
        undo if chance.random() < 0.7 else None,
        make_offer(post) if act is Act.OFFER else None,
        edited,
        tuple((rule, chance.choice(list(Verdict))) for rule in post.marks),
    )


def is_undone(history: History) -> None:
    if history.undos:
        undo = history.undos.pop()
        undone = make_undone(undo)
        undone = replace(undone, decision=replace(undone.decision, day=history.today))
        if (
            undo.text
            and undo.text != history.pair[0].desk.text(undo.before.id)
            and history.pair[0].desk.original(undo.before.id)
        ):
            undone = replace(undone, text=undo.text)
        history.both("undo", lambda stores: stores.desk.decide(undone))


def author_acts(history: History) -> None:
    post = history.some_post()
    acts = sorted(allowed(post) - AT_THE_DESK, key=str) if post else []
    if not post or not acts:
        return
    act = _often(history, acts)
    after = moved(post, act, history.today)
    if act is Act.WITHDRAW:
        history.both("withdraw", lambda stores: stores.holders.withdraw(after))
    elif act in WITH_NEW_WORDS:
        text = make_text(html=f"<p>{history.chance.random()}</p>")
        if after.state is State.APPROVED:
            after = replace(after, approved_hash=history.hash_of(after, text))
        history.both(str(act), lambda stores: stores.holders.rewrite(after, text))
    elif act not in (Act.CONCLUDE, Act.UNDO):
        history.both(str(act), lambda stores: stores.holders.move(after))


def is_reported(history: History) -> None:
    if history.posts:
        given = {"reason": history.chance.choice(list(Reason)), "day": history.today}
        post_id = history.chance.choice(history.posts)
        report = make_report(len(history.reports), post_id=post_id, **given)
        history.reports.append(report.id)
        history.both("report", lambda stores: tell(stores.reports, report))


def sweeps(history: History) -> None:
    for post in history.pair[0].sweep.reported(2)[:2]:
        after = moved(post, Act.HIDE, history.today)
        hid = make_decision(post_id=post.id, act=Act.HIDE, moderator="sweep", day=history.today)
        history.both("hide", partial(_hide, after=after, hid=hid))


def _hide(stores: Stores, *, after: Post, hid: Decision) -> None:
    stores.sweep.hide(after, hid, 3)


def claims(history: History) -> None:
    post = history.some_post()
    if post:
        who = history.chance.choice(MODERATORS)
        claim = Claim(post.id, who, history.now + timedelta(minutes=30))
        history.both("claim", lambda stores: stores.desk.claim(claim, history.now))
        if history.chance.random() < 0.3:
            history.both("release", lambda stores: stores.desk.release(post.id, who))


def presses(history: History) -> None:
    """As a press would that takes everything up at once, and may die after any step."""
    store = history.pair[0].press
    rung, looked = store.rung(), list(store.unpressed())
    up = store.up(looked)
    approved = {post.id: post for post, _ in store.approved(looked)}  # type: ignore[misc]
    rows = {}
    for post_id, post in approved.items():
        before = up.get(post_id)
        slots = before.slots if before else {"stories": history.slot}
        history.slot += 0 if before else 1
        rows[post_id] = EditionRow(post_id, str(post.approved_hash), "2026-11", dict(slots))
    again = {State.HIDDEN, State.SECOND}
    states = store.states(list(up))
    alone = [replace(row, hash="") for i, row in up.items() if states.get(i) in again]
    drop = [i for i in up if i not in rows and states.get(i) not in again]
    shown = {i: rows[i].hash if i in rows else "" for i in looked}
    run = Run(rung, RunState.DONE, len(rows), len(drop), "")
    for what, do in (
        ("places", lambda stores: stores.press.record(list(rows.values()), [])),
        ("record", lambda stores: stores.press.record(alone, drop, shown)),
        ("run", lambda stores: stores.press.put_run(run)),
    ):
        if history.chance.random() < 0.15:
            return
        history.both(what, do)


def time_goes_by(history: History) -> None:
    history.now += timedelta(hours=history.chance.choice([1, 5, 20, 20, 20, 24 * 9]))
    history.undos.clear()


def purges(history: History) -> None:
    history.both("purge", lambda stores: purge(stores.retention, history.now))
    idle = history.now - timedelta(minutes=30)
    history.both("people", lambda stores: stores.people.erase_expired(history.now, idle))


def team_changes(history: History) -> None:
    chance, who = history.chance, history.chance.choice(MODERATORS)
    one = make_moderator(id=who, name=who, day=history.today, learning=3)
    until = history.now + timedelta(hours=2)
    session = make_session(id=f"session {chance.random()}", moderator=one, until=until)
    session = replace(session, seen=history.now)
    digest = f"digest {chance.random()}".encode()
    invitation = make_invitation(digest=digest, until=until)
    key = make_passkey(credential_id=f"{who} {chance.randrange(3)}".encode(), moderator=who)
    roles = frozenset(chance.sample(list(Role), 2))
    asker = by(chance.choice([*MODERATORS, "operator:test"]))
    changes: list[Callable[[Stores], Any]] = [
        lambda stores: stores.people.put_invitation(invitation, by()),
        lambda stores: stores.people.enrol(digest, history.now, one, key),
        lambda stores: stores.people.put_session(session),
        lambda stores: stores.people.end_other_sessions(session, by(who)),
        lambda stores: stores.people.add_passkey(key, 3, by(who)),
        lambda stores: stores.people.drop_passkey(session, key.credential_id, by(who)),
        lambda stores: stores.people.set_roles(who, roles, asker),
        lambda stores: stores.people.set_choices(who, ["grief"], False),
        lambda stores: stores.people.count_learned(who),
        lambda stores: stores.people.revoke(invitation.id, asker),
    ]
    if chance.random() < 0.1:
        changes = [lambda stores: stores.people.remove(who, asker)]
    if len(changes) > 1:
        changes = sorted(chance.sample(changes, 5), key=changes.index)
    for change in changes:
        history.both("team", change)


def desk_turns(history: History) -> None:
    closed = history.chance.random() < 0.5
    told = Told(history.chance.randrange(9), 2, 3, 0)
    history.both("ring", lambda stores: stores.desk.ring())
    history.both("close", lambda s: s.desk.set_closed(closed, history.today, "robin"))
    history.both("told", lambda stores: stores.digest.put_told(told))


_STEPS: list[tuple[Callable[[History], None], int]] = [
    (comes, 20),
    (is_decided, 40),
    (is_undone, 8),
    (author_acts, 10),
    (is_reported, 12),
    (sweeps, 3),
    (claims, 10),
    (presses, 8),
    (time_goes_by, 5),
    (purges, 2),
    (team_changes, 8),
    (desk_turns, 1),
]


def answers(stores: Stores, history: History) -> Iterator[tuple[str, Any]]:
    """All that the ports say of what is stored."""
    desk, press, people = stores.desk, stores.press, stores.people
    for post_id in history.posts:
        yield f"post {post_id}", desk.post(post_id)
        yield f"text {post_id}", (desk.text(post_id), desk.original(post_id))
        yield f"message {post_id}", (desk.message(post_id), desk.offer(post_id))
        yield f"undo {post_id}", desk.undo(post_id)
        yield f"decisions {post_id}", list(desk.decisions(post_id))
        yield f"reports {post_id}", sorted(desk.reports(post_id), key=lambda one: one.id)
        yield f"holder {post_id}", (desk.holder(post_id, history.now), desk.is_up(post_id))
    yield "reports", [stores.holders.report(report_id) for report_id in history.reports]
    yield "counts", {k: n for k, n in desk.counts().items() if n}
    for asked in (Asked(), Asked(kind=Kind.REPLY), Asked(topic="grief"), Asked(rule="SUI-1")):
        yield f"queue {asked}", list(_pages(stores, asked, history.now))
    yield "reported", list(desk.reported(50, history.now))
    yield "swept", (stores.sweep.reported(2), stores.sweep.hidden_on(history.today, "sweep"))
    yield "unread", list(desk.unread())
    yield "press", (list(press.unpressed()), dict(press.up()), dict(press.next_slots()))
    yield "approved", list(press.approved())
    yield "bell", (press.rung(), stores.bell.wanted(), desk.last_run(), press.count_up())
    yield (
        "team",
        [(one, people.sessions(one.id), people.passkeys(one.id)) for one in people.moderators()],
    )
    yield "invited", list(people.invitations(history.now))
    yield from _figures(stores, history)


def _figures(stores: Stores, history: History) -> Iterator[tuple[str, Any]]:
    long_ago = history.today - timedelta(days=400)
    figures = stores.figures
    for what in Wait:
        waits = figures.waits(what, history.today - timedelta(29), history.today)
        yield f"waits {what}", {took: n for took, n in waits.items() if n}
    yield "waiting", {k: n for k, n in figures.waiting().items() if n}
    yield "done", {k: n for k, n in figures.done(long_ago, history.today).items() if n}
    verdicts = figures.verdicts(history.today.replace(day=1))
    yield "verdicts", {k: n for k, n in verdicts.items() if n}
    yield "digest", (stores.digest.waiting(history.today), stores.digest.told())
    crowd = stores.visitors
    yield "crowd", (crowd.closed(), crowd.oldest_unread(), crowd.unread_reaches(5))
    yield "record", [replace(e, seal="", link="", salt=None) for e in stores.record.entries()]
    yield "hides", [entry.number for entry in stores.record.page(None, "hide", 9)]


def _pages(stores: Stores, asked: Asked, now: datetime) -> Iterator[Any]:
    after: Place | None = None
    for _ in range(9):
        page = list(stores.desk.cards(asked, after, 7, now))
        yield page
        if len(page) < 7:
            return
        last = page[-1].post
        after = Place(last.route, last.day, last.id)


def differences(history: History, but: str = "") -> list[str]:
    """Where the two stores do not say the same, whatever they say of `but`."""
    one, other = (answers(stores, history) for stores in history.pair)
    found = (
        (name, a, b) for (name, a), (_, b) in zip(one, other, strict=True) if a != b and name != but
    )
    return [f"{name}: {a} | {b}" for name, a, b in islice(found, 5)]
