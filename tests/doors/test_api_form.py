"""The form as a browser without script shows it: what it asks, and how it says so."""

import json
import re

import pytest

from forum.vocabulary import VOCABULARY
from tests.doors.seen import Page
from tests.doors.served import JSON, served

LISTS = {
    "topic": "topics",
    "helped": "helped",
    "content_note": "content_notes",
    "about_me": "about_me",
}
ASKED = {*LISTS, "body", "title", "stage", "arc", "findable", "receipt", "consent"}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house


def form(house):
    return Page(house.get("/api/share").text)


def test_the_form_asks_for_these_fields_and_no_others(house):
    shown = {field.name for field in form(house).fields}
    assert shown == ASKED | {"website"}
    hidden = [f for f in form(house).all("input") if f.given["type"] == "hidden"]
    assert [field.name for field in hidden] == ["kind", "token", "pow"]


def test_the_form_asks_for_no_name_address_age_or_file(house):
    kinds = {field.given.get("type", field.tag) for field in form(house).fields}
    assert kinds == {"textarea", "text", "radio", "checkbox"}
    asked = " ".join([form(house).label(field) for field in form(house).fields]).lower()
    assert not re.search(r"\b(e-?mail|phone|address|your name|age|birth)\b", asked)


def test_the_form_needs_no_script_and_goes_to_our_own_door(house):
    page = form(house)
    (script,) = page.all("script")  # it finds a proof of work, and nothing waits for it
    assert script.given == {"src": "/theme/js/share.js", "type": "module"}
    sent = page.one("form").given
    assert (sent["method"], sent["action"], sent["accept-charset"]) == (
        "post",
        "/api/posts",
        "utf-8",
    )
    look_over, send = page.all("button")
    assert send.text == "Send it to be read"
    assert "formaction" not in send.given
    assert (look_over.text, look_over.given["formaction"]) == (
        "Look it over first",
        "/api/preview",
    )


def test_every_field_has_a_label_and_every_group_a_legend(house):
    page = form(house)
    for field in page.fields:
        assert page.label(field), field.name
        group = field.inside("fieldset")
        if field.given.get("type") in ("radio", "checkbox"):
            assert group
            assert [one for one in page.all("legend") if group in one.around]


def test_every_id_is_there_once_and_every_reference_leads_somewhere(house):
    for page in (form(house), Page(house.send("/api/posts", {}).text)):
        ids = [element.given["id"] for element in page.elements if "id" in element.given]
        assert len(ids) == len(set(ids))
        for element in page.elements:
            for reference in ("for", "aria-describedby", "aria-labelledby"):
                assert set(element.given.get(reference, "").split()) <= set(ids)


def test_hints_stand_beside_the_fields_they_are_about(house):
    page = form(house)
    assert "12,000" in page.described(page.by_id("field-body"))
    assert "120" in page.described(page.by_id("field-title"))
    about_me = page.by_id("field-about_me").inside("fieldset")
    assert "At most two" in page.described(about_me)


def test_the_form_says_what_identifies_people_and_what_to_leave_out(house):
    words = form(house).words
    for hint in ("names", "towns", "dates", "How to share", "Nobody is watching this page"):
        assert hint.lower() in words.lower()


@pytest.mark.parametrize(("field", "words"), LISTS.items())
def test_the_form_offers_the_vocabulary(house, field, words):
    offered = [one.value for one in form(house).fields if one.name == field]
    assert offered == [word.slug for word in VOCABULARY[words]]


def test_the_trap_is_out_of_everybodys_way(house):
    page = form(house)
    trap = page.by_id("field-website")
    assert (trap.given["tabindex"], trap.given["autocomplete"]) == ("-1", "off")
    assert trap.around[-1].given["aria-hidden"] == "true"


def test_nothing_is_ticked_beforehand(house):
    filled = {name for name, values in form(house).would_send().items() if any(values)}
    assert filled == {"kind", "token"}


def test_each_form_has_a_token_of_its_own(house):
    assert form(house).would_send()["token"] != form(house).would_send()["token"]


def test_a_program_gets_a_token_too(house):
    told = json.loads(house.get("/api/share", Accept=JSON).body)
    assert told["kind"] == "story"
    heard = house.tell("/api/posts", house.story(token=told["token"]))
    assert list(json.loads(heard.body)["errors"]) == ["token"]  # in time, and only too quick


@pytest.mark.parametrize("kind", ["letter", "reply", "nonsense", "<script>", "%00", "../story"])
def test_a_kind_that_is_not_open_is_refused_kindly(house, kind):
    assert house.get(f"/api/share?kind={kind}").status == 404
    assert house.get(f"/api/share?kind={kind}", Accept=JSON).status == 404


@pytest.mark.parametrize("query", ["", "?kind=story", "?kind=", "?to=x&kind=story", "?%ff=%fe"])
def test_an_open_kind_gets_the_form(house, query):
    assert house.get(f"/api/share{query}").status == 200
