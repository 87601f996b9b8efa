"""content/posts holds exactly what is up, to the byte, whatever happened to it before."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from forum.mirror import MANIFEST, Mirror, Mirrored, NotWritten
from forum.post import Record, fingerprint, record_of
from forum.rows import EditionRow
from tests.builders import make_edition_row, make_id, make_post, make_text

NOTHING_AMISS = Mirrored((), ())
FIRST, SECOND, THIRD = (f"{make_id(number)}.json" for number in range(3))


def make_records(count: int = 3) -> dict[str, Record]:
    html = "<p>a&amp;b\u2028c</p>"
    texts = {n: make_text(title=f"Ünïcode “{n}” 🌱", html=html) for n in range(count)}
    return {make_id(n): record_of(make_post(n), text) for n, text in texts.items()}


def make_rows(records: dict[str, Record]) -> dict[str, EditionRow]:
    rows = [make_edition_row(n, hash=fingerprint(records[make_id(n)])) for n in range(len(records))]
    return {row.post_id: row for row in rows}


RECORDS = make_records()
ROWS = make_rows(RECORDS)


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    """A folder that holds three posts."""
    mirror = Mirror(tmp_path / "content" / "posts")
    mirror.write(ROWS, RECORDS)
    return mirror


def holdings(folder: Path) -> dict[str, bytes]:
    """Every file by name; links and folders have no place here."""
    assert all(path.is_file() and not path.is_symlink() for path in folder.iterdir())
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_each_post_is_one_file_in_the_one_canonical_form(mirror: Mirror) -> None:
    record = RECORDS[make_id(0)]
    expected = {
        "about_me": [],
        "arc": "",
        "body": record.body,
        "content_notes": [],
        "example": False,
        "findable": False,
        "format": 1,
        "helped": ["nature"],
        "id": record.id,
        "kind": "story",
        "pen_name": record.pen_name,
        "stage": "first-year",
        "title": record.title,
        "to": "",
        "topics": ["alcohol"],
    }
    found = (mirror.folder / FIRST).read_bytes()
    spelled = json.dumps(expected, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert found == (spelled + "\n").encode()
    assert hashlib.sha256(found).hexdigest() == ROWS[record.id].hash


def test_the_manifest_begins_with_a_count_and_has_a_line_a_post_by_id(mirror: Mirror) -> None:
    lines = [json.loads(line) for line in (mirror.folder / MANIFEST).read_text().splitlines()]
    assert lines[0] == {"format": 1, "posts": 3}
    assert [line["id"] for line in lines[1:]] == sorted(ROWS)
    for line in lines[1:]:
        row = ROWS[line["id"]]
        wanted = {"id": row.post_id, "hash": row.hash, "month": row.month, "slots": row.slots}
        assert line == wanted


def test_the_same_posts_make_the_same_bytes_in_any_order(mirror: Mirror, tmp_path: Path) -> None:
    other = Mirror(tmp_path / "other")
    other.write(dict(reversed(ROWS.items())), RECORDS)
    assert holdings(other.folder) == holdings(mirror.folder)


def test_a_second_pass_touches_nothing(mirror: Mirror) -> None:
    before = {path.name: path.stat().st_ino for path in mirror.folder.iterdir()}
    assert mirror.write(ROWS, RECORDS) == NOTHING_AMISS
    assert {path.name: path.stat().st_ino for path in mirror.folder.iterdir()} == before


def test_an_empty_edition_is_a_manifest_alone(mirror: Mirror) -> None:
    mirror.write({}, {}, planned=tuple(ROWS))
    assert holdings(mirror.folder) == {MANIFEST: b'{"format": 1, "posts": 0}\n'}


def test_a_post_that_came_down_is_removed_and_not_called_amiss(mirror: Mirror) -> None:
    rows = {i: row for i, row in ROWS.items() if i != make_id(1)}
    assert mirror.write(rows, RECORDS, planned=[make_id(1)]) == NOTHING_AMISS
    assert set(holdings(mirror.folder)) == {FIRST, THIRD, MANIFEST}


def test_a_post_that_was_changed_is_rewritten_and_not_called_amiss(mirror: Mirror) -> None:
    records = RECORDS | {make_id(1): record_of(make_post(1), make_text(html="<p>New.</p>"))}
    assert mirror.write(ROWS, records, planned=[make_id(1)]) == NOTHING_AMISS
    assert b"New." in (mirror.folder / SECOND).read_bytes()


Harm = Callable[[Path], object]


def _linked(path: Path) -> None:
    target = path.parents[2] / "elsewhere"
    target.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(target)


def _linked_to_a_folder(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parents[2])


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "deep").mkdir()
    (path / "deep" / "inside.json").write_text("{}")


def _a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


HARMS: dict[str, Harm] = {
    "edited by hand": lambda p: p.write_bytes(p.read_bytes().replace(b"Heron", b"Raven")),
    "of the same length": lambda p: p.write_bytes(b" " * p.stat().st_size),
    "truncated": lambda p: p.write_bytes(p.read_bytes()[:40]),
    "empty": lambda p: p.write_bytes(b""),
    "longer": lambda p: p.write_bytes(p.read_bytes() + b"\n"),
    "a link to the same bytes": _linked,
    "a link to a folder": _linked_to_a_folder,
    "a dangling link": lambda p: (p.unlink(), p.symlink_to("nowhere")),
    "a folder": _a_folder,
    "a pipe": _a_pipe,
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_a_file_that_is_not_what_was_approved_is_put_right_and_named(
    mirror: Mirror, harm: Harm
) -> None:
    whole = holdings(mirror.folder)
    harm(mirror.folder / SECOND)
    assert mirror.write(ROWS, RECORDS) == Mirrored(rewritten=(SECOND,), removed=())
    assert holdings(mirror.folder) == whole


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_the_manifest_is_put_right_too(mirror: Mirror, harm: Harm) -> None:
    whole = holdings(mirror.folder)
    harm(mirror.folder / MANIFEST)
    mirror.write(ROWS, RECORDS)
    assert holdings(mirror.folder) == whole


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_no_harm_to_one_file_keeps_another_from_coming_down(mirror: Mirror, harm: Harm) -> None:
    harm(mirror.folder / FIRST)
    harm(mirror.folder / SECOND)
    rows = {i: row for i, row in ROWS.items() if i != make_id(1)}
    mirror.write(rows, RECORDS, planned=[make_id(1)])
    assert set(holdings(mirror.folder)) == {FIRST, THIRD, MANIFEST}


def test_a_missing_file_is_written_again(mirror: Mirror) -> None:
    whole = holdings(mirror.folder)
    (mirror.folder / FIRST).unlink()
    mirror.write(ROWS, RECORDS)
    assert holdings(mirror.folder) == whole


EXTRAS: dict[str, Harm] = {
    "aaaaaaaaaaaaaaaa.json": lambda p: p.write_text("{}"),
    "notes.txt": lambda p: p.write_text("x"),
    ".writing-x7r2": lambda p: p.write_bytes(b'{"about_me":'),
    "linked.json": lambda p: p.symlink_to("/"),
    "folder.json": lambda p: (p.mkdir(), (p / "x").write_text("x")),
}


@pytest.mark.parametrize("name", EXTRAS)
def test_what_has_no_business_there_is_removed_and_named(mirror: Mirror, name: str) -> None:
    whole = holdings(mirror.folder)
    EXTRAS[name](mirror.folder / name)
    assert mirror.write(ROWS, RECORDS) == Mirrored(rewritten=(), removed=(name,))
    assert holdings(mirror.folder) == whole


def test_a_folder_that_is_no_posts_is_left_alone(mirror: Mirror) -> None:
    """A wrong HANDRAIL_POSTS must not cost anyone a tree of files."""
    (mirror.folder / "pictures").mkdir()
    (mirror.folder / "pictures" / "one.txt").write_text("x")
    assert mirror.write(ROWS, RECORDS) == NOTHING_AMISS
    assert (mirror.folder / "pictures" / "one.txt").exists()


def test_what_a_link_points_to_is_never_touched(mirror: Mirror) -> None:
    _linked(mirror.folder / FIRST)
    target = mirror.folder.parents[1] / "elsewhere"
    before = target.read_bytes()
    mirror.write(ROWS, RECORDS)
    assert target.read_bytes() == before


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """A disk on which larger files cannot be written, as one that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing_half_written(mirror: Mirror) -> None:
    whole = holdings(mirror.folder)
    large = RECORDS | {make_id(1): record_of(make_post(1), make_text(html=f"<p>{'x' * 9000}</p>"))}
    with files_no_larger_than(4000), pytest.raises(NotWritten) as told:
        mirror.write(ROWS, large, planned=[make_id(1)])
    assert str(told.value) == f"{mirror.folder} cannot be written: {os.strerror(errno.EFBIG)}."
    assert holdings(mirror.folder) == whole


def test_removals_come_first_and_the_manifest_last(mirror: Mirror) -> None:
    """A pass that ends early has taken down what it should, and still vouches for the rest."""
    manifest = (mirror.folder / MANIFEST).read_bytes()
    rows = {i: row for i, row in ROWS.items() if i != make_id(0)}
    large = RECORDS | {make_id(2): record_of(make_post(2), make_text(html=f"<p>{'x' * 9000}</p>"))}
    with files_no_larger_than(4000), pytest.raises(NotWritten):
        mirror.write(rows, large, planned=[make_id(0)])
    assert not (mirror.folder / FIRST).exists()
    assert (mirror.folder / MANIFEST).read_bytes() == manifest
    mirror.write(rows, large, planned=[make_id(0)])
    assert json.loads((mirror.folder / MANIFEST).read_text().splitlines()[0])["posts"] == 2


def test_a_folder_that_cannot_be_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder, why in ((tmp_path / "file", "File exists"), (tmp_path / "file" / "posts", "Not a")):
        with pytest.raises(NotWritten, match=f"{folder} cannot be written: {why}"):
            Mirror(folder).write(ROWS, RECORDS)


def test_a_folder_of_somebody_elses_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(NotWritten, match="Is HANDRAIL_POSTS right"):
        Mirror(tmp_path).write({}, {})
    assert (tmp_path / "letter.txt").read_text() == "mine"
