"""content/posts holds exactly what is up, to the byte, whatever happened to it before."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from forum.files import MOST_ONE_BY_ONE, bring_to_disk, put, unfinished
from forum.mirror import Content, Mirror, Mirrored, NotWritten
from forum.parts import MANIFEST, PARTS, part_file, part_of
from forum.rows import EditionRow
from tests.builders import make_id
from tests.forum.mirrored import (
    NOTHING_AMISS,
    RECORDS,
    ROWS,
    alike,
    content_of,
    holdings,
    make_record,
    make_row,
)

FIRST, SECOND, THIRD = (f"{make_id(number)}.json" for number in range(3))
PART = {make_id(number): part_file(part_of(make_id(number))) for number in range(3)}
FIRST_PART, SECOND_PART, THIRD_PART = PART.values()
SAID = content_of(RECORDS)


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    """A folder that holds three posts."""
    mirror = Mirror(tmp_path / "content" / "posts")
    mirror.write(ROWS, SAID)
    return mirror


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


def test_a_part_has_a_line_for_each_of_its_posts_by_id(tmp_path: Path) -> None:
    rows = {make_id(number): make_row(number) for number in (0, *alike(0, 2))}
    records = {make_id(number): make_record(number) for number in (0, *alike(0, 2))}
    Mirror(tmp_path).write(rows, content_of(records))
    (name,) = os.listdir(tmp_path / PARTS)
    lines = [json.loads(line) for line in (tmp_path / PARTS / name).read_text().splitlines()]
    assert name == f"{make_id(0)[:2]}.jsonl"
    assert lines == [
        {"id": row.post_id, "hash": row.hash, "month": row.month, "slots": row.slots}
        for _, row in sorted(rows.items())
    ]


def test_the_manifest_begins_with_a_count_and_has_the_hash_of_each_part(mirror: Mirror) -> None:
    header, *lines = [
        json.loads(line) for line in (mirror.folder / MANIFEST).read_text().splitlines()
    ]
    assert header == {"format": 2, "posts": 3}
    assert lines == [
        {
            "part": name,
            "posts": 1,
            "hash": hashlib.sha256((mirror.folder / part_file(name)).read_bytes()).hexdigest(),
        }
        for name in sorted(map(part_of, ROWS))
    ]


def test_the_same_posts_make_the_same_bytes_in_any_order(mirror: Mirror, tmp_path: Path) -> None:
    other = Mirror(tmp_path / "other")
    other.write(dict(reversed(ROWS.items())), SAID)
    assert holdings(other.folder) == holdings(mirror.folder)


def test_a_second_pass_touches_nothing(mirror: Mirror) -> None:
    before = {path: path.stat().st_ino for path in mirror.folder.rglob("*")}
    assert mirror.write(ROWS, SAID) == NOTHING_AMISS
    assert {path: path.stat().st_ino for path in mirror.folder.rglob("*")} == before


def test_an_empty_edition_is_a_manifest_alone(mirror: Mirror) -> None:
    mirror.write({}, SAID, meant=tuple(ROWS))
    assert holdings(mirror.folder) == {MANIFEST: b'{"format": 2, "posts": 0}\n'}


def test_a_post_that_came_down_is_removed_and_not_called_amiss(mirror: Mirror) -> None:
    rows = {i: row for i, row in ROWS.items() if i != make_id(1)}
    assert mirror.write(rows, SAID, meant=[make_id(1)]) == NOTHING_AMISS
    assert set(holdings(mirror.folder)) == {FIRST, THIRD, FIRST_PART, THIRD_PART, MANIFEST}


def test_a_post_that_was_changed_is_rewritten_and_not_called_amiss(mirror: Mirror) -> None:
    rows, said = changed(1, "<p>New.</p>")
    assert mirror.write(rows, said, meant=[make_id(1)]) == NOTHING_AMISS
    assert b"New." in (mirror.folder / SECOND).read_bytes()


def changed(number: int, html: str) -> tuple[dict[str, EditionRow], Content]:
    """Everything as it is, but for one post that has another text now."""
    row, record = make_row(number, html=html), make_record(number, html=html)
    return ROWS | {row.post_id: row}, content_of(RECORDS | {row.post_id: record})


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
    "edited by hand": lambda p: p.write_bytes(p.read_bytes().replace(b"s", b"z")),
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
    assert mirror.write(ROWS, SAID) == Mirrored(rewritten=(SECOND,), removed=())
    assert holdings(mirror.folder) == whole


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_the_manifest_is_put_right_too(mirror: Mirror, harm: Harm) -> None:
    whole = holdings(mirror.folder)
    harm(mirror.folder / MANIFEST)
    mirror.write(ROWS, SAID)
    assert holdings(mirror.folder) == whole


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_a_part_that_is_not_what_the_manifest_says_is_put_right_and_named(
    mirror: Mirror, harm: Harm
) -> None:
    whole = holdings(mirror.folder)
    harm(mirror.folder / SECOND_PART)
    assert mirror.write(ROWS, SAID) == Mirrored(rewritten=(SECOND_PART,), removed=())
    assert holdings(mirror.folder) == whole


@pytest.mark.parametrize("harm", [name for name in HARMS if name != "a folder"])
def test_a_folder_of_parts_that_is_none_is_made_anew(mirror: Mirror, harm: str) -> None:
    whole = holdings(mirror.folder)
    aside = mirror.folder.parent / "aside"
    (mirror.folder / PARTS).rename(aside)
    (mirror.folder / PARTS).write_text("no folder at all, but something long enough to cut off")
    HARMS[harm](mirror.folder / PARTS)
    mirror.write(ROWS, SAID)
    assert holdings(mirror.folder) == whole
    assert len(os.listdir(aside)) == 3


def test_a_link_to_a_folder_of_parts_is_no_folder_of_ours(mirror: Mirror) -> None:
    whole = holdings(mirror.folder)
    aside = mirror.folder.parent / "aside"
    (mirror.folder / PARTS).rename(aside)
    (mirror.folder / PARTS).symlink_to(aside)
    rows = {post_id: row for post_id, row in ROWS.items() if post_id != make_id(0)}
    assert mirror.write(rows, SAID, meant=[make_id(0)]).removed == (PARTS,)
    assert holdings(mirror.folder) == {
        **{name: held for name, held in whole.items() if name not in (FIRST, FIRST_PART)},
        MANIFEST: (mirror.folder / MANIFEST).read_bytes(),
    }
    assert len(os.listdir(aside)) == 3


def test_a_folder_as_the_version_before_left_it_is_brought_to_this_one(mirror: Mirror) -> None:
    whole = holdings(mirror.folder)
    shutil.rmtree(mirror.folder / PARTS)
    (mirror.folder / MANIFEST).write_text('{"format": 1, "posts": 0}\n')
    assert mirror.write(ROWS, SAID) == NOTHING_AMISS
    assert holdings(mirror.folder) == whole


def test_a_part_that_changes_with_its_posts_is_not_called_amiss(mirror: Mirror) -> None:
    (near,) = alike(0, 1)
    rows = ROWS | {make_id(near): make_row(near)}
    records = RECORDS | {make_id(near): make_record(near)}
    assert mirror.write(rows, content_of(records)) == NOTHING_AMISS
    assert mirror.write(ROWS, SAID, meant=[make_id(near)]) == NOTHING_AMISS


def test_a_post_whose_words_are_gone_by_now_is_in_no_file(mirror: Mirror) -> None:
    """It was withdrawn, or edited, after the press had planned it."""
    rows = {**ROWS, **{make_id(n): make_row(n, html="<p>Gone.</p>") for n in (1, 2)}}
    records = {make_id(0): RECORDS[make_id(0)], make_id(1): RECORDS[make_id(1)]}
    gone = tuple(sorted((make_id(1), make_id(2))))
    assert mirror.write(rows, content_of(records)) == Mirrored((), (), changed=gone)
    assert set(holdings(mirror.folder)) == {FIRST, FIRST_PART, MANIFEST}


def test_all_that_a_pass_vouches_for_is_on_the_disk_before_it_ends(mirror: Mirror) -> None:
    """What an earlier pass wrote that was killed, and what this one found as it should be."""
    brought: list[set[str]] = []
    watched = replace(mirror, to_disk=lambda folder, names: brought.append(set(names)))
    watched.write(ROWS, SAID)
    assert brought == [{"", PARTS, *holdings(mirror.folder)}]
    watched.write({make_id(0): ROWS[make_id(0)]}, SAID)
    assert brought[1] >= {"", PARTS}, "what is gone is gone on the disk too"


@pytest.mark.parametrize("most", [0, 64])
def test_bringing_files_to_the_disk_minds_none_that_is_gone(tmp_path: Path, most: int) -> None:
    (tmp_path / "there").write_text("x")
    names = ["", "there", "gone", *(f"gone{n}" for n in range(most))]
    bring_to_disk(tmp_path, names)
    with pytest.raises(OSError, match="Not a directory"):
        bring_to_disk(tmp_path / "there", ["below"])


def test_very_many_files_are_not_brought_to_the_disk_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("x")
    bring_to_disk(tmp_path / "there", [str(n) for n in range(MOST_ONE_BY_ONE + 1)])


@pytest.mark.parametrize("left", [Path.mkdir, Path.touch, lambda path: path.symlink_to("nowhere")])
def test_what_was_left_unfinished_keeps_no_file_from_being_put(tmp_path: Path, left: Harm) -> None:
    file = tmp_path / "numbers.json"
    left(unfinished(file))
    assert not put(file, b"1")
    assert put(file, b"2")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {file.name: b"2"}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_no_harm_to_one_file_keeps_another_from_coming_down(mirror: Mirror, harm: Harm) -> None:
    harm(mirror.folder / FIRST)
    harm(mirror.folder / SECOND)
    rows = {i: row for i, row in ROWS.items() if i != make_id(1)}
    mirror.write(rows, SAID, meant=[make_id(1)])
    assert set(holdings(mirror.folder)) == {FIRST, THIRD, FIRST_PART, THIRD_PART, MANIFEST}


def test_a_missing_file_is_written_again(mirror: Mirror) -> None:
    whole = holdings(mirror.folder)
    (mirror.folder / FIRST).unlink()
    mirror.write(ROWS, SAID)
    assert holdings(mirror.folder) == whole


EXTRAS: dict[str, Harm] = {
    "parts/aa.jsonl": lambda p: p.write_text("{}"),
    "parts/notes.txt": lambda p: p.write_text("x"),
    "parts/.writing-x7.jsonl": lambda p: p.write_text("{"),
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
    assert mirror.write(ROWS, SAID) == Mirrored(rewritten=(), removed=(name,))
    assert holdings(mirror.folder) == whole


def test_a_folder_that_is_no_posts_is_left_alone(mirror: Mirror) -> None:
    """A wrong HANDRAIL_POSTS must not cost anyone a tree of files."""
    (mirror.folder / "pictures").mkdir()
    (mirror.folder / "pictures" / "one.txt").write_text("x")
    assert mirror.write(ROWS, SAID) == NOTHING_AMISS
    assert (mirror.folder / "pictures" / "one.txt").exists()


def test_what_a_link_points_to_is_never_touched(mirror: Mirror) -> None:
    _linked(mirror.folder / FIRST)
    target = mirror.folder.parents[1] / "elsewhere"
    before = target.read_bytes()
    mirror.write(ROWS, SAID)
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
    rows, large = changed(1, f"<p>{'x' * 9000}</p>")
    with files_no_larger_than(4000), pytest.raises(NotWritten) as told:
        mirror.write(rows, large, meant=[make_id(1)])
    assert str(told.value) == f"{mirror.folder} cannot be written: {os.strerror(errno.EFBIG)}."
    assert holdings(mirror.folder) == whole


def test_removals_come_first_and_the_manifest_last(mirror: Mirror) -> None:
    """A pass that ends early has taken down what it should, and still vouches for the rest."""
    manifest = (mirror.folder / MANIFEST).read_bytes()
    rows, large = changed(2, f"<p>{'x' * 9000}</p>")
    del rows[make_id(0)]
    with files_no_larger_than(4000), pytest.raises(NotWritten):
        mirror.write(rows, large, meant=[make_id(0)])
    assert not (mirror.folder / FIRST).exists()
    assert (mirror.folder / MANIFEST).read_bytes() == manifest
    mirror.write(rows, large, meant=[make_id(0)])
    assert json.loads((mirror.folder / MANIFEST).read_text().splitlines()[0])["posts"] == 2


def test_a_folder_that_cannot_be_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder, why in ((tmp_path / "file", "File exists"), (tmp_path / "file" / "posts", "Not a")):
        with pytest.raises(NotWritten, match=f"{folder} cannot be written: {why}"):
            Mirror(folder).write(ROWS, SAID)


@pytest.mark.parametrize("name", ["letter.txt", "parts/letter.txt"])
def test_a_folder_of_somebody_elses_files_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(NotWritten, match="Is HANDRAIL_POSTS right"):
        Mirror(tmp_path).write({}, SAID)
    assert (tmp_path / name).read_text() == "mine"
