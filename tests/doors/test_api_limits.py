"""How much comes in at once: whoever must wait keeps every word, and a receipt never waits."""

import base64
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import altcha
import pytest

from forum.intake import PROMISED
from forum.lanes import Rate
from forum.settings import LIMITS
from forum.wiring import AT_ONCE_MINUTES
from tests.doors.local_machine import FORM
from tests.doors.meanwhile import up
from tests.doors.seen import Page
from tests.doors.served import BODY, JSON, served

NARROW = dict.fromkeys(LIMITS.values(), "1") | {"HANDRAIL_MOST_UNREAD": "1000"}
AT_ONCE = AT_ONCE_MINUTES
"""So many may come at once to a lane with one place a minute."""
WHOLE = {
    "title": ["Counting walks"],
    "body": [BODY],
    "stage": ["first-year"],
    "topic": ["alcohol", "grief"],
    "about_me": ["parent", "rural"],
    "findable": ["yes"],
    "consent": ["yes"],
}


@pytest.fixture
def narrow(tmp_path):
    with served(tmp_path, **NARROW) as house:
        yield house
        assert "Error" not in house.log, house.log


def typed(page):
    sent = page.would_send()
    return {name: sent[name] for name in WHOLE}


def challenged(house, token):
    return json.loads(house.get("/api/challenge", Form_Token=token).body)


def shown(work, counter, derived_key):
    """A proof as a browser sends it."""
    solution = {"counter": counter, "derivedKey": derived_key}
    payload = json.dumps({"challenge": work, "solution": solution})
    return base64.b64encode(payload.encode()).decode()


def proof(house, token):
    """What a browser with script finds for a form."""
    work = challenged(house, token)
    found = altcha.solve_challenge(altcha.Challenge.from_dict(work))
    return shown(work, found.counter, found.derived_key)


def fill(house):
    """Send as many as may come at once without a proof; what each was told."""
    return [house.shared() for _ in range(AT_ONCE)]


def test_the_narrow_house_is_as_narrow_as_it_says():
    rate = Rate(AT_ONCE_MINUTES * 1, 1)
    assert (rate.burst, rate.a_minute) == (AT_ONCE, 1)


# Too many at once


def test_one_too_many_is_asked_to_wait_and_keeps_every_word(narrow):
    fill(narrow)
    before = narrow.count("posts"), narrow.count("authors"), narrow.count("spent")
    sent = narrow.story(**WHOLE)
    heard, told = narrow.send("/api/posts", sent), narrow.tell("/api/posts", sent)
    assert (heard.status, told.status) == (429, 429)
    for one in (heard, told):
        assert one.headers["Retry-After"] == "60"
    page = Page(heard.text)
    assert typed(page) == WHOLE
    assert "Nothing is lost: your words are below. Please wait a minute" in page.words
    assert page.all("p")[0]
    assert page.would_send()["token"] == [sent["token"]]
    said = json.loads(told.body)
    assert list(said["errors"]) == [""]
    assert said["help"]["lines"]
    assert said["token"] == sent["token"]
    assert (narrow.count("posts"), narrow.count("authors"), narrow.count("spent")) == before


def test_the_same_form_goes_through_once_there_is_room(tmp_path):
    with served(tmp_path, **NARROW) as house:
        fill(house)
        page = Page(house.send("/api/posts", house.story(**WHOLE)).text)
    with served(tmp_path, **NARROW) as house:  # started anew, every lane is empty
        heard = house.send("/api/posts", page.would_send())
        assert heard.status == 201


def test_who_must_wait_goes_through_at_once_with_a_proof_of_work(narrow):
    fill(narrow)
    page = Page(narrow.send("/api/posts", narrow.story(**WHOLE)).text)
    sent = page.would_send()
    found = proof(narrow, *sent["token"])
    assert narrow.send("/api/posts", sent | {"pow": [found]}).status == 201


def test_a_flood_of_proofs_leaves_room_for_whoever_has_no_script(narrow):
    statuses = []
    for _ in range(AT_ONCE + 1):
        token = narrow.token()
        sent = narrow.story(token=token, pow=proof(narrow, token))
        statuses.append(narrow.tell("/api/posts", sent).status)
    assert statuses == [201] * AT_ONCE + [429]
    assert len(fill(narrow)) == AT_ONCE


def test_a_proof_that_is_none_takes_the_way_of_those_without(narrow):
    token, other = narrow.token(), narrow.token()
    work, found = challenged(narrow, token), proof(narrow, other)
    narrow.shared(token=other, pow=found)  # from now on it is a used one, and another form's
    cheaper = {**work, "parameters": {**work["parameters"], "cost": 1}}
    fill(narrow)
    for pow_ in (found, shown(work, 1, "00" * 32), shown(cheaper, 1, "00" * 32), "", "x" * 5000):
        assert narrow.tell("/api/posts", narrow.story(token=token, pow=pow_)).status == 429


def test_what_was_sent_before_the_crowd_still_gets_its_answer(narrow):
    sent = narrow.story()
    first = json.loads(narrow.tell("/api/posts", sent).body)
    for _ in range(AT_ONCE - 1):
        narrow.shared()
    assert narrow.tell("/api/posts", narrow.story()).status == 429
    again = json.loads(narrow.tell("/api/posts", sent).body)
    assert (again["receipt"], again["id"]) == (first["receipt"], first["id"])


def test_a_form_with_a_mistake_takes_nobodys_place(narrow):
    for _ in range(3 * AT_ONCE):
        assert narrow.send("/api/posts", narrow.story(consent=None)).status == 422
        assert narrow.send("/api/preview", narrow.story()).status == 200
    assert len(fill(narrow)) == AT_ONCE


def test_a_receipt_that_was_typed_into_a_form_that_must_wait_is_asked_for_again(narrow):
    receipt = fill(narrow)[0]["receipt"]
    heard = narrow.send("/api/posts", narrow.story(receipt=receipt))
    page = Page(heard.text)
    assert heard.status == 429
    assert receipt not in heard.text
    assert "once more" in page.described(page.by_id("field-receipt"))
    assert "once more" in Page(heard.text).errors()["#field-receipt"]


def test_too_many_reports_at_once_keep_their_words_too(narrow):
    story = up(narrow)["id"]

    def report():
        fields = {"id": story, "reason": "cruel", "words": "The last line."}
        return narrow.send("/api/reports", {**fields, "token": narrow.token()})

    assert [report().status for _ in range(AT_ONCE)] == [201] * AT_ONCE
    heard = report()
    page = Page(heard.text)
    assert (heard.status, heard.headers["Retry-After"]) == (429, "60")
    assert page.by_id("field-words").value == "The last line."
    assert page.would_send()["reason"] == ["cruel"]
    assert "Please wait a minute" in page.words
    assert narrow.count("reports") == AT_ONCE


# Too many in all, or too long


def closed_but_kind(house, sent):
    """503 with help and every word, as a page and as JSON; nothing new in the store."""
    before = house.count("posts")
    heard, told = house.send("/api/posts", sent), house.tell("/api/posts", sent)
    assert (heard.status, told.status) == (503, 503)
    assert typed(Page(heard.text)) == WHOLE
    assert "Please come back another day" in heard.text
    assert "so that you can copy them" in heard.text
    assert json.loads(told.body)["help"]["lines"]
    for accept in ("text/html", JSON):
        assert house.get("/api/share", Accept=accept).status == 503
    assert json.loads(house.get("/api/health").body)["open"] is False
    assert house.count("posts") == before


def test_a_full_queue_closes_the_form_kindly_and_opens_it_again_by_itself(tmp_path):
    with served(tmp_path, HANDRAIL_MOST_UNREAD="3") as house:
        shared = [house.shared() for _ in range(3)]
        closed_but_kind(house, house.story(**WHOLE))
        for one in shared:
            fields = {"receipt": one["receipt"], "id": one["id"]}
            assert house.tell("/api/receipt", fields).status == 200
        page = Page(house.send("/api/posts", house.story(**WHOLE)).text)
        assert house.tell("/api/receipt/withdraw", fields).status == 200
        assert house.get("/api/share").status == 200
        assert house.send("/api/posts", page.would_send()).status == 201


@pytest.mark.parametrize(("more", "open_"), [(0, True), (1, False)])
def test_who_has_waited_longer_than_promised_closes_the_form_to_others(tmp_path, more, open_):
    with served(tmp_path) as house:
        shared = house.shared()
        day = datetime.now(UTC).date() - PROMISED - timedelta(days=more)
        with house.store() as store:
            store.execute("UPDATE posts SET state_day = ?, day = ?", (str(day), str(day)))
        if open_:
            assert house.send("/api/posts", house.story(**WHOLE)).status == 201
            return
        closed_but_kind(house, house.story(**WHOLE))
        fields = {"receipt": shared["receipt"]}
        assert house.tell("/api/receipt", fields).status == 200
        assert house.tell("/api/receipt/erase", fields).status == 200
        assert house.send("/api/posts", house.story(**WHOLE)).status == 201


DANGER = "I have decided to kill myself tonight and I have the pills here. Goodbye, all of you."
WORRIED = "We’re worried about you"


def test_who_may_be_in_danger_reads_of_help_first_also_when_the_form_is_closed(tmp_path):
    with served(tmp_path) as house:
        house.set_closed(True)
        heard = house.send("/api/posts", house.story(body=DANGER))
        assert (heard.status, house.count("posts")) == (503, 0)
        assert heard.text.index(WORRIED) < heard.text.index("Share your story</h")
        assert DANGER in heard.text
        assert WORRIED not in house.send("/api/posts", house.story(**WHOLE)).text


def test_looking_for_danger_never_costs_more_than_taking_stories_in(narrow):
    """Words are looked through only while a lane has room, so that no flood makes it a burden."""
    narrow.set_closed(True)
    shown = [narrow.send("/api/posts", narrow.story(body=DANGER)).text for _ in range(AT_ONCE + 3)]
    assert [WORRIED in text for text in shown] == [True] * AT_ONCE + [False] * 3


# A receipt never waits


def test_what_a_receipt_does_goes_on_while_no_more_stories_come_in(narrow):
    first, *_, last = fill(narrow)
    assert narrow.tell("/api/posts", narrow.story()).status == 429
    mine = {"receipt": first["receipt"], "id": first["id"]}
    for _ in range(10 * AT_ONCE):
        assert narrow.tell("/api/receipt", mine).status == 200
    assert narrow.tell("/api/receipt/withdraw", mine).status == 200
    assert narrow.tell("/api/receipt/erase", {"receipt": last["receipt"]}).status == 200


def test_a_receipt_is_answered_while_a_story_waits_for_the_store(tmp_path):
    with served(tmp_path, HANDRAIL_TEST_BUSY_MS="60000") as house, ThreadPoolExecutor() as people:
        gone = house.shared()
        mine = {"receipt": gone["receipt"], "id": gone["id"]}
        assert house.tell("/api/receipt/withdraw", mine).status == 200
        with house.store() as store:
            store.execute("BEGIN IMMEDIATE")
            waiting = people.submit(house.tell, "/api/posts", house.story())
            behind = people.submit(house.get, "/api/share")
            assert house.tell("/api/receipt", mine).status == 200
            assert house.tell("/api/receipt/withdraw", mine).status == 200
            assert not waiting.done()
            store.rollback()
        assert (waiting.result().status, behind.result().status) == (201, 200)


def test_a_story_is_taken_back_before_a_flood_of_others_is_read_in(tmp_path):
    with served(tmp_path) as house:
        shared = house.shared()
        flood = [knock(house.port, house.story(body=BODY * 150)) for _ in range(50)]
        mine = {"receipt": shared["receipt"], "id": shared["id"]}
        assert house.tell("/api/receipt/withdraw", mine).status == 200
        assert house.count("posts") < 1 + len(flood)
        assert [answer(one) for one in flood] == [201] * len(flood)


def knock(port, fields):
    """Send a whole form and wait for nothing."""
    body = urlencode(fields).encode()
    head = (
        f"POST /api/posts HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {FORM}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(head.encode() + body)
    return connection


def answer(connection):
    """The status that came back at last."""
    with connection:
        received = b""
        while more := connection.recv(65536):
            received += more
    return int(received.split(b" ")[1])
