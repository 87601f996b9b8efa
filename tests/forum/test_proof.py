"""A proof holds for the form it was found for, as long as that form, and nothing else does."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import altcha
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.admission import NONCE, OLDEST
from forum.keys import Keyring
from forum.proof import COST, LONGEST, PREFIX, challenge, proven
from tests.builders import NOON, SeededBytes, make_keyring

RING = make_keyring("v1", purpose="forms")
FORM, OTHER = SeededBytes(1)(NONCE), SeededBytes(2)(NONCE)
SOON = NOON + timedelta(minutes=5)


def worked(work: dict[str, Any]) -> dict[str, Any]:
    """What the worker in a browser sends for this challenge."""
    found = altcha.solve_challenge(altcha.Challenge.from_dict(work))
    assert found is not None
    solution = {"counter": found.counter, "derivedKey": found.derived_key}
    return {"challenge": work, "solution": solution}


def written(content: bytes) -> str:
    return base64.b64encode(content).decode()


def sent(content: object) -> str:
    return written(json.dumps(content).encode())


def holds(content: object, ring: Keyring = RING, now: datetime = SOON) -> bool:
    return proven(ring, sent(content), FORM, now)


WORKED = worked(challenge(RING, FORM, NOON))


def altered(*path: str, to: object) -> dict[str, Any]:
    """The genuine proof with one value changed."""
    copy: dict[str, Any] = json.loads(json.dumps(WORKED))
    place = copy
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = to
    return copy


# What holds.


def test_whoever_did_the_work_for_a_form_has_proved_it() -> None:
    assert holds(WORKED)


def test_a_proof_holds_as_long_as_the_form_and_not_a_second_more() -> None:
    assert holds(WORKED, now=NOON)
    assert holds(WORKED, now=NOON + timedelta(seconds=OLDEST))
    assert not holds(WORKED, now=NOON + timedelta(seconds=OLDEST + 1))


def test_the_forums_clock_decides_and_not_the_machines() -> None:
    long_ago = datetime.fromisoformat("2001-01-01T00:00Z")
    early = worked(challenge(RING, FORM, long_ago))
    assert proven(RING, sent(early), FORM, long_ago)
    assert not proven(RING, sent(early), FORM, NOON)


def test_a_proof_outlives_a_new_key_and_not_the_end_of_its_own() -> None:
    assert holds(WORKED, ring=make_keyring("v2", "v1", purpose="forms"))
    assert not holds(WORKED, ring=make_keyring("v2", purpose="forms"))
    assert not holds(WORKED, ring=make_keyring("v1", purpose="another"))


def test_the_challenge_tells_nothing_but_the_work_and_its_form() -> None:
    work = challenge(RING, FORM, NOON)
    assert work["parameters"].keys() == {
        *("algorithm", "cost", "keyLength", "keyPrefix", "nonce", "salt", "data")
    }
    assert work["parameters"]["data"].keys() == {"form", "until"}
    assert work.keys() == {"parameters", "signature"}


def test_each_challenge_is_work_of_its_own() -> None:
    first, second = challenge(RING, FORM, NOON), challenge(RING, FORM, NOON)
    assert first["parameters"]["nonce"] != second["parameters"]["nonce"]
    assert first["parameters"]["salt"] != second["parameters"]["salt"]


def test_the_longest_real_proof_is_read() -> None:
    last = altered("solution", "counter", to=0xFFFFFFFF)
    assert len(sent(last)) < LONGEST * 0.9


def test_the_secret_of_forms_does_not_sign_challenges_itself() -> None:
    """A mistake with one kind of signature must not become a mistake with the other."""
    signed = altcha.Payload.from_dict(WORKED)
    assert not altcha.verify_solution(signed, RING.current.secret).verified


# What does not.


def test_a_proof_for_one_form_is_none_for_another() -> None:
    assert not proven(RING, sent(WORKED), OTHER, SOON)
    renamed = altered("challenge", "parameters", "data", "form", to=OTHER.hex())
    assert not proven(RING, sent(renamed), OTHER, SOON)


PARAMETERS = [
    ("algorithm", "SHA-256"),
    ("algorithm", "SCRYPT"),
    ("algorithm", "ARGON2ID"),
    ("cost", 1),
    ("cost", 0),
    ("cost", -1),
    ("cost", 10**12),
    ("cost", float(COST)),
    ("cost", str(COST)),
    ("cost", True),
    ("keyLength", 1),
    ("keyLength", 32.0),
    ("keyLength", 10**9),
    ("keyPrefix", ""),
    ("keyPrefix", PREFIX[:1]),
    ("keyPrefix", None),
    ("keySignature", "00"),
    ("keySignature", None),
    ("expiresAt", 1),
    ("expiresAt", None),
    ("memoryCost", 2**40),
    ("nonce", ""),
    ("nonce", "zz"),
    ("nonce", ["00"]),
    ("salt", 7),
    ("data", None),
    ("data", []),
    ("data", {"form": FORM.hex()}),
    ("data", {"form": FORM.hex(), "until": "never"}),
    ("data", {"form": FORM.hex(), "until": 10**300}),
    ("data", {"form": FORM.hex(), "until": 1e300}),
    ("data", {"form": FORM.hex(), "until": 10**11, "__proto__": {}}),
]


@pytest.mark.parametrize(("name", "to"), PARAMETERS)
def test_a_challenge_that_was_changed_is_not_ours(name: str, to: object) -> None:
    assert not holds(altered("challenge", "parameters", name, to=to))


@pytest.mark.parametrize("signature", [None, "", "00", "é", "\ud800", 0, [], {"a": 1}, "0" * 64])
def test_a_challenge_without_our_signature_is_not_ours(signature: object) -> None:
    assert not holds(altered("challenge", "signature", to=signature))


WRONG = WORKED["solution"]["counter"] + 1
COUNTERS = {
    "the next": WRONG, "negative": -1, "too large": 2**32, "enormous": 10**400, "none": None,
    "true": True, "text": "0", "list": [], "object": {},
}  # fmt: skip


@pytest.mark.parametrize("counter", COUNTERS.values(), ids=COUNTERS.keys())
def test_a_counter_that_finds_nothing_is_no_proof(counter: object) -> None:
    assert not holds(altered("solution", "counter", to=counter))


@pytest.mark.parametrize("key", [PREFIX * 32, "", PREFIX, "é", "\ud800", None, 0, [], {}])
def test_a_key_that_was_made_up_is_no_proof(key: object) -> None:
    assert not holds(altered("solution", "derivedKey", to=key))


def test_a_counter_found_for_easier_work_is_no_proof() -> None:
    """Right in every way but one: the first key that comes does not begin as it should."""
    work = altcha.Challenge.from_dict(challenge(RING, FORM, NOON))
    keys = (_derived(work.parameters, counter) for counter in range(100))
    counter, key = next((n, k) for n, k in enumerate(keys) if not k.startswith(PREFIX))
    assert not holds(
        {"challenge": work.to_dict(), "solution": {"counter": counter, "derivedKey": key}}
    )


def _derived(parameters: altcha.ChallengeParameters, counter: int) -> str:
    password = bytes.fromhex(parameters.nonce) + counter.to_bytes(4, "big")
    return altcha.derive_key_pbkdf2(parameters, bytes.fromhex(parameters.salt), password).hex()


def test_a_proof_that_is_longer_than_any_real_one_is_not_read() -> None:
    assert holds(WORKED | {"more": ""})
    assert not holds(WORKED | {"more": "a" * LONGEST})


def test_a_deep_proof_that_comes_to_a_busy_place_is_answered_with_no() -> None:
    """Where little is left of the depth that Python allows, reading it must not end the request."""
    deep = written(b"[" * 700)

    def far_down(calls: int) -> bool:
        return far_down(calls - 1) if calls else proven(RING, deep, FORM, SOON)

    assert far_down(400) is False


NESTED = '{"challenge":' * 60
GARBAGE = [
    "",
    " ",
    "e30=",
    "é",
    "\ud800",
    "\0",
    "=" * LONGEST,
    "A" * (LONGEST + 1),
    "A" * 1_000_000,
    sent(WORKED) + "A",
    sent(WORKED)[:-1],
    sent(WORKED) + "\n",
    " " + sent(WORKED),
    json.dumps(WORKED),
    sent(sent(WORKED)),
    sent([WORKED]),
    sent({"challenge": WORKED["challenge"]}),
    sent({"solution": WORKED["solution"]}),
    sent({"challenge": [], "solution": []}),
    sent({"challenge": {"parameters": "x" * 100}, "solution": {}}),
    *(written(text.encode()) for text in (NESTED, "[" * 700, "9" * 700)),
    *(written(text.encode()) for text in ("NaN", "Infinity", "1e999", "\ufeff{}")),
    written(b"\xff\xfe\x00\xd8"),
    written(json.dumps(WORKED).encode("utf-16")),
    sent(WORKED).replace("e", "é", 1),
]


@pytest.mark.parametrize("proof", GARBAGE, ids=range(len(GARBAGE)))
def test_what_is_no_proof_at_all_is_not_taken_for_one(proof: str) -> None:
    assert proven(RING, proof, FORM, SOON) is False


@given(st.text(max_size=2_000) | st.binary(max_size=700).map(written))
def test_any_text_whatever_is_answered_with_no(proof: str) -> None:
    assert proven(RING, proof, FORM, SOON) is False


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
PATHS = [
    ("challenge",),
    ("solution",),
    ("challenge", "parameters"),
    ("challenge", "signature"),
    *(("challenge", "parameters", name) for name in WORKED["challenge"]["parameters"]),
    ("challenge", "parameters", "data", "until"),
    ("challenge", "parameters", "expiresAt"),
    ("challenge", "parameters", "memoryCost"),
    ("solution", "counter"),
    ("solution", "derivedKey"),
]


@given(st.sampled_from(PATHS), anything)
def test_anything_in_the_place_of_a_value_is_answered_with_no(
    path: tuple[str, ...], value: object
) -> None:
    forged = altered(*path, to=value)
    same = json.dumps(forged) == json.dumps(WORKED)
    assert holds(forged) is same


RETYPED: list[Callable[[int], object]] = [float, str, lambda n: [n], lambda n: n + 2**64]


@given(
    st.sampled_from([p for p in PATHS if p[-1] in ("cost", "keyLength", "until", "counter")]),
    st.sampled_from(RETYPED),
)
def test_a_number_written_another_way_is_answered_with_no(
    path: tuple[str, ...], retyped: Callable[[int], object]
) -> None:
    """7000.0 carries the signature of 7000, and must not get as far as deriving."""
    value: Any = WORKED
    for name in path:
        value = value[name]
    assert not holds(altered(*path, to=retyped(value)))
