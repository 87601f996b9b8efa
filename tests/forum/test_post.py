"""The table of moves, searched from end to end, and the one byte form of a record."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.post import (
    MOVES,
    OPEN_KINDS,
    PRESSED_KINDS,
    SECOND_OPINION,
    WAITING,
    Act,
    Fields,
    Kind,
    NotAllowed,
    Post,
    Record,
    State,
    allowed,
    canonical,
    fingerprint,
    moved,
    record_of,
)
from forum.route import Route
from tests.builders import TODAY, days, make_fields, make_post, make_text

PUBLIC_KINDS = [kind for kind in Kind if kind is not Kind.LETTER]


def reachable(
    kind: Kind, start: State = State.RECEIVED, acts: frozenset[Act] = frozenset(Act)
) -> set[State]:
    """Every state that any sequence of these acts can lead to."""
    found, waiting = {start}, [start]
    while waiting:
        for act, state in MOVES[kind].get(waiting.pop(), {}).items():
            if act in acts and state not in found:
                found.add(state)
                waiting.append(state)
    return found


# --- the table of moves -----------------------------------------------------------------------


def test_no_sequence_of_moves_leads_a_letter_to_approved() -> None:
    assert State.APPROVED not in reachable(Kind.LETTER)
    for start in MOVES[Kind.LETTER]:
        assert State.APPROVED not in reachable(Kind.LETTER, start)
    acts = {act for moves in MOVES[Kind.LETTER].values() for act in moves}
    assert not acts & {Act.APPROVE, Act.OFFER, Act.ACCEPT}


def test_a_letter_is_never_pressed_and_cannot_be_sent_yet() -> None:
    assert Kind.LETTER not in PRESSED_KINDS
    assert Kind.LETTER not in OPEN_KINDS


@pytest.mark.parametrize("kind", Kind)
def test_an_escalated_post_can_only_be_taken_back(kind: Kind) -> None:
    assert reachable(kind, State.ESCALATED, frozenset(Act)) <= {State.ESCALATED, State.WITHDRAWN}


@pytest.mark.parametrize("kind", PUBLIC_KINDS)
def test_only_an_approval_a_rereading_or_an_accepted_offer_leads_to_approved(kind: Kind) -> None:
    ways = {
        (state, act)
        for state, moves in MOVES[kind].items()
        for act, to in moves.items()
        if to is State.APPROVED
    }
    unread = {State.RECEIVED, State.SECOND, State.APPEALED}
    expected = {(state, Act.APPROVE) for state in unread} | {(State.OFFERED, Act.ACCEPT)}
    expected |= {(State.HIDDEN, Act.KEEP), (State.APPROVED, Act.KEEP)}
    assert ways == expected


@pytest.mark.parametrize("kind", PUBLIC_KINDS)
def test_a_hidden_post_is_read_again_by_somebody_or_comes_off_the_site(kind: Kind) -> None:
    assert MOVES[kind][State.HIDDEN] == {
        Act.KEEP: State.APPROVED,
        Act.ASK_SECOND: State.SECOND,
        Act.RETURN: State.RETURNED,
        Act.OFFER: State.OFFERED,
        Act.ESCALATE: State.ESCALATED,
        Act.TAKE_DOWN: State.TAKEN_DOWN,
        Act.WITHDRAW: State.WITHDRAWN,
    }
    ways = {s for s, moves in MOVES[kind].items() for to in moves.values() if to is State.HIDDEN}
    assert ways == {State.APPROVED}


@pytest.mark.parametrize("kind", PUBLIC_KINDS)
def test_an_offer_is_for_its_author_alone_to_answer(kind: Kind) -> None:
    assert MOVES[kind][State.OFFERED] == {
        Act.ACCEPT: State.APPROVED,
        Act.AGREE: State.SECOND,
        Act.REVISE: State.RECEIVED,
        Act.REFUSE: State.DECLINED,
        Act.WITHDRAW: State.WITHDRAWN,
    }


@pytest.mark.parametrize("kind", Kind)
def test_an_author_can_take_back_a_post_from_any_state_but_withdrawn(kind: Kind) -> None:
    for state, moves in MOVES[kind].items():
        assert moves.get(Act.WITHDRAW) == (None if state is State.WITHDRAWN else State.WITHDRAWN)


@pytest.mark.parametrize("kind", Kind)
def test_nothing_happens_to_a_post_that_was_taken_back(kind: Kind) -> None:
    assert MOVES[kind][State.WITHDRAWN] == {}


@pytest.mark.parametrize("kind", Kind)
def test_every_state_in_the_table_can_be_reached_and_every_move_ends_in_the_table(
    kind: Kind,
) -> None:
    assert reachable(kind) == set(MOVES[kind])


def test_a_public_kind_knows_every_state() -> None:
    for kind in PUBLIC_KINDS:
        assert set(MOVES[kind]) == set(State)


def test_every_kind_has_its_own_table() -> None:
    assert set(MOVES) == set(Kind)


def test_every_act_but_an_undo_is_somewhere_in_the_table() -> None:
    acts = {act for moves in MOVES[Kind.STORY].values() for act in moves}
    assert acts == set(Act) - {Act.UNDO}


@pytest.mark.parametrize("state", WAITING)
def test_a_post_that_waits_for_a_moderator_can_be_decided(state: State) -> None:
    acts = MOVES[Kind.STORY][state].keys()
    hidden = state is State.HIDDEN
    up, down = (Act.KEEP, Act.TAKE_DOWN) if hidden else (Act.APPROVE, Act.DECLINE)
    assert acts >= {up, down, Act.RETURN, Act.OFFER, Act.ESCALATE}


# --- moving -----------------------------------------------------------------------------------

EVERY_MOVE = list(product(Kind, State, Act))


def test_the_table_decides_about_every_move_there_could_be() -> None:
    assert len(EVERY_MOVE) == len(Kind) * len(State) * len(Act)
    for kind, state, act in EVERY_MOVE:
        route = Route.HOLD2 if act is Act.AGREE else Route.NOTE
        given = {"kind": kind, "state": state, "route": route, "version": 4}
        post = make_post(**given, approved_hash="a" * 64)
        if act in MOVES[kind].get(state, {}):
            assert_moved(post, act)
        else:
            assert act not in allowed(post)
            with pytest.raises(NotAllowed):
                moved(post, act, TODAY)


def assert_moved(post: Post, act: Act) -> None:
    """The post takes its new state, version and day; nothing else changes but the hash."""
    after = moved(post, act, days(9))
    assert act in allowed(post)
    assert after.state is MOVES[post.kind][post.state][act]
    keeps = after.state in (State.APPROVED, State.HIDDEN)
    assert after.approved_hash == (post.approved_hash if keeps else None)
    stays = after.state is post.state or act in (Act.HIDE, Act.KEEP)
    came = post.state_day if stays else days(9)
    assert (after.version, after.state_day) == (post.version + 1, came)
    off_the_site = act is Act.ASK_SECOND and post.state in (State.APPROVED, State.HIDDEN)
    read_again = act is Act.KEEP or off_the_site or (act is Act.APPROVE and post.appealed)
    assert after.reread is read_again
    assert after.appealed is (act is Act.APPEAL)
    unmoved = {
        "state": post.state,
        "version": post.version,
        "state_day": post.state_day,
        "approved_hash": post.approved_hash,
        "reread": post.reread,
        "appealed": post.appealed,
    }
    assert replace(after, **unmoved) == post


# --- read again, and asked again --------------------------------------------------------------


SAME_WORDS = [
    *((Act.HIDE, State.APPROVED), (Act.TAKE_DOWN, State.APPROVED), (Act.KEEP, State.HIDDEN)),
    *((Act.APPEAL, State.TAKEN_DOWN), (Act.APPROVE, State.SECOND), (Act.RETURN, State.HIDDEN)),
    *((Act.OFFER, State.HIDDEN), (Act.REFUSE, State.OFFERED), (Act.ASK_SECOND, State.APPEALED)),
]


@pytest.mark.parametrize(("act", "state"), SAME_WORDS)
def test_words_that_were_read_again_stay_so_as_long_as_they_are_the_same(
    act: Act, state: State
) -> None:
    assert moved(make_post(state=state, reread=True), act, TODAY).reread


@pytest.mark.parametrize("act", [Act.REVISE, Act.ACCEPT])
def test_new_words_were_not_read_again_and_can_be_appealed(act: Act) -> None:
    """Whoever wrote them, author or moderator: nobody has read them again since they went up."""
    post = make_post(state=State.OFFERED, reread=True, appealed=True)
    after = moved(post, act, TODAY)
    assert (after.reread, after.appealed) == (False, False)


@pytest.mark.parametrize("state", [State.DECLINED, State.TAKEN_DOWN])
@pytest.mark.parametrize("kind", PUBLIC_KINDS)
def test_the_same_words_have_one_appeal(kind: Kind, state: State) -> None:
    post = moved(make_post(kind=kind, state=state), Act.APPEAL, TODAY)
    again = replace(post, state=state)
    assert allowed(again) == {Act.WITHDRAW}
    with pytest.raises(NotAllowed):
        moved(again, Act.APPEAL, TODAY)


def test_a_letter_has_no_appeal() -> None:
    assert Act.APPEAL not in {act for moves in MOVES[Kind.LETTER].values() for act in moves}


def test_a_revised_text_can_be_appealed_anew() -> None:
    post = moved(make_post(state=State.DECLINED), Act.APPEAL, TODAY)
    post = moved(moved(post, Act.RETURN, TODAY), Act.REVISE, TODAY)
    assert (post.state, post.appealed) == (State.RECEIVED, False)
    declined = moved(post, Act.DECLINE, TODAY)
    assert moved(declined, Act.APPEAL, TODAY).appealed


@settings(max_examples=60, deadline=None)
@given(kind=st.sampled_from(Kind), choices=st.lists(st.integers(0, 9), max_size=12))
def test_every_history_counts_its_moves(kind: Kind, choices: list[int]) -> None:
    post = make_post(kind=kind)
    for number, choice in enumerate(choices):
        acts = sorted(allowed(post), key=lambda act: act.value)
        if not acts:
            assert post.state is State.WITHDRAWN
            return
        act = acts[choice % len(acts)]
        before, post = post, moved(post, act, days(number))
        assert post.version == number + 2
        stays = post.state is before.state or act in (Act.HIDE, Act.KEEP)
        assert post.state_day == (before.state_day if stays else days(number))
        assert post.day == TODAY


# --- the canonical record ---------------------------------------------------------------------

LINES = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
SLUGS = st.lists(st.sampled_from(["alcohol", "grief", "opioids", "trauma"]), unique=True)


@st.composite
def records(draw: st.DrawFn) -> Record:
    fields = Fields(
        topics=tuple(draw(SLUGS)),
        helped=tuple(draw(SLUGS)),
        about_me=tuple(draw(SLUGS)),
        content_notes=tuple(draw(SLUGS)),
        stage=draw(LINES),
        arc=draw(LINES),
        findable=draw(st.booleans()),
        help=tuple(draw(SLUGS)),
    )
    text = make_text(title=draw(LINES), html=draw(LINES))
    return record_of(make_post(pen_name=draw(LINES), fields=fields), text)


@settings(max_examples=80, deadline=None)
@given(record=records())
def test_a_record_comes_back_from_its_file_as_it_was(record: Record) -> None:
    file = canonical(record)
    values = json.loads(file.decode("utf-8"))
    lists = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    assert Record(**lists) == record
    assert canonical(Record(**lists)) == file
    assert file.endswith(b"}\n")
    assert file.count(b"\n") == 1


@settings(max_examples=60, deadline=None)
@given(one=records(), other=records())
def test_two_records_share_a_fingerprint_only_if_they_are_the_same(
    one: Record, other: Record
) -> None:
    assert (fingerprint(one) == fingerprint(other)) is (one == other)


@settings(max_examples=40, deadline=None)
@given(slugs=SLUGS, order=st.randoms())
def test_the_order_in_which_words_were_chosen_does_not_change_the_record(
    slugs: list[str], order: object
) -> None:
    mixed = list(slugs)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    names = ("topics", "helped", "about_me", "content_notes", "help")
    one = make_post(fields=make_fields(**{name: tuple(slugs) for name in names}))
    two = make_post(fields=make_fields(**{name: tuple(mixed) for name in names}))
    assert canonical(record_of(one, make_text())) == canonical(record_of(two, make_text()))


def test_the_canonical_record_is_exactly_these_bytes() -> None:
    """The press, the reader and every decision ever made hold to this form."""
    post = make_post(id="a" * 16, pen_name="Quiet Heron", fields=make_fields(findable=True))
    record = record_of(post, make_text(title="Zoë’s 🌱", html="<p>a &amp; b</p>"))
    expected = (
        '{"about_me":[],"arc":"","body":"<p>a &amp; b</p>","content_notes":[],"example":false,'
        '"findable":true,"format":1,"helped":["nature"],"id":"aaaaaaaaaaaaaaaa","kind":"story",'
        '"pen_name":"Quiet Heron","stage":"first-year","title":"Zoë’s 🌱","to":"",'
        '"topics":["alcohol"]}\n'
    ).encode()
    assert canonical(record) == expected
    assert fingerprint(record) == hashlib.sha256(expected).hexdigest()


def test_a_record_with_help_blocks_is_exactly_these_bytes() -> None:
    fields = make_fields(help=("youth", "distress"))
    post = make_post(id="a" * 16, pen_name="Quiet Heron", fields=fields)
    record = record_of(post, make_text(title="Zoë’s 🌱", html="<p>a &amp; b</p>"))
    assert canonical(record).decode() == (
        '{"about_me":[],"arc":"","body":"<p>a &amp; b</p>","content_notes":[],"example":false,'
        '"findable":false,"format":1,"help":["distress","youth"],"helped":["nature"],'
        '"id":"aaaaaaaaaaaaaaaa","kind":"story","pen_name":"Quiet Heron","stage":"first-year",'
        '"title":"Zoë’s 🌱","to":"","topics":["alcohol"]}\n'
    )


@settings(max_examples=60, deadline=None)
@given(record=records())
def test_a_record_without_help_blocks_has_the_bytes_it_always_had(record: Record) -> None:
    """What was approved before there were any keeps its hash, and so stays up."""
    bare = replace(record, help=())
    before = {name: held for name, held in asdict(bare).items() if name != "help"}
    text = json.dumps(before, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert canonical(bare) == f"{text}\n".encode()
    assert (canonical(record) == canonical(bare)) is (record.help == ())


@pytest.mark.parametrize("field", sorted(asdict(record_of(make_post(), make_text()))))
def test_every_published_field_is_covered_by_the_fingerprint(field: str) -> None:
    record = record_of(make_post(), make_text())
    changed = {str: "changed", bool: True, int: 9, tuple: ("changed",)}
    other = replace(record, **{field: changed[type(getattr(record, field))]})
    assert fingerprint(other) != fingerprint(record)


def test_a_record_says_nothing_of_days_marks_or_what_was_typed() -> None:
    post = make_post(marks=(SECOND_OPINION,), day=date(2026, 1, 2), version=7)
    file = canonical(record_of(post, make_text(typed="as it was typed"))).decode()
    for hidden in (SECOND_OPINION, "2026", "as it was typed", '"version"', '"state"'):
        assert hidden not in file
