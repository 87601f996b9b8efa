"""Enrolling over HTTP with an invitation and a security key in software."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from forum.person import Ceremony
from forum.rows import InvitationSpent
from moderation.door import ceremony
from tests.doors.authenticator import SecurityKey, changed
from tests.doors.desk_door import SITE, Door, enrolment, refused


def test_a_used_invitation_enrols_nobody_more(door: Door, key: SecurityKey) -> None:
    body = enrolment(door, key)
    second = SecurityKey()
    other = second.make(door.creation(body["invitation"], "Sam"))
    assert door.post("/enrol", body).status_code == 200
    late = {"invitation": body["invitation"], "name": "Sam", "credential": other}
    assert "Ask for a new one" in refused(door.post("/enrol", late), 410)
    refused(door.post("/enrol/options", {"invitation": body["invitation"], "name": "Sam"}), 410)


def test_of_two_enrolments_with_one_invitation_one_wins(door: Door) -> None:
    invitation = door.invite()
    bodies = []
    for name in ("Robin", "Sam", "Kit", "Ash"):
        made = SecurityKey().make(door.creation(invitation, name))
        bodies.append({"invitation": invitation, "name": name, "credential": made})

    def send(body: dict[str, Any]) -> int:
        answer = ceremony.read_answer(body["credential"])
        people = door.doorway.people
        challenge = people.spend_challenge(Ceremony.ENROL, answer.challenge)
        passkey = ceremony.enrolled(SITE, challenge, answer)
        try:
            people.enrol(invitation, body["name"], passkey)
        except InvitationSpent:
            return 0
        return 1

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(send, bodies)) == 1
    assert len(door.doorway.people.moderators()) == 1


def test_an_expired_invitation_is_kindly_turned_away(door: Door, key: SecurityKey) -> None:
    body = enrolment(door, key)
    door.clock.advance(hours=24)
    refused(door.post("/enrol/options", {"invitation": body["invitation"], "name": "Robin"}), 410)
    answer = door.get(f"/enrol?invitation={body['invitation']}")
    assert answer.status_code == 410
    assert b"This link no longer works" in answer.body
    assert not door.doorway.people.moderators()


@pytest.mark.parametrize("invitation", ["", "A" * 43, "../..", "%00", "a&invitation=b"])
def test_a_forged_invitation_is_kindly_turned_away(door: Door, invitation: str) -> None:
    assert door.get(f"/enrol?invitation={invitation}").status_code == 410
    refused(door.post("/enrol/options", {"invitation": invitation, "name": "Robin"}), 410)


def test_an_invitation_page_says_so_and_uses_nothing_up(door: Door) -> None:
    invitation = door.invite()
    for _ in range(2):
        answer = door.get(f"/enrol?invitation={invitation}")
        assert answer.status_code == 200
        assert f'value="{invitation}"'.encode() in answer.body


def test_a_name_that_will_not_do_is_told_before_a_passkey_is_made(
    inside: Door, key: SecurityKey
) -> None:
    for name, status in (
        ("", 422),
        ("x" * 41, 422),
        ("a\nb", 422),
        ("\ud800", 422),
        ("ROBIN", 409),
    ):
        refused(
            inside.post("/enrol/options", {"invitation": inside.invite(), "name": name}), status
        )


def test_an_enrolment_needs_the_person_checked_at_our_own_address(door: Door) -> None:
    for key in (
        SecurityKey(verifies=False),
        SecurityKey(origin="http://evil.example"),
        SecurityKey(rp_id="evil.example"),
    ):
        refused(door.post("/enrol", enrolment(door, key)), 403)
    assert not door.doorway.people.moderators()


def test_an_enrolment_is_good_for_one_use(door: Door, key: SecurityKey) -> None:
    body = enrolment(door, key)
    assert door.post("/enrol", body).status_code == 200
    refused(door.post("/enrol", {**body, "invitation": door.invite(), "name": "Sam"}), 400)


def test_an_enrolled_passkey_cannot_be_taken_over(inside: Door, key: SecurityKey) -> None:
    thief = SecurityKey(credential_id=key.credential_id)
    refused(inside.post("/enrol", enrolment(inside, thief, "Sam")), 409)
    assert [one.name for one in inside.doorway.people.moderators()] == ["Robin"]


def test_a_key_of_an_unknown_kind_is_refused(door: Door, key: SecurityKey) -> None:
    key.secret = ec.generate_private_key(ec.SECP256R1())
    body = enrolment(door, key)
    raw = base64.urlsafe_b64decode(body["credential"]["response"]["attestationObject"] + "==")
    # In CBOR, 03 26 says "algorithm: ES256" and 03 32 an algorithm that nobody has.
    other = base64.urlsafe_b64encode(raw.replace(b"\x03\x26", b"\x03\x32", 1)).decode().rstrip("=")
    body["credential"] = changed(body["credential"], attestationObject=other)
    refused(door.post("/enrol", body), 403)
