"""Which stories a page leads to: like ones, never heavier ones, at the cost of a few."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_pages.alike import SHOWN_FROM, WINDOW, Alike
from story_pages.catalogue import Catalogue
from story_pages.likeness import MOST, Likeness, likeness
from story_pages.manifest import Entry

from tests.pages.posts_folder import id_of

LISTS = ("topics/grief", "topics/alcohol", "stages/first-year", "arcs/upward", "helped/nature")


class Shelves:
    """A catalogue with stories in it, and what they are like."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.catalogue = Catalogue(self.connection, 1)
        self.alike = Alike(self.connection)
        self.up: dict[str, Likeness] = {}

    def put(self, one: Likeness) -> None:
        self.take_out(one.id)
        places = _places(one)
        self.catalogue.put(_entry(one), False, places)
        self.alike.put(one, places)
        self.up[one.id] = one

    def take_out(self, id: str) -> None:
        if before := self.up.pop(id, None):
            self.catalogue.drop(_entry(before))
            self.alike.drop(id)

    def leads(self) -> dict[str, tuple[str, ...]]:
        return {id: self.alike.leads_to(id) for id in self.up}

    def make(self) -> set[str]:
        """Note what every page leads to that has to be made; give their ids."""
        made = self.alike.to_make()
        for id in made:
            self.alike.note_leads(id, self.alike.leads_to(id))
        return made


@pytest.fixture
def shelves() -> Shelves:
    return Shelves()


def like(
    number: int, slot: int | None = None, lists: tuple[str, ...] = LISTS, **given: object
) -> Likeness:
    """What a story is like that stands at one slot in every list."""
    at = number if slot is None else slot
    defaults: Mapping[str, object] = {
        "notes": frozenset(),
        "words": 0,
        "about": "",
        "indexed": False,
    }
    standing = frozenset(("stories", *lists))
    return Likeness(id_of(number), at, standing, **{**defaults, **given})  # type: ignore[arg-type]


def _places(one: Likeness) -> dict[str, int]:
    return dict.fromkeys(sorted(one.lists), one.slot)


def _entry(one: Likeness) -> Entry:
    return Entry(one.id, "0" * 64, "2026-11", _places(one))


def test_a_story_leads_to_three_that_share_most_with_it(shelves: Shelves) -> None:
    near = [like(n, lists=LISTS[:2]) for n in range(3)]
    for one in (*near, *(like(n, lists=LISTS[1:2]) for n in range(3, 9)), like(9)):
        shelves.put(one)
    assert set(shelves.alike.leads_to(id_of(9))) == {one.id for one in near}


def test_of_stories_in_the_same_lists_those_with_the_same_words_come_first(
    shelves: Shelves,
) -> None:
    for number in range(8):
        shelves.put(like(number, words=0b1111 << 4 * (number % 4)))
    assert shelves.alike.leads_to(id_of(7))[0] == id_of(3)


def test_no_story_leads_to_one_that_mentions_something_hard_that_it_does_not(
    shelves: Shelves,
) -> None:
    notes = [
        frozenset(),
        frozenset({"alcohol"}),
        frozenset({"suicide"}),
        frozenset({"alcohol", "suicide"}),
    ]
    for number in range(40):
        shelves.put(like(number, notes=notes[number % 4]))
    for id, there in shelves.leads().items():
        assert len(there) == MOST
        assert all(shelves.up[other].notes <= shelves.up[id].notes for other in there)


def test_a_page_that_search_engines_may_keep_leads_only_to_such(shelves: Shelves) -> None:
    for number in range(40):
        shelves.put(like(number, indexed=number % 4 == 0))
    for id, there in shelves.leads().items():
        assert len(there) == MOST
        assert all(shelves.up[other].indexed >= shelves.up[id].indexed for other in there)


def test_a_story_that_is_like_no_other_leads_nowhere(shelves: Shelves) -> None:
    for number, name in enumerate(LISTS[:3]):
        shelves.put(like(number, lists=(name,)))
    assert set(shelves.leads().values()) == {()}


def test_where_its_own_lists_have_too_few_it_looks_among_all_stories(shelves: Shelves) -> None:
    for number in range(4):
        shelves.put(like(number, lists=("helped/nature",)))
    assert {len(there) for there in shelves.leads().values()} == {MOST}


def test_a_new_story_past_the_first_changes_no_other_page(shelves: Shelves) -> None:
    for number in range(2 * WINDOW):
        shelves.put(like(number))
    shelves.make()
    shelves.put(like(2 * WINDOW))
    assert shelves.make() == {id_of(2 * WINDOW)}


def test_a_withdrawal_touches_no_more_pages_than_stand_near_in_each_list(shelves: Shelves) -> None:
    for number in range(200):
        shelves.put(like(number))
    shelves.make()
    shelves.take_out(id_of(100))
    assert 0 < len(shelves.make()) <= MOST


def test_all_at_hand_is_the_same_as_asking_each_time(shelves: Shelves) -> None:
    chance = random.Random(1)
    for number in range(120):
        shelves.put(_any_like(chance, number))
    asked = shelves.leads()
    shelves.alike.remember_all()
    assert shelves.leads() == asked


@settings(deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.integers(1, 6), min_size=4, max_size=12))
def test_whatever_happens_every_page_that_leads_elsewhere_is_made_again(
    chance: random.Random, batches: list[int]
) -> None:
    shelves = Shelves()
    for number in range(30):
        shelves.put(_any_like(chance, number))
    shelves.make()
    for batch in batches:
        before = dict(shelves.up), shelves.leads()
        for _ in range(batch):
            _happens(chance, shelves)
        after = shelves.leads()
        other = {id for id in after if after[id] != before[1].get(id)}
        shown_anew = {id for id, one in shelves.up.items() if one != before[0].get(id)}
        leading_there = {id for id, there in after.items() if not shown_anew.isdisjoint(there)}
        assert other | shown_anew | leading_there <= shelves.make()


def _happens(chance: random.Random, shelves: Shelves) -> None:
    number = chance.randrange(60)
    if chance.random() < 0.5:
        shelves.take_out(id_of(number))
    else:
        shelves.put(_any_like(chance, number))


def _any_like(chance: random.Random, number: int) -> Likeness:
    return like(
        number,
        slot=chance.randrange(70),
        lists=tuple(name for name in LISTS if chance.random() < 0.5),
        notes=frozenset(chance.sample(["alcohol", "suicide"], k=chance.randint(0, 2))),
        words=chance.getrandbits(64),
        indexed=chance.random() < 0.5,
    )


def test_a_self_description_is_shown_from_five_stories_on_and_all_their_pages_change(
    shelves: Shelves,
) -> None:
    for number in range(SHOWN_FROM - 1):
        shelves.put(like(number, slot=100 * number, lists=(), about="parent rural"))
    shelves.make()
    assert not any(map(shelves.alike.may_be_shown, shelves.up))
    shelves.put(like(9, slot=900, lists=(), about="parent rural"))
    assert shelves.make() == shelves.up.keys()
    assert all(map(shelves.alike.may_be_shown, shelves.up))
    shelves.take_out(id_of(9))
    assert shelves.make() == shelves.up.keys()
    assert not any(map(shelves.alike.may_be_shown, shelves.up))


def test_who_says_nothing_of_themselves_shares_nothing(shelves: Shelves) -> None:
    for number in range(2 * SHOWN_FROM):
        shelves.put(like(number))
    assert not any(map(shelves.alike.may_be_shown, shelves.up))


def test_a_surprise_is_one_of_the_newest_that_mention_nothing_hard(shelves: Shelves) -> None:
    for number in range(10):
        shelves.put(like(number, notes=frozenset({"alcohol"}) if number % 2 else frozenset()))
    assert set(shelves.alike.unburdened(6)) == {id_of(4), id_of(6), id_of(8)}


def test_likeness_counts_lists_and_words_and_nothing_else() -> None:
    one = like(1, words=0b1111)
    assert likeness(one, like(2, words=0b1111)) > likeness(one, like(2, words=0b0011))
    assert likeness(one, like(2)) > likeness(one, like(2, lists=LISTS[1:]))
    assert likeness(one, like(2, about="parent")) == likeness(one, like(2))
