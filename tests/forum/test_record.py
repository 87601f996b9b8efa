"""The chain of the record tells of every row that was changed, put in or taken out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.record import SALT_BYTES, Details, Entry, broken, linked, sealed
from tests.builders import TODAY, days, make_id

DETAILS = (
    Details("M4", ("PII-7", "SUB-1"), None),
    Details("", (), "a" * 64),
    Details(),
    Details("M3", ("SUI-2",), "b" * 64),
)


def salt(number: int) -> bytes:
    return hashlib.sha256(f"salt {number}".encode()).digest()[:SALT_BYTES]


def chained(entries: Sequence[Entry]) -> list[Entry]:
    """These rows, each linked to the one before."""
    made, before = [], ""
    for entry in entries:
        made.append(replace(entry, link=linked(before, entry)))
        before = made[-1].link
    return made


def make_entry(number: int) -> Entry:
    """A row as it is added: sealed, and not linked yet."""
    details, own = DETAILS[number % len(DETAILS)], salt(number)
    what = ("return", "approve", "undo", "form-closed")[number % 4]
    about = "" if what == "form-closed" else make_id(number)
    return Entry(number, TODAY, "robin", what, about, sealed(own, details), "", own, details)


CHAIN = chained([make_entry(number) for number in range(1, 7)])
ALL = range(len(CHAIN))


def changed(at: int, **given: object) -> list[Entry]:
    return [*CHAIN[:at], replace(CHAIN[at], **given), *CHAIN[at + 1 :]]  # type: ignore[arg-type]


def test_a_whole_record_has_nothing_wrong_with_it() -> None:
    assert list(broken(CHAIN)) == []
    assert list(broken([])) == []
    assert list(broken(CHAIN[:1])) == []


TAMPERED: dict[str, Callable[[Entry], object]] = {
    "number": lambda entry: entry.number + 100,
    "day": lambda _: days(1),
    "who": lambda _: "sam",
    "what": lambda _: "escalate",
    "about": lambda entry: entry.about[:-1] + "x",
    "seal": lambda _: "0" * 64,
    "link": lambda _: "0" * 64,
    "salt": lambda _: b"0" * SALT_BYTES,
    "details": lambda entry: replace(entry.details, rules=(*entry.details.rules, "SUI-1")),
}


@pytest.mark.parametrize("at", ALL)
@pytest.mark.parametrize("column", TAMPERED)
def test_a_change_of_any_part_of_any_row_is_found(column: str, at: int) -> None:
    told = list(broken(changed(at, **{column: TAMPERED[column](CHAIN[at])})))
    assert told
    assert all(sentence.endswith(".") and sentence.startswith(("Row", "The")) for sentence in told)


def test_every_part_of_a_row_is_tried_here() -> None:
    assert TAMPERED.keys() == {field.name for field in fields(Entry)}


@pytest.mark.parametrize("at", ALL)
@pytest.mark.parametrize(
    "details", [Details("M5"), Details(rules=("SUI-1",)), Details(approved_hash="c" * 64)]
)
def test_details_cannot_be_put_in_place_of_those_whose_salt_is_erased(
    at: int, details: Details
) -> None:
    assert list(broken(changed(at, salt=None, details=details)))


@pytest.mark.parametrize("at", ALL)
def test_a_link_wiped_away_is_found_wherever_a_row_follows_or_went_before(at: int) -> None:
    assert list(broken(changed(at, link="")))


@pytest.mark.parametrize("at", ALL[:-1])
def test_a_row_taken_out_before_the_end_is_found(at: int) -> None:
    told = list(broken([*CHAIN[:at], *CHAIN[at + 1 :]]))
    assert told[0] == f"Row {at + 1} is missing: the next one is {at + 2}."
    rest = enumerate([*CHAIN[:at], *CHAIN[at + 1 :]], 1)
    renumbered = [replace(entry, number=number) for number, entry in rest]
    assert list(broken(renumbered)), "numbering the rest anew hides nothing"


@pytest.mark.parametrize("at", ALL)
def test_a_row_put_in_between_or_before_is_found(at: int) -> None:
    slipped_in = replace(make_entry(at + 1), who="sam")
    rest = [replace(entry, number=entry.number + 1) for entry in CHAIN[at:]]
    assert list(broken([*CHAIN[:at], slipped_in, *rest]))


def test_rows_in_another_order_are_found() -> None:
    assert list(broken([CHAIN[1], CHAIN[0], *CHAIN[2:]]))
    swapped = [replace(CHAIN[1], number=1), replace(CHAIN[0], number=2), *CHAIN[2:]]
    assert list(broken(swapped))


def test_each_trouble_is_told_and_the_rows_after_it_are_still_looked_at() -> None:
    twice = changed(1, who="sam")
    twice[4] = replace(twice[4], details=Details("M9"))
    assert list(broken(twice)) == [
        "Row 2 does not follow from the row before it.",
        "The details of row 5 are not those that were sealed.",
    ]


def test_the_end_cut_off_is_found_by_who_kept_an_earlier_link() -> None:
    assert list(broken(CHAIN[:-1])) == []
    assert CHAIN[-1].link not in {entry.link for entry in CHAIN[:-1]}


# --- what may be erased, and what came before the chain ---------------------------------------


@pytest.mark.parametrize("at", ALL)
def test_details_and_salt_are_erased_and_the_chain_holds(at: int) -> None:
    assert list(broken(changed(at, salt=None, details=Details()))) == []
    erased = [replace(entry, salt=None, details=Details()) for entry in CHAIN]
    assert list(broken(erased)) == []


def test_rows_from_before_the_chain_have_no_link_and_break_nothing() -> None:
    older = [
        Entry(n, TODAY, "robin", "approve", make_id(n), "", "", None, Details("", (), "a" * 64))
        for n in (1, 2)
    ]
    newer = [replace(entry, number=entry.number + 2) for entry in CHAIN]
    assert list(broken([*older, *chained(newer)])) == []
    assert list(broken([*chained(newer), replace(older[0], number=9)]))
    assert list(broken([older[1], *chained(newer)])), "one of them is missing"


# --- the seal ---------------------------------------------------------------------------------


@given(
    st.tuples(st.text(), st.lists(st.text(), max_size=3).map(tuple), st.none() | st.text()),
    st.tuples(st.text(), st.lists(st.text(), max_size=3).map(tuple), st.none() | st.text()),
)
def test_other_details_have_another_seal(
    one: tuple[str, tuple[str, ...], str | None], two: tuple[str, tuple[str, ...], str | None]
) -> None:
    assert (sealed(salt(1), Details(*one)) == sealed(salt(1), Details(*two))) is (one == two)


def test_the_same_details_have_another_seal_under_another_salt() -> None:
    assert sealed(salt(1), DETAILS[0]) != sealed(salt(2), DETAILS[0])
    assert SALT_BYTES >= 16
