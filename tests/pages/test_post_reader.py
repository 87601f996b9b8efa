"""What the reader of posts lets through, held against nh3, the sanitizer and a list of tricks."""

import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_pages.manifest import (
    Entry,
    ManifestError,
    Part,
    part_of,
    read_manifest,
    read_part,
)
from story_pages.post_reader import BadPost, Post, read_post
from story_pages.tag_grammar import TAGS, fault_in

from forum.post import canonical as press_canonical
from forum.post import record_of
from forum.sanitize import TooLong, TooTangled, sanitize
from tests.builders import make_fields, make_text
from tests.builders import make_post as approved_post
from tests.pages.posts_folder import (
    Record,
    Up,
    canonical,
    id_of,
    lay_out,
    lines_of,
    make_post,
    places,
    sha256,
    vouch,
)


def entry_for(content: bytes, record: Record) -> Entry:
    """The manifest entry that would let these bytes through, were they a good post."""
    return Entry(record["id"], sha256(content), "2026-11", dict.fromkeys(places(make_post()), 0))


def why_refused(folder: Path, content: bytes, record: Record | None = None) -> str:
    """Read these bytes as the post's file; give the reason for which they are refused."""
    record = record or make_post()
    path = folder / f"{record['id']}.json"
    path.write_bytes(content)
    with pytest.raises(BadPost) as refused:
        read_post(path, entry_for(content, record))
    assert refused.value.id == record["id"]
    return refused.value.why


def test_an_approved_post_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = make_post(title="Überleben – “day 1”", topics=["alcohol", "grief"])
    up = Up(record, 4)
    path = tmp_path / "post.json"
    path.write_bytes(canonical(record))
    post = read_post(path, Entry(**up.line()))
    assert post.title == record["title"]
    assert post.topics == ("alcohol", "grief")
    assert post.body == record["body"]


def read_back(folder: Path, content: bytes, record: Record) -> Post:
    """What the reader makes of these bytes, when the manifest vouches for them."""
    path = folder / "post.json"
    path.write_bytes(content)
    return read_post(path, entry_for(content, record))


def test_a_post_may_have_help_blocks_and_most_have_none(tmp_path: Path) -> None:
    bare, with_help = make_post(), make_post(help=["distress", "substance"])
    assert read_back(tmp_path, canonical(bare), bare).help == ()
    assert read_back(tmp_path, canonical(with_help), with_help).help == ("distress", "substance")


@pytest.mark.parametrize("chosen", [(), ("suicide",), ("youth", "distress")])
def test_what_the_press_writes_of_help_blocks_is_what_is_read(
    tmp_path: Path, chosen: tuple[str, ...]
) -> None:
    post = approved_post(id=id_of(0), fields=make_fields(arc="upward", help=chosen))
    content = press_canonical(record_of(post, make_text()))
    assert read_back(tmp_path, content, make_post(0)).help == tuple(sorted(chosen))


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    record = make_post()
    path = tmp_path / "post.json"
    path.write_bytes(canonical(record).replace(b"how", b"now"))
    with pytest.raises(BadPost, match="SHA-256 differs"):
        read_post(path, entry_for(canonical(record), record))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadPost, match="its file is missing"):
        read_post(tmp_path / "none.json", entry_for(b"", make_post()))


NOT_RECORDS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda good: b"", "not valid JSON"),
    "truncated": (lambda good: good[:-30], "not valid JSON"),
    "latin-1": (lambda good: good.replace(b"Heron", b"H\xe9ron"), "not valid UTF-8"),
    "lone surrogate": (lambda good: good.replace(b"Heron", b"\\ud800"), "not valid UTF-8"),
    "too deep": (lambda good: b"[" * 200_000, "not valid JSON"),
    "huge": (lambda good: good + b" " * 600_000, "over 524288 bytes"),
    "a list": (lambda good: b"[]\n", "not a record"),
    "a number": (lambda good: b"1\n", "not a record"),
    "spaced out": (lambda good: good.replace(b'","', b'", "'), "canonical"),
    "a key twice": (lambda good: good.replace(b'{"', b'{"about_me":[],"', 1), "canonical"),
    "no line end": (lambda good: good.rstrip(), "canonical"),
    "a mark before": (lambda good: b"\xef\xbb\xbf" + good, "not valid JSON"),
}


@pytest.mark.parametrize("name", NOT_RECORDS)
def test_what_is_no_canonical_record_is_refused(tmp_path: Path, name: str) -> None:
    spoil, why = NOT_RECORDS[name]
    assert why in why_refused(tmp_path, spoil(canonical(make_post())))


WRONG_FIELDS: list[tuple[str, object]] = [
    ("format", 2), ("format", True), ("format", 1.0), ("format", "1"),
    ("kind", "letter"), ("kind", None), ("to", id_of(1)),
    ("title", "x" * 121), ("title", "two\nlines"), ("title", "two\u2028lines"),
    ("title", None), ("title", "nul\0"), ("title", "turned \u202e round"), ("title", "\uffff"),
    ("pen_name", ""), ("pen_name", "x" * 81), ("pen_name", ["Quiet", "Heron"]),
    ("body", ""), ("body", "x" * 100_001), ("body", "bell \a"), ("body", ["<p>x</p>"]),
    ("topics", "alcohol"), ("topics", ["../x"]), ("topics", ["Alcohol"]), ("topics", [""]),
    ("topics", ["grief", "alcohol"]), ("topics", ["grief", "grief"]), ("topics", [1]),
    ("helped", [f"w{n:02}" for n in range(41)]), ("helped", None),
    ("stage", "first year"), ("stage", []), ("stage", "../../x"), ("arc", "upward\n"), ("arc", 0),
    ("findable", "yes"), ("findable", 1), ("example", None),
    ("help", []), ("help", "suicide"), ("help", None), ("help", ["Suicide"]), ("help", [1]),
    ("help", ["suicide", "distress"]), ("help", ["youth", "youth"]), ("help", {"suicide": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), WRONG_FIELDS)
def test_a_field_that_may_not_be_so_is_named(tmp_path: Path, field: str, value: object) -> None:
    content = canonical(make_post(**{field: value}))
    assert f"may not be so: ['{field}']" in why_refused(tmp_path, content)


def test_an_extra_or_missing_field_is_named(tmp_path: Path) -> None:
    record = {**make_post(), "ip": "192.0.2.1"}
    del record["arc"]
    why = why_refused(tmp_path, canonical(record))
    assert "unknown: ['ip'], missing: ['arc']" in why


def test_a_file_under_another_posts_name_is_refused(tmp_path: Path) -> None:
    why = why_refused(tmp_path, canonical(make_post(1)), make_post(2))
    assert why == "it carries another id than its file"


def test_a_post_is_not_listed_where_its_record_does_not_put_it(tmp_path: Path) -> None:
    content = canonical(make_post(topics=["grief"]))
    assert "under ['topics/alcohol']" in why_refused(tmp_path, content)


BAD_BODIES = [
    "<script>alert(1)</script>", "<p class=x>x</p>", '<p style="color:red">x</p>',
    "<a href=//x>x</a>", "<p onclick=x>x</p>", "<P>x</P>", "<p >x</p>", "<br/>", "<br />", "</br>",
    "<p>x", "x</p>", "<p>x</em>", "<em><strong>x</em></strong>", "<p><p>x</p></p>",
    "<p><em><p>x</p></em></p>", "<p><ul><li>x</li></ul></p>", "<p><blockquote>x</blockquote></p>",
    "<li>x</li>", "<ul><ul><li>x</li></ul></ul>", "<ul><em><li>x</li></em></ul>",
    "<ul><p>x</p></ul>", "<!-- x -->", "<![CDATA[x]]>", "<?x?>", "<", ">", "a < b", "a > b", "&",
    "a & b", "&nbsp;", "&#60;script&#62;", "&#x3c;", "&amp", "&lt", "&copy;", "<svg>", "<p\n>x</p>",
    "<p>x</p\n>", "<\u0440>x</\u0440>", "<em>" * 41 + "x" + "</em>" * 41, "a\r\nb",
]  # fmt: skip


@pytest.mark.parametrize("body", BAD_BODIES)
def test_a_body_outside_the_grammar_is_refused(body: str) -> None:
    assert fault_in(body)


GOOD_BODIES = [
    "plain words", "<p>a &amp; b &lt;3 &gt; &quot;c&quot; &#39;d&#39; \"e\" 'f'</p>",
    "<p>one<br>two</p>\n<p>three</p>", "<ul><li>a<ol><li>b</li></ol></li></ul>",
    "<blockquote><p>a <strong>b <em>c</em></strong></p></blockquote>", "<p>a\u00a0b\u200d\tc</p>",
    "<p>\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645</p>", "<p>{{ x }} {% y %} {filename}</p>",
]  # fmt: skip


@pytest.mark.parametrize("body", GOOD_BODIES)
def test_a_body_inside_the_grammar_is_let_through(body: str) -> None:
    assert fault_in(body) is None


def spelled_alike(body: str) -> str:
    """A body without the differences that are only of spelling."""
    return body.replace("&nbsp;", "\u00a0").replace("&quot;", '"').replace("&#39;", "'")


class Tags(HTMLParser):
    """Collects what an independent parser takes for tags."""

    def __init__(self, body: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(body)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


SOUP = st.lists(
    st.one_of(
        st.sampled_from([f"{a}{name}>" for a in ("<", "</") for name in sorted(TAGS)]),
        st.sampled_from(
            ["<", ">", "&", "&amp;", "&lt;", "&#39;", "<p a=b>", "<!--", "<br/>", "\n"]
        ),
        st.text(max_size=4),
    ),
    max_size=14,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(SOUP)
def test_what_is_let_through_is_what_nh3_and_a_parser_see(body: str) -> None:
    if fault_in(body):
        return
    cleaned = nh3.clean(body, tags=set(TAGS), attributes={}, link_rel=None)
    assert spelled_alike(cleaned) == spelled_alike(body)
    assert all(tag in TAGS and not attributes for tag, attributes in Tags(body).found)


WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
TEXT = WORDS.map(lambda w: w.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def wrapped(tag: str, inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The same content inside a tag."""
    return inside.map(lambda content: f"<{tag}>{content}</{tag}>")


LINE = st.recursive(
    TEXT | st.just("<br>"),
    lambda line: st.lists(line | wrapped("em", line) | wrapped("strong", line), max_size=3).map(
        "".join
    ),
    max_leaves=6,
)
FLOW = st.recursive(
    wrapped("p", LINE) | LINE,
    lambda flow: st.one_of(
        wrapped("blockquote", flow),
        wrapped("ul", st.lists(wrapped("li", flow), max_size=3).map("".join)),
        wrapped("ol", wrapped("li", flow)),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(FLOW, min_size=1, max_size=4).map("".join))
def test_every_document_of_the_grammar_is_let_through(body: str) -> None:
    assert fault_in(body) is None


@settings(max_examples=400, deadline=None)
@given(SOUP | st.text(max_size=200))
def test_whatever_the_sanitizer_writes_is_let_through(typed: str) -> None:
    try:
        body = sanitize(typed).html
    except (TooLong, TooTangled):
        return
    assert fault_in(body) is None


@pytest.mark.parametrize("piece", ["<em>", "<ul><li>", "&", "<", "a" * 9 + "<p></p>", "<br>"])
def test_a_hostile_body_costs_little(piece: str) -> None:
    body = piece * (100_000 // len(piece))
    start = time.process_time()
    fault_in(body)
    assert time.process_time() - start < 0.5


PART = part_of(id_of(0))


def alike(number: int) -> str:
    """An id of the same part as that of post 0; other numbers give others."""
    return PART + id_of(number)[2:]


def part_of_lines(folder: Path, *lines: object) -> Part:
    """What is read of a part that has these lines, and of which the manifest gives the hash."""
    (folder / "parts").mkdir()
    content = lines_of(*lines)
    (folder / "parts" / f"{PART}.jsonl").write_bytes(content)
    return read_part(folder, PART, sha256(content))


def test_a_manifest_gives_the_hash_of_every_part_and_a_part_its_entries(tmp_path: Path) -> None:
    ups = [Up(make_post(n), n) for n in range(5)]
    parts = read_manifest(lay_out(tmp_path, ups))
    found = {name: read_part(tmp_path, name, hash) for name, hash in parts.items()}
    assert set(parts) == {part_of(up.id) for up in ups}
    entries = [entry for part in found.values() for entry in part.entries.values()]
    assert {entry.id: entry for entry in entries} == {up.id: Entry(**up.line()) for up in ups}
    assert not any(part.set_aside for part in found.values())


GOOD = Up(make_post(1, id=alike(1)), 1).line()
BAD_LINES: list[object] = [
    "", "{", "[]", "null", "[" * 100_000, {}, {"id": alike(1)},
    {**GOOD, "id": "../../../etc/pass"}, {**GOOD, "id": "abc"}, {**GOOD, "id": PART},
    {**GOOD, "hash": "0"}, {**GOOD, "hash": None},
    {**GOOD, "month": "2026-11-23"}, {**GOOD, "month": "2026-13"},
    {**GOOD, "slots": []}, {**GOOD, "slots": {"topics/grief": 1}},
    {**GOOD, "slots": {"stories": -1}}, {**GOOD, "slots": {"stories": True}},
    {**GOOD, "slots": {"stories": 10**9}}, {**GOOD, "slots": {"stories": 1, "topics/../x": 1}},
    {**GOOD, "sent": "2026-11-23T10:00:00Z"},
    {**GOOD, "id": ("a" if PART[0] != "a" else "b") + id_of(1)[1:]},
    Up(make_post(0), 0).line(),
]  # fmt: skip


@pytest.mark.parametrize("line", BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_bad_line_is_reported_and_the_others_are_read(tmp_path: Path, line: object) -> None:
    part = part_of_lines(tmp_path, Up(make_post(0), 0).line(), line, GOOD)
    assert list(part.entries) == [id_of(0), alike(1)]
    assert [left.id for left in part.set_aside] == [f"parts/{PART}.jsonl:2"]


def test_the_same_id_twice_is_the_post_that_was_named_first(tmp_path: Path) -> None:
    first, second = Up(make_post(0), 0).line(), Up(make_post(0, title="Other"), 7).line()
    part = part_of_lines(tmp_path, first, second)
    assert part.entries == {id_of(0): Entry(**first)}
    assert id_of(0) in part.set_aside[0].why


UNVOUCHED: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut short": (lambda part: part.write_bytes(part.read_bytes()[:-9]), "SHA-256 differs"),
    "added to": (lambda part: part.write_bytes(part.read_bytes() * 2), "SHA-256 differs"),
    "empty": (lambda part: part.write_bytes(b""), "SHA-256 differs"),
    "gone": (Path.unlink, "cannot be read"),
    "a folder": (lambda part: (part.unlink(), part.mkdir()), "cannot be read"),
}


@pytest.mark.parametrize("name", UNVOUCHED)
def test_a_part_that_is_not_what_the_manifest_says_is_set_aside_whole(
    tmp_path: Path, name: str
) -> None:
    hash = read_manifest(lay_out(tmp_path, [Up(make_post(0), 0)]))[PART]
    spoil, why = UNVOUCHED[name]
    spoil(tmp_path / "parts" / f"{PART}.jsonl")
    part = read_part(tmp_path, PART, hash)
    assert part.entries == {}
    (left,) = part.set_aside
    assert left.id == f"parts/{PART}.jsonl"
    assert why in left.why


LINE = {"hash": "0" * 64, "part": "ab", "posts": 1}
HEADER = {"format": 2, "posts": 1}
NO_MANIFESTS: dict[str, bytes] = {
    "empty": b"",
    "not text": b"\xff\xfe",
    "no header": lines_of(LINE),
    "an empty header": b"{}\n",
    "an earlier format": lines_of({"format": 1, "posts": 0}),
    "a later format": lines_of({"format": 3, "posts": 0}),
    "a line of another kind": lines_of(HEADER, Up(make_post(0), 0).line()),
    "a line too long": lines_of(HEADER, {**LINE, "and": 1}),
    "a part that is none": lines_of(HEADER, {**LINE, "part": "../ab"}),
    "a part twice": lines_of(HEADER, LINE, {**LINE, "hash": "1" * 64}),
    "a hash that is none": lines_of(HEADER, {**LINE, "hash": "0" * 63 + "x"}),
    "lost lines": lines_of(HEADER),
    "a header that counts otherwise": lines_of({**HEADER, "posts": 2}, LINE),
    "cut short": lines_of(HEADER, LINE)[:-20],
    "without its last line end": lines_of(HEADER, LINE)[:-1],
    "an empty line": lines_of(HEADER, LINE, ""),
}


@pytest.mark.parametrize("name", NO_MANIFESTS)
def test_a_file_that_is_no_manifest_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "manifest.jsonl").write_bytes(NO_MANIFESTS[name])
    with pytest.raises(ManifestError, match="manifest"):
        read_manifest(tmp_path)


def test_without_a_file_there_is_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot read"):
        read_manifest(tmp_path)


def test_a_manifest_over_no_part_has_none(tmp_path: Path) -> None:
    vouch(tmp_path)
    assert read_manifest(tmp_path) == {}
