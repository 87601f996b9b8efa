"""How a receipt was typed is told by its words alone, and typing it back is held to each word."""

from __future__ import annotations

import random
from collections.abc import Callable
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.receipts import (
    LONGEST_TYPED,
    WORDS,
    Access,
    Receipt,
    grant,
    is_word,
    parse,
    redeem,
    word_list,
)
from forum.spelling import LONGEST_WORD, PutAway, Slip, Spelling, TypedBack, spelling
from tests.builders import NOON, FakeClock, make_keyring

RING = make_keyring(purpose="capabilities")
RECEIPT = Receipt(("orchard", "blanket", "honeybee", "granola", "sycamore", "firefly"))
SLIPS: dict[str, Callable[[str, int, str], str]] = {
    "changed": lambda word, at, letter: word[:at] + letter + word[at + 1 :],
    "extra": lambda word, at, letter: word[:at] + letter + word[at:],
    "missing": lambda word, at, _: word[:at] + word[at + 1 :],
    "swapped": lambda word, at, _: word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
}


def make_put_away() -> tuple[PutAway, FakeClock]:
    clock = FakeClock()
    return PutAway(RING, clock), clock


def with_word(at: int, word: str) -> str:
    """The receipt with another word in one place, counted from 0."""
    return " ".join([*RECEIPT.words[:at], word, *RECEIPT.words[at + 1 :]])


# --- slips --------------------------------------------------------------------------------------


def slipped(word: str, kind: str, at: int, letter: str) -> str:
    return SLIPS[kind](word, at % len(word), letter)


@settings(max_examples=400, deadline=None)
@given(
    word=st.sampled_from(word_list()),
    kind=st.sampled_from(sorted(SLIPS)),
    at=st.integers(0, 40),
    letter=st.sampled_from(ascii_lowercase + "éßж"),
)
def test_any_word_with_any_slip_is_found_again(word: str, kind: str, at: int, letter: str) -> None:
    typed = slipped(word, kind, at, letter)
    if typed == word:
        assert spelling(typed).slips == ()
        return
    (slip,) = spelling(typed.upper() if letter in ascii_lowercase else typed).slips
    assert slip.typed == typed
    assert word in slip.meant
    assert list(slip.meant) == sorted(set(slip.meant))


@pytest.mark.parametrize("kind", sorted(SLIPS))
def test_the_whole_list_survives_a_slip_in_each_word(kind: str) -> None:
    chance = random.Random(kind)
    for word in word_list():
        typed = slipped(word, kind, chance.randrange(len(word)), chance.choice(ascii_lowercase))
        if typed != word:
            assert word in spelling(typed).slips[0].meant


def one_slip(word: str) -> set[str]:
    return {
        slip(word, at, letter)
        for slip in SLIPS.values()
        for at in range(len(word) + 1)
        for letter in ascii_lowercase
    }


@settings(max_examples=30, deadline=None)
@given(st.text(ascii_lowercase, min_size=1, max_size=9))
def test_nothing_is_meant_that_is_two_slips_away_or_no_word(typed: str) -> None:
    if is_word(typed):
        return
    meant = set(spelling(typed).slips[0].meant)
    assert meant <= set(word_list())
    assert meant == {word for word in one_slip(typed) if is_word(word)}


@pytest.mark.parametrize("at", range(WORDS))
@pytest.mark.parametrize("kind", sorted(SLIPS))
def test_a_receipt_with_one_slip_is_mended(at: int, kind: str) -> None:
    typed = with_word(at, slipped(RECEIPT.words[at], kind, 2, "q"))
    told = spelling(typed)
    assert parse(typed) is None
    assert told.is_complete
    assert [slip.meant for slip in told.slips] == [(RECEIPT.words[at],)]
    assert told.mended == RECEIPT


def test_a_slip_in_every_word_is_mended() -> None:
    typed = " ".join(f"{word}q" for word in RECEIPT.words)
    assert spelling(typed).mended == RECEIPT
    assert len(spelling(typed).slips) == WORDS


def test_the_same_slip_twice_is_mended_twice() -> None:
    word = RECEIPT.words[0]
    told = spelling(" ".join([f"{word}q"] * WORDS))
    assert told.mended == Receipt((word,) * WORDS)


def two_ways() -> str:
    """A word that is no word, and one slip from two words."""
    typed = (f"{word[:-1]}{letter}" for word in word_list() for letter in ascii_lowercase)
    return next(one for one in typed if not is_word(one) and len(spelling(one).slips[0].meant) == 2)


def test_a_slip_that_could_mean_two_words_mends_nothing_and_names_both() -> None:
    typed = two_ways()
    told = spelling(with_word(3, typed))
    assert told.mended is None
    (slip,) = told.slips
    assert len(slip.meant) == 2
    assert all(typed in one_slip(word) for word in slip.meant)


def test_a_word_that_nothing_is_near_mends_nothing() -> None:
    assert spelling(with_word(0, "zzzzzz")).slips == (Slip("zzzzzz", ()),)
    assert spelling(with_word(0, "zzzzzz")).mended is None
    both = with_word(0, "zzzzzz").replace(RECEIPT.words[1], RECEIPT.words[1] + "q")
    assert spelling(both).mended is None, "one that can be mended is not enough"


@pytest.mark.parametrize("between", [" ", "-", " - ", "\n", ", ", " 3. ", "_"])
@pytest.mark.parametrize("written", [str, str.upper, str.title])
def test_capitals_and_what_stands_between_words_are_no_slips(
    between: str, written: Callable[[str], str]
) -> None:
    typed = between.join(map(written, RECEIPT.words))
    assert spelling(typed) == Spelling(WORDS, (), None)


@pytest.mark.parametrize("number", [0, 1, 5, 7, 12])
def test_another_number_of_words_is_told_and_not_mended(number: int) -> None:
    words = ([f"{RECEIPT.words[0]}q", *RECEIPT.words[1:]] * 2)[:number]
    told = spelling(" ".join(words))
    assert (told.number, told.is_complete, told.mended) == (number, False, None)


def test_a_word_longer_than_any_is_not_looked_for() -> None:
    assert spelling("q" * 100_000).slips == (Slip("q" * LONGEST_TYPED, ()),)
    assert spelling("orchard" + "q" * LONGEST_WORD).slips[0].meant == ()


@given(st.text(max_size=LONGEST_TYPED * 2))
def test_no_text_makes_spelling_fail_and_what_is_mended_can_be_read(typed: str) -> None:
    told = spelling(typed)
    assert told.is_complete is (told.number == WORDS)
    assert told.mended is None or parse(str(told.mended)) == told.mended


# --- typing it back -----------------------------------------------------------------------------


def compared(typed: str) -> TypedBack:
    words, _ = make_put_away()
    back = words.compared(words.put(RECEIPT), typed)
    assert back is not None
    assert back.receipt == RECEIPT
    assert back.right is (back.wrong == ())
    return back


@pytest.mark.parametrize("between", [" ", "-", "\n", ", ", "  "])
@pytest.mark.parametrize("written", [str, str.upper, str.title])
def test_words_typed_back_as_people_type_are_right(
    between: str, written: Callable[[str], str]
) -> None:
    assert compared(between.join(map(written, RECEIPT.words))).right


@pytest.mark.parametrize("at", range(WORDS))
@pytest.mark.parametrize("word", ["walnut", "zzz", "q"])
def test_a_wrong_word_is_named_by_its_place(at: int, word: str) -> None:
    assert compared(with_word(at, word)).wrong == (at + 1,)


def test_words_in_another_order_are_wrong_where_they_differ() -> None:
    words = list(RECEIPT.words)
    words[1], words[4] = words[4], words[1]
    assert compared(" ".join(words)).wrong == (2, 5)


@pytest.mark.parametrize("number", [0, 1, 5, 7, 12])
def test_another_number_of_words_is_wrong_everywhere(number: int) -> None:
    typed = " ".join((RECEIPT.words * 2)[:number])
    assert compared(typed).wrong == (1, 2, 3, 4, 5, 6)


# --- words put away for a while -----------------------------------------------------------------


def test_words_that_were_put_away_are_taken_out_for_a_quarter_of_an_hour() -> None:
    words, clock = make_put_away()
    token = words.put(RECEIPT)
    clock.advance(minutes=15)
    assert words.take(token) == RECEIPT
    clock.advance(seconds=1)
    assert words.take(token) is None
    assert words.compared(token, str(RECEIPT)) is None


@pytest.mark.parametrize("token", ["", "x", "gAAAAA==", "\ud800", "é", "\0", "A" * 100_000])
def test_what_was_never_put_away_is_not_taken_out(token: str) -> None:
    words, _ = make_put_away()
    assert words.take(token) is None
    assert words.compared(token, str(RECEIPT)) is None


def test_a_token_with_one_letter_changed_opens_nothing() -> None:
    words, _ = make_put_away()
    token = words.put(RECEIPT)
    for at in range(len(token.rstrip("=")) - 1):  # the last one holds bits that say nothing
        forged = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert words.take(forged) is None


def test_a_token_of_other_keys_opens_nothing_and_one_of_an_older_key_still_does() -> None:
    words, clock = make_put_away()
    older = make_keyring("v2", "v1", purpose="capabilities")
    assert PutAway(older, clock).take(words.put(RECEIPT)) == RECEIPT
    assert PutAway(make_keyring(purpose="others"), clock).take(words.put(RECEIPT)) is None


def test_a_token_shows_no_word_and_is_never_the_same_twice() -> None:
    words, _ = make_put_away()
    tokens = {words.put(RECEIPT) for _ in range(20)}
    assert len(tokens) == 20
    assert not any(word in token.lower() for token in tokens for word in RECEIPT.words)


def test_words_put_away_are_no_capability_and_a_capability_is_no_words() -> None:
    words, _ = make_put_away()
    assert redeem(RING, words.put(RECEIPT), NOON) is None
    spelled = str(RECEIPT).ljust(64).encode("ascii")
    assert words.take(grant(RING, Access(spelled[:32], spelled[32:]), NOON)) is None
