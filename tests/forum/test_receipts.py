"""Six words: their list, their making and reading, and what is sealed under them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from math import log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.keys import Key, Keyring
from forum.receipts import (
    LONGEST_TYPED,
    WORDS,
    Access,
    Receipt,
    SealBroken,
    accesses,
    grant,
    mint,
    open_sealed,
    parse,
    redeem,
    seal,
    word_list,
)

OLD = Key("v1", b"o" * 32)
NEW = Key("v2", b"n" * 32)
RING = Keyring((NEW,))
TURNED = Keyring((NEW, OLD))
NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
ACCESS = Access(b"l" * 32, b"s" * 32)
POST = "a2b3c4d5e6f7g2h3"
ROOT = Path(__file__).resolve().parents[2]

UNBEARABLE = """
    addict alcohol binge blade bleed blood body bottle bridge bullet calorie clean coffin crash cut
    dead death diet dirty drown drug drunk fat grave gun hang heroin hospital hurt injury jail jump
    kill knife ledge needle noose overdose pain panic pill poison police prison rape razor relapse
    rope scar slaughter slut sober stupid suicide thin trigger ugly vodka weight whisky wine wound
"""

GAPS = [" ", "  ", "\n", "\r\n", ", ", "-", " – ", ". ", "\t", " / "]

receipts = st.lists(st.sampled_from(word_list()), min_size=WORDS, max_size=WORDS).map(
    lambda words: Receipt(tuple(words))
)


def make_receipt(**given: object) -> Receipt:
    """A minted receipt."""
    parts: dict[str, object] = {"keyring": RING, "nonce": b"nonce", "body_hash": b"h" * 32}
    return mint(**(parts | given))  # type: ignore[arg-type]


def fixed(length: int) -> bytes:
    """Randomness that is always the same."""
    return b"r" * length


def slips(word: str) -> Iterator[str]:
    """Patterns that two words share exactly when one slip turns one into the other."""
    for at in range(len(word) + 1):
        yield f"{word[:at]}*{word[at:]}"
        yield f"{word[:at]}*{word[at + 1 :]}"
        yield f"{word[:at]}~{''.join(sorted(word[at : at + 2]))}{word[at + 2 :]}"


def test_the_list_has_six_thousand_plain_words_in_order() -> None:
    words = word_list()
    assert len(words) >= 6_000
    assert list(words) == sorted(set(words))
    assert all(3 <= len(word) <= 8 and word.isascii() and word.isalpha() for word in words)
    assert all(word.islower() for word in words)


def test_six_words_hold_at_least_75_bits() -> None:
    assert WORDS * log2(len(word_list())) >= 75


def test_no_slip_turns_one_word_into_another() -> None:
    owner: dict[str, str] = {}
    for word in word_list():
        for pattern in set(slips(word)):
            assert owner.setdefault(pattern, word) == word


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("heron", "heroin", True),
        ("heron", "herons", True),
        ("heron", "haron", True),
        ("heron", "heorn", True),
        ("heron", "eheron", True),
        ("abcd", "bcda", False),
        ("heron", "horen", False),
    ],
)
def test_the_slips_find_one_edit_and_no_more(one: str, other: str, alike: bool) -> None:
    assert set(slips(one)).isdisjoint(slips(other)) is not alike


def test_no_word_is_another_in_the_plural() -> None:
    words = set(word_list())
    plurals = {word + ending for word in words for ending in ("s", "es")}
    plurals |= {word[:-1] + "ies" for word in words if word.endswith("y")}
    assert words.isdisjoint(plurals)


def test_no_word_is_two_others_run_together() -> None:
    words = set(word_list())
    splits = ((word[:at], word[at:]) for word in words for at in range(3, len(word) - 2))
    assert not [split for split in splits if words.issuperset(split)]


def test_no_rejected_word_is_in_the_list() -> None:
    rejected = (ROOT / "infra" / "words" / "rejected.txt").read_text("ascii").split()
    assert set(rejected) >= {"blood", "clean", "crash", "grave", "needle", "overdose", "relapse"}
    assert set(rejected).isdisjoint(word_list())


def test_what_a_frightened_person_should_not_meet_is_not_in_the_list() -> None:
    assert set(UNBEARABLE.split()).isdisjoint(word_list())


def test_a_retry_gets_the_same_words() -> None:
    assert make_receipt() == make_receipt()


@pytest.mark.parametrize(
    "other",
    [{"nonce": b"other"}, {"body_hash": b"i" * 32}, {"keyring": Keyring((OLD,))}],
    ids=["nonce", "body", "key"],
)
def test_another_nonce_body_or_key_gives_other_words(other: dict[str, object]) -> None:
    assert make_receipt(**other) != make_receipt()


def test_the_nonce_cannot_run_over_into_the_body() -> None:
    left = make_receipt(nonce=b"ab", body_hash=b"c")
    assert left != make_receipt(nonce=b"a", body_hash=b"bc")


def test_an_older_key_beside_the_current_one_changes_no_receipt() -> None:
    assert make_receipt(keyring=TURNED) == make_receipt()


def test_every_place_in_a_receipt_can_hold_early_and_late_words() -> None:
    every = word_list()
    minted = [make_receipt(nonce=bytes([turn])).words for turn in range(64)]
    for place in range(WORDS):
        places = [every.index(words[place]) for words in minted]
        assert min(places) < len(every) / 4 < 3 * len(every) / 4 < max(places)


@given(receipts)
def test_what_is_shown_is_read_back(receipt: Receipt) -> None:
    assert parse(str(receipt)) == receipt


@given(
    receipts,
    st.lists(st.sampled_from(GAPS), min_size=WORDS + 1),
    st.booleans(),
    st.sampled_from([str, str.upper, str.title]),
)
def test_typing_it_any_likely_way_still_finds_it(
    receipt: Receipt, gaps: list[str], numbered: bool, written: type[str]
) -> None:
    counted = (f"{place}. " if numbered else "" for place in count(1))
    words = zip(gaps, counted, receipt.words, strict=False)
    typed = "".join(gap + number + written(word) for gap, number, word in words) + gaps[-1]
    assert len(typed) > LONGEST_TYPED or parse(typed) == receipt


@pytest.mark.parametrize("spoil", ["", "five", "seven", "unknown", "joined"])
def test_anything_but_six_known_words_is_no_receipt(spoil: str) -> None:
    words = list(make_receipt().words)
    typed = {
        "": "",
        "five": " ".join(words[:5]),
        "seven": " ".join([*words, words[0]]),
        "unknown": " ".join([*words[:5], "zzz"]),
        "joined": "".join(words),
    }
    assert parse(typed[spoil]) is None


@given(st.text())
def test_no_text_makes_reading_fail(typed: str) -> None:
    assert parse(typed) is None or len(typed) <= LONGEST_TYPED


def test_a_text_over_400_characters_is_not_read() -> None:
    words = str(make_receipt())
    assert parse(words.ljust(LONGEST_TYPED)) is not None
    assert parse(words.ljust(LONGEST_TYPED + 1)) is None


@given(receipts)
def test_no_secret_shows_in_a_repr(receipt: Receipt) -> None:
    assert repr([receipt, ACCESS]) == "[Receipt(…), Access(…)]"
    assert f"{receipt!s}" == " ".join(receipt.words)


def test_lookup_and_seal_keys_have_nothing_in_common() -> None:
    receipt = make_receipt()
    keys = [key for way in accesses(TURNED, receipt) for key in (way.lookup, way.seal_key)]
    assert len(set(keys)) == 4
    assert {len(key) for key in keys} == {32}


def test_every_version_is_looked_up_the_current_one_first() -> None:
    receipt = make_receipt()
    (new,), (old,) = (accesses(Keyring((key,)), receipt) for key in (NEW, OLD))
    assert list(accesses(TURNED, receipt)) == [new, old]


@given(st.lists(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16)))
def test_a_sealed_row_opens_to_what_it_was(posts: list[str]) -> None:
    assert open_sealed(ACCESS, seal(ACCESS, posts, fixed)) == tuple(posts)


def test_one_altered_bit_anywhere_breaks_the_seal() -> None:
    sealed = seal(ACCESS, (POST,), fixed)
    for bit in range(8 * len(sealed)):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealBroken):
            open_sealed(ACCESS, bytes(altered))


@pytest.mark.parametrize("kept", [0, 5, 12, 20, 100])
def test_a_row_cut_short_breaks_the_seal(kept: int) -> None:
    sealed = seal(ACCESS, (POST,), fixed)
    with pytest.raises(SealBroken):
        open_sealed(ACCESS, sealed[:kept])


@pytest.mark.parametrize("other", [{"seal_key": b"t" * 32}, {"lookup": b"m" * 32}])
def test_another_key_or_another_place_breaks_the_seal(other: dict[str, bytes]) -> None:
    sealed = seal(ACCESS, (POST,), fixed)
    with pytest.raises(SealBroken):
        open_sealed(replace(ACCESS, **other), sealed)


def test_one_post_and_ten_posts_are_the_same_size_when_sealed() -> None:
    sizes = {len(seal(ACCESS, (POST,) * n, fixed)) for n in (0, 1, 10, 25)}
    assert len(sizes) == 1
    assert len(seal(ACCESS, (POST,) * 30, fixed)) == sizes.pop() + 512


def test_a_capability_opens_what_it_was_granted_for() -> None:
    token = grant(RING, ACCESS, NOW)
    assert redeem(RING, token, NOW) == ACCESS


@pytest.mark.parametrize(
    ("later", "open_still"),
    [(timedelta(minutes=15), True), (timedelta(minutes=15, seconds=1), False)],
)
def test_a_capability_ends_after_fifteen_minutes(later: timedelta, open_still: bool) -> None:
    token = grant(RING, ACCESS, NOW)
    assert (redeem(RING, token, NOW + later) is not None) is open_still


def test_a_capability_from_an_older_key_still_opens() -> None:
    token = grant(Keyring((OLD,)), ACCESS, NOW)
    assert redeem(TURNED, token, NOW) == ACCESS


def test_a_capability_from_a_key_that_is_gone_opens_nothing() -> None:
    assert redeem(RING, grant(Keyring((OLD,)), ACCESS, NOW), NOW) is None


def test_a_forged_capability_opens_nothing() -> None:
    token = grant(RING, ACCESS, NOW)
    for at in range(len(token) - 2):
        forged = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert redeem(RING, forged, NOW) is None


@given(st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("latin-1")), st.just("\ud800")))
def test_garbage_opens_nothing(token: str) -> None:
    assert redeem(RING, token, NOW) is None


def test_an_endless_capability_is_not_read() -> None:
    assert redeem(RING, grant(RING, ACCESS, NOW) + "=" * 1_000_000, NOW) is None
