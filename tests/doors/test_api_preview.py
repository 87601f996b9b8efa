"""Before you share: the author's words, marked, to change or to leave; nothing stored or lost."""

import json
import re

import pytest

from tests.doors.seen import Page
from tests.doors.served import BODY, JSON, served

TELLING = (
    "My sister Priya drove me to the clinic in Dundee on 14 March 2019.\n\n"
    "You can write to jane.doe@example.org. It got better, one walk at a time."
)
DANGER = "I have decided to kill myself tonight and I have the pills here. Goodbye, all of you."
YOUNG = "I am 14 years old and I started drinking when I was 12, behind the school."
HOSTILE = "</textarea><script>alert(x)</script>\"' {{config}} <img src=x onerror=alert(x)>"
ALL_CLEAR = re.compile(
    r"(nothing|no (names?|risks?|problems?|issues?|signs?)) .{0,30}(found|marked|noticed|seen)"
    r"|(found|marked|noticed) (nothing|no )|looks? (safe|fine|good|ok)|all (clear|good)|is safe",
    re.IGNORECASE,
)
WHOLE = {
    "title": ["Walking with Priya"],
    "body": [TELLING],
    "stage": ["first-year"],
    "arc": ["still-in-it"],
    "topic": ["alcohol", "grief"],
    "helped": ["nature"],
    "content_note": ["death"],
    "about_me": ["parent", "rural"],
    "findable": ["yes"],
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house
        assert "Error" not in house.log, house.log


def looked_over(house, **changed):
    heard = house.send("/api/preview", house.story(**changed))
    assert heard.status == 200, heard.text
    return Page(heard.text)


def spots(house, **changed):
    heard = house.tell("/api/preview", house.story(**changed))
    assert heard.status == 200, heard.text
    return json.loads(heard.body)["spots"]


def typed(sent):
    """What a form carries of the person's own, line ends alike."""
    own = {name: values for name, values in sent.items() if name not in ("token", "pow")}
    return {n: [v.replace("\r\n", "\n") for v in vs] for n, vs in own.items() if any(vs)}


def marks(page):
    """The marked words in the person's text, each with its number."""
    pane = [m for m in page.all("mark") if m.inside("section")]
    return [" ".join(mark.text.split()) for mark in pane]


# What is marked


def test_what_could_point_to_somebody_is_marked_numbered_and_explained(house):
    page = looked_over(house, body=TELLING, title="Walking with Priya")
    found = spots(house, body=TELLING, title="Walking with Priya")
    assert [spot["number"] for spot in found] == list(range(1, len(found) + 1))
    assert marks(page) == [f"{spot['words']}, number {spot['number']}" for spot in found]
    assert {"Priya", "Dundee", "14 March 2019", "jane.doe@example.org"} <= {
        spot["words"] for spot in found
    }
    for spot in found:
        assert {"title": "Walking with Priya", "body": TELLING}[spot["field"]][
            spot["start"] : spot["end"]
        ] == spot["words"]
        (box,) = [b for b in page.fields if b.name == "accept" and b.value == str(spot["number"])]
        label = " ".join(box.inside("label").text.split())
        assert label == (
            f"Put “{spot['suggest']}” in place of {spot['words']}"
            if spot["suggest"]
            else f"Leave out {spot['words']}"
        )
        assert spot["reason"] in box.inside("li").text
        assert box.inside("li").given["value"] == box.value
    assert not any("checked" in box.given for box in page.fields)


def test_a_look_stores_nothing_and_uses_no_form_up(house):
    sent, tables = house.story(body=TELLING), ("posts", "texts", "authors", "spent")
    before = [house.count(table) for table in tables]
    for say in (house.send, house.tell, house.send):
        assert say("/api/preview", sent).status == 200
    assert [house.count(table) for table in tables] == before
    assert house.send("/api/posts", sent).status == 201


def test_the_page_says_what_it_is_and_what_it_is_not(house):
    for body in (TELLING, BODY):
        words = looked_over(house, body=body).words
        assert "Nothing is sent yet." in words
        assert "It misses much and it can be wrong." in words


@pytest.mark.parametrize("body", [BODY, TELLING, DANGER, "Ich trinke seit dem Winter nicht mehr."])
def test_no_page_says_that_nothing_was_found(house, body):
    page = looked_over(house, body=body)
    assert not ALL_CLEAR.search(page.words.replace(" ".join(body.split()), ""))
    thanks = Page(house.send("/api/posts", house.story(body=body)).text)
    assert not ALL_CLEAR.search(thanks.words)


def test_a_text_without_marks_can_go_on_to_sending(house):
    page = looked_over(house, body=BODY)
    assert [form.given["action"] for form in page.all("form")] == ["/api/posts"]
    assert house.send("/api/posts", page.would_send()).status == 201


# Changing what is marked


def test_what_is_accepted_is_changed_and_all_else_stays_to_the_letter(house):
    found = spots(house, body=TELLING)
    for taken in ([], found[:1], found[1:], found):
        told = house.tell(
            "/api/preview",
            house.story(body=TELLING, accept=[str(spot["number"]) for spot in taken]),
        )
        wanted = TELLING
        for spot in sorted(taken, key=lambda spot: -spot["start"]):
            before = wanted[: spot["start"]].removesuffix("" if spot["suggest"] else " ")
            wanted = before + spot["suggest"] + wanted[spot["end"] :]
        assert json.loads(told.body)["body"] == wanted


def test_one_by_one_through_the_page_and_on_to_the_store(house):
    page = looked_over(house, **WHOLE)
    while "accept" in {field.name for field in page.fields}:
        sent = page.would_send()
        (box, *_) = [field for field in page.fields if field.name == "accept"]
        before = marks(page)
        page = Page(house.send("/api/preview", {**sent, "accept": [box.value]}).text)
        assert "Changed in 1 place. Here is your story now." in page.words
        assert marks(page) != before
    sent = page.would_send("/api/posts")
    assert {**typed(sent), "title": 0, "body": 0} == {
        **WHOLE,
        "title": 0,
        "body": 0,
        "kind": ["story"],
        "consent": ["yes"],
    }
    told = json.loads(house.send("/api/posts", sent, Accept=JSON).body)
    with house.store() as store:
        row = store.execute("SELECT title, typed FROM texts WHERE post_id = ?", (told["id"],))
        assert row.fetchone() == (sent["title"][0], sent["body"][0].replace("\r\n", "\n"))
    for gone in ("Priya", "Dundee", "jane.doe"):
        assert gone not in "".join((*sent["title"], *sent["body"]))
    assert "It got better, one walk at a time." in sent["body"][0]


def test_who_ticks_and_sends_at_once_sees_the_change_first_and_nothing_is_sent(house):
    page = looked_over(house, **WHOLE)
    (change,) = [b for b in page.all("button") if b.text == "Change what I ticked"]
    assert change.given["formaction"] == "/api/preview"
    before = house.count("posts")
    heard = house.send("/api/posts", page.would_send() | {"accept": ["1", "3"]})
    assert heard.status == 200
    changed = Page(heard.text)
    assert "Changed in 2 places. Here is your story now." in changed.words
    assert "Nothing is sent yet." in changed.words
    assert house.count("posts") == before
    assert house.send("/api/posts", changed.would_send()).status == 201


@pytest.mark.parametrize(
    "accept",
    [["0"], ["99"], ["999999999999"], ["-1"], ["1.0"], ["x", "\0", "<b>"], ["١"], [""] * 150],
)
def test_a_number_that_stands_nowhere_changes_nothing(house, accept):
    for say in (house.send, house.tell):
        heard = say("/api/preview", house.story(body=TELLING, accept=accept), Accept=JSON)
        assert json.loads(heard.body)["body"] == TELLING


def test_line_ends_of_any_kind_give_the_same_places(house):
    unix = spots(house, body=TELLING)
    for end in ("\r\n", "\r"):
        heard = house.send(
            "/api/preview", house.story(body=TELLING.replace("\n", end)), Accept=JSON
        )
        assert json.loads(heard.body)["spots"] == unix


# On to sending, and back to the form


def test_back_to_the_form_brings_everything_back(house):
    page = looked_over(house, **WHOLE)
    (back,) = [b for b in page.all("button") if b.given.get("name") == "go"]
    assert (back.given["value"], back.given["formaction"]) == ("back", "/api/preview")
    sent = page.would_send("/api/posts")
    form = Page(house.send("/api/preview", {**sent, "go": "back"}).text)
    assert form.one("h1").text == "Share your story"
    assert typed(form.would_send()) == typed(sent)
    assert form.would_send()["token"] == sent["token"]
    assert form.errors() == {}


def test_what_the_form_still_needs_is_said_before_it_could_be_sent(house):
    page = looked_over(house, consent=None, topic=["alcohol", "nonsense"])
    assert "Before it can be sent, the form still needs something" in page.words
    listed = [" ".join(item.text.split()) for item in page.all("li")]
    assert any(item.startswith("Before you send: Please tick this") for item in listed)
    assert any(item.startswith("What it is about: Please choose") for item in listed)
    assert [button.text for button in page.all("button")] == ["Back to the form"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("body", ""), ("body", "Too short."), ("body", "x" * 12_001), ("title", "two\nlines")],
)
def test_words_that_could_not_be_sent_are_said_so_on_the_form(house, field, value):
    heard = house.send("/api/preview", house.story(**{**WHOLE, field: value}))
    page = Page(heard.text)
    assert heard.status == 422
    assert list(page.errors()) == [f"#field-{field}"]
    others = {name: values for name, values in WHOLE.items() if name != field}
    assert {name: typed(page.would_send())[name] for name in others} == others
    told = json.loads(house.tell("/api/preview", house.story(**{field: value})).body)
    assert list(told["errors"]) == [field]


def test_a_proof_is_found_again_for_the_page_that_sends_it_on(house):
    page = looked_over(house, pow="abc")
    assert page.would_send("/api/posts")["pow"] == [""]
    assert "data-share" in page.form_to("/api/posts").given
    assert [script.given["src"] for script in page.all("script")] == ["/theme/js/share.js"]


def test_a_look_without_a_token_gets_one(house):
    page = looked_over(house, token=None)
    (token,) = page.would_send("/api/posts")["token"]
    assert "quick" in house.tell("/api/posts", house.story(token=token)).text


# The receipt of somebody who has shared before


def test_a_receipt_is_carried_on_and_stands_in_no_page(house):
    shared = house.shared()
    heard = house.send("/api/preview", house.story(receipt=shared["receipt"], body=TELLING))
    assert shared["receipt"] not in heard.text
    page = Page(heard.text)
    again = page.would_send() | {"accept": ["1"]}
    heard = house.send("/api/preview", again)
    assert shared["receipt"] not in heard.text
    sent = Page(heard.text).would_send("/api/posts")
    assert sent["put_away"] != [""]
    assert "receipt" not in sent
    heard = house.send("/api/posts", sent)
    assert heard.status == 201
    assert "It is kept under your receipt" in heard.text
    assert shared["receipt"] not in heard.text
    told = json.loads(house.tell("/api/receipt", {"receipt": shared["receipt"]}).body)
    assert len(told["posts"]) == 2


def test_a_receipt_that_was_carried_too_long_is_asked_for_again_with_everything_kept(house):
    sent = house.story(**WHOLE, put_away=house.token())
    before = house.count("posts")
    heard = house.send("/api/posts", sent)
    page = Page(heard.text)
    assert heard.status == 422
    assert list(page.errors()) == ["#field-receipt"]
    assert {name: typed(page.would_send())[name] for name in WHOLE} == WHOLE
    assert house.count("posts") == before


def test_back_to_the_form_asks_for_the_receipt_again_rather_than_forgetting_it(house):
    receipt = house.shared()["receipt"]
    sent = looked_over(house, receipt=receipt).would_send("/api/posts")
    heard = house.send("/api/preview", {**sent, "go": "back"})
    assert receipt not in heard.text
    assert "once more" in Page(heard.text).errors()["#field-receipt"]


def test_a_receipt_that_opens_nothing_is_said_before_sending(house):
    page = looked_over(house, receipt="six words that nobody ever had")
    assert "Your receipt: We found nothing for these words." in page.words


# Help first


@pytest.mark.parametrize("path", ["/api/preview", "/api/posts"])
def test_who_may_be_in_danger_reads_that_we_worry_before_all_else(house, path):
    heard = house.send(path, house.story(body=DANGER))
    page = Page(heard.text)
    assert page.one("h1").text == "We’re worried about you"
    assert "We cannot send anyone to you" in page.words
    first = heard.text.find("worried-heading")
    assert 0 < heard.text.find('<aside class="help"') < first < heard.text.find("<h2")
    told = json.loads(house.tell(path, house.story(body=DANGER)).body)
    assert told["worried"] is True
    assert told["help"]["lines"]


@pytest.mark.parametrize("path", ["/api/preview", "/api/posts"])
def test_who_may_be_young_reads_of_lines_for_their_age(house, path):
    page = Page(house.send(path, house.story(body=YOUNG)).text)
    assert "If you are under 18" in page.words
    assert "It is good that you told someone." in page.words
    told = json.loads(house.tell(path, house.story(body=YOUNG)).body)
    assert told["young"] is True


def test_before_sending_nobody_is_told_that_somebody_will_read_it(house):
    assert "Nobody has read it yet" in looked_over(house, body=DANGER).words


# Hostile words


@pytest.mark.parametrize("field", ["title", "body"])
def test_hostile_words_are_shown_as_words_wherever_they_stand(house, field):
    typed_words = f"My sister Priya {HOSTILE} and jane.doe@example.org"
    page = looked_over(house, **{field: typed_words})
    assert len(page.all("script")) == 1
    assert len(page.all("img")) == 1  # the emblem at the top
    assert "</textarea><script>alert(x)</script>\"' {{config}} <img" in page.words
    assert page.would_send("/api/posts")[field] == [typed_words]


def test_hostile_words_inside_a_mark_are_words(house):
    link = "https://x.example/<script>alert(1)</script>"
    body = f"{link} is my page, and you can see it all there."
    page = looked_over(house, body=body)
    assert marks(page) == [f"{link}, number 1"]
    assert link in page.one("fieldset").text
    assert len(page.all("script")) == 1


def test_a_store_that_cannot_answer_keeps_what_was_typed(house):
    receipt = house.shared()["receipt"]
    with house.store() as store:
        store.execute("ALTER TABLE authors RENAME TO away")
        heard = house.send("/api/preview", house.story(**WHOLE, receipt=receipt))
        store.execute("ALTER TABLE away RENAME TO authors")
    page = Page(heard.text)
    assert heard.status == 503
    assert "your words are below" in page.words
    assert {name: typed(page.would_send())[name] for name in WHOLE} == WHOLE
