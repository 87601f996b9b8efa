"""No line of a log holds a word that somebody sent, whatever went wrong."""

from urllib.parse import quote_plus

import pytest

from tests.doors.local_machine import FORM
from tests.doors.served import BODY, CANARY, EVERY, served


@pytest.fixture(scope="module")
def talkative(tmp_path_factory):
    """A house whose log keeps every level."""
    with served(tmp_path_factory.mktemp("talkative"), HANDRAIL_TEST_LOG="DEBUG") as house:
        yield house


def test_no_line_of_the_log_holds_what_a_person_sent(talkative):
    house = talkative
    names = ("User_Agent", "Referer", "Cookie", "X_Forwarded_For", "Accept_Language")
    telling = dict.fromkeys(names, CANARY)
    house.get(f"/api/share?{CANARY}={CANARY}", **telling)
    for field in (*EVERY, CANARY):
        house.send(f"/api/posts?{CANARY}", house.story(**{field: CANARY}), **telling)
        house.tell(f"/api/posts?{CANARY}", house.story(**{field: [CANARY, 5]}), **telling)
    shared = house.shared(title=CANARY, body=f"{BODY} {CANARY}")
    for path in ("/api/receipt", "/api/receipt/withdraw"):
        house.send(path, {"receipt": CANARY, "id": CANARY, "capability": CANARY}, **telling)
        house.send(path, {"receipt": shared["receipt"], "id": shared["id"]}, **telling)
    house.ask("POST", "/api/posts", CANARY, Content_Type=CANARY)
    house.ask("POST", f"/api/{CANARY}", CANARY, Content_Type=FORM)
    house.tell("/api/posts", f"[{CANARY}")
    house.raw(f"POST /{CANARY} {CANARY}\n{CANARY}\n\n".encode())
    silent_about(house, shared["receipt"])


def silent_about(house, receipt):
    assert CANARY not in house.log.lower()
    assert quote_plus(receipt) not in house.log
    assert receipt not in house.log


@pytest.mark.parametrize("say", ["send", "tell"])
def test_what_breaks_on_our_side_is_told_kindly_and_logged_without_a_word(talkative, say):
    house = talkative
    shared = house.shared(title=CANARY, body=f"{BODY} {CANARY}")
    with house.store() as store:
        store.execute("UPDATE posts SET state = ? WHERE id = ?", (CANARY, shared["id"]))
    fields = {"receipt": shared["receipt"], "id": shared["id"]}
    for path in ("/api/receipt", "/api/receipt/withdraw"):
        heard = getattr(house, say)(path, fields)
        assert heard.status == 500
        assert "It was not you" in heard.text
        assert CANARY not in heard.text
    assert "builtins.ValueError at " in house.log
    silent_about(house, shared["receipt"])
