"""Sending the form: thanks, every way that it comes back, and that nothing is stored twice."""

import json
import re
import resource
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest

from tests.doors.seen import Page
from tests.doors.served import BODY, JSON, served

HOSTILE = "</textarea><script>alert(1)</script>'\"><img src=x onerror=alert(2)>&amp;&lt;\n\n lines"
LINE = HOSTILE.replace("\n", " ")
LISTS = {
    "topic": "topics",
    "helped": "helped",
    "content_note": "content_notes",
    "about_me": "about_me",
}
WHOLE = {
    "kind": ["story"],
    "body": [HOSTILE],
    "title": [LINE],
    "stage": ["first-year"],
    "arc": ["still-in-it"],
    "topic": ["alcohol", "grief"],
    "helped": ["nature"],
    "content_note": ["death"],
    "about_me": ["parent", "rural"],
    "findable": ["yes"],
    "consent": ["yes"],
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def closed(house):
    house.set_closed(True)
    yield
    house.set_closed(False)


@contextmanager
def locked(house):
    """Another process holds the store and does not let go."""
    with house.store() as store:
        store.execute("BEGIN EXCLUSIVE")
        yield
        store.rollback()


@contextmanager
def full_disk(house):
    """The house may not make any of its files longer than nothing."""
    before = resource.prlimit(house.process, resource.RLIMIT_FSIZE)
    resource.prlimit(house.process, resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    resource.prlimit(house.process, resource.RLIMIT_FSIZE, before)


def told(heard):
    """A program's answer without the token that is sealed afresh in each."""
    said = json.loads(heard.body)
    assert said.pop("put_away")
    return said


def kept(page):
    """What the form would send again, without its token and what is empty."""
    sent = page.would_send()
    return {name: values for name, values in sent.items() if name != "token" and any(values)}


# Thanks


def test_a_story_is_thanked_for_with_six_words_and_care(house):
    heard = house.send("/api/posts", house.story(**WHOLE))
    assert heard.status == 201
    page = Page(heard.text)
    (receipt,) = [one for one in page.all("ol") if "receipt-words" in one.given.get("class", "")]
    assert re.fullmatch(r"[a-z]+( [a-z]+){5}", " ".join(receipt.text.split()))
    for said in ("keep these six words", "How are you doing?", "We show them once"):
        assert said in page.words
    assert "alert(" not in heard.text


def test_a_program_is_told_the_receipt_the_id_the_state_and_help(house):
    told = house.shared()
    assert told["state"] == "received"
    assert len(told["receipt"].split()) == 6
    assert told["help"]["emergency"]
    assert "https://findahelpline.com" in [line["url"] for line in told["help"]["lines"]]


def test_help_reaches_programs_also_where_no_number_is_checked_yet(tmp_path):
    secret = "v1:" + "A" * 43 + "="
    keys = {
        f"HANDRAIL_KEY_{purpose}": secret
        for purpose in ("RECEIPTS", "FORMS", "CAPABILITIES", "SESSIONS")
    }
    with served(tmp_path, HANDRAIL_ENV="production", **keys) as house:
        told = json.loads(house.tell("/api/posts", {}).body)
        assert "Find A Helpline" in [line["name"] for line in told["help"]["lines"]]


def test_what_was_chosen_is_what_is_stored(house):
    told = house.shared(**{**WHOLE, "body": [BODY]})
    with house.store() as store:
        (stored,) = store.execute("SELECT fields FROM posts WHERE id = ?", (told["id"],)).fetchone()
        typed = store.execute("SELECT title, typed FROM texts WHERE post_id = ?", (told["id"],))
        assert typed.fetchone() == (LINE, BODY)
    fields = json.loads(stored)
    assert (fields["stage"], fields["arc"]) == ("first-year", "still-in-it")
    assert fields["findable"] is True
    for field, name in LISTS.items():
        assert fields[name] == sorted(WHOLE[field])


def test_the_least_that_can_be_shared_is_a_story_and_consent(house):
    told = house.shared()
    with house.store() as store:
        (stored,) = store.execute("SELECT fields FROM posts WHERE id = ?", (told["id"],)).fetchone()
    assert not any(json.loads(stored).values())


def test_a_second_story_is_kept_under_the_same_receipt_and_its_words_are_not_shown_again(house):
    first = house.shared()
    heard = house.send("/api/posts", house.story(receipt=first["receipt"].upper()))
    assert heard.status == 201
    assert "kept under your receipt" in heard.text
    assert " ".join(first["receipt"].split()[:2]) not in " ".join(Page(heard.text).words.split())
    told = json.loads(house.tell("/api/receipt", {"receipt": first["receipt"]}).body)
    assert len(told["posts"]) == 2


# What comes back


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("body", ""),
        ("body", "Too short."),
        ("body", "x" * 12_001),
        ("title", "x" * 121),
        ("title", "two\nlines"),
        ("stage", "nonsense"),
        ("arc", "nonsense"),
        ("topic", ["alcohol", "nonsense"]),
        ("helped", ["nonsense"]),
        ("content_note", ["nonsense"]),
        ("about_me", ["parent", "rural", "older"]),
        ("findable", "perhaps"),
        ("consent", ""),
        ("receipt", "six words that nobody ever had"),
    ],
)
def test_a_wrong_field_brings_the_form_back_with_its_error_and_all_else(house, field, value):
    heard = house.send("/api/posts", house.story(**{**WHOLE, field: value}))
    page = Page(heard.text)
    assert heard.status == 422
    assert page.one("title").text.startswith("Please look again")
    target = f"#field-{field}"
    assert list(page.errors()) == [target]
    place = page.by_id(target[1:])
    group = place if place.given.get("type") in ("text", None) else place.inside("fieldset")
    assert page.described(group).partition("Problem: ")[2] in page.errors()[target]
    others = set(WHOLE) - {field}
    assert {name: kept(page).get(name) for name in others} == {n: WHOLE[n] for n in others}


@pytest.mark.parametrize("field", ["body", "title"])
@pytest.mark.parametrize("typed", [HOSTILE, "{{7*7}} {% raw %}", "\n\nlines first", "\u202etfel"])
def test_what_was_typed_comes_back_to_the_letter(house, field, typed):
    heard = house.send("/api/posts", house.story(**{field: typed, "consent": None}))
    page = Page(heard.text)
    assert heard.status == 422
    assert page.by_id(f"field-{field}").value == typed
    assert [script.given["src"] for script in page.all("script")] == ["/theme/js/share.js"]


def test_the_errors_are_one_box_that_can_be_focused_and_is_read_out(house):
    page = Page(house.send("/api/posts", {}).text)
    box = page.by_id("errors")
    assert (box.given["role"], box.given["tabindex"]) == ("alert", "-1")
    wrong = [e for e in page.elements if e.given.get("aria-invalid") == "true"]
    assert {field.name for field in wrong} >= {"body"}


def test_all_errors_come_at_once(house):
    sent = house.story(body="", title="x" * 121, stage="nonsense", consent=None)
    told = json.loads(house.tell("/api/posts", sent).body)
    assert set(told["errors"]) == {"body", "title", "stage", "consent"}
    assert told["help"]["emergency"]


def test_the_token_that_comes_back_still_works(house):
    wrong = house.story(consent=None)
    page = Page(house.send("/api/posts", wrong).text)
    again = page.would_send() | {"consent": ["yes"]}
    assert again["token"] == [wrong["token"]]
    assert house.send("/api/posts", again).status == 201


def test_who_falls_into_the_trap_can_send_again(house):
    heard = house.send("/api/posts", house.story(website="http://spam.example"))
    assert heard.status == 422
    assert "leave this field empty" in heard.text
    again = Page(heard.text).would_send() | {"consent": ["yes"]}
    assert again["website"] == [""]
    assert house.send("/api/posts", again).status == 201


def test_a_receipt_that_was_typed_is_asked_for_again_and_is_not_on_the_page(house):
    receipt = house.shared()["receipt"]
    heard = house.send("/api/posts", house.story(receipt=receipt, consent=None))
    page = Page(heard.text)
    assert receipt not in heard.text
    assert "once more" in page.errors()["#field-receipt"]


# Tokens


def test_a_form_that_comes_back_too_quickly_can_be_sent_again_as_it_is(house):
    quick = house.story(token=house.token(age=timedelta(seconds=1)))
    told = json.loads(house.tell("/api/posts", quick).body)
    assert "quick" in told["errors"]["token"]
    assert told["token"] == quick["token"]


@pytest.mark.parametrize(
    "made",
    [
        lambda house: house.token(age=timedelta(days=1, seconds=5)),
        lambda house: house.token(keys="capabilities"),
        lambda house: house.token(keys="receipts"),
        lambda house: "v2" + house.token()[2:],
        lambda house: house.token()[:-8] + "AAAAAAA=",
        lambda house: "v1." + "A" * 76,
        lambda house: json.loads(
            house.tell("/api/receipt", {"receipt": house.shared()["receipt"]}).body
        )["capability"],
        lambda house: "",
        lambda house: "v1.",
        lambda house: "v1.\u2603",
        lambda house: "x" * 5000,
    ],
)
def test_an_expired_forged_or_foreign_token_gets_a_fresh_form_with_the_text(house, made):
    sent = house.story(token=made(house), title="Kept")
    before = house.count("posts")
    heard = house.send("/api/posts", sent)
    assert heard.status == 422
    page = Page(heard.text)
    assert (kept(page)["body"], kept(page)["title"]) == ([BODY], ["Kept"])
    (fresh,) = page.would_send()["token"]
    assert fresh != sent["token"]
    assert "quick" in house.tell("/api/posts", house.story(token=fresh)).text
    assert house.count("posts") == before


def test_an_early_form_from_a_clock_that_ran_ahead_waits(house):
    sent = house.story(token=house.token(age=timedelta(hours=-1)))
    assert "quick" in house.tell("/api/posts", sent).text


# Once


def test_the_same_form_sent_twice_is_one_post_with_one_receipt(house):
    sent, before = house.story(), house.count("posts")
    first, second = (told(house.tell("/api/posts", sent)) for _ in range(2))
    assert first == second
    assert house.count("posts") == before + 1


def test_a_form_sent_by_eight_threads_at_once_is_one_post_with_one_receipt(house):
    sent, before = house.story(), house.count("posts")
    with ThreadPoolExecutor(8) as fingers:
        heard = list(fingers.map(lambda _: house.tell("/api/posts", sent), range(8)))
    assert {one.status for one in heard} == {201}
    assert all(told(one) == told(heard[0]) for one in heard)
    assert house.count("posts") == before + 1


def test_eight_stories_under_one_receipt_at_once_are_all_kept(house):
    receipt = house.shared()["receipt"]
    forms = [house.story(receipt=receipt, title=f"Number {n}") for n in range(8)]
    with ThreadPoolExecutor(8) as people:
        heard = list(people.map(lambda sent: house.tell("/api/posts", sent), forms))
    assert {one.status for one in heard} <= {201, 503}
    again = [house.tell("/api/posts", sent) for sent in forms]
    assert {one.status for one in again} == {201}
    told = json.loads(house.tell("/api/receipt", {"receipt": receipt}).body)
    assert len(told["posts"]) == 1 + len(forms)


def test_a_used_form_with_other_words_becomes_a_fresh_form_with_those_words(house):
    sent = house.story()
    assert house.send("/api/posts", sent).status == 201
    other, before = sent | {"body": BODY + " And there is more."}, house.count("posts")
    heard = house.send("/api/posts", other)
    page = Page(heard.text)
    assert heard.status == 422
    assert kept(page)["body"] == [other["body"]]
    assert page.would_send()["token"] != [sent["token"]]
    assert "fresh form with your words" in page.errors()[""]
    assert house.count("posts") == before


# Not now


def not_now(house, sent, words):
    """503 with everything typed, as a page and as JSON, and nothing new in the store."""
    before = house.count("posts"), house.count("authors"), house.count("spent")
    page = house.send("/api/posts", sent)
    told = house.tell("/api/posts", sent)
    assert (page.status, told.status) == (503, 503)
    assert words in page.text
    assert words in json.loads(told.body)["errors"][""]
    assert kept(Page(page.text)) == WHOLE
    assert (house.count("posts"), house.count("authors"), house.count("spent")) == before


def test_a_closed_form_keeps_what_was_typed(house, closed):
    not_now(house, house.story(**WHOLE), "come back another day")


def test_a_closed_form_says_so_before_anybody_writes(house, closed):
    assert house.get("/api/share").status == 503
    assert house.get("/api/share", Accept=JSON).status == 503
    assert json.loads(house.get("/api/health").body) == {"ok": True, "open": False}


def test_who_sent_before_the_form_closed_still_gets_their_receipt(house):
    sent = house.story()
    first = house.tell("/api/posts", sent)
    house.set_closed(True)
    again = house.tell("/api/posts", sent)
    house.set_closed(False)
    assert (first.status, again.status, told(again)) == (201, 201, told(first))


def test_a_locked_store_keeps_what_was_typed(house):
    sent = house.story(**WHOLE)
    with locked(house):
        not_now(house, sent, "your words are below")
    assert house.send("/api/posts", sent).status == 201


def test_a_full_disk_keeps_what_was_typed(house):
    sent = house.story(**WHOLE)
    with full_disk(house):
        not_now(house, sent, "your words are below")
    assert house.send("/api/posts", sent).status == 201
