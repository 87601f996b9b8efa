"""Whatever is typed, the result can do nothing but show the writer's words, and shows them all."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.sanitize import (
    MOST_CHARACTERS,
    MOST_REMOVED,
    MOST_TAGS,
    TooLong,
    TooTangled,
    agrees,
    clean,
    plain_line,
    sanitize,
)
from tests.benchmarks.hostile import patterns
from tests.forum.test_characters import KEPT

CONTAINERS = {"blockquote", "ul", "ol", "li"}
MAY_STAND_IN = {
    "p": {"", "blockquote"},
    "blockquote": {"", "blockquote"},
    "ul": {"", "blockquote", "li"},
    "ol": {"", "blockquote", "li"},
    "li": {"ul", "ol"},
    "br": {"p", "li", "em", "strong"},
    "em": {"p", "li", "strong"},
    "strong": {"p", "li", "em"},
}


class Reading(HTMLParser):
    """Reads a result with Python's own parser and holds it against the grammar."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.written = ""
        self.feed(markup)
        self.close()
        assert not self.open
        assert self.written == markup

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        assert (self.open[-1] if self.open else "") in MAY_STAND_IN[tag]
        assert tag not in self.open or tag in CONTAINERS
        self.written += f"<{tag}>"
        if tag != "br":
            self.open.append(tag)
        assert len(self.open) <= 12

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        assert not self.written.endswith((f"<{tag}>", "<br>"))
        self.written += f"</{tag}>"

    def handle_data(self, data: str) -> None:
        assert self.open
        assert self.open[-1] not in ("ul", "ol", "blockquote")
        assert "\n" not in data
        self.written += data

    def handle_entityref(self, name: str) -> None:
        assert name in ("amp", "lt", "gt")
        self.written += f"&{name};"

    def nothing_else(self, found: str) -> None:
        pytest.fail(f"neither a tag nor text: {found}")

    handle_charref = nothing_else  # type: ignore[assignment]  # the names of parameters differ
    handle_comment = handle_decl = nothing_else  # type: ignore[assignment]
    handle_pi = unknown_decl = nothing_else  # type: ignore[assignment]


def shown(markup: str) -> str:
    """What a reader sees, a line for each line and an empty one between paragraphs."""
    lines = markup.replace("<br>", "\n").replace("</p>", "\n\n")
    return html.unescape(re.sub(r"<[^>]*>", "", lines)).removesuffix("\n\n")


# One to a line; escapes are Python's.
HOSTILE = Path(__file__).with_name("hostile_texts.txt")
PAYLOADS = [
    line.encode().decode("unicode_escape")
    for line in HOSTILE.read_text(encoding="ascii").splitlines()
]

PIECES = st.one_of(
    st.sampled_from(PAYLOADS),
    st.sampled_from(
        ["\n", "\n\n", " ", "x", "&", "&lt;", "<3", "\u3000", "\xa0", "<br>", "\u202e"]
    ),
    st.sampled_from([f"<{slash}{tag}>" for tag in MAY_STAND_IN for slash in ("", "/")]),
    st.text(st.characters(codec=None), max_size=20),
)
TANGLES = st.lists(PIECES, max_size=30).map("".join)
often = settings(deadline=None, max_examples=300, derandomize=True)

A_TAG_OF_OURS = re.compile(r"</?(p|br|em|strong|blockquote|ul|ol|li)[ /]*>", re.IGNORECASE)


def has_no_tag_of_ours(typed: str) -> bool:
    return not A_TAG_OF_OURS.search(typed)


def sanitized(typed: str) -> str:
    """The result, or nothing where the text is refused as too deep."""
    try:
        return sanitize(typed).html
    except TooTangled:
        return ""


@given(TANGLES)
@often
def test_every_result_keeps_to_the_grammar_and_both_opinions(typed: str) -> None:
    result = sanitized(typed)
    Reading(result)
    assert agrees(result)


@given(TANGLES)
@often
def test_cleaning_a_result_changes_nothing(typed: str) -> None:
    result = sanitized(typed)
    assert clean(result) == result


@given(TANGLES)
@often
def test_cleaning_any_html_twice_is_cleaning_it_once(markup: str) -> None:
    try:
        once = clean(markup)
    except TooTangled:
        return
    Reading(once)
    assert clean(once) == once


LETTERS = st.one_of(st.characters(codec="utf-8"), st.sampled_from("<>&/ \n"))
ONE_LINE = st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"])


@given(st.text(LETTERS).filter(has_no_tag_of_ours))
@often
def test_where_nothing_is_listed_as_removed_every_character_survives(typed: str) -> None:
    result = sanitize(typed)
    if not result.removed:
        assert "".join(shown(result.html).split()) == "".join(typed.split())


@given(st.text(ONE_LINE).filter(has_no_tag_of_ours))
@often
def test_inside_a_line_not_even_a_space_is_lost(typed: str) -> None:
    result = sanitize(f"a{typed}b")
    if not result.removed:
        assert shown(result.html) == f"a{typed}b"


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_every_script_and_emoji_reaches_the_reader_to_the_letter(text: str) -> None:
    result = sanitize(f"I said: {text}.")
    assert shown(result.html) == f"I said: {text}."
    assert (result.removed, result.agreed) == ((), True)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_text_comes_out_as_words_alone(payload: str) -> None:
    result = sanitize(f"before {payload} after")
    Reading(result.html)
    assert result.agreed
    assert "before" in result.html
    assert "after" in result.html


def test_there_are_hostile_texts_of_many_kinds() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 120


@pytest.mark.parametrize(
    "typed",
    [
        "I <3 you & me",
        "a < b > c <b",
        "&amp; &lt;b&gt; &nbsp;",
        "<really> <stop> <x a=1>",
        "<a friend> and <i think>",
        "<!-- no --> </",
        'it\'s "so" <me@example>',
        "{{7*7}} [x](y)",
    ],
)
def test_what_was_typed_is_what_is_read(typed: str) -> None:
    result = sanitize(typed)
    assert shown(result.html) == typed
    assert result.removed == ()


@pytest.mark.parametrize(
    ("typed", "result"),
    [
        ("", ""),
        (" \r\n\t\n\xa0", ""),
        ("one\r\n\r\ntwo\rthree", "<p>one</p><p>two<br>three</p>"),
        ("one\n \n\n\ntwo", "<p>one</p><p>two</p>"),
        ("one<br>two<BR/>three<br />four", "<p>one<br>two<br>three<br>four</p>"),
        ("<p>one\n\ntwo</p>\n<p>three", "<p>one</p><p>two</p><p>three</p>"),
        ("a  \n   b", "<p>a  <br>   b</p>"),
        ("  a\n\n\u3000\u3000b ", "<p>a</p><p>\u3000\u3000b</p>"),
        ("<EM>a</em> <strong> b </strong>c", "<p><em>a</em>  <strong>b</strong> c</p>"),
        ("<em>a\n\nb</em>", "<p><em>a</em></p><p>b</p>"),
        ("<em><strong>a</em>b</strong>", "<p><em><strong>a</strong></em><strong>b</strong></p>"),
        ("<em>a\n\n<em>b</em>", "<p><em>a</em></p><p><em>b</em></p>"),
        ("<em><strong></strong>a</em>", "<p><em>a</em></p>"),
        ("<em><ul><li>a</ul>b", "<ul><li>a</li></ul><p>b</p>"),
        ("a\u3000<ul><li>b</ul>", "<p>a</p><ul><li>b</li></ul>"),
        ("<em><em>a</em></em>", "<p><em>a</em></p>"),
        ("<p></p><em></em><ul><li></li></ul>", ""),
        ("<ul>\n<li>a</li>\n<li>b\n\nc\n</ul>d", "<ul><li>a</li><li>b<br>c</li></ul><p>d</p>"),
        ("<ul>a<ol>b</ul>", "<ul><li>a<ol><li>b</li></ol></li></ul>"),
        ("<ul><ol><li>b", "<ul><li><ol><li>b</li></ol></li></ul>"),
        ("<li>a</li>b", "<p>a</p><p>b</p>"),
        ("a<blockquote>b\n\nc</blockquote>", "<p>a</p><blockquote><p>b</p><p>c</p></blockquote>"),
        ("<div>a</div><div>b</div><b>c</b>", "<p>a</p><p>b</p><p>c</p>"),
    ],
)
def test_paragraphs_lists_and_marks_come_out_as_meant(typed: str, result: str) -> None:
    assert sanitize(typed).html == result


def test_what_was_taken_out_is_listed_with_counts() -> None:
    typed = "<b>x</b><b>y</b><p class=x>z</p>\u202e<script>1</script></i><li>"
    assert sanitize(typed).removed == (
        "bidi override U+202E",
        "tag <b> (2 times)",
        "attribute on <p>",
        "tag <script>",
        "tag <i>",
        "stray <li>",
    )


def test_the_list_of_what_was_taken_out_stays_short() -> None:
    removed = sanitize("".join(map(chr, range(0xD800, 0xDC00)))).removed
    assert len(removed) == MOST_REMOVED
    assert removed[-1] == "and 975 more kinds"
    assert max(map(len, removed)) <= 80


def test_entities_in_html_are_read_and_cannot_hide_anything() -> None:
    assert clean("&lt;b&gt; caf&eacute; &#x202e;&#60;&quot;") == '<p>&lt;b&gt; café &lt;"</p>'


def test_a_text_of_just_the_most_characters_is_taken_and_one_more_is_not() -> None:
    assert sanitize("a\r\n" + "x" * (MOST_CHARACTERS - 2)).agreed
    with pytest.raises(TooLong, match=r"12,001 characters.*12,000"):
        sanitize("x" * (MOST_CHARACTERS + 1))
    with pytest.raises(TooLong):
        clean("x" * 60_001)


@pytest.mark.parametrize(
    "typed",
    ["<em>x</em>" * (MOST_TAGS // 2 + 1), "<blockquote>" * 10 + "x", "<ul>" * 6, "&" * 1_000],
    ids=["tags", "quotes", "lists", "growth"],
)
def test_a_tangle_is_refused_in_words_fit_to_show(typed: str) -> None:
    with pytest.raises(TooTangled, match="Please send plain text"):
        sanitize(typed)


def test_a_tree_just_within_the_bounds_is_taken() -> None:
    Reading(sanitize("<blockquote>" * 9 + "<p><em><strong>x").html)
    Reading(sanitize("<em>x</em>" * (MOST_TAGS // 2)).html)
    assert sanitize("&" * 150).html == f"<p>{'&amp;' * 150}</p>"


def test_a_title_keeps_its_words_and_its_line_ends_show() -> None:
    assert plain_line("I <3 you\u202e & \u200bme \U0001f49a") == "I <3 you & me \U0001f49a"
    assert plain_line("x\r\nSave_as: y\x00") == "x\nSave_as: y"


@pytest.mark.parametrize(
    "markup",
    ["<p onclick=x>a</p>", "<b>a</b>", "<p><p>a</p></p>", "<script>a</script>", "<p>a", "<!--x-->"],
)
def test_the_second_opinion_objects_to_what_is_not_ours(markup: str) -> None:
    assert not agrees(markup)


def test_many_threads_give_the_results_of_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(sanitized, PAYLOADS * 8)) == [sanitized(p) for p in PAYLOADS] * 8


def test_no_hostile_text_grows_beyond_five_times_its_length() -> None:
    texts = patterns()
    results = [sanitized(text) for text in texts.values()]
    assert len(texts) >= 100
    assert sum(map(bool, results)) >= 100
    assert max(map(len, results)) <= 5 * MOST_CHARACTERS
    for result in results:
        Reading(result)
