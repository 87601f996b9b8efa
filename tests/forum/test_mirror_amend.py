"""A few posts of many are brought up to date at the cost of those, and as well as all would be."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import tempfile
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.files import WRITING
from forum.mirror import Mirror, Mirrored, NotAsListed, NotWritten
from forum.parts import MANIFEST, PARTS, part_file, part_of
from forum.post import Record
from forum.rows import EditionRow
from tests.builders import make_id
from tests.forum.failing_disk import Killed, disk_until
from tests.forum.mirrored import (
    NOTHING_AMISS,
    alike,
    content_of,
    holdings,
    make_record,
    make_row,
)

NUMBERS = (0, 1, 2, *alike(0, 3))
"""Four of these are in one part, each of the others in a part of its own."""
NEAR = NUMBERS[3]
NEW = "<p>New.</p>"


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    """A folder that holds all but the last of the posts."""
    mirror = Mirror(tmp_path / "posts")
    mirror.write(*held(NUMBERS[:-1]))
    return mirror


def held(
    numbers: Collection[int], edited: Collection[int] = ()
) -> tuple[dict[str, EditionRow], Callable[[str], bytes | None]]:
    """Rows of these posts, some of which have another text, and what is said of them."""
    html = {number: {"html": NEW} if number in edited else {} for number in numbers}
    records: dict[str, Record] = {make_id(n): make_record(n, **html[n]) for n in numbers}
    return {make_id(n): make_row(n, **html[n]) for n in numbers}, content_of(records)


def amend(
    mirror: Mirror, up: Collection[int], gone: Collection[int], edited: Collection[int] = ()
) -> Mirrored:
    """Bring these up to date; all that is done to them is planned."""
    rows, content = held(up, edited)
    return mirror.amend(
        rows, content, [make_id(n) for n in gone], [make_id(n) for n in (*gone, *edited)]
    )


def as_a_whole(up: Collection[int], edited: Collection[int] = ()) -> dict[str, bytes]:
    """What a folder holds in which these were written in one go."""
    with tempfile.TemporaryDirectory() as fresh:
        Mirror(Path(fresh)).write(*held(up, edited))
        return holdings(Path(fresh))


def test_what_came_what_went_and_what_changed_is_so_in_files_parts_and_manifest(
    mirror: Mirror,
) -> None:
    last = NUMBERS[-1]
    assert amend(mirror, up=[last, 1, NEAR], gone=[0, 2], edited=[1, NEAR]) == NOTHING_AMISS
    stay = [number for number in NUMBERS if number not in (0, 2)]
    assert holdings(mirror.folder) == as_a_whole(stay, edited=[1, NEAR])


def test_the_last_post_of_a_part_takes_the_part_along(mirror: Mirror) -> None:
    amend(mirror, up=[], gone=[1])
    assert part_file(part_of(make_id(1))) not in holdings(mirror.folder)
    amend(mirror, up=[], gone=NUMBERS)
    assert holdings(mirror.folder) == {MANIFEST: b'{"format": 2, "posts": 0}\n'}
    amend(mirror, up=NUMBERS, gone=[])
    assert holdings(mirror.folder) == as_a_whole(NUMBERS)


def test_a_pass_over_nothing_touches_nothing(mirror: Mirror) -> None:
    before = {path: path.stat().st_ino for path in mirror.folder.rglob("*")}
    assert amend(mirror, up=[], gone=[]) == NOTHING_AMISS
    assert amend(mirror, up=NUMBERS[:-1], gone=[77]) == NOTHING_AMISS
    assert {path: path.stat().st_ino for path in mirror.folder.rglob("*")} == before


def test_files_of_other_posts_and_parts_are_not_even_looked_at(mirror: Mirror) -> None:
    whole = holdings(mirror.folder)
    for number in NUMBERS[2:-1]:
        (mirror.folder / f"{make_id(number)}.json").unlink()
    strange = (f"{make_id(2)}.json", part_file(part_of(make_id(2))), "stranger.json")
    for name in strange[1:]:
        (mirror.folder / name).write_text("changed by hand")
    assert amend(mirror, up=[0], gone=[1]) == NOTHING_AMISS
    after = holdings(mirror.folder)
    assert {name for name in whole if name not in after} == {
        *(f"{make_id(number)}.json" for number in (1, *NUMBERS[2:-1])),
        part_file(part_of(make_id(1))),
    }
    assert {after[name] for name in strange[1:]} == {b"changed by hand"}


def test_what_is_amiss_with_the_posts_themselves_is_put_right_and_named(mirror: Mirror) -> None:
    first, last = (f"{make_id(number)}.json" for number in (0, NUMBERS[-1]))
    (mirror.folder / first).write_text("{}")
    (mirror.folder / last).write_text("{}")
    told = amend(mirror, up=[0], gone=[])
    assert told == Mirrored(rewritten=(first,), removed=())
    assert mirror.amend({}, lambda post_id: None, [make_id(NUMBERS[-1])]) == Mirrored((), (last,))
    assert holdings(mirror.folder) == as_a_whole(NUMBERS[:-1])


def test_a_post_whose_words_are_gone_by_now_is_in_no_file(mirror: Mirror) -> None:
    rows, _ = held([0, 1], edited=[0])
    told = mirror.amend(rows, lambda post_id: None, [])
    assert told == Mirrored((), (), changed=(make_id(0),))
    assert holdings(mirror.folder) == as_a_whole(NUMBERS[1:-1])


def test_what_a_killed_pass_left_unfinished_goes_with_the_next_over_the_same_posts(
    mirror: Mirror,
) -> None:
    """Nobody lists the folder for it: it bears the name of the file that it would have been."""
    post, part = f"{make_id(1)}.json", part_file(part_of(make_id(1)))
    (mirror.folder / f"{WRITING}{post}").write_text("half of words that were taken ba")
    (mirror.folder / PARTS / f"{WRITING}{part.removeprefix('parts/')}").mkdir()
    (mirror.folder / f"{WRITING}{MANIFEST}").write_text("")
    amend(mirror, up=[], gone=[1])
    assert [path.name for path in mirror.folder.rglob(f"{WRITING}*")] == []


# --- when that cannot be done -------------------------------------------------------------------

Harm = Callable[[Mirror], object]
MANIFESTS: dict[str, Harm] = {
    "missing": lambda m: (m.folder / MANIFEST).unlink(),
    "of another version": lambda m: (m.folder / MANIFEST).write_text('{"format": 1, "posts": 0}\n'),
    "cut off": lambda m: (m.folder / MANIFEST).write_bytes(
        (m.folder / MANIFEST).read_bytes()[:-20]
    ),
    "without a line of another part": lambda m: other_line(m, b""),
    "with such a line twice": lambda m: other_line(m, b"%b%b"),
    "with another count": lambda m: other_line(m, b"%b", b'"posts": 5', b'"posts": 4'),
    "back to front": lambda m: (m.folder / MANIFEST).write_bytes(
        b"".join(reversed((m.folder / MANIFEST).read_bytes().splitlines(keepends=True)))
    ),
    "no text": lambda m: (m.folder / MANIFEST).write_bytes(b"\xff"),
    "a pipe": lambda m: ((m.folder / MANIFEST).unlink(), os.mkfifo(m.folder / MANIFEST)),
    "a folder": lambda m: ((m.folder / MANIFEST).unlink(), (m.folder / MANIFEST).mkdir()),
}


def other_line(mirror: Mirror, instead: bytes, *replaced: bytes) -> None:
    """Write something in place of the line of a part that nobody asks for."""
    manifest = mirror.folder / MANIFEST
    content = manifest.read_bytes()
    part = f'"part": "{part_of(make_id(2))}"'.encode()
    (line,) = (line for line in content.splitlines(keepends=True) if part in line)
    content = content.replace(line, instead.replace(b"%b", line))
    manifest.write_bytes(content.replace(*replaced) if replaced else content)


def first_part(mirror: Mirror) -> Path:
    return mirror.folder / part_file(part_of(make_id(0)))


HARMED: dict[str, Harm] = {
    "missing": lambda m: first_part(m).unlink(),
    "edited": lambda m: first_part(m).write_bytes(first_part(m).read_bytes()[:-1]),
    "a pipe": lambda m: (first_part(m).unlink(), os.mkfifo(first_part(m))),
    "under a link": lambda m: (
        (m.folder / PARTS).rename(m.folder.parent / "aside"),
        (m.folder / PARTS).symlink_to(m.folder.parent / "aside"),
    ),
    "and its line edited": lambda m: forge(m, first_part(m), b"no line\n"),
    "and its line without an id": lambda m: forge(m, first_part(m), b"{}\n"),
}


def forge(mirror: Mirror, part: Path, lines: bytes) -> None:
    """Change a part by hand, and the manifest so that it agrees."""
    hashes = [hashlib.sha256(found).hexdigest().encode() for found in (part.read_bytes(), lines)]
    part.write_bytes(lines)
    manifest = mirror.folder / MANIFEST
    manifest.write_bytes(manifest.read_bytes().replace(*hashes))


@pytest.mark.parametrize(
    "harm",
    [*MANIFESTS.values(), *HARMED.values()],
    ids=[*(f"manifest {n}" for n in MANIFESTS), *(f"part {n}" for n in HARMED)],
)
def test_where_the_manifest_does_not_hold_nothing_is_written_and_everything_is_needed(
    mirror: Mirror, harm: Harm
) -> None:
    harm(mirror)
    before = listing(mirror.folder)
    with pytest.raises(NotAsListed):
        amend(mirror, up=[0], gone=[1], edited=[0])
    assert listing(mirror.folder) == before
    mirror.write(*held([0, 2], edited=[0]))
    assert holdings(mirror.folder) == as_a_whole([0, 2], edited=[0])


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Every name under a folder, with what tells whether it was written to."""
    found = {path: path.lstat() for path in folder.rglob("*")}
    return {str(path): (stat.st_ino, stat.st_mtime_ns) for path, stat in found.items()}


def test_a_part_that_no_manifest_names_is_not_written_over(mirror: Mirror) -> None:
    (mirror.folder / part_file(part_of(make_id(77)))).write_text("{}")
    with pytest.raises(NotAsListed):
        amend(mirror, up=[77], gone=[])


def test_harm_to_a_part_that_is_not_asked_for_is_not_seen(mirror: Mirror) -> None:
    first_part(mirror).unlink()
    assert amend(mirror, up=[], gone=[1]) == NOTHING_AMISS


def test_without_a_folder_everything_is_needed(tmp_path: Path) -> None:
    with pytest.raises(NotAsListed):
        amend(Mirror(tmp_path / "nowhere"), up=[], gone=[])


# --- wherever it dies ---------------------------------------------------------------------------


def full_disk() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def mended(mirror: Mirror) -> None:
    """What the press does next: the same posts again, or everything where it must."""
    try:
        amend(mirror, up=[NUMBERS[-1], NEAR], gone=[0, 1], edited=[NEAR])
    except NotAsListed:
        mirror.write(*held([2, *NUMBERS[3:]], edited=[NEAR]))


@pytest.mark.parametrize("error", [full_disk, Killed])
def test_wherever_a_pass_ends_the_next_one_leaves_all_as_it_should_be(
    tmp_path: Path, error: Callable[[], BaseException]
) -> None:
    whole = as_a_whole([2, *NUMBERS[3:]], edited=[NEAR])
    ended, at = True, 0
    while ended:
        at += 1
        mirror = Mirror(tmp_path / str(at))
        mirror.write(*held(NUMBERS[:-1]))
        with disk_until(at, error) as asked:
            try:
                amend(mirror, up=[NUMBERS[-1], NEAR], gone=[0, 1], edited=[NEAR])
                ended = False
            except (NotWritten, Killed):
                pass
        gone = [not (mirror.folder / f"{make_id(number)}.json").exists() for number in (0, 1)]
        assert all(gone) or at <= 2, "what was taken back goes before anything else is done"
        mended(mirror)
        assert holdings(mirror.folder) == whole, f"{at}: {asked[-1]}"
    assert at > 15


def test_a_full_disk_is_told_in_a_sentence(mirror: Mirror) -> None:
    with disk_until(2, full_disk), pytest.raises(NotWritten) as told:
        amend(mirror, up=[1], gone=[0], edited=[1])
    why = os.strerror(errno.ENOSPC)
    assert str(told.value) == f"{mirror.folder} cannot be written: {why}."


def test_all_that_a_pass_vouches_for_is_on_the_disk_before_it_ends(mirror: Mirror) -> None:
    brought: list[set[str]] = []
    watched = replace(mirror, to_disk=lambda folder, names: brought.append(set(names)))
    amend(watched, up=[0], gone=[1])
    assert len(brought) == 1
    assert brought[0] >= {"", PARTS, f"{make_id(0)}.json", part_file(part_of(make_id(0))), MANIFEST}


# --- any number of passes is as good as one -----------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(NUMBERS), max_size=4), max_size=6), st.randoms())
def test_any_number_of_passes_leaves_what_one_over_everything_would(
    passes: list[list[int]], chance: random.Random
) -> None:
    up: set[int] = set()
    edited: set[int] = set()
    with tempfile.TemporaryDirectory() as folder:
        mirror = Mirror(Path(folder), to_disk=lambda folder, names: None)
        mirror.write(*held(()))
        for touched in passes:
            come = {number for number in touched if chance.random() < 0.6}
            edited = (edited - set(touched)) | {n for n in come if chance.random() < 0.5}
            up = (up - set(touched)) | come
            told = amend(mirror, come, set(touched) - come, edited & come)
            assert (told.removed, told.changed) == ((), ())
        assert holdings(Path(folder)) == as_a_whole(up, edited)
