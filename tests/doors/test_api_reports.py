"""A reader reports a published story without an account, and gets a receipt of its own."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from api.door.wording import REASONS
from forum.post import Act, State
from forum.rows import Reason
from tests.doors.meanwhile import decided, desk, put, put_up, up
from tests.doors.seen import Page
from tests.doors.served import BODY, CANARY, JSON, served

TOLD = "The last line names the street where my sister lives."
DANGER = "I am going to kill myself tonight, I have the pills here and I said goodbye."
HOSTILE = "</textarea><script>alert(1)</script>'\"><img src=x onerror=alert(2)>{{7*7}}\n\n&amp;"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house
        assert "Error" not in house.log, house.log


@pytest.fixture
def story(house):
    """The id of a story that readers see."""
    return up(house, body=f"{BODY} {CANARY}")["id"]


def filled(house, story, **changed):
    """A report that can be taken as it is."""
    whole = {"id": story, "reason": "unsafe", "words": TOLD, "token": house.token()} | changed
    return {name: value for name, value in whole.items() if value is not None}


def reported(house, story, **changed):
    heard = house.tell("/api/reports", filled(house, story, **changed))
    assert heard.status == 201, heard.text
    return json.loads(heard.body)


def looked_up(house, told):
    (report,) = json.loads(house.tell("/api/receipt", {"receipt": told["receipt"]}).body)["reports"]
    return report


def rows(house, *tables):
    with house.store() as store:
        return [list(map(tuple, store.execute(f"SELECT * FROM {table}"))) for table in tables]


# The form


def test_the_form_asks_what_is_wrong_and_nothing_about_the_reader(house, story):
    page = Page(house.get(f"/api/reports?id={story}").text)
    assert {field.name for field in page.fields} == {"reason", "words", "website"}
    offered = {field.value: page.label(field) for field in page.fields if field.name == "reason"}
    assert offered == {reason.value: words for reason, words in REASONS.items()}
    assert set(offered) == {reason.value for reason in Reason}
    assert not any("checked" in field.given for field in page.fields)
    sent = page.one("form").given
    assert (sent["method"], sent["action"]) == ("post", "/api/reports")
    assert page.all("script") == []
    assert "take it back with your receipt" in page.words
    assert f"/stories/{story}/" in [link.given["href"] for link in page.all("a")]


def test_a_program_gets_a_token_for_a_report(house, story):
    told = json.loads(house.get(f"/api/reports?id={story}", Accept=JSON).body)
    assert told["id"] == story
    heard = house.tell("/api/reports", filled(house, story, token=told["token"]))
    assert list(json.loads(heard.body)["errors"]) == ["token"]  # in time, and only too quick


@pytest.mark.parametrize(
    "post_id", ["", "a" * 16, "../../etc/passwd", "%00", "<script>", "x" * 3000, "%F0%9F%8C%B1"]
)
def test_what_is_not_on_the_site_cannot_be_reported_and_is_told_so_kindly(house, post_id):
    for heard in (
        house.get(f"/api/reports?id={post_id}"),
        house.send("/api/reports", filled(house, post_id)),
        house.send("/api/reports", filled(house, post_id, reason="nonsense", words="x" * 2000)),
    ):
        assert heard.status == 404
        assert "This story is not on the site" in heard.text
    told = house.tell("/api/reports", filled(house, post_id))
    assert (told.status, list(json.loads(told.body)["errors"])) == (404, [""])


def test_what_a_reader_wrote_comes_back_when_the_story_has_gone_meanwhile(house):
    words = "It names my street. <b>Please</b> look."
    heard = house.send("/api/reports", filled(house, "a" * 16, words=words))
    (kept,) = Page(heard.text).all("textarea")
    assert kept.text.strip() == words
    assert "readonly" in kept.given


@pytest.mark.parametrize("state", ["received", "declined"])
def test_what_is_no_longer_or_never_was_up_answers_like_what_never_existed(house, state):
    shared = house.shared()
    put(house, shared["id"], State(state))
    heard = [house.get(f"/api/reports?id={name}") for name in (shared["id"], "a" * 16)]
    assert heard[0].body == heard[1].body


# Sending it


def test_a_report_is_thanked_for_with_six_words_of_its_own(house, story):
    heard = house.send("/api/reports", filled(house, story))
    page = Page(heard.text)
    assert heard.status == 201
    (receipt,) = [one for one in page.all("ol") if "receipt-words" in one.given.get("class", "")]
    words = " ".join(receipt.text.split())
    assert "Thank you for looking out" in page.words
    typed = page.would_send("/api/receipt/typed-back") | {"receipt": words}
    assert "Your words are right" in house.send("/api/receipt/typed-back", typed).text
    looked = Page(house.send("/api/receipt", {"receipt": words}).text)
    assert "Your report: It could hurt someone" in looked.words
    assert "Waiting to be read" in looked.words
    assert TOLD not in looked.words


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_taken_and_told_back(house, story, reason):
    told = reported(house, story, reason=reason.value, words="")
    assert told["state"] == "open"
    report = looked_up(house, told)
    assert (report["id"], report["reason"], report["erased_on"]) == (
        told["id"],
        reason.value,
        None,
    )


def test_a_report_writes_nothing_of_the_post_it_is_about(house, story):
    theirs = ("posts", "texts", "messages", "offers", "editions", "record", "counters")
    before = rows(house, *theirs)
    for _ in range(4):
        reported(house, story)
    assert rows(house, *theirs) == before
    assert len(desk(house).read(story).reports) == 4


def test_the_author_sees_nothing_of_a_report(house):
    shared = up(house)
    before = house.tell("/api/receipt", {"receipt": shared["receipt"]})
    reported(house, shared["id"])
    after = house.tell("/api/receipt", {"receipt": shared["receipt"]})
    first, second = (json.loads(heard.body) for heard in (before, after))
    assert first["posts"] == second["posts"]
    assert second["reports"] == []


def test_the_same_form_sent_twice_is_one_report_with_one_receipt(house, story):
    sent = filled(house, story)
    with ThreadPoolExecutor(8) as fingers:
        heard = list(fingers.map(lambda _: house.tell("/api/reports", sent), range(8)))
    told = [json.loads(one.body) for one in heard]
    assert {one.status for one in heard} == {201}
    assert len({(one["receipt"], one["id"]) for one in told}) == 1
    assert len(desk(house).read(story).reports) == 1


def test_a_form_that_shared_a_story_reports_nothing(house, story):
    sent = house.story()
    assert house.send("/api/posts", sent).status == 201
    heard = house.send("/api/reports", filled(house, story, token=sent["token"]))
    page = Page(heard.text)
    assert heard.status == 422
    assert page.by_id("field-words").value == TOLD
    assert page.would_send()["token"] != [sent["token"]]
    assert desk(house).read(story).reports == []


# What comes back


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", ""),
        ("reason", None),
        ("reason", "nonsense"),
        ("reason", HOSTILE),
        ("words", "x" * 1001),
        ("website", "http://spam.example"),
        ("token", ""),
        ("token", "v1.x"),
    ],
)
@pytest.mark.parametrize("words", [TOLD, HOSTILE])
def test_a_wrong_field_brings_the_form_back_with_the_words(house, story, field, value, words):
    before = house.count("reports")
    sent = filled(house, story, **{"words": words, field: value})
    heard = house.send("/api/reports", sent)
    page = Page(heard.text)
    assert heard.status == 422
    assert page.one("title").text.startswith("Please look again")
    assert list(page.errors()) == [f"#field-{field}" if field in ("reason", "words") else ""]
    assert page.by_id("field-words").value == sent["words"]
    assert page.all("script") == []
    if field != "reason":
        assert page.would_send()["reason"] == ["unsafe"]
    assert field in json.loads(house.tell("/api/reports", sent).body)["errors"]
    assert house.count("reports") == before


def test_a_form_that_comes_back_can_be_sent(house, story):
    page = Page(house.send("/api/reports", filled(house, story, reason=None)).text)
    assert house.send("/api/reports", page.would_send() | {"reason": "cruel"}).status == 201


@pytest.mark.parametrize("age", [timedelta(seconds=1), timedelta(days=1, seconds=5)])
def test_a_form_that_is_too_young_or_too_old_keeps_the_words(house, story, age):
    heard = house.send("/api/reports", filled(house, story, token=house.token(age)))
    assert heard.status == 422
    assert Page(heard.text).by_id("field-words").value == TOLD


def test_a_thousand_characters_are_taken_and_line_ends_count_once(house, story):
    for words in ("é" * 1000, "\r\n" + "x" * 998 + "\r\n", "\U0001f469" * 1000):
        assert house.send("/api/reports", filled(house, story, words=words)).status == 201


def test_a_locked_store_keeps_the_words(house, story):
    sent = filled(house, story)
    with house.store() as store:
        store.execute("BEGIN EXCLUSIVE")
        heard = house.send("/api/reports", sent)
        told = house.tell("/api/reports", sent)
        store.rollback()
    assert (heard.status, told.status) == (503, 503)
    assert Page(heard.text).by_id("field-words").value == TOLD
    assert house.send("/api/reports", Page(heard.text).would_send()).status == 201


# Help, and what became of it


def test_help_comes_first_for_a_reader_who_may_be_in_danger(house, story):
    page = Page(house.send("/api/reports", filled(house, story, words=DANGER)).text)
    assert page.one("h1").text == "We’re worried about you"
    assert reported(house, story, words=DANGER)["worried"] is True


def test_who_worries_about_an_author_is_told_that_nobody_can_be_sent(house, story):
    page = Page(house.get(f"/api/reports?id={story}").text)
    assert "We do not know who wrote a story or where they are" in page.words


@pytest.mark.parametrize(
    ("act", "state", "said"),
    [(Act.KEEP, "kept", "It stays on the site"), (Act.TAKE_DOWN, "gone", "no longer on the site")],
)
def test_the_answer_is_told_by_the_reports_own_receipt(house, act, state, said):
    shared = house.shared()
    decided(house, shared["id"], Act.APPROVE)
    put_up(house, shared["id"])
    told = reported(house, shared["id"])
    decided(house, shared["id"], act)
    report = looked_up(house, told)
    assert report["state"] == state
    assert report["erased_on"]
    page = Page(house.send("/api/receipt", {"receipt": told["receipt"]}).text)
    assert said in page.words
    assert "Your report is erased on" in page.words


def test_a_reports_receipt_opens_nothing_of_the_story(house, story):
    told = reported(house, story)
    fields = {"receipt": told["receipt"]}
    assert json.loads(house.tell("/api/receipt", fields).body)["posts"] == []
    for act in ("withdraw", "accept", "refuse", "appeal", "change", "revise"):
        for name in (story, told["id"]):
            heard = house.tell(f"/api/receipt/{act}", {**fields, "id": name, "body": BODY})
            assert heard.status == 404, act
    assert desk(house).read(story).post.state is State.APPROVED


def test_who_forgets_the_receipt_of_a_report_leaves_the_report(house, story):
    told = reported(house, story)
    assert house.tell("/api/receipt/erase", {"receipt": told["receipt"]}).status == 200
    assert house.tell("/api/receipt", {"receipt": told["receipt"]}).status == 404
    assert len(desk(house).read(story).reports) == 1


def test_no_words_of_a_report_are_in_the_log(house, story):
    reported(house, story, words=f"{TOLD} {CANARY}log")
    assert CANARY not in house.log
