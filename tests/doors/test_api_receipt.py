"""What a receipt opens, what it never shows, and how somebody takes their words back."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from api.door.waiting import told_words
from api.door.wording import STATES, said
from doors.messages import messages
from forum.post import State
from forum.receipts import accesses, grant, parse, redeem
from tests.doors.meanwhile import put, up
from tests.doors.seen import Page
from tests.doors.served import BODY, JSON, served

SHOUTED = "Thank you for this.\r\n<b>Please</b> leave out the town's name."


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house


def look_up(house, receipt):
    return Page(house.send("/api/receipt", {"receipt": receipt}).text)


def told(house, receipt):
    heard = house.tell("/api/receipt", {"receipt": receipt})
    assert heard.status == 200, heard.text
    (post,) = json.loads(heard.body)["posts"]
    return post


def aged(house, receipt, age):
    """A capability for this receipt as this house would have given it that long ago."""
    capabilities, now = house.keyring("capabilities"), datetime.now(UTC)
    capability = json.loads(house.tell("/api/receipt", {"receipt": receipt}).body)["capability"]
    access = redeem(capabilities, capability, now)
    assert access
    return grant(capabilities, access, now - age)


# Looking up


def test_the_page_for_a_receipt_asks_for_six_words_and_lets_no_service_see_them(house):
    page = Page(house.get("/api/receipt").text)
    (field,) = page.fields
    assert page.label(field) == "Your six words"
    assert (field.given["autocomplete"], field.given["spellcheck"]) == ("off", "false")
    sent = page.one("form").given
    assert (sent["method"], sent["action"]) == ("post", "/api/receipt")


def test_a_receipt_shows_what_became_of_a_story(house):
    shared = house.shared()
    page = look_up(house, shared["receipt"])
    assert f"Story by {shared['pen_name']}" in page.words
    assert "Waiting to be read" in page.words
    assert told(house, shared["receipt"]) == {
        "id": shared["id"],
        "kind": "story",
        "state": "received",
        "pen_name": shared["pen_name"],
        "title": None,
        "body": None,
        "hash": None,
        "message": None,
        "offered": [],
        "edited": [],
        "replies": [],
        "published": False,
        "actions": ["withdraw"],
        "erased_on": None,
    }


@pytest.mark.parametrize(
    "retyped",
    [
        str.upper,
        str.title,
        lambda words: f"  {words}\n",
        lambda words: words.replace(" ", ", "),
        lambda words: words.replace(" ", "\r\n"),
        lambda words: words.replace(" ", " \N{EN DASH} "),
    ],
)
def test_a_receipt_is_read_the_way_people_write_it_down(house, retyped):
    shared = house.shared()
    assert told(house, retyped(shared["receipt"]))["id"] == shared["id"]


@pytest.mark.parametrize("state", State)
def test_every_state_is_told_in_plain_words(house, state):
    shared = house.shared()
    put(house, shared["id"], state)
    assert told(house, shared["receipt"])["state"] == state.value
    for words in STATES[state]:
        assert told_words(words, None) in look_up(house, shared["receipt"]).words


def test_a_story_that_readers_can_see_says_so_and_leads_there(house):
    shared = up(house)
    page = look_up(house, shared["receipt"])
    assert "On the site" in page.words
    assert f"/stories/{shared['id']}/" in [link.given["href"] for link in page.all("a")]
    assert told(house, shared["receipt"])["published"] is True


def test_a_story_that_is_coming_down_says_so_and_leads_nowhere(house):
    shared = up(house)
    put(house, shared["id"], State.TAKEN_DOWN)
    page = look_up(house, shared["receipt"])
    assert "coming down" in page.words
    assert f"/stories/{shared['id']}/" not in [link.given["href"] for link in page.all("a")]


def test_a_message_keeps_its_lines_and_can_do_nothing(house):
    shared = house.shared()
    put(house, shared["id"], State.RETURNED, message=SHOUTED)
    page = look_up(house, shared["receipt"])
    lines = [p.text for p in page.all("p") if "dir" in p.given]
    assert lines == SHOUTED.splitlines()
    assert page.all("b") == []
    assert told(house, shared["receipt"])["message"] == SHOUTED


def test_an_empty_line_in_a_message_is_no_empty_paragraph(house):
    shared = house.shared()
    put(house, shared["id"], State.RETURNED, message="Thank you.\r\n\r\n\nOne thing.")
    page = look_up(house, shared["receipt"])
    assert [p.text for p in page.all("p") if "dir" in p.given] == ["Thank you.", "One thing."]


@pytest.mark.parametrize("state", [State.DECLINED, State.TAKEN_DOWN])
def test_a_second_look_is_promised_under_a_message_once_and_not_again(house, state):
    shared, promise = house.shared(), messages()["second-look"]
    put(house, shared["id"], state, message="We read every word.")
    page = look_up(house, shared["receipt"])
    assert promise.text in page.words
    assert promise.label in page.words
    house.send("/api/receipt/appeal", page.would_send("/api/receipt/appeal"))
    put(house, shared["id"], state, message="We read every word again.")
    page = look_up(house, shared["receipt"])
    assert "We read every word again." in page.words
    assert promise.text not in page.words
    assert promise.label not in page.words


def test_the_day_of_erasing_is_told_where_a_clock_runs(house):
    shared = house.shared()
    put(house, shared["id"], State.DECLINED)
    day = told(house, shared["receipt"])["erased_on"]
    assert datetime.fromisoformat(day).date() > datetime.now(UTC).date()
    assert day[:4] in look_up(house, shared["receipt"]).words


# What is never shown


def test_the_six_words_are_on_the_thank_you_page_alone(house):
    sent = house.story()
    thanks = Page(house.send("/api/posts", sent).text)
    words = [li.text for li in thanks.all("li") if li.inside("ol") and li.inside("section")][:6]
    receipt = " ".join(words)
    assert parse(receipt)
    (post,) = json.loads(house.tell("/api/receipt", {"receipt": receipt}).body)["posts"]
    for heard in (
        house.send("/api/receipt", {"receipt": receipt}),
        house.tell("/api/receipt", {"receipt": receipt}),
        house.send("/api/receipt", {"receipt": f"{receipt} again"}),
        house.tell("/api/receipt", {"receipt": f"{receipt} again"}),
        house.send("/api/posts", house.story(receipt=receipt)),
        house.send("/api/posts", house.story(receipt=receipt, body="")),
        house.send("/api/posts", house.story(receipt=f"{receipt} again")),
        house.send("/api/receipt/withdraw", {"receipt": receipt, "id": "a" * 16}),
        house.send("/api/receipt/withdraw", {"receipt": receipt, "id": post["id"]}),
        house.send("/api/receipt", {"receipt": receipt}),
    ):
        assert receipt not in heard.text
        assert not any(f"{a} {b}" in heard.text for a, b in pairwise(words))
        assert heard.headers["Cache-Control"] == "no-store"


def test_nothing_of_a_receipt_or_a_capability_is_in_any_address(house):
    page = look_up(house, house.shared()["receipt"])
    (capability,) = page.would_send("/api/receipt/withdraw")["capability"]
    for element in page.elements:
        for name in ("href", "action", "src"):
            assert capability not in element.given.get(name, "")
    assert {form.given["method"] for form in page.all("form")} == {"post"}


def test_the_store_holds_neither_words_nor_who_shares_a_hand(house):
    shared = house.shared()
    house.shared(receipt=shared["receipt"])
    with house.store() as store:
        tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master")]
        tables = [name for name in tables if "_" not in name]
        everything = repr([list(store.execute(f"SELECT * FROM {name}")) for name in tables])
        (access,) = accesses(house.keyring("receipts"), parse(shared["receipt"]))
        found = store.execute("SELECT sealed FROM authors WHERE lookup = ?", (access.lookup,))
        (sealed,) = found.fetchone()
    assert shared["receipt"] not in everything
    assert shared["id"] in everything
    assert shared["id"].encode() not in sealed


# One and the same answer


ACTS = ("withdraw", "accept", "refuse", "appeal", "change")
SLIPS = re.compile(r'<section class="notice" aria-labelledby="slips">.*?</section>\n?', re.DOTALL)


def but_for_the_spelling(heard):
    """A page without what the word list tells of the typed words."""
    return SLIPS.sub("", heard.text)


def test_all_that_is_unknown_gets_one_and_the_same_answer(house):
    known, erased, foreign = (house.shared() for _ in range(3))
    with house.store() as store:
        store.execute("DELETE FROM posts WHERE id = ?", (erased["id"],))
    words = known["receipt"].split()
    ran_out = {"receipt": erased["receipt"]}  # whose empty row its holder may still have forgotten
    tried = [
        {"receipt": ""},
        {},
        ran_out,
        {"receipt": " ".join(words[1:] + words[:1])},
        {"receipt": " ".join(words[:5])},
        {"receipt": " ".join([*words, words[0]])},
        {"receipt": " ".join([*words[:5], words[5] + "x"])},
        {"receipt": "<script>alert(1)</script>"},
        {"receipt": "x" * 3000},
        {"receipt": "\0" * 6},
        {"capability": "nonsense"},
        {"capability": "\N{SNOWMAN}"},
        {"capability": aged(house, known["receipt"], timedelta(minutes=16))},
        {"capability": house.token()},
        {"capability": known["put_away"]},
        {"put_away": "nonsense"},
        {"put_away": house.token()},
        {"put_away": aged(house, known["receipt"], timedelta())},
        {"receipt": [known["receipt"] + "x", known["receipt"]]},
    ]
    acted = [{**fields, "id": known["id"]} for fields in tried]
    acted += [
        {"receipt": foreign["receipt"], "id": known["id"]},
        {"receipt": known["receipt"], "id": erased["id"]},
        {"receipt": known["receipt"], "id": "../../etc/passwd"},
        {"receipt": known["receipt"], "id": ""},
        {"receipt": known["receipt"]},
    ]
    for say in (house.send, house.tell):
        heard = [say("/api/receipt", fields) for fields in tried]
        heard += [say("/api/receipt/erase", fields) for fields in tried if fields != ran_out]
        heard += [say(f"/api/receipt/{act}", fields) for act in ACTS for fields in acted]
        assert {one.status for one in heard} == {404}
        assert len({but_for_the_spelling(one) for one in heard}) == 1
        for one in heard:
            del one.headers["Date"]
            del one.headers["Content-Length"]
        assert len({str(one.headers) for one in heard}) == 1
    assert told(house, known["receipt"])["state"] == "received"


def test_the_answer_to_what_is_unknown_offers_to_try_again(house):
    heard = house.send("/api/receipt", {"receipt": "no such words"})
    page = Page(heard.text)
    assert list(page.errors()) == ["#field-receipt"]
    assert page.by_id("field-receipt").value == ""
    assert page.one("form").given["action"] == "/api/receipt"


@pytest.mark.parametrize("odd", [None, 5, True, ["a"], {"a": "b"}, [[]], 1e999])
def test_a_receipt_that_is_no_text_opens_nothing(house, odd):
    assert house.tell("/api/receipt", {"receipt": odd}).status == 404
    assert house.tell("/api/receipt/withdraw", {"receipt": odd, "id": odd}).status == 404


# Taking back


def test_who_takes_a_story_back_sees_it_gone_at_once(house):
    shared = house.shared(title="To be forgotten")
    page = look_up(house, shared["receipt"])
    sent = page.would_send("/api/receipt/withdraw")
    heard = house.send("/api/receipt/withdraw", sent)
    after = Page(heard.text)
    assert heard.status == 200
    for words in said("withdrawn"):
        assert words in after.words
    assert "Taken back" in after.words
    assert [form.given["action"] for form in after.all("form")] == ["/api/receipt/erase"]
    with house.store() as store:
        gone = store.execute("SELECT * FROM texts WHERE post_id = ?", (shared["id"],)).fetchall()
    assert gone == []


def test_taken_back_words_are_in_no_file_of_the_store(house):
    canary = "marmalade" + house.token()[:20].replace("-", "x").replace("_", "x")
    shared = house.shared(body=f"{BODY} {canary}", title=canary)
    stored = b"".join(file.read_bytes() for file in house.folder.glob("handrail.sqlite3*"))
    assert canary.encode() in stored
    house.tell("/api/receipt/withdraw", {"receipt": shared["receipt"], "id": shared["id"]})
    stored = b"".join(file.read_bytes() for file in house.folder.glob("handrail.sqlite3*"))
    assert canary.encode() not in stored


def test_a_receipt_takes_back_without_looking_up_first(house):
    shared = house.shared()
    fields = {"receipt": shared["receipt"], "id": shared["id"]}
    heard = house.tell("/api/receipt/withdraw", fields)
    done = json.loads(heard.body)
    assert (done["id"], done["state"]) == (shared["id"], "withdrawn")
    assert house.tell("/api/receipt/withdraw", fields).body == heard.body
    assert told(house, shared["receipt"])["actions"] == []


def test_a_story_that_is_up_rings_the_press_when_it_is_taken_back(house):
    def rung():
        with house.store() as store:
            row = store.execute("SELECT value FROM counters WHERE name = 'press-rung'").fetchone()
        return row[0] if row else 0

    shared, before = up(house), rung()
    sent = look_up(house, shared["receipt"]).would_send("/api/receipt/withdraw")
    after = Page(house.send("/api/receipt/withdraw", sent).text)
    assert rung() == before + 1
    for words in said("withdrawn-from-site"):
        assert words in after.words
    assert "coming down" in look_up(house, shared["receipt"]).words


def test_eight_presses_of_the_button_at_once_take_it_back_once(house):
    shared = house.shared()
    fields = {"receipt": shared["receipt"], "id": shared["id"]}
    with ThreadPoolExecutor(8) as fingers:
        heard = list(fingers.map(lambda _: house.tell("/api/receipt/withdraw", fields), range(8)))
    assert {one.status for one in heard} == {200}
    assert len({one.body for one in heard}) == 1


def test_one_of_two_stories_is_taken_back_and_the_other_stays(house):
    first = house.shared()
    second = house.shared(receipt=first["receipt"])
    house.tell("/api/receipt/withdraw", {"receipt": first["receipt"], "id": first["id"]})
    posts = json.loads(house.tell("/api/receipt", {"receipt": first["receipt"]}).body)["posts"]
    states = {post["id"]: post["state"] for post in posts}
    assert states == {first["id"]: "withdrawn", second["id"]: "received"}


def test_a_capability_works_for_a_quarter_of_an_hour_and_no_longer(house):
    shared = house.shared()
    late = aged(house, shared["receipt"], timedelta(minutes=15, seconds=2))
    in_time = aged(house, shared["receipt"], timedelta(minutes=14, seconds=50))
    fields = {"id": shared["id"]}
    assert house.tell("/api/receipt/withdraw", fields | {"capability": late}).status == 404
    assert house.tell("/api/receipt/withdraw", fields | {"capability": in_time}).status == 200


def test_a_locked_store_takes_nothing_back_and_says_so(house):
    shared = house.shared()
    fields = {"receipt": shared["receipt"], "id": shared["id"]}
    with house.store() as store:
        store.execute("BEGIN EXCLUSIVE")
        page = house.send("/api/receipt/withdraw", fields)
        heard = house.tell("/api/receipt/withdraw", fields)
        store.rollback()
    assert (page.status, heard.status) == (503, 503)
    assert re.search("try again in a minute", page.text)
    assert told(house, shared["receipt"])["state"] == "received"


def test_the_page_says_how_long_it_works_and_how_to_leave(house):
    words = look_up(house, house.shared()["receipt"]).words
    assert "15 minutes" in words
    assert "close this tab" in words


def test_a_program_that_asks_for_the_page_gets_the_page(house):
    assert house.get("/api/receipt", Accept=JSON).headers.get_content_type() == "text/html"
