"""The words a text is found by, the lines they stand in, and the pieces that browsers fetch."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from story_pages.search_lines import FARTHEST, classes_of, line_of, together, without
from story_pages.search_pieces import (
    FEWEST,
    PIECE,
    Gathered,
    merged,
    piece_of,
    pieces_of,
    read_piece,
)
from story_pages.search_words import CLASSES, STOP, weighed, words_in

from tests.pages.search_answers import places

SLOTS = st.sets(st.integers(0, FARTHEST - 1), max_size=40)
CLASSED = st.lists(SLOTS, min_size=CLASSES, max_size=CLASSES)


def said_by(classes: list[set[int]]) -> list[tuple[int, int]]:
    return [(weight, slot) for weight, slots in enumerate(classes) for slot in sorted(slots)]


def line(*classes: set[int]) -> str:
    return line_of(sorted(slots) for slots in classes)


# Words.


def test_case_marks_and_apostrophes_make_no_other_word() -> None:
    assert words_in("Café CAFE cafe\u0301 cafè") == ["cafe"] * 4
    assert words_in("can't can’t cant") == ["cant"] * 3


def test_whatever_is_no_letter_or_digit_parts_words_in_any_script() -> None:
    assert words_in("day_100:slow-going—“home”") == ["day", "100", "slow", "going", "home"]
    assert words_in("Я не пил, שלום עולם") == ["не", "пил", "שלום", "עולם"]


def test_common_words_and_single_letters_are_left_out() -> None:
    assert words_in(" ".join(STOP)) == []
    assert words_in("a b c I") == []


def test_every_common_word_is_one_that_could_be_found() -> None:
    """Otherwise it would never be met, and only cost bytes."""
    whole = Gathered()
    whole.take(0, (" ".join(STOP), "", "", ""))
    assert sorted(word for word, _ in whole.lines()) == sorted(set(STOP))
    assert all(word.isascii() and word.isalpha() and word.islower() for word in STOP)


def test_no_word_is_longer_than_a_browser_keeps() -> None:
    assert words_in("a" * 25) == ["a" * 24]


def test_what_stands_over_a_text_weighs_most_and_then_what_comes_often() -> None:
    others = " ".join(f"other{n}" for n in range(300))
    text = f"{others} river garden garden stone stone stone stone night night"
    once, often, very_often, over = (set(said.split()) for said in weighed(["The Night"], text))
    assert once == {*others.split(), "river"}
    assert (often, very_often, over) == ({"garden"}, {"stone"}, {"night"})


def test_in_a_short_text_a_word_weighs_more_than_in_a_long_one() -> None:
    long = "sleep " + " ".join(f"other{n}" for n in range(300))
    assert "sleep" in weighed([], long)[0].split()
    assert "sleep" in weighed([], "We sleep now.")[2].split()


# Lines.


@given(CLASSED)
def test_a_line_says_again_what_it_was_made_of(classes: list[set[int]]) -> None:
    said = line(*classes)
    assert [set(slots) for slots in classes_of(said)] == classes
    assert all(list(slots) == sorted(slots) for slots in classes_of(said))


@given(CLASSED)
def test_a_browser_reads_the_same(classes: list[set[int]]) -> None:
    assert list(places(line(*classes))) == said_by(classes)


@given(CLASSED, SLOTS)
def test_slots_go_from_a_line_and_the_others_stay(classes: list[set[int]], gone: set[int]) -> None:
    assert without(line(*classes), gone) == line(*(slots - gone for slots in classes))


@given(CLASSED, CLASSED)
def test_two_lines_become_one(first: list[set[int]], second: list[set[int]]) -> None:
    second = [slots - first[place] for place, slots in enumerate(second)]
    both = (a | b for a, b in zip(first, second, strict=True))
    assert together(line(*first), line(*second)) == line(*both)


def test_steps_around_the_halves_of_characters_are_whole() -> None:
    for slot in range(0xD800 - 0x40, 0xE000 + 0x40):
        assert list(places(line({slot}))) == [(0, slot)]
        line({slot}).encode()


# Pieces.


def many_words(number: int, each: int = 1) -> Gathered:
    gathered = Gathered()
    for slot in range(each):
        gathered.take(slot, (" ".join(f"word{n:05}" for n in range(number)), "", "", ""))
    return gathered


def test_no_piece_has_few_words_so_that_fetching_one_tells_little() -> None:
    for number in (FEWEST, FEWEST + 1, 3 * FEWEST - 1, 900, 5_000):
        for each in (1, 5_000):
            pieces = list(pieces_of(many_words(number, each if number < 900 else 1).lines()))
            assert min(len(read_piece(piece.body)) for piece in pieces) >= FEWEST


def test_a_piece_is_about_as_large_as_it_should_be() -> None:
    pieces = list(pieces_of(many_words(9_000).lines()))
    assert len(pieces) > 4
    assert all(PIECE < len(piece.body) < 2 * PIECE for piece in pieces[:-2])


def test_pieces_have_every_word_once_and_begin_where_they_say() -> None:
    pieces = list(pieces_of(many_words(5_000).lines()))
    words = [word for piece in pieces for word in read_piece(piece.body)]
    assert words == [f"word{n:05}" for n in range(5_000)]
    assert [piece.first for piece in pieces] == [next(iter(read_piece(p.body))) for p in pieces]


def test_a_piece_is_named_by_what_is_in_it() -> None:
    assert piece_of({"a": "#"}).name == piece_of({"a": "#"}).name != piece_of({"a": "$"}).name


def test_words_come_in_the_order_of_browsers() -> None:
    """They compare halves of characters: what takes two comes before the last that take one."""
    gathered = Gathered()
    gathered.take(0, ("ｚ 𐐨 a", "", "", ""))
    assert [word for word, _ in gathered.lines()] == ["a", "𐐨", "ｚ"]


STORIES = st.dictionaries(
    st.integers(0, 200_000),
    st.lists(st.sampled_from(["ab", "bc", "cd", "de", "ef"]), max_size=4, unique=True),
)


@given(STORIES, STORIES, SLOTS)
def test_an_index_brought_up_to_date_is_one_made_anew(
    before: dict[int, list[str]], more: dict[int, list[str]], gone: set[int]
) -> None:
    gone |= more.keys()
    left = {slot: words for slot, words in before.items() if slot not in gone}
    assert list(merged(index(before), gone, index(more))) == index(left | more)


def index(stories: dict[int, list[str]]) -> list[tuple[str, str]]:
    gathered = Gathered()
    for slot, words in stories.items():
        gathered.take(slot, ("", " ".join(words), "", ""))
    return list(gathered.lines())
