"""One's own page at the desk: what it shows, what it changes, and what no form of it reaches."""

from __future__ import annotations

import re
from typing import Any

import pytest
from chalice.test import HTTPResponse

from forum.belongings import MOST_PASSKEYS
from forum.person import Role
from forum.team import Team
from tests.doors.authenticator import SecurityKey
from tests.doors.desk_door import LONG_WORDS, Door, public_key, refused
from tests.doors.desk_seat import Seat, form_of, leads_to
from tests.doors.seen import Page


@pytest.fixture
def robin(inside: Door) -> Seat:
    """Robin, in a browser that has just signed in."""
    return Seat("Robin", inside)


def seat(door: Door, name: str, *roles: Role) -> Seat:
    """Somebody else, in another browser."""
    other = Seat(name, door.another())
    assert other.door.enrol(SecurityKey(), name, roles or {Role.MODERATOR}).status_code == 200
    return other


def you(one: Seat) -> Page:
    return one.open("/you")


def add(one: Seat, key: SecurityKey, label: str = "my phone") -> HTTPResponse:
    """Both halves of the ceremony, as the page's script goes through them."""
    fields = {"csrf": csrf(one), "label": label}
    made = key.make(public_key(one.door.post("/you/passkeys/options", fields)))
    return one.door.post("/you/passkeys", {**fields, "credential": made})


def csrf(one: Seat) -> str:
    return form_of(you(one), "/sign-out")["csrf"][0]


def labels(one: Seat) -> list[str]:
    return [f.value for f in you(one).fields if re.fullmatch(r"label-\d+", f.given.get("id", ""))]


# What it shows.


def test_it_says_who_one_is_and_what_one_has(robin: Seat) -> None:
    page = you(robin)
    assert page.one("h1").text == "Robin"
    assert "moderator, safety lead, coordinator" in page.words
    assert "First passkey, since 23 November 2026" in page.words
    assert "This browser. Signed in just now, active just now." in page.words
    assert "/you/passkeys/remove" not in leads_to(page), "the only passkey stays"


def test_a_newcomer_sees_how_long_a_second_person_reads_what_they_approve(robin: Seat) -> None:
    assert (
        "For your next 20 decisions, a second person reads what you approve. Only you see this."
        in you(robin).words
    )
    sam = seat(robin.door, "Sam", Role.COORDINATOR)
    assert "buddy" not in sam.open("/team").words + sam.open(f"/team/{robin.who}").words


def test_everybody_has_a_page_of_their_own(inside: Door) -> None:
    for role in Role:
        one = seat(inside, role.value, role)
        assert you(one).one("h1").text == role.value


def test_other_browsers_are_told_in_rough_words(robin: Seat, key: SecurityKey) -> None:
    away = robin.door.another()
    away.sign_in(key)
    robin.door.clock.advance(minutes=11)
    words = you(robin).words
    assert "This browser. Signed in about 10 minutes ago, active just now." in words
    assert "Another browser. Signed in about 10 minutes ago, active about 10 minutes ago." in words


# Passkeys.


def test_a_second_passkey_opens_the_same_door(robin: Seat) -> None:
    phone = SecurityKey()
    assert add(robin, phone).json_body == {"next": "/moderation/you?done=added"}
    assert labels(robin) == ["First passkey", "my phone"]
    other = robin.door.another()
    assert other.sign_in(phone).status_code == 200
    assert other.get("/desk").body.startswith(b"Robin ")


def test_a_device_is_told_which_passkeys_it_may_hold_already(robin: Seat, key: SecurityKey) -> None:
    add(robin, SecurityKey())
    asked = public_key(robin.door.post("/you/passkeys/options", {"csrf": csrf(robin)}))
    assert len(asked["excludeCredentials"]) == 2
    assert key.sign({"challenge": "AAAA"})["id"] in [
        one["id"] for one in asked["excludeCredentials"]
    ]
    assert asked["user"]["name"] == "Robin"


def test_a_passkey_that_is_enrolled_is_not_added_again(robin: Seat, key: SecurityKey) -> None:
    refused(add(robin, key), 409)
    thief = SecurityKey()
    seat(robin.door, "Sam").door.enrol(thief, "Kit")
    refused(add(robin, SecurityKey(credential_id=thief.credential_id)), 409)


def test_a_passkey_goes_to_whoever_the_challenge_was_given_to(robin: Seat) -> None:
    sam, key = seat(robin.door, "Sam"), SecurityKey()
    given = public_key(sam.door.post("/you/passkeys/options", {"csrf": csrf(sam)}))
    body = {"csrf": csrf(robin), "label": "", "credential": key.make(given)}
    refused(robin.door.post("/you/passkeys", body), 400)
    assert labels(robin) == labels(sam) == ["First passkey"]


@pytest.mark.parametrize("start", ["/sign-in/options", "/enrol/options"])
def test_a_challenge_of_another_ceremony_adds_nothing(robin: Seat, start: str) -> None:
    fields = {"invitation": robin.door.invite(), "name": "Sam"}
    given = public_key(robin.door.post(start, fields))
    made = SecurityKey().make({**given, "user": given.get("user", {"id": "AAAA"})})
    body = {"csrf": csrf(robin), "label": "", "credential": made}
    refused(robin.door.post("/you/passkeys", body), 400)


def test_an_answer_is_good_for_one_passkey(robin: Seat) -> None:
    fields = {"csrf": csrf(robin), "label": "phone"}
    given = public_key(robin.door.post("/you/passkeys/options", fields))
    body: dict[str, Any] = {**fields, "credential": SecurityKey().make(given)}
    assert robin.door.post("/you/passkeys", body).status_code == 200
    refused(robin.door.post("/you/passkeys", body), 400)


def test_there_is_an_end_to_passkeys(robin: Seat) -> None:
    for _ in range(MOST_PASSKEYS - 1):
        assert add(robin, SecurityKey()).status_code == 200
    sentence = refused(robin.door.post("/you/passkeys/options", {"csrf": csrf(robin)}), 409)
    assert "remove one first" in sentence


@pytest.mark.parametrize("path", ["/you/passkeys/options", "/you/passkeys"])
def test_nobody_adds_a_passkey_without_the_session_and_its_token(robin: Seat, path: str) -> None:
    sam = seat(robin.door, "Sam")
    for token in ("", "v1.0", csrf(sam)):
        refused(robin.door.post(path, {"csrf": token, "label": ""}), 403)
    refused(robin.door.post(path, {"label": ""}), 400)
    refused(robin.door.post(path, {"csrf": ["v1.0"], "label": ""}), 400)
    refused(robin.door.another().post(path, {"csrf": csrf(robin), "label": ""}), 401)
    refused(robin.door.post(path, {"csrf": csrf(robin)}, Origin="http://evil.example"), 403)


def test_a_removed_moderator_adds_no_passkey(robin: Seat, key: SecurityKey) -> None:
    fields = {"csrf": csrf(robin), "label": ""}
    made = SecurityKey().make(public_key(robin.door.post("/you/passkeys/options", fields)))
    robin.door.remove(key)
    refused(robin.door.post("/you/passkeys", {**fields, "credential": made}), 401)


def test_a_passkey_can_be_called_something_else(robin: Seat) -> None:
    answer = robin.press(you(robin), "/you/passkeys/rename", label="<b>blue</b> key")
    assert robin.follow(answer).by_id("label-1").value == "<b>blue</b> key"
    answer = robin.press(you(robin), "/you/passkeys/rename", label="x" * 41)
    assert answer.status_code == 422
    assert labels(robin) == ["<b>blue</b> key"]


@pytest.mark.parametrize("forged", ["", "zz", "00", "é", "0" * 5_000])
def test_a_forged_passkey_reaches_nothing(robin: Seat, forged: str) -> None:
    add(robin, SecurityKey())
    for action in ("/you/passkeys/rename", "/you/passkeys/remove"):
        answer = robin.press(you(robin), action, passkey=forged, label="mine")
        assert answer.status_code == 404
    assert labels(robin) == ["First passkey", "my phone"]


def test_nobody_reaches_anybody_elses_passkey_or_session(robin: Seat) -> None:
    sam = seat(robin.door, "Sam")
    add(robin, SecurityKey())
    add(sam, SecurityKey())
    sams_key = form_of(you(sam), "/you/passkeys/remove")["passkey"][0]
    people = robin.door.doorway.people
    sams_session = people.find_session(sam.door.cookie.partition("=")[2])
    assert sams_session is not None
    for action, forged in (
        ("/you/passkeys/rename", {"passkey": sams_key}),
        ("/you/passkeys/remove", {"passkey": sams_key}),
        ("/you/sessions/end", {"session": sams_session.id}),
    ):
        sent = {"csrf": csrf(robin), "label": "mine", **forged}
        assert robin.door.send(action, **sent).status_code == 404
    assert labels(sam) == ["First passkey", "my phone"]


def test_a_lost_device_is_shut_out_with_its_passkey(robin: Seat) -> None:
    phone, there = SecurityKey(), robin.door.another()
    add(robin, phone)
    there.sign_in(phone)
    (phones,) = [p for p in removable(robin) if bytes.fromhex(p) == phone.credential_id]
    answer = robin.press(you(robin), "/you/passkeys/remove", passkey=phones)
    assert "That passkey is gone" in robin.follow(answer).words
    assert there.get("/desk").status_code == 303
    refused(there.sign_in(phone), 403)


def test_the_last_passkey_stays_whatever_a_form_says(robin: Seat, key: SecurityKey) -> None:
    answer = robin.door.send(
        "/you/passkeys/remove", csrf=csrf(robin), passkey=key.credential_id.hex()
    )
    assert answer.status_code == 409
    assert "This is your last passkey, so it stays." in robin.page_of(answer).words
    assert robin.door.another().sign_in(key).status_code == 200


def removable(one: Seat) -> list[str]:
    """The passkeys that the page offers to remove."""
    page = you(one)
    forms = [f for f in page.all("form") if f.given.get("action", "").endswith("keys/remove")]
    return [field.value for field in page.all("input") if field.inside("form") in forms][1::2]


# A while after signing in.


def test_a_while_after_signing_in_ways_in_do_not_change(robin: Seat, key: SecurityKey) -> None:
    add(robin, SecurityKey())
    page = you(robin)
    robin.door.clock.advance(minutes=15)
    answer = robin.press(page, "/you/passkeys/remove")
    assert answer.status_code == 403
    words = robin.page_of(answer)
    assert words.one("h1").text == "Please sign in once more"
    assert "/moderation/sign-in?then=you" in [a.given["href"] for a in words.all("a")]
    refused(robin.door.post("/you/passkeys/options", {"csrf": csrf(robin), "label": ""}), 403)
    late = you(robin)
    assert "/you/passkeys/remove" not in leads_to(late)
    assert not [form for form in late.all("form") if "data-passkey" in form.given]
    assert len(robin.door.doorway.people.store.passkeys(key.user_handle.decode())) == 2


def test_who_signs_in_again_is_led_back_and_may_go_on(robin: Seat, key: SecurityKey) -> None:
    robin.door.clock.advance(minutes=15)
    page = robin.open("/sign-in")
    assert not [field for field in page.all("input") if field.name == "then"]
    hidden = Page(robin.door.get("/sign-in?then=you").body.decode()).one("input")
    assert (hidden.name, hidden.value) == ("then", "you")
    signed = {"then": "you", "credential": key.sign(robin.door.request())}
    assert robin.door.post("/sign-in", signed).json_body == {"next": "/moderation/you"}
    assert add(robin, SecurityKey()).status_code == 200


@pytest.mark.parametrize("then", ["//evil.example", "http://evil.example", "queue", "", "../", 7])
def test_signing_in_leads_nowhere_but_to_pages_of_the_desk(
    robin: Seat, key: SecurityKey, then: object
) -> None:
    body = {"then": then, "credential": key.sign(robin.door.request())}
    assert robin.door.post("/sign-in", body).json_body == {"next": "/moderation/"}
    page = Page(robin.door.get(f"/sign-in?then={then}").body.decode())
    assert not page.all("input")


def test_harmless_changes_need_no_fresh_sign_in(robin: Seat) -> None:
    robin.door.clock.advance(minutes=20)
    assert robin.press(you(robin), "/you/choices").status_code == 303
    assert robin.press(you(robin), "/you/passkeys/rename", label="key").status_code == 303


# Sessions.


def test_one_other_browser_can_be_signed_out(robin: Seat, key: SecurityKey) -> None:
    away, far = robin.door.another(), robin.door.another()
    away.sign_in(key)
    far.sign_in(key)
    robin.follow(robin.press(you(robin), "/you/sessions/end-others"))
    assert [door.get("/desk").status_code for door in (robin.door, away, far)] == [200, 303, 303]
    away.sign_in(key)
    assert "signed out" in robin.follow(robin.press(you(robin), "/you/sessions/end")).words
    assert [door.get("/desk").status_code for door in (robin.door, away)] == [200, 303]
    assert "/you/sessions/end" not in leads_to(you(robin))


def test_a_session_that_was_ended_elsewhere_gives_back_what_was_typed(
    robin: Seat, key: SecurityKey
) -> None:
    away = Seat("Robin", robin.door.another())
    away.door.sign_in(key)
    token = csrf(away)
    robin.press(you(robin), "/you/sessions/end-others")
    answer = away.door.send("/posts/abc", csrf=token, message=LONG_WORDS)
    assert answer.status_code == 401
    assert b"leave the name of the town out." in answer.body


# Choices.


def test_what_one_would_rather_not_read_is_kept(robin: Seat) -> None:
    page = you(robin)
    topics = [field.value for field in page.fields if field.name == "topics"]
    sent = {"topics": [*topics[:2], "no-topic"]}
    after = robin.follow(robin.press(page, "/you/choices", **sent))
    kept = form_of(after, "/you/choices")
    assert sorted(kept["topics"]) == sorted(topics[:2])
    assert kept["collapsed"] == ["yes"]
    (moderator,) = robin.door.doorway.people.moderators()
    assert moderator.opt_outs == tuple(sorted(topics[:2])), "what is no topic is not kept"


def test_marked_words_can_stay_open(robin: Seat) -> None:
    robin.door.send("/you/choices", csrf=csrf(robin))
    assert "collapsed" not in form_of(you(robin), "/you/choices")
    assert robin.door.doorway.people.moderators()[0].collapsed is False


def test_nobody_else_is_shown_what_somebody_chose(robin: Seat) -> None:
    sam = seat(robin.door, "Sam", Role.COORDINATOR)
    topic = next(field for field in you(sam).fields if field.name == "topics").value
    robin.press(you(robin), "/you/choices", topics=[topic])
    page = sam.open("/team").words + sam.open(f"/team/{robin.who}").words
    assert "not read" not in page


# Somebody says that the passkey is lost.


def test_who_still_has_their_passkey_is_told_and_can_stop_it(robin: Seat) -> None:
    sam = seat(robin.door, "Sam")
    team = Team(robin.door.doorway.people)
    assert "/you/recovery/stop" not in leads_to(you(robin))
    team.ask_recovery(robin.who, sam.who)
    page = you(robin)
    assert "Somebody says that you lost your passkey" in page.words
    assert "/you/recovery/stop" not in leads_to(you(sam))
    assert "Stopped." in robin.follow(robin.press(page, "/you/recovery/stop")).words
    assert not team.recoveries()
    assert robin.press(page, "/you/recovery/stop").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/you/passkeys/rename",
        "/you/passkeys/remove",
        "/you/sessions/end",
        "/you/sessions/end-others",
        "/you/choices",
        "/you/recovery/stop",
    ],
)
def test_no_form_of_the_page_is_taken_without_its_token(robin: Seat, path: str) -> None:
    for token in ("", "v1.0"):
        answer = robin.door.send(path, csrf=token, label=LONG_WORDS)
        assert answer.status_code == 403
        assert b"leave the name of the town out." in answer.body
    assert robin.door.send(path, origin="http://evil.example", csrf=csrf(robin)).status_code == 403
