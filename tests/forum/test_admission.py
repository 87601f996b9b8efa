"""Forms may enter once they were signed by us, some seconds ago and not more than a day."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.admission import (
    NONCE,
    OLDEST,
    QUICKEST,
    Forged,
    FormToken,
    TooOld,
    TooQuick,
    admit,
    issue,
    read,
)
from tests.builders import NOON, SeededBytes, make_keyring

RING = make_keyring("v1", purpose="forms")
TOKEN = issue(RING, NOON, SeededBytes())


def after(seconds: float) -> object:
    return admit(RING, TOKEN, NOON + timedelta(seconds=seconds))


def test_a_form_that_was_open_for_a_while_may_enter() -> None:
    form = admit(RING, TOKEN, NOON + timedelta(minutes=5))
    assert form.nonce == SeededBytes()(16)
    assert form.issued == int(NOON.timestamp())


def test_a_form_may_enter_from_the_third_second_to_the_end_of_the_day() -> None:
    assert after(QUICKEST)
    assert after(OLDEST)


@pytest.mark.parametrize("seconds", [-86_400, -1, 0, 1, 2.9])
def test_a_form_that_comes_back_too_quickly_is_asked_to_wait(seconds: float) -> None:
    with pytest.raises(TooQuick) as caught:
        after(seconds)
    assert not caught.value.needs_new_form


@pytest.mark.parametrize("seconds", [OLDEST + 1, OLDEST * 365])
def test_a_form_that_was_open_for_over_a_day_is_made_anew(seconds: float) -> None:
    with pytest.raises(TooOld) as caught:
        after(seconds)
    assert caught.value.needs_new_form


GARBAGE = [
    "",
    ".",
    "v1",
    "v1.",
    "v1..",
    ".v1",
    "v1.!!!!",
    "v1.AAAA",
    "v1.AAA",
    "v1." + "A" * 75,
    "v1." + "A" * 76,
    "v1." + "A" * 100_000,
    "v2" + TOKEN[2:],
    TOKEN[2:],
    TOKEN + "A",
    TOKEN[:-1],
    " " + TOKEN,
    TOKEN + "\n",
    TOKEN + "\0",
    TOKEN.replace(".", "。"),
    "v1.\ud800",
    "é." + TOKEN[3:],
]


@pytest.mark.parametrize("token", GARBAGE)
def test_what_we_did_not_make_is_not_admitted(token: str) -> None:
    with pytest.raises(Forged) as caught:
        admit(RING, token, NOON + timedelta(minutes=1))
    assert caught.value.needs_new_form


@settings(max_examples=80, deadline=None)
@given(place=st.integers(0, 55), bit=st.integers(0, 7))
def test_a_token_with_any_bit_changed_is_not_admitted(place: int, bit: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(TOKEN.partition(".")[2]))
    assert len(raw) == 56
    raw[place] ^= 1 << bit
    with pytest.raises(Forged):
        admit(RING, "v1." + base64.urlsafe_b64encode(raw).decode(), NOON + timedelta(minutes=1))


@settings(max_examples=80, deadline=None)
@given(token=st.text(max_size=100))
def test_no_text_at_all_breaks_the_check(token: str) -> None:
    with pytest.raises(Forged):
        admit(RING, token, NOON)


def test_a_token_of_another_ring_is_not_admitted() -> None:
    with pytest.raises(Forged):
        admit(make_keyring("v1", purpose="other"), TOKEN, NOON + timedelta(minutes=1))


def test_a_token_signed_before_the_key_changed_is_admitted_until_that_key_is_retired() -> None:
    moment = NOON + timedelta(minutes=1)
    both = make_keyring("v2", "v1", purpose="forms")
    assert admit(both, TOKEN, moment) == admit(RING, TOKEN, moment)
    assert issue(both, NOON, SeededBytes()).startswith("v2.")
    with pytest.raises(Forged):
        admit(make_keyring("v2", purpose="forms"), TOKEN, moment)


def test_every_form_is_another_one() -> None:
    randomness = SeededBytes()
    assert len({issue(RING, NOON, randomness) for _ in range(100)}) == 100


def test_a_form_is_known_whatever_its_age_and_a_forged_one_at_none() -> None:
    assert read(RING, TOKEN) == FormToken(SeededBytes()(NONCE), int(NOON.timestamp()))
    for token in GARBAGE:
        with pytest.raises(Forged):
            read(RING, token)


def test_what_is_kept_of_a_used_form_tells_neither_its_nonce_nor_when_it_was_handed_out() -> None:
    """With the nonce, a thief of the store and of the receipt key could mint the receipt again."""
    form = read(RING, TOKEN)
    assert form.mark == hashlib.sha256(form.nonce).digest()
    assert form.nonce not in form.mark
    later = read(RING, issue(RING, NOON + timedelta(days=1), SeededBytes()))
    assert later.issued != form.issued
    assert later.mark == form.mark


def test_no_two_forms_share_what_is_kept_of_them() -> None:
    randomness = SeededBytes()
    marks = {read(RING, issue(RING, NOON, randomness)).mark for _ in range(100)}
    assert len(marks) == 100


@pytest.mark.parametrize("error", [Forged, TooQuick, TooOld])
def test_every_refusal_says_in_a_sentence_what_to_do(error: type[Exception]) -> None:
    assert "send it again." in str(error())
