"""What a moderator typed and chose: it comes back whole, whatever could not be done with it."""

from __future__ import annotations

import pytest

from doors.messages import messages
from forum.deciding import LONGEST_MESSAGE
from forum.post import Post
from tests.builders import make_fields
from tests.doors.desk_seat import Room, Seat, form_of
from tests.doors.marked import NAMED, QUIET, marked, verdicts
from tests.doors.seen import Page

OWN = 'You wrote this with care.\n\nPlease leave the town out.\n  <b>Thank you</b> & take "care".'


@pytest.fixture
def post(room: Room) -> Post:
    """A story with a name and the name of a town in it."""
    return room.share(1, NAMED, fields=make_fields(topics=("anxiety",)))


def review(page: Page, post: Post) -> dict[str, list[str]]:
    return form_of(page, f"/post/{post.id}/check", "approve")


def assert_untouched(room: Room, post: Post) -> None:
    room.office.assert_untouched(post)


# Marked words.


def test_every_stretch_without_a_decision_is_named_and_leads_to_its_choices(
    room: Room, robin: Seat, post: Post
) -> None:
    typed = {"verdict-0": "replace", "words-0": "my friend", "words": OWN, "help": ["distress"]}
    answer = robin.check(robin.hold(post.id), **typed)
    assert answer.status_code == 422
    page = robin.page_of(answer)
    assert list(page.errors()) == ["#field-verdict-1"]
    choice = page.by_id("field-verdict-1")
    assert "choose what becomes of these words" in page.described(choice.inside("fieldset"))
    held = review(page, post)
    assert {name: held[name] for name in typed} == {
        name: value if isinstance(value, list) else [value] for name, value in typed.items()
    }
    assert "verdict-1" not in held
    assert_untouched(room, post)


def test_nothing_chosen_at_all_names_every_stretch(robin: Seat, post: Post) -> None:
    page = robin.page_of(robin.check(robin.hold(post.id)))
    assert list(page.errors()) == ["#field-verdict-0", "#field-verdict-1"]


@pytest.mark.parametrize("words", ["x" * 201, "one line\nand another"])
def test_what_cannot_stand_there_is_said_beside_it(
    room: Room, robin: Seat, post: Post, words: str
) -> None:
    own = room.office.desk.read(post.id).text
    chosen = verdicts(own, "replace") | {"words-1": words}
    answer = robin.check(robin.hold(post.id), **chosen)
    assert answer.status_code == 422
    page = robin.page_of(answer)
    assert list(page.errors()) == ["#field-words-1"]
    assert "one line of up to 200" in page.described(page.by_id("field-words-1"))
    held = review(page, post)
    assert held["words-1"] == [words]
    assert held["verdict-1"] == ["replace"]
    assert_untouched(room, post)


def test_a_text_that_is_too_short_without_its_marked_words_is_told_in_a_sentence(
    room: Room, robin: Seat
) -> None:
    post = room.share(2, "Mail me: sam.low@example.com", title="", fields=make_fields(topics=()))
    own = room.office.desk.read(post.id).text
    answer = robin.check(robin.hold(post.id), **verdicts(own, "replace", ""))
    assert answer.status_code == 422
    page = robin.page_of(answer)
    assert list(page.errors()) == [""], "no field of the review holds the text"
    assert "write a little more" in page.errors()[""]
    assert [one for one in page.all("textarea") if one.given.get("aria-invalid")] == []


@pytest.mark.parametrize(
    "chosen",
    [{"topics": ["no-topic"]}, {"stage": ["first-year", "long-term"]}, {"help": ["<b>"]}],
)
def test_a_word_that_no_list_has_is_refused_by_name(
    room: Room, robin: Seat, post: Post, chosen: dict[str, list[str]]
) -> None:
    own = room.office.desk.read(post.id).text
    answer = robin.check(robin.hold(post.id), **verdicts(own, "keep"), words=OWN, **chosen)
    assert answer.status_code == 422
    page = robin.page_of(answer)
    (field,) = chosen
    assert list(page.errors()) == [f"#field-{field}"]
    assert review(page, post)["words"] == [OWN]
    assert_untouched(room, post)


# Messages.


WRONG = [
    ({"template": ""}, "template", "choose a message"),
    ({"template": "no-such-message"}, "template", "choose a message"),
    ({"template": "published"}, "template", "choose a message"),
    ({"template": "change-other"}, "words", "sentence of your own"),
    ({"template": "", "words": "x" * (LONGEST_MESSAGE + 1)}, "words", "by 1 characters"),
    ({"template": "change-detail", "words": "x" * LONGEST_MESSAGE}, "words", "shorter"),
]


@pytest.mark.parametrize(("changed", "field", "sentence"), WRONG)
def test_a_message_that_cannot_be_sent_comes_back_before_anything_is_done(
    room: Room, robin: Seat, post: Post, changed: dict[str, str], field: str, sentence: str
) -> None:
    answer = robin.check(robin.hold(post.id), "return", **changed)
    assert answer.status_code == 422
    page = robin.page_of(answer)
    assert list(page.errors()) == [f"#field-{field}"]
    assert sentence in page.errors()[f"#field-{field}"]
    assert sentence in page.described(
        page.by_id(f"field-{field}")
        if field == "words"
        else page.by_id("field-template").inside("fieldset")
    )
    held = form_of(page, f"/post/{post.id}/check", "return")
    assert held["words"] == [changed.get("words", "")]
    assert_untouched(room, post)


def test_the_longest_message_there_is_can_be_sent(room: Room, robin: Seat, post: Post) -> None:
    words = "x\r\n" * 500 + "y" * (LONGEST_MESSAGE - 1000)
    robin.decide(robin.hold(post.id), "return", template="", words=words)
    told = room.office.desk.read(post.id).message
    assert told
    assert told.words == words.replace("\r\n", "\n")


def test_a_message_is_shown_as_its_author_will_read_it(room: Room, robin: Seat, post: Post) -> None:
    checked = robin.check(robin.hold(post.id), "return", template="change-identifying", words=OWN)
    page = robin.page_of(checked)
    told = f"{messages()['change-identifying'].text}\n\n{OWN}"
    shown = [one.text for one in page.all("p") if one.inside("div") is message_of(page)]
    assert shown == ["A message from the moderators", *(li for li in told.splitlines() if li)]
    assert_untouched(room, post)
    robin.do_it(checked)
    kept = room.office.desk.read(post.id)
    assert kept.message
    assert kept.message.words == told
    assert kept.decisions[-1].reason == "change-identifying"


def message_of(page: Page) -> object:
    (found,) = [one for one in page.all("div") if one.given.get("class") == "message"]
    return found


@pytest.mark.parametrize(("act", "told"), [("decline", True), ("return", False)])
def test_the_check_page_adds_the_second_look_where_the_author_can_ask_for_one(
    robin: Seat, post: Post, act: str, told: bool
) -> None:
    page = robin.page_of(robin.check(robin.hold(post.id), act, words=OWN))
    assert (messages()["second-look"].text.split(".")[0] in page.words) is told


# There and back.


def test_going_back_from_a_review_finds_every_choice_and_every_word_again(
    room: Room, robin: Seat, post: Post
) -> None:
    own = room.office.desk.read(post.id).text
    chosen = {
        "verdict-0": "replace",
        "words-0": 'a <b>"friend"</b> & more',
        "verdict-1": "false-alarm",
        "words-1": "a town",
        "words": OWN,
        "topics": ["alcohol", "anxiety"],
        "help": ["distress"],
        "stage": "",
    }
    assert len(marked(own)) == 2
    sent = {**review(robin.hold(post.id), post), **chosen}
    answer = robin.change(robin.check(robin.post(post.id), **chosen))
    assert answer.status_code == 200
    back = robin.page_of(answer)
    listed = {name: value if isinstance(value, list) else [value] for name, value in sent.items()}
    assert review(back, post) == listed
    assert_untouched(room, post)


@pytest.mark.parametrize("act", ["return", "decline", "escalate", "offer"])
def test_going_back_from_a_message_finds_it_open_with_all_that_was_typed(
    room: Room, robin: Seat, post: Post, act: str
) -> None:
    first = form_of(robin.hold(post.id), f"/post/{post.id}/check", act)["template"]
    typed = {"words": OWN} | ({"body": f"{OWN}\n\n{QUIET}", "title": "A"} if act == "offer" else {})
    given = {"template": ""} if first == [""] else {}
    back = robin.page_of(robin.change(robin.check(robin.post(post.id), act, **typed, **given)))
    held = form_of(back, f"/post/{post.id}/check", act)
    assert {name: held[name] for name in typed} == {n: [words] for n, words in typed.items()}
    assert held["template"] == first
    opened = [one.given["id"] for one in back.all("details") if "open" in one.given]
    assert f"decide-{act}" in opened
    assert_untouched(room, post)
