"""Bodies that no browser of ours sends: each gets a refusal, none an error of our own."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.team import Team
from moderation.door import ceremony, sign_in
from tests.doors.authenticator import SecurityKey, changed
from tests.doors.desk_door import FORM, OURS, SITE, Door, enrolment, refused

STRANGE_BODIES = [
    b"",
    b"null",
    b"[]",
    b"7",
    b'"text"',
    b"{",
    b"\xff\xfe",
    b'{"a": NaN}',
    b'{"a": 1, "a": 2}',
    b"[" * 60_000,
    b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
    b'{"a": ' + b"9" * 5_000 + b"}",
]


@pytest.mark.parametrize("path", sorted(sign_in.ANSWERS))
@pytest.mark.parametrize("body", STRANGE_BODIES)
def test_a_body_that_is_no_object_is_refused(door: Door, path: str, body: bytes) -> None:
    answer = door.post(path, body)
    refused(answer, 400)


@pytest.mark.parametrize("path", sorted(sign_in.ANSWERS))
def test_a_body_over_the_limit_is_refused_unread(door: Door, path: str) -> None:
    refused(door.post(path, b'{"a": "' + b"x" * 65_536 + b'"}'), 413)


@pytest.mark.parametrize("path", ["/sign-in/options", "/sign-in", "/enrol/options", "/enrol"])
def test_only_json_is_read(door: Door, path: str) -> None:
    answer = door.client.http.post(path, headers={**OURS, **FORM}, body=b"name=Robin")
    assert answer.status_code == 415


@pytest.mark.parametrize("value", [None, 0, 10**12, True, [], {}, "", "\ud800", ["x"], {"a": 1}])
@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
def test_a_part_of_the_wrong_type_is_refused(
    inside: Door, key: SecurityKey, part: str, value: Any
) -> None:
    credential = changed(key.sign(inside.request()), **{part: value})
    refused(inside.post("/sign-in", {"credential": credential}), 403)


@pytest.mark.parametrize(
    "data",
    [
        {"type": "webauthn.get", "origin": SITE, "challenge": 10**10},
        {"type": "webauthn.get", "origin": SITE, "challenge": [1, 2]},
        {"type": 7, "origin": SITE, "challenge": "AAAA"},
        {"type": "webauthn.get", "origin": [SITE], "challenge": "AAAA"},
        {"origin": SITE, "challenge": "AAAA"},
        {},
        [],
        "text",
    ],
)
def test_client_data_of_the_wrong_shape_is_refused_before_it_costs_anything(
    inside: Door, key: SecurityKey, data: Any
) -> None:
    encoded = base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")
    credential = changed(key.sign(inside.request()), clientDataJSON=encoded)
    refused(inside.post("/sign-in", {"credential": credential}), 403)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = ["id", "rawId", "type", "response", *ceremony.PARTS]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    outer=st.dictionaries(st.sampled_from(NAMES), JSON_VALUES, max_size=4),
    inner=st.dictionaries(st.sampled_from(NAMES), JSON_VALUES, max_size=4),
)
def test_no_answer_however_strange_breaks_the_door(
    inside: Door, key: SecurityKey, outer: dict[str, Any], inner: dict[str, Any]
) -> None:
    credential = key.sign(inside.request())
    strange = {**credential, **outer, "response": {**credential["response"], **inner}}
    for body in ({"credential": strange}, {"credential": {**credential, **outer}}):
        assert inside.post("/sign-in", body).status_code in (200, 400, 403)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(min_value=0, max_value=200), byte=st.integers(min_value=0, max_value=255))
def test_no_broken_attestation_breaks_the_door(
    door: Door, key: SecurityKey, place: int, byte: int
) -> None:
    body = enrolment(door, key)
    raw = bytearray(
        base64.urlsafe_b64decode(body["credential"]["response"]["attestationObject"] + "==")
    )
    raw[place % len(raw)] = byte
    broken = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
    body["credential"] = changed(body["credential"], attestationObject=broken)
    status = door.post("/enrol", body).status_code
    assert status in (200, 403)
    for one in door.doorway.people.moderators():
        Team(door.doorway.people).remove(one.id, "operator:test")
