"""The messages to authors: plain and kind as they stand, and a file that is wrong is refused."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from api.door.wording import STATES
from doors.answers import page
from doors.messages import (
    DECISIONS,
    FILE,
    LONGEST,
    LONGEST_TEXT,
    NEEDED,
    PAGES,
    MessagesError,
    OwnWordsNeeded,
    Template,
    TooLong,
    compose,
    load,
    messages,
    paragraphs,
)
from forum.deciding import LONGEST_MESSAGE, WORDS_NEEDED
from forum.post import MOVES, Act, Kind, State
from forum.retention import CLOCKS
from tests.pages.test_content import grade, hurtful

ROOT = Path(__file__).parents[2]
ALL = messages()
TEMPLATES = list(ALL.templates.values())
HIGHEST_GRADE = 6
UNKIND = re.compile(
    r"\b(violat\w*|rules?|guidelines?|polic(y|ies)|breach\w*|break\w*|inappropriate|unacceptable|"
    r"not allowed|forbidden|must|reject\w*|refus\w*|fail\w*|problem|offen\w*|unfortunately|"
    r"you should|you did not|anonymous)\b|!|100 ?%",
    re.IGNORECASE,
)
"""Words that scold, and what no site can promise."""
PROMISE = re.compile(r"if you ask|ask us to look again|someone else will read", re.IGNORECASE)

Tables = dict[str, dict[str, Any]]
Change = Callable[[Tables], object]

each_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)


def tables() -> Tables:
    """The file as it stands, to be changed."""
    return tomllib.loads(FILE.read_text("utf-8"))


def written(folder: Path, content: Mapping[str, Any]) -> Path:
    """A file with these messages; what is in no message stands at its head."""
    loose = {name: value for name, value in content.items() if not isinstance(value, dict)}
    blocks = ["\n".join(f"{name} = {json.dumps(value)}" for name, value in loose.items())]
    for key, fields in content.items():
        if key not in loose:
            lines = (f"{name} = {json.dumps(value)}" for name, value in fields.items())
            blocks.append("\n".join((f"[{json.dumps(key)}]", *lines)))
    path = folder / "messages.toml"
    path.write_text("\n\n".join(blocks), "utf-8")
    return path


def make_template(**given: Any) -> Template:
    plain = {"key": "advert", "id": "M8", "act": Act.DECLINE, "label": "An advert", "text": "No."}
    return Template(**{**plain, **given})


# The words as they stand


@each_template
def test_every_message_reads_at_grade_six_or_below(template: Template) -> None:
    assert grade(template.text.replace("’", "'")) <= HIGHEST_GRADE


@each_template
def test_no_message_uses_a_word_that_hurts_or_scolds(template: Template) -> None:
    words = f"{template.label}. {template.text}"
    assert hurtful(words) == []
    assert UNKIND.findall(words) == []


@pytest.mark.parametrize(
    "words",
    ["This violates our rules.", "You must change it.", "Not allowed here.", "We refuse it!"],
)
def test_words_that_scold_are_found(words: str) -> None:
    assert UNKIND.search(words)


@each_template
def test_only_the_page_promises_a_second_look_for_it_knows_who_can_have_one(
    template: Template,
) -> None:
    assert bool(PROMISE.search(template.text)) is (template.key == "second-look")


@each_template
def test_every_message_ends_its_sentences_and_sends_nobody_to_an_address(
    template: Template,
) -> None:
    assert all(paragraph[-1] in ".?" for paragraph in template.paragraphs)
    assert not re.search(r"https?:|www\.|<|\[|\*", template.text)


def test_each_of_the_ten_messages_is_there() -> None:
    assert {template.id for template in TEMPLATES} == {"", *(f"M{n}" for n in range(1, 11))}


def test_whoever_is_worried_about_names_the_people_who_can_answer_now() -> None:
    worried = [t for t in TEMPLATES if t.act is Act.ESCALATE or t.id in ("M5", "M7")]
    assert len(worried) >= len(ALL.for_act(Act.ESCALATE))
    assert [t.key for t in worried if "at the top of this page" not in t.text] == []


# What the desk finds in it


def test_every_decision_has_messages_in_the_order_of_the_file() -> None:
    for act in DECISIONS:
        assert ALL.for_act(act)
        assert {template.act for template in ALL.for_act(act)} == {act}
    chosen = [template for act in DECISIONS for template in ALL.for_act(act)]
    assert {template.key for template in chosen} == set(ALL.keys)
    assert [key for key in tables() if key in ALL.keys] == list(ALL.keys)
    assert ALL.for_act(Act.KEEP) == ()


def test_what_must_not_come_without_a_word_has_messages() -> None:
    assert DECISIONS.keys() >= WORDS_NEEDED
    assert LONGEST == LONGEST_MESSAGE


def test_reason_codes_are_the_keys_of_messages_and_no_pages_texts() -> None:
    assert set(ALL.keys) == ALL.templates.keys() - PAGES
    assert set(ALL.keys) >= NEEDED.keys()
    assert ALL.label("advert") == ALL["advert"].label
    assert ALL.label("left-the-file") == "left-the-file"


def test_each_decision_leads_where_its_days_are_counted() -> None:
    moves = MOVES[Kind.STORY]
    for act, state in DECISIONS.items():
        assert {to[act] for to in moves.values() if act in to} == {state}


def test_days_are_filled_in_from_the_clock_that_runs(tmp_path: Path) -> None:
    content = tables()
    for key, act in (("changes-offered", Act.OFFER), ("too-close", Act.RETURN)):
        content[key]["text"] = "Erased within {days} days, {days} in all."
        days = CLOCKS[DECISIONS[act]]
        text = load(written(tmp_path, content))[key].text
        assert text == f"Erased within {days} days, {days} in all."


# Composing


def test_a_moderators_own_words_are_the_last_paragraph() -> None:
    template = make_template(text="We read this.\n\nThank you.")
    assert compose(template) == compose(template, " \n") == "We read this.\n\nThank you."
    said = compose(template, "\n The name of the shop.\r\nAnd the price. ")
    assert said == "We read this.\n\nThank you.\n\nThe name of the shop.\r\nAnd the price."
    assert paragraphs(said) == [
        "We read this.",
        "Thank you.",
        "The name of the shop.",
        "And the price.",
    ]


def test_a_message_that_says_too_little_by_itself_needs_a_sentence() -> None:
    template = make_template(needs_own=True)
    for nothing in ("", " \r\n\t"):
        with pytest.raises(OwnWordsNeeded):
            compose(template, nothing)
    assert compose(template, "Because.") == "No.\n\nBecause."


def test_a_message_has_two_thousand_characters_and_no_more() -> None:
    template = make_template(text="x" * LONGEST_TEXT)
    room = LONGEST - LONGEST_TEXT - len("\n\n")
    assert len(compose(template, "y" * room)) == LONGEST
    with pytest.raises(TooLong) as caught:
        compose(template, "y" * (room + 3))
    assert caught.value.over == 3


# A file that is wrong


def without(key: str) -> Change:
    return lambda content: content.pop(key)


def with_field(key: str, field: str, value: object) -> Change:
    return lambda content: content[key].update({field: value})


def with_message(key: str, **fields: object) -> Change:
    plain = {"for": "decline", "label": "A new one", "text": "We read it."}
    return lambda content: content.update({key: {**plain, **fields}})


def without_act(act: Act) -> Change:
    """All messages for it go with another decision, but those that the desk looks for."""

    def change(content: Tables) -> None:
        for key in [key for key, fields in content.items() if fields["for"] == act.value]:
            content.pop(key)

    return change


WRONG: list[tuple[Change, str]] = [
    *((without(key), f"[{key}]: is missing") for key in sorted({*PAGES, *NEEDED})),
    (without_act(Act.RETURN), "no message is for 'return'"),
    (without_act(Act.TAKE_DOWN), "no message is for 'take-down'"),
    (with_field("published", "for", "decline"), "[published], field 'for': should be 'approve'"),
    (with_field("received", "for", "decline"), "[received], field 'for': should be 'page'"),
    (with_field("advert", "for", "publish"), "[advert], field 'for': 'publish' should be one of"),
    (with_field("advert", "for", "withdraw"), "'withdraw' should be one of"),
    (with_field("advert", "for", "page"), "[advert], field 'for': no page shows a text"),
    (with_field("advert", "for", ""), "[advert], field 'for': is missing or empty"),
    (lambda content: content["advert"].pop("for"), "[advert], field 'for': is missing or empty"),
    (lambda content: content["advert"].pop("text"), "[advert], field 'text': is missing or empty"),
    (with_field("advert", "text", " \n\n "), "[advert], field 'text': is missing or empty"),
    (with_field("advert", "text", "x" * 1_501), "field 'text': has 1501 characters"),
    (with_field("advert", "text", "No\u202e."), "field 'text': holds a character that cannot"),
    (with_field("advert", "text", ["No."]), "field 'text': should be words in quotes"),
    (with_field("advert", "label", "  "), "[advert], field 'label': is missing or empty"),
    (with_field("advert", "label", "x" * 81), "[advert], field 'label': should be one line"),
    (with_field("advert", "label", "two\nlines"), "[advert], field 'label': should be one line"),
    (with_field("advert", "lable", "x"), "[advert], field 'lable': no message has a field"),
    (with_field("advert", "id", "M11"), "[advert], field 'id': 'M11' should be M1 to M10"),
    (with_field("advert", "id", "8"), "[advert], field 'id': '8' should be M1 to M10"),
    (with_field("advert", "needs_own_words", "yes"), "'needs_own_words': should be true or false"),
    (
        with_field("received", "needs_own_words", True),
        "[received], field 'needs_own_words': a page",
    ),
    (with_field("advert", "text", "It has {changes}."), "[advert], field 'text': {changes} is no"),
    (with_field("advert", "text", "It has {day}."), "{day} is no placeholder"),
    (with_field("advert", "text", "It has {{days}}."), "is no placeholder"),
    (with_field("advert", "text", "A brace {"), "{ is no placeholder"),
    (with_field("advert", "text", "A brace }"), "} is no placeholder"),
    (with_field("published", "text", "In {days} days."), "field 'text': {days} has no number"),
    (with_field("received", "text", "In {days} days."), "field 'text': {days} has no number"),
    (with_message("An-Advert"), "[An-Advert]: a name is"),
    (with_message("an advert"), "[an advert]: a name is"),
    (with_message("x" * 41), ": a name is"),
    (lambda content: content.update(label="x"), "[label]: stands in no message"),  # type: ignore[call-overload]
]


@pytest.mark.parametrize(("change", "said"), WRONG, ids=[said for _, said in WRONG])
def test_a_file_that_is_wrong_is_refused_by_key_and_field(
    tmp_path: Path, change: Change, said: str
) -> None:
    content = tables()
    load(written(tmp_path, content))
    change(content)
    with pytest.raises(MessagesError) as caught:
        load(written(tmp_path, content))
    assert str(caught.value).startswith("messages.toml")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (b'\n[advert]\nfor = "decline"\n', "messages.toml, [advert]: stands there twice"),
        (b"\n[new]\nfor = decline\n", "messages.toml is not written as TOML"),
        (b"\n# caf\xe9\n", "messages.toml cannot be read as UTF-8"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    tmp_path: Path, added: bytes, said: str
) -> None:
    path = tmp_path / "messages.toml"
    path.write_bytes(FILE.read_bytes() + added)
    with pytest.raises(MessagesError, match=re.escape(said)):
        load(path)


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MessagesError, match=r"messages\.toml cannot be read"):
        load(tmp_path / "messages.toml")


def test_a_file_saved_by_another_editor_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "messages.toml"
    path.write_bytes(b"\xef\xbb\xbf" + FILE.read_bytes().replace(b"\n", b"\r\n"))
    assert load(path) == load(FILE)


def test_a_charity_can_reword_a_message_and_add_its_own(tmp_path: Path) -> None:
    content = tables()
    content["advert"]["text"] = "\nHello.\nThis is\n an advert.\n \nWrite to us again.\n"
    with_message("too-long-for-us")(content)
    found = load(written(tmp_path, content))
    assert found["advert"].text == "Hello. This is an advert.\n\nWrite to us again."
    assert found.for_act(Act.DECLINE)[-1] == Template(
        key="too-long-for-us", id="", act=Act.DECLINE, label="A new one", text="We read it."
    )


# Where it is used


def test_no_page_takes_a_reworded_text_for_markup() -> None:
    text = 'A <b onclick="x">person</b> & {{ 7*7 }}\n\nSecond.'
    shown = page("api/erased.html", erased=make_template(act=None, text=text)).body
    assert "<p>A &lt;b onclick=&#34;x&#34;&gt;person&lt;/b&gt; &amp; {{ 7*7 }}</p>" in shown
    assert "<p>Second.</p>" in shown


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A checkout of its own, in which the file is wrong."""
    home = tmp_path / "house"
    aside = shutil.ignore_patterns("__pycache__", "vendor", "posts", "theme")
    for room in ("api", "content", "doors", "forum", "moderation"):
        shutil.copytree(ROOT / room, home / room, symlinks=True, ignore=aside)
    path = home / "content" / "messages.toml"
    path.write_text(
        path.read_text("utf-8").replace('for = "approve"', 'for = "aprove"', 1), "utf-8"
    )
    return home


def run(house: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", *words],
        cwd=house,
        env={"HANDRAIL_DATA": str(house / "var")},
        capture_output=True,
        text=True,
        check=False,
    )


WRONG_THERE = "messages.toml, [published], field 'for': 'aprove' should be one of"


def test_the_doctor_says_what_is_wrong_with_the_file(house: Path) -> None:
    ended = run(house, "-m", "moderation", "doctor", "--json")
    assert ended.returncode == 1
    assert WRONG_THERE in json.loads(ended.stdout.splitlines()[0])["checks"]["messages"]
    whole = FILE.read_bytes()
    (house / "content" / "messages.toml").write_bytes(whole)
    ended = run(house, "-m", "moderation", "doctor", "--json")
    assert json.loads(ended.stdout.splitlines()[0])["checks"]["messages"] == ""


def test_the_visitors_door_does_not_start_with_a_file_that_is_wrong(house: Path) -> None:
    """It would find out after somebody's words are stored, on the page with their receipt."""
    ended = run(house, "-c", "import api.app")
    assert ended.returncode != 0
    assert WRONG_THERE in ended.stderr.splitlines()[-1]


def test_escalating_shows_where_help_is_even_without_a_message() -> None:
    assert STATES[State.ESCALATED] == (ALL["held-back"].label, ALL["held-back"].text)
