"""Vouching for a help line: it is recorded whole or not at all, and nothing else changes."""

from __future__ import annotations

import csv
import json
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doors.helpline_rows import HelplinesError, read
from forum.person import By
from forum.settings import ROOT, Purpose
from forum.store.sqlite import Database
from forum.store.sqlite_people import SqlitePeople
from moderation.commands.helpline_checks import Standing, shown_first, standing
from moderation.commands.helpline_file import record
from tests.builders import NOON
from tests.doors.help_rows import (
    WRITTEN,
    checked,
    lines_of,
    make_directory,
    make_own,
    make_row,
    write_rows,
)
from tests.doors.local_machine import publish
from tests.store.people_given import make_invitation, make_moderator, make_passkey

Ended = subprocess.CompletedProcess[str]
FILE = Path("content", "helplines.csv")
PLACED = ("us-988", "gb-samaritans", "us-crisis-text-line", "au-lifeline")
"""The rows that have a place in the strip, in its order."""


def ago(days: int) -> str:
    """A day in the past, as it is typed."""
    return (datetime.now(UTC).date() - timedelta(days)).isoformat()


# The file


Dialect = Callable[[Path], bytes]


def as_kept(path: Path) -> bytes:
    return path.read_bytes()


def with_windows_ends(path: Path) -> bytes:
    return path.read_bytes().replace(b"\n", b"\r\n")


def all_in_quotes(path: Path) -> bytes:
    """As spreadsheets save it, with their mark in front."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with tempfile.TemporaryFile("w+", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
        file.seek(0)
        return file.buffer.read()


def without_last_end(path: Path) -> bytes:
    return path.read_bytes().rstrip(b"\n")


@pytest.mark.parametrize("dialect", [as_kept, with_windows_ends, all_in_quotes, without_last_end])
@pytest.mark.parametrize("line_id", ["us-988", "us-samhsa", "befrienders-worldwide"])
def test_a_check_changes_two_cells_and_no_other_byte(
    tmp_path: Path, dialect: Dialect, line_id: str
) -> None:
    path = tmp_path / "helplines.csv"
    before = dialect(ROOT / FILE)
    path.write_bytes(before)
    record(path, line_id, by="Robin", on=WRITTEN)
    old, new = before.splitlines(keepends=True), path.read_bytes().splitlines(keepends=True)
    changed = [number for number, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
    (number,) = changed
    quote = b'"' if dialect is all_in_quotes else b""
    filled = b",".join(quote + cell + quote for cell in (b"2026-11-02", b"Robin"))
    empty = b",".join((quote * 2, quote * 2))
    head, found, tail = new[number].rpartition(filled)
    assert found
    assert head + empty + tail == old[number]


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=80).map(str.strip).filter(lambda name: name.isprintable()))
def test_any_name_comes_back_as_it_was_given(name: str) -> None:
    if not name:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = write_rows(Path(folder), make_row(), make_row(id="other"), make_directory())
        expected = list(read(path))
        expected[1] = replace(expected[1], verified_on=WRITTEN, verified_by=name)
        record(path, "other", by=name, on=WRITTEN)
        assert list(read(path)) == expected


def test_a_second_check_takes_the_place_of_the_first(tmp_path: Path) -> None:
    path = write_rows(tmp_path, checked(make_row()), make_directory())
    record(path, "gb-listeners", by="Sam, who answers", on=date(2027, 1, 5))
    record(path, "gb-listeners", by="Kim", on=date(2027, 5, 5))
    line = read(path)[0]
    assert (line.verified_on, line.verified_by) == (date(2027, 5, 5), "Kim")


def test_a_row_may_be_called_like_a_column(tmp_path: Path) -> None:
    path = write_rows(tmp_path, make_row(id="id"), make_directory())
    record(path, "id", by="Kim", on=WRITTEN)
    assert read(path)[0].verified_by == "Kim"


def test_checks_made_at_once_are_all_kept(tmp_path: Path) -> None:
    ids = [f"line-{number}" for number in range(12)]
    path = write_rows(tmp_path, *(make_row(id=line_id) for line_id in ids), make_directory())
    together = Barrier(len(ids))

    def vouch(line_id: str) -> None:
        together.wait()
        record(path, line_id, by=line_id, on=WRITTEN)

    with ThreadPoolExecutor(len(ids)) as threads:
        list(threads.map(vouch, ids))
    assert [line.verified_by for line in read(path)] == [*ids, ""]


def test_a_file_that_cannot_be_trusted_is_left_as_it_is(tmp_path: Path) -> None:
    path = write_rows(tmp_path, make_row(), make_row(id="broken", tel="1"), make_directory())
    before = path.read_bytes()
    with pytest.raises(HelplinesError, match="broken"):
        record(path, "gb-listeners", by="Kim", on=WRITTEN)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# What a check is worth


@pytest.mark.parametrize(
    ("days", "worth"),
    [
        (0, Standing.VERIFIED),
        (179, Standing.VERIFIED),
        (180, Standing.DUE),
        (365, Standing.DUE),
        (366, Standing.STALE),
        (-1, Standing.VERIFIED),  # it may be tomorrow already where it was made
        (-2, Standing.NEVER),
    ],
)
def test_a_check_is_due_again_from_180_days_and_stale_after_a_year(
    tmp_path: Path, days: int, worth: Standing
) -> None:
    (line, _) = lines_of(tmp_path, checked(make_row()), make_directory())
    assert standing(line, WRITTEN + timedelta(days)) is worth


def test_a_check_of_a_row_that_is_not_filled_in_is_worth_nothing(tmp_path: Path) -> None:
    rows = (make_row(), make_own(answered_by=""), make_row(id="x", hours="to be confirmed"))
    lines = lines_of(tmp_path, *(checked(row) for row in rows))
    worths = [standing(line, WRITTEN) for line in lines]
    assert worths == [Standing.VERIFIED, Standing.NEVER, Standing.NEVER]


def test_the_strip_comes_first_then_the_own_line_then_the_directory(tmp_path: Path) -> None:
    lines = lines_of(
        tmp_path,
        make_directory(),
        make_own(strip="9"),
        make_row(id="days-only", strip="1", always_open="no", hours="weekdays"),
        make_row(id="always", strip="2"),
        make_row(),
    )
    ids = [line.id for line in shown_first(lines)]
    assert ids == ["always", "days-only", "own-line", "find-a-helpline"]


# The command, in a copy of the house


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A checkout of its own, with what the command needs."""
    home = tmp_path / "house"
    aside = shutil.ignore_patterns("__pycache__", "vendor", "posts")
    for room in ("content", "doors", "forum", "moderation"):
        shutil.copytree(ROOT / room, home / room, symlinks=True, ignore=aside)
    return home


def run(house: Path, *words: str, room: int | None = None, **environment: str) -> Ended:
    """Run one command there; `room` is how many bytes a file may have."""

    def limit() -> None:
        if room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    return subprocess.run(
        [sys.executable, "-B", "-m", "moderation", *words],
        cwd=house,
        env={"HANDRAIL_DATA": str(house / "var"), **environment},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )


def row_of(house: Path, line_id: str) -> dict[str, str]:
    """One row of the house's file."""
    with (house / FILE).open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["id"] == line_id)


def test_the_operator_sees_what_they_vouch_for_before_it_is_recorded(house: Path) -> None:
    day = ago(3)
    ended = run(house, "verify-helpline", "us-crisis-text-line", "--by", "Robin Hill", "--on", day)
    shown, done = ended.stdout.split("Recorded: ")
    assert "Crisis Text Line (United States)" in shown
    assert "HOME to 741741" in shown
    assert "24 hours a day" in shown
    assert "https://www.crisistextline.org" in shown
    assert done.startswith(f"us-crisis-text-line was checked on {day} by Robin Hill.")
    row = row_of(house, "us-crisis-text-line")
    assert (row["verified_on"], row["verified_by"]) == (day, "Robin Hill")


def test_without_more_words_it_is_today_and_the_operator(house: Path) -> None:
    before = datetime.now(UTC).date()
    ended = run(house, "verify-helpline", "us-988", "--json")
    after = datetime.now(UTC).date()
    said = json.loads(ended.stdout)
    assert date.fromisoformat(said["verified_on"]) in (before, after)
    assert (said["id"], said["verified_by"], said["state"]) == ("us-988", "operator", "verified")
    assert (said["numbers"], said["sms_to"]) == (["988"], "988")
    assert row_of(house, "us-988")["verified_on"] == said["verified_on"]


def test_the_links_to_the_file_and_who_may_read_it_stay_as_they_were(house: Path) -> None:
    (house / FILE).chmod(0o640)
    ended = subprocess.run(
        [
            "/bin/sh",
            "-c",
            f"umask 077; exec {sys.executable} -B -m moderation verify-helpline us-988",
        ],
        cwd=house,
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0
    assert (house / "doors" / "helplines.csv").is_symlink()
    assert not (house / FILE).is_symlink()
    assert stat.S_IMODE((house / FILE).stat().st_mode) == 0o640
    assert row_of(house, "us-988")["verified_by"] == "operator"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("us-988", "--on", ago(-2)), "has not come yet"),
        (("us-988", "--on", "last week"), "--on must be a day written like 2026-11-30."),
        (("us-988", "--on", "20261102"), "--on must be a day written like 2026-11-30."),
        (("us-988", "--by", ""), "Say who checked it"),
        (("us-988", "--by", " \t"), "Say who checked it"),
        (("us-988", "--by", "two\nlines"), "Say who checked it"),
        (("us-988", "--by", "a" * 81), "Say who checked it"),
        (("own-line", "--by", "Robin"), "does not say yet who answers and when"),
        (("samaritans",), "Near it: gb-samaritans"),
        (("us-998",), "Near it: us-988"),
        (("zzzzzz",), "`verify-helpline` alone lists them all."),
    ],
)
def test_what_cannot_be_vouched_for_is_refused_in_one_sentence(
    house: Path, words: tuple[str, ...], said: str
) -> None:
    before = (house / FILE).read_bytes()
    ended = run(house, "verify-helpline", *words)
    assert ended.returncode == 1
    (sentence,) = ended.stderr.splitlines()
    assert said in sentence
    assert (house / FILE).read_bytes() == before
    ended = run(house, "verify-helpline", *words, "--json")
    assert said in json.loads(ended.stdout)["error"]


def test_the_own_line_can_be_vouched_for_once_it_is_filled_in(house: Path) -> None:
    text = (house / FILE).read_text("utf-8")
    (house / FILE).write_text(
        text.replace(",,hours to be confirmed by the operator,", ",peers,weekdays 6 to 10 pm,"),
        "utf-8",
    )
    ended = run(house, "verify-helpline", "own-line", "--by", "Robin")
    assert "answered by  peers" in ended.stdout
    assert row_of(house, "own-line")["verified_by"] == "Robin"


def test_where_nothing_can_be_written_one_sentence_says_so(house: Path) -> None:
    """A full disk stands for a read-only one, which nothing keeps from its administrator."""
    before = (house / FILE).read_bytes()
    ended = run(house, "verify-helpline", "us-988", room=100)
    assert ended.returncode == 1
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith("Nothing was recorded: ")
    assert str(house / FILE) in sentence
    assert (house / FILE).read_bytes() == before
    assert not list((house / "content").glob(".*"))


def test_a_broken_file_is_named_by_both_commands(house: Path) -> None:
    text = (house / FILE).read_text("utf-8")
    (house / FILE).write_text(text.replace("116 123,116123", "116 123,116124", 1), "utf-8")
    ended = run(house, "verify-helpline")
    assert ended.returncode == 1
    assert "('gb-samaritans'), column 'tel'" in ended.stderr
    assert "gb-samaritans" in doctor(house)["checks"]["help lines"]


def test_the_list_begins_with_what_every_page_shows(house: Path) -> None:
    days = {"us-988": ago(1), "gb-samaritans": ago(200), "au-lifeline": ago(400)}
    for line_id, day in days.items():
        run(house, "verify-helpline", line_id, "--by", "Robin", "--on", day)
    lines = json.loads(run(house, "verify-helpline", "--json").stdout)["lines"]
    assert len(lines) == len(read(ROOT / FILE))
    first = [line["id"] for line in lines if line["first"]]
    assert first == [*PLACED, "own-line", "find-a-helpline"]
    assert [line["id"] for line in lines[: len(first)]] == first
    states = [line["state"] for line in lines if line["first"]]
    assert states == ["verified", "due", "never", "stale", "never", "never"]
    assert lines[1]["days"] >= 200
    assert lines[2]["days"] is None
    said = [row.split() for row in run(house, "verify-helpline").stdout.splitlines()]
    assert said[0][:2] == ["Shown", "first,"]
    assert said[1][:2] == ["us-988", "verified"]
    assert said[1][-4:] == ["on", days["us-988"], "by", "Robin"]
    assert ["us-crisis-text-line", "never"] in said


# The doctor, on what was vouched for


def doctor(house: Path, **environment: str) -> dict[str, Any]:
    """What it tells programs."""
    told: dict[str, Any] = json.loads(
        run(house, "doctor", "--json", **environment).stdout.splitlines()[0]
    )
    return told


@pytest.fixture
def deploy(house: Path) -> dict[str, str]:
    """The settings of a production that is whole but for its help lines."""
    keys = {purpose.value: f"v1:{'a' * 44}" for purpose in Purpose}
    site = {"HANDRAIL_ENV": "production", "HANDRAIL_SITEURL": "https://forum.example.org"}
    var = house / "var"
    publish(var / "editions", {"index.html": ""})
    people = SqlitePeople(Database(var / "handrail.sqlite3"))
    people.put_invitation(make_invitation(), By("operator:test", NOON.date()))
    people.enrol(b"digest", NOON, make_moderator(), make_passkey())
    for path in (var, *var.glob("handrail.sqlite3*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return {**keys, **site}


def test_a_production_deploy_is_refused_until_the_lines_shown_first_are_verified(
    house: Path, deploy: dict[str, str]
) -> None:
    for number, line_id in enumerate(PLACED):
        refused = run(house, "doctor", **deploy)
        assert refused.returncode == 1
        assert f"Not verified: {', '.join(PLACED[number:])}." in refused.stdout
        run(house, "verify-helpline", line_id, "--by", "Robin")
    assert doctor(house, **deploy)["checks"]["help lines"] == ""


def test_an_old_check_first_warns_and_then_refuses_a_production_deploy(
    house: Path, deploy: dict[str, str]
) -> None:
    for line_id in PLACED:
        run(house, "verify-helpline", line_id, "--on", ago(1))
    run(house, "verify-helpline", "us-988", "--on", ago(300))
    warned = run(house, "doctor", **deploy)
    assert "warns  help lines" in warned.stdout
    assert doctor(house, **deploy)["checks"]["help lines"] == ""
    assert "To verify again: us-988." in doctor(house, **deploy)["warnings"]["help lines"]
    run(house, "verify-helpline", "us-988", "--on", ago(400))
    refused = run(house, "doctor", **deploy)
    assert refused.returncode == 1
    assert "Verified over a year ago: us-988." in refused.stdout
    found = doctor(house, **deploy | {"HANDRAIL_ENV": "development"})
    assert found["checks"]["help lines"] == ""
    assert "Before production: Verified over a year ago: us-988." in found["warnings"]["help lines"]
    assert found["fine"] is True
