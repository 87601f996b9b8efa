"""Signing in over HTTP, with a real store and a security key in software."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

from moderation.door import ceremony
from tests.doors.authenticator import SecurityKey, changed
from tests.doors.desk_door import Door, open_door, public_key, refused


def test_an_invited_person_enrols_signs_out_and_signs_in_again(
    door: Door, key: SecurityKey
) -> None:
    assert door.enrol(key).json_body == {"next": "/moderation/"}
    assert door.get("/desk").body.startswith(b"Robin ")
    out = door.send("/sign-out", csrf=door.csrf())
    assert (out.status_code, out.headers["Location"]) == (303, "/moderation/sign-in")
    assert door.get("/desk").status_code == 303
    assert door.sign_in(key).json_body == {"next": "/moderation/"}
    assert door.get("/desk").status_code == 200


def test_the_cookie_stays_in_the_door_and_out_of_scripts(door: Door, key: SecurityKey) -> None:
    line = door.enrol(key).headers["Set-Cookie"]
    name, *attributes = line.split("; ")
    assert re.fullmatch(r"handrail_session=[\w-]{43}", name)
    assert attributes == ["Path=/moderation", "Max-Age=7200", "HttpOnly", "SameSite=Strict"]


def test_over_https_the_cookie_never_travels_in_the_clear(tmp_path: Path) -> None:
    door = open_door(tmp_path, "https://forum.example/")
    key = SecurityKey(origin="https://forum.example", rp_id="forum.example")
    invitation = door.invite()
    body = {"invitation": invitation, "name": "Robin"}
    ours = {"Origin": "https://forum.example"}
    made = key.make(public_key(door.post("/enrol/options", body, **ours)))
    answer = door.post("/enrol", {**body, "credential": made}, **ours)
    assert answer.headers["Set-Cookie"].endswith("; Secure")


def test_the_browser_is_asked_for_a_passkey_it_can_find_by_itself(door: Door) -> None:
    creation, request = door.creation(door.invite()), door.request()
    assert creation["rp"] == {"id": "localhost", "name": "Handrail"}
    assert creation["attestation"] == "none"
    assert creation["authenticatorSelection"]["residentKey"] == "required"
    assert creation["authenticatorSelection"]["userVerification"] == "required"
    assert (request["rpId"], request["userVerification"]) == ("localhost", "required")
    assert request["allowCredentials"] == []


@pytest.mark.parametrize(
    ("siteurl", "origin"),
    [
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://forum.example", "https://forum.example"),
        ("https://Forum.Example:443/", "https://forum.example"),
        ("http://localhost:80/", "http://localhost"),
        ("https://forum.example:8443/", "https://forum.example:8443"),
    ],
)
def test_the_origin_is_spelled_as_browsers_spell_it(siteurl: str, origin: str) -> None:
    assert ceremony.origin_of(siteurl) == origin


def test_a_passkey_that_does_not_count_works_every_time(door: Door) -> None:
    key = SecurityKey(counts=False)
    door.enrol(key)
    assert [door.sign_in(key).status_code for _ in range(3)] == [200, 200, 200]


# Answers that are not true.


def test_a_tampered_signature_is_refused(inside: Door, key: SecurityKey) -> None:
    credential = key.sign(inside.request())
    other = key.sign(inside.request())["response"]["signature"]
    refused(inside.post("/sign-in", {"credential": changed(credential, signature=other)}), 403)


def test_an_answer_made_for_another_origin_is_refused(inside: Door, key: SecurityKey) -> None:
    for origin in ("http://localhost:8001", "https://localhost:8000", "http://evil.example"):
        key.origin = origin
        refused(inside.sign_in(key), 403)


def test_an_answer_made_for_another_site_is_refused(inside: Door, key: SecurityKey) -> None:
    key.rp_id = "evil.example"
    refused(inside.sign_in(key), 403)


def test_an_answer_made_in_a_frame_of_another_site_is_refused(
    inside: Door, key: SecurityKey
) -> None:
    credential = key.sign(inside.request())
    said = json.loads(base64.urlsafe_b64decode(credential["response"]["clientDataJSON"] + "=="))
    framed = base64.urlsafe_b64encode(json.dumps({**said, "crossOrigin": True}).encode())
    credential = changed(credential, clientDataJSON=framed.decode().rstrip("="))
    refused(inside.post("/sign-in", {"credential": credential}), 403)


def test_a_device_that_did_not_check_the_person_is_refused(inside: Door, key: SecurityKey) -> None:
    key.verifies = False
    refused(inside.sign_in(key), 403)


def test_a_replayed_answer_is_refused(inside: Door, key: SecurityKey) -> None:
    credential = key.sign(inside.request())
    assert inside.post("/sign-in", {"credential": credential}).status_code == 200
    refused(inside.post("/sign-in", {"credential": credential}), 400)


def test_an_answer_that_took_too_long_is_refused(inside: Door, key: SecurityKey) -> None:
    credential = key.sign(inside.request())
    inside.clock.advance(minutes=5)
    refused(inside.post("/sign-in", {"credential": credential}), 400)


def test_an_answer_to_a_challenge_we_never_gave_is_refused(inside: Door, key: SecurityKey) -> None:
    credential = key.sign({"challenge": "A" * 43})
    refused(inside.post("/sign-in", {"credential": credential}), 400)


def test_an_enrolment_is_not_taken_for_a_sign_in(inside: Door, key: SecurityKey) -> None:
    creation = inside.creation(inside.invite(), "Sam")
    refused(inside.post("/sign-in", {"credential": key.sign(creation)}), 400)


def test_a_count_that_goes_back_is_refused(inside: Door, key: SecurityKey) -> None:
    key.sign_count = 10
    assert inside.sign_in(key).status_code == 200
    key.sign_count = 5
    assert "copied" in refused(inside.sign_in(key), 403)


def test_a_passkey_nobody_enrolled_is_refused(inside: Door) -> None:
    stranger = SecurityKey(user_handle=b"a" * 16)
    refused(inside.sign_in(stranger), 403)


def test_a_passkey_that_names_another_person_is_refused(inside: Door, key: SecurityKey) -> None:
    for handle in (b"", b"b" * 16):
        key.user_handle = handle
        refused(inside.sign_in(key), 403)


def test_another_key_under_an_enrolled_id_is_refused(inside: Door, key: SecurityKey) -> None:
    thief = SecurityKey(credential_id=key.credential_id, user_handle=key.user_handle, sign_count=99)
    refused(inside.sign_in(thief), 403)


def test_a_removed_moderator_cannot_sign_in(inside: Door, key: SecurityKey) -> None:
    inside.remove(key)
    refused(inside.sign_in(key), 403)
