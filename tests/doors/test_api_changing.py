"""What holders do with what came back: agree, leave it, change it, ask again; no word is lost."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from api.door.wording import said
from doors.messages import WAIT
from forum.post import Act, State
from forum.receipts import grant, redeem
from tests.doors.meanwhile import WORDS, decided, offered, put, put_up
from tests.doors.seen import Page
from tests.doors.served import BODY, CANARY, JSON, served

OWN = "I grew up in Millfield.\n\nI stopped counting days there, and started counting walks."
SUGGESTED = OWN.replace("Millfield", "a small town")
CHANGED = "I grew up somewhere quiet.\n\nI stopped counting days there, and it got lighter."
HOSTILE = "</textarea><script>alert(1)</script>'\"><img src=x onerror=alert(2)>&amp;{{7*7}}"
FIELDS = {
    "title": ["Counting walks"],
    "body": [OWN],
    "stage": ["first-year"],
    "arc": ["still-in-it"],
    "topic": ["alcohol", "grief"],
    "helped": ["nature"],
    "content_note": ["death"],
    "about_me": ["parent", "rural"],
    "findable": ["yes"],
}
DANGER = "I have decided to kill myself tonight and I have the pills here. Goodbye, all of you."


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house
        assert "Error" not in house.log, house.log


@pytest.fixture
def returned(house):
    shared = house.shared(**FIELDS)
    decided(house, shared["id"], Act.RETURN)
    return shared


@pytest.fixture
def offer(house):
    shared = house.shared(**FIELDS)
    offered(house, shared["id"], SUGGESTED, FIELDS["title"][0])
    return shared


def looked_up(house, shared):
    return Page(house.send("/api/receipt", {"receipt": shared["receipt"]}).text)


def told(house, shared):
    heard = house.tell("/api/receipt", {"receipt": shared["receipt"]})
    (post,) = json.loads(heard.body)["posts"]
    return post


def state(house, shared):
    return told(house, shared)["state"]


def stored(house, shared):
    with house.store() as store:
        row = store.execute("SELECT typed FROM texts WHERE post_id = ?", (shared["id"],)).fetchone()
    return row[0] if row else None


def form(house, shared):
    """The form to change a story, as pressing the button on the receipt's page brings it."""
    sent = looked_up(house, shared).would_send("/api/receipt/change")
    heard = house.send("/api/receipt/change", sent)
    assert heard.status == 200
    return Page(heard.text)


def own(sent):
    """What a form would send of the person's own."""
    named = {name: sent.get(name, []) for name in FIELDS}
    return {n: [v.replace("\r\n", "\n") for v in values] for n, values in named.items()}


def aged(house, shared, age):
    """A capability as this house would have given it that long ago."""
    heard = house.tell("/api/receipt", {"receipt": shared["receipt"]})
    now, keyring = datetime.now(UTC), house.keyring("capabilities")
    return grant(keyring, redeem(keyring, json.loads(heard.body)["capability"], now), now - age)


# The offer


def test_an_offer_shows_what_would_go_out_and_what_would_come_in(house, offer):
    page = looked_up(house, offer)
    assert "We suggest small changes" in page.words
    assert WORDS in page.words
    (gone,), (new,) = page.all("del"), page.all("ins")
    assert (gone.text, new.text) == ("[taken out: Millfield.]", "[put in: a small town.]")
    post = told(house, offer)
    assert post["offered"] == [{"hash": post["hash"], "title": "Counting walks", "body": SUGGESTED}]
    assert post["body"] == OWN
    assert set(post["actions"]) == {"accept", "refuse", "revise", "withdraw"}


def test_who_agrees_gets_exactly_what_was_shown(house, offer):
    sent = looked_up(house, offer).would_send("/api/receipt/accept")
    heard = house.send("/api/receipt/accept", sent)
    assert heard.status == 200
    assert "exactly as you saw it" in heard.text
    assert (state(house, offer), stored(house, offer)) == ("approved", SUGGESTED)
    assert told(house, offer)["offered"] == []


def test_who_agrees_as_a_program_is_told_the_state(house, offer):
    fields = {"receipt": offer["receipt"], "id": offer["id"], "hash": told(house, offer)["hash"]}
    done = json.loads(house.tell("/api/receipt/accept", fields).body)
    assert (done["id"], done["state"]) == (offer["id"], "approved")


def test_who_does_not_agree_is_not_published_and_can_ask_again(house, offer):
    sent = looked_up(house, offer).would_send("/api/receipt/refuse")
    page = Page(house.send("/api/receipt/refuse", sent).text)
    assert "It stays unpublished" in page.words
    assert (state(house, offer), stored(house, offer)) == ("declined", OWN)
    assert "/api/receipt/appeal" in [form.given["action"] for form in page.all("form")]


@pytest.mark.parametrize("act", ["accept", "refuse"])
def test_an_offer_that_is_not_the_one_that_was_seen_is_shown_anew(house, offer, act):
    sent = looked_up(house, offer).would_send(f"/api/receipt/{act}")
    for stale in ("0" * 64, "", CANARY, sent["hash"][0].upper()):
        for say, html in ((house.send, True), (house.tell, False)):
            heard = say(f"/api/receipt/{act}", {**sent, "hash": stale})
            assert heard.status == 409
            assert "Nothing was changed" in heard.text or not html
            assert "how it stands now" in heard.text
    page = Page(house.send(f"/api/receipt/{act}", {**sent, "hash": "x"}).text)
    assert page.would_send(f"/api/receipt/{act}")["hash"] == sent["hash"]
    assert state(house, offer) == "offered"


@pytest.mark.parametrize("act", ["accept", "refuse", "appeal"])
def test_the_same_button_pressed_twice_does_it_once_and_then_says_how_it_stands(house, offer, act):
    if act == "appeal":
        put(house, offer["id"], State.DECLINED)
    sent = looked_up(house, offer).would_send(f"/api/receipt/{act}")
    first, second = (house.send(f"/api/receipt/{act}", sent) for _ in range(2))
    assert (first.status, second.status) == (200, 409)
    assert "Nothing was changed" in second.text


# Another person decides


def test_a_declined_story_can_be_read_by_a_different_person_once(house):
    shared = house.shared(body=OWN)
    decided(house, shared["id"], Act.DECLINE)
    page = looked_up(house, shared)
    assert "You can ask this once" in page.words
    heard = house.send("/api/receipt/appeal", page.would_send("/api/receipt/appeal"))
    assert "A different person will read it" in heard.text
    assert state(house, shared) == "appealed"
    decided(house, shared["id"], Act.DECLINE, who="kim")
    page = looked_up(house, shared)
    assert "/api/receipt/appeal" not in [form.given["action"] for form in page.all("form")]
    fields = {"receipt": shared["receipt"], "id": shared["id"]}
    assert house.tell("/api/receipt/appeal", fields).status == 409


@pytest.mark.parametrize("where", ["received", "approved", "withdrawn", "hidden", "escalated"])
@pytest.mark.parametrize("act", ["accept", "refuse", "appeal", "change"])
def test_what_a_state_does_not_allow_changes_nothing(house, offer, act, where):
    seen = told(house, offer)["hash"]
    put(house, offer["id"], State(where))
    fields = {"receipt": offer["receipt"], "id": offer["id"], "hash": seen}
    for say in (house.send, house.tell):
        assert say(f"/api/receipt/{act}", fields).status == 409
    assert state(house, offer) == where


# Changing it


def test_the_form_to_change_holds_everything_that_was_sent(house, returned):
    page = form(house, returned)
    assert own(page.would_send()) == FIELDS
    assert WORDS in page.words
    assert page.errors() == {}
    asked = {"kind", "consent", "token", "receipt"}
    assert asked.isdisjoint(field.name for field in page.fields)


def test_a_suggested_text_stands_in_the_form_to_change(house, offer):
    page = form(house, offer)
    assert own(page.would_send()) == {**FIELDS, "body": [SUGGESTED]}
    assert "The changes we suggested are in the text below" in page.words


def test_a_program_gets_the_same_fields_and_can_send_them_back(house, returned):
    mine = {"receipt": returned["receipt"], "id": returned["id"]}
    fields = json.loads(house.tell("/api/receipt/change", mine).body)
    del fields["help"]
    assert own(fields) == FIELDS
    heard = house.tell("/api/receipt/revise", {**fields, **mine, "body": CHANGED})
    assert heard.status == 200
    assert json.loads(heard.body)["state"] == "received"


def test_who_looks_up_by_typing_on_the_way_to_the_form_can_send_it(house, returned):
    mine = {"receipt": returned["receipt"], "id": returned["id"]}
    page = Page(house.send("/api/receipt/change", mine).text)
    assert house.send("/api/receipt/revise", page.would_send()).status == 200


def test_new_words_stand_in_place_of_the_old(house, returned):
    sent = form(house, returned).would_send() | {"body": [CHANGED], "topic": ["gambling"]}
    heard = house.send("/api/receipt/revise", sent)
    page = Page(heard.text)
    assert heard.status == 200
    for words in said("received-again"):
        # How many days it takes comes from what was decided lately, in other tests too.
        assert words.partition(WAIT)[0] in page.words
    assert returned["pen_name"] in page.words
    assert "How are you doing?" in page.words
    assert returned["receipt"] not in heard.text
    assert (state(house, returned), stored(house, returned)) == ("received", CHANGED)
    assert house.send("/api/receipt", page.would_send("/api/receipt")).status == 200


def test_the_old_words_are_in_no_file_of_the_store(house):
    shared = house.shared(body=f"{BODY} {CANARY}changed")
    decided(house, shared["id"], Act.RETURN)
    sent = form(house, shared).would_send() | {"body": [CHANGED]}
    files = list(house.folder.glob("handrail.sqlite3*"))
    assert any(f"{CANARY}changed".encode() in file.read_bytes() for file in files)
    assert house.send("/api/receipt/revise", sent).status == 200
    assert not any(f"{CANARY}changed".encode() in file.read_bytes() for file in files)


def test_help_comes_first_when_new_words_sound_like_danger(house, returned):
    sent = form(house, returned).would_send() | {"body": [DANGER]}
    page = Page(house.send("/api/receipt/revise", sent).text)
    assert page.one("h1").text == "We’re worried about you"


def test_help_comes_first_for_programs_too(house, returned):
    mine = {"receipt": returned["receipt"], "id": returned["id"]}
    sent = {**mine, "hash": told(house, returned)["hash"], "body": DANGER}
    assert json.loads(house.tell("/api/receipt/revise", sent).body)["worried"] is True


# When it cannot be sent: every word stays


def kept(heard, sent):
    """Whether the page is the form with all that was sent in it; the page."""
    page = Page(heard.text)
    assert page.one("h1").text == "Change your story"
    assert own(page.would_send()) == own(sent)
    return page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("body", ""),
        ("body", "x" * 12_001),
        ("title", "two\nlines"),
        ("title", HOSTILE + "x" * 120),
        ("stage", "nonsense"),
        ("topic", ["alcohol", "nonsense"]),
        ("about_me", ["parent", "rural", "older"]),
        ("findable", "perhaps"),
    ],
)
def test_a_wrong_field_brings_the_form_back_with_the_message_and_all_else(
    house, returned, field, value
):
    sent = form(house, returned).would_send() | {"body": [CHANGED], field: value}
    heard = house.send("/api/receipt/revise", sent)
    page = Page(heard.text)
    assert heard.status == 422
    assert list(page.errors()) == [f"#field-{field}"]
    assert WORDS in page.words
    others = {name: own({**sent, field: []})[name] for name in FIELDS if name != field}
    assert {name: own(page.would_send())[name] for name in others} == others
    again = page.would_send() | {field: FIELDS[field]}
    assert house.send("/api/receipt/revise", again).status == 200


def test_a_page_that_was_open_too_long_keeps_every_word_and_asks_for_the_six_words(house, returned):
    late = aged(house, returned, timedelta(minutes=15, seconds=2))
    sent = form(house, returned).would_send() | {"body": [f"{CHANGED} {HOSTILE}"]}
    heard = house.send("/api/receipt/revise", sent | {"capability": [late]})
    assert heard.status == 404
    page = kept(heard, sent)
    assert "more than 15 minutes" in page.errors()["#field-receipt"]
    assert page.all("script") == []
    wrong = page.would_send() | {"receipt": ["six words that nobody had"]}
    page = kept(house.send("/api/receipt/revise", wrong), sent)
    assert "We found nothing for these words" in page.errors()["#field-receipt"]
    again = page.would_send() | {"receipt": [returned["receipt"].upper()]}
    heard = house.send("/api/receipt/revise", again)
    assert heard.status == 200
    assert returned["receipt"] not in heard.text
    assert stored(house, returned) == f"{CHANGED} {HOSTILE}"


def test_who_typed_the_six_words_again_need_not_do_so_for_a_second_mistake(house, returned):
    sent = form(house, returned).would_send() | {"capability": [], "body": ["Too short."]}
    heard = house.send("/api/receipt/revise", sent | {"receipt": [returned["receipt"]]})
    assert heard.status == 422
    assert returned["receipt"] not in heard.text
    again = Page(heard.text).would_send() | {"body": [CHANGED]}
    assert "receipt" not in again
    assert house.send("/api/receipt/revise", again).status == 200


def test_a_story_that_moved_on_meanwhile_keeps_the_words_and_can_then_be_sent(house, returned):
    sent = form(house, returned).would_send() | {"body": [CHANGED]}
    other = form(house, returned).would_send() | {"body": [CHANGED + " First."]}
    assert house.send("/api/receipt/revise", other).status == 200
    decided(house, returned["id"], Act.RETURN, "One more thing, please.")
    heard = house.send("/api/receipt/revise", sent)
    assert heard.status == 409
    page = kept(heard, sent)
    assert "Something changed while this page was open" in page.words
    assert "One more thing, please." in page.words
    assert house.send("/api/receipt/revise", page.would_send()).status == 200
    assert stored(house, returned) == CHANGED


@pytest.mark.parametrize("where", ["received", "approved", "withdrawn", "declined"])
def test_a_story_that_cannot_be_changed_any_more_gives_the_words_back(house, returned, where):
    sent = form(house, returned).would_send() | {"body": [CHANGED]}
    put(house, returned["id"], State(where))
    heard = house.send("/api/receipt/revise", sent)
    assert heard.status == 409
    page = kept(heard, sent)
    assert "cannot be changed just now, so nothing was sent" in page.words
    (button,) = page.all("button")
    assert (button.text, button.given["formaction"]) == ("See how it stands", "/api/receipt")
    assert house.send("/api/receipt", page.would_send()).status == 200
    assert stored(house, returned) == OWN


def test_a_locked_store_keeps_the_words(house, returned):
    sent = form(house, returned).would_send() | {"body": [CHANGED]}
    with house.store() as store:
        store.execute("BEGIN EXCLUSIVE")
        heard = house.send("/api/receipt/revise", sent)
        told = house.tell("/api/receipt/revise", sent)
        store.rollback()
    assert (heard.status, told.status) == (503, 503)
    page = kept(heard, sent)
    assert "Nothing is lost" in page.words
    assert house.send("/api/receipt/revise", page.would_send()).status == 200


def test_a_value_that_is_no_text_is_named_and_the_rest_is_kept(house, returned):
    mine = {"receipt": returned["receipt"], "id": returned["id"], "body": CHANGED}
    told = json.loads(house.tell("/api/receipt/revise", {**mine, "title": 5}).body)
    assert told["errors"] == {"title": "This should be text."}
    heard = house.tell("/api/receipt/revise", {**mine, "title": 5}, Accept="text/html")
    assert Page(heard.text).by_id("field-body").value == CHANGED


def test_nobody_changes_a_strangers_story_and_nobody_loses_their_words_trying(house, returned):
    stranger = house.shared()
    sent = form(house, returned).would_send() | {"body": [CHANGED]}
    fields = {**sent, "capability": [], "receipt": [stranger["receipt"]]}
    heard = house.send("/api/receipt/revise", fields)
    assert heard.status == 404
    kept(heard, sent)
    assert OWN not in Page(heard.text).words
    assert WORDS not in Page(heard.text).words
    assert stored(house, returned) == OWN


# Erasing everything


def test_everything_under_a_receipt_goes_at_once_and_it_opens_nothing_after(house):
    first = house.shared(body=f"{BODY} {CANARY}erased")
    house.shared(receipt=first["receipt"], body=f"{BODY} {CANARY}erased too")
    put_up(house, first["id"])
    page = looked_up(house, first)
    assert "we forget the six words" in page.words
    heard = house.send("/api/receipt/erase", page.would_send("/api/receipt/erase"))
    assert heard.status == 200
    for words in said("erased"):
        assert words in Page(heard.text).words
    for path in ("/api/receipt", "/api/receipt/erase"):
        assert house.send(path, {"receipt": first["receipt"]}).status == 404
    files = b"".join(file.read_bytes() for file in house.folder.glob("handrail.sqlite3*"))
    assert f"{CANARY}erased".encode() not in files


def test_a_program_can_erase_everything(house):
    shared = house.shared()
    heard = house.tell("/api/receipt/erase", {"receipt": shared["receipt"]})
    assert json.loads(heard.body)["erased"] is True
    assert house.tell("/api/receipt", {"receipt": shared["receipt"]}).status == 404


@pytest.mark.parametrize("act", ["accept", "refuse", "appeal", "change", "revise", "erase"])
def test_no_page_of_a_holder_is_kept_anywhere(house, offer, act):
    fields = {"receipt": offer["receipt"], "id": offer["id"]}
    for accept in (JSON, "text/html"):
        heard = house.send(f"/api/receipt/{act}", fields, Accept=accept)
        assert heard.headers["Cache-Control"] == "no-store"
        assert offer["receipt"] not in heard.text
