"""Whatever stands in a field: a clear answer, the text kept, nothing in it ever more than words."""

import json

import pytest

from tests.doors.seen import Page
from tests.doors.served import BODY, CANARY, EVERY, JSON, SINGLE, served

PERSIAN = "\u0633\u0644\u0627\u0645 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 "
FAMILY = "\U0001f469\U0001f3fd\u200d\U0001f467\U0001f3fd"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house
        assert "Error" not in house.log, house.log


def stored(house, post_id):
    with house.store() as store:
        return store.execute(
            "SELECT title, html, typed FROM texts WHERE post_id = ?", (post_id,)
        ).fetchone()


# Each field


@pytest.mark.parametrize("wrong", [5, 1.5, -0.0, {}, {"a": 1}, [[]], [1], [None], [{}], 10**300])
@pytest.mark.parametrize("field", EVERY)
def test_a_value_that_is_no_text_is_named(house, field, wrong):
    heard = house.tell("/api/posts", house.story(**{field: wrong}))
    assert heard.status == 422
    assert json.loads(heard.body)["errors"][field] == "This should be text."


def test_a_value_that_is_no_text_is_named_with_every_other_error(house):
    sent = house.story(title=5, topic="nonsense", receipt="wrong", consent="", website={})
    heard = house.tell("/api/posts", sent)
    errors = json.loads(heard.body)["errors"]
    assert errors.keys() == {"title", "topic", "receipt", "consent", "website"}
    assert errors["title"] == errors["website"] == "This should be text."


@pytest.mark.parametrize("field", sorted({*EVERY} - {"consent", "findable"}))
@pytest.mark.parametrize("answer", [True, False])
def test_yes_and_no_are_answers_to_two_questions_alone(house, field, answer):
    heard = house.tell("/api/posts", house.story(**{field: answer}))
    assert list(json.loads(heard.body)["errors"]) == [field]


@pytest.mark.parametrize("field", SINGLE)
@pytest.mark.parametrize("say", ["send", "tell"])
def test_a_single_field_that_comes_twice_is_named(house, field, say):
    value = house.story().get(field, "")
    heard = getattr(house, say)("/api/posts", house.story(**{field: [value, value]}))
    assert heard.status == 422
    assert "more than once" in heard.text


@pytest.mark.parametrize("field", ["kind", "body", "consent", "token"])
@pytest.mark.parametrize("value", [None, "", " ", "\n", "\0", "\u200b\ufeff\u202e", []])
def test_a_field_that_must_be_there_and_is_empty_is_named(house, field, value):
    sent = {name: given for name, given in house.story().items() if name != field}
    sent |= {} if value is None else {field: value}
    heard = house.tell("/api/posts", sent)
    assert heard.status == 422
    assert list(json.loads(heard.body)["errors"]) == [field]


@pytest.mark.parametrize("field", sorted(set(EVERY) - {"kind", "body", "consent", "token"}))
@pytest.mark.parametrize("value", [None, "", [], [""]])
def test_a_field_that_may_be_empty_may_also_be_missing(house, field, value):
    sent = {name: given for name, given in house.story().items() if name != field}
    assert house.tell("/api/posts", {**sent, field: value}).status == 201


@pytest.mark.parametrize("field", sorted({*EVERY} - {"title", "body", "receipt", "token"}))
@pytest.mark.parametrize(
    "value",
    [
        "\0",
        "yes\0",
        "\ud800",
        "alcohol\n",
        "\u202e",
        "../../etc/passwd",
        "%2e%2e%2f",
        "{{7*7}}",
        "<script>",
        "ALCOHOL",
        "x" * 9000,
        "' OR 1=1 --",
    ],
)
def test_a_value_outside_the_list_is_named(house, field, value):
    heard = house.tell("/api/posts", house.story(**{field: value}))
    assert heard.status == 422
    assert list(json.loads(heard.body)["errors"]) == [field]


@pytest.mark.parametrize("unknown", ["email", "name", "pow", "\u202e", "__proto__", "a" * 3000, ""])
def test_an_unknown_field_changes_nothing(house, unknown):
    for say in (house.send, house.tell):
        assert say("/api/posts", house.story(**{unknown: CANARY})).status == 201
    with house.store() as store:
        assert CANARY not in "".join(store.iterdump())


@pytest.mark.parametrize("name", ["\ud800", "\0", "<b>", "x" * 999])
def test_an_unknown_name_of_any_kind_gets_a_readable_answer(house, name):
    heard = house.tell("/api/posts", house.story(**{name: 5}))
    assert heard.status == 422
    assert house.tell("/api/posts", house.story(**{name: 5}), Accept="text/html").status == 422


# Titles, which are one line


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_title_of_two_lines_comes_back(house, end):
    for typed in (f"one{end}two", f"{end}one{end}two{end}"):
        heard = house.send("/api/posts", house.story(title=typed))
        assert heard.status == 422
        assert "one line" in Page(heard.text).errors()["#field-title"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\0b", "ab"),
        ("a\x07b\x1bc", "abc"),
        ("a\u202eb", "ab"),
        ("a\u2028b", "a b"),
        ("  spaces  ", "spaces"),
        ("\nends\r\n", "ends"),
        ("x" * 120, "x" * 120),
        (f" {'x' * 120} ", "x" * 120),
        (PERSIAN.strip(), PERSIAN.strip()),
        (FAMILY, FAMILY),
        ("A & B <3", "A & B <3"),
        ("&amp;lt;", "&amp;lt;"),
        ("\0", ""),
    ],
)
def test_a_title_keeps_what_can_be_read_and_loses_what_cannot(house, typed, kept):
    assert stored(house, house.shared(title=typed)["id"])[0] == kept


def test_a_lone_surrogate_becomes_a_question_mark(house):
    told = house.shared(title="a\ud800b", body=BODY + "\udfff")
    assert stored(house, told["id"])[0] == "a?b"
    assert stored(house, told["id"])[2] == BODY + "?"


# Bodies


@pytest.mark.parametrize(
    "typed",
    [
        "Save_as: ../../x.html\nStatus: draft\nTemplate: x",
        "---\ntitle: x\n---",
        "{{7*7}} ${7*7} #{7*7} <%= 7*7 %>",
        "{% raw %}{% include 'base.html' %}",
        "{filename}x.md {static}/x {attach}y |filename|z",
        "[x](javascript:1) ![y](z)",
        "# not a heading\n* not a list\n```\ncode",
        "../../etc/passwd %2e%2e%2f C:\\con",
        "'; DROP TABLE posts; --",
        PERSIAN,
        FAMILY,
        "\u05e9\u05dc\u05d5\u05dd e\u0301 \ufb01 \uff21",
    ],
)
def test_syntax_of_any_kind_is_only_words(house, typed):
    typed = f"{typed}\n\n{BODY}"
    told = house.shared(body=typed)
    _, html, kept = stored(house, told["id"])
    assert kept == typed
    shown = Page(f"<body>{html}</body>").one("body").text
    assert "".join(shown.split()) == "".join(typed.split())


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<p onclick=alert(1)>x</p>",
        "<svg><script>alert(1)</script></svg>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe srcdoc='<script>1</script>'></iframe>",
        "<style>@import 'x'</style>",
        "<!--><script>alert(1)</script>-->",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<<script>script>alert(1)<</script>/script>",
        "<p" + "<p" * 200,
        "<em>" * 300,
        "&lt;script&gt;",
        "<scr\0ipt>alert(1)</scr\0ipt>",
    ],
)
def test_script_of_any_kind_is_stored_without_its_teeth(house, hostile):
    told = house.shared(body=f"{hostile} {BODY}")
    page = Page(f"<body>{stored(house, told['id'])[1]}</body>")
    allowed = {"body", "p", "br", "em", "strong", "blockquote", "ul", "ol", "li"}
    assert {element.tag for element in page.elements} <= allowed
    assert not any(element.given for element in page.elements)


def test_words_that_come_to_nothing_are_asked_for_again(house):
    for typed in ("\u200b" * 40, "<script></script>" * 4, "\0" * 40, "<p></p><br>" * 5):
        heard = house.send("/api/posts", house.story(body=typed))
        assert heard.status == 422
        assert "#field-body" in Page(heard.text).errors()


@pytest.mark.parametrize("letter", ["\u0645\u06cc\u200c", "\U0001f469", "\u00e9", "x", "&", "\n"])
def test_twelve_thousand_characters_of_any_script_are_taken(house, letter):
    typed = BODY + (letter * 12_000)[: 12_000 - len(BODY) - 1] + "."
    assert len(typed) == 12_000
    for say in (house.send, house.tell):
        heard = say("/api/posts", house.story(body=typed), Accept=JSON)
        assert heard.status == 201, heard.text
        assert stored(house, json.loads(heard.body)["id"])[2] == typed


def test_windows_line_ends_count_once(house):
    typed = BODY + "\r\n" * (12_000 - len(BODY) - 1) + "."
    assert house.send("/api/posts", house.story(body=typed)).status == 201


def test_a_little_too_much_comes_back_whole(house):
    typed = "\U0001f469" * 12_001
    heard = house.send("/api/posts", house.story(body=typed))
    assert heard.status == 422
    assert Page(heard.text).by_id("field-body").value == typed
    assert "12,001" in Page(heard.text).errors()["#field-body"]


# Sizes


@pytest.mark.parametrize("size", [70_000, 260_000, 300_000, 1_000_000])
@pytest.mark.parametrize("say", ["send", "tell"])
@pytest.mark.parametrize("path", ["/api/posts", "/api/receipt", "/api/receipt/withdraw"])
def test_a_body_that_is_far_too_long_is_refused_in_plain_words(house, size, say, path):
    heard = getattr(house, say)(path, {"body": "a" * size})
    assert heard.status == 413
    assert "too long" in heard.text
    assert "go back" in heard.text
    assert "aaaaaaaaaa" not in heard.text


@pytest.mark.parametrize("say", ["send", "tell"])
def test_many_fields_are_refused(house, say):
    heard = getattr(house, say)("/api/posts", {f"f{n}": "" for n in range(5000)})
    assert heard.status == 400


def test_a_long_list_is_read_to_its_end(house):
    assert house.tell("/api/posts", house.story(topic=["alcohol"] * 3000)).status == 201
    heard = house.tell("/api/posts", house.story(topic=["alcohol"] * 3000 + ["nonsense"]))
    assert list(json.loads(heard.body)["errors"]) == ["topic"]
