"""The leak test bites: with a leak planted in each layer of the running house, each is found."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forum.admission import issue
from forum.keys import read_keyring
from tests.doors.local_machine import publish
from tests.doors.served import WIDE
from tests.rules.exact_times import Span
from tests.rules.house import ROOT
from tests.rules.sieve import Sieve
from tests.rules.whereabouts import (
    ROLES,
    TABLE,
    Found,
    at_rest,
    cells_of,
    faults_at_rest,
    faults_heard,
    heard,
)
from tests.rules.whole_people import Author
from tests.rules.whole_product import Whole

AT_REST = {
    "a header in the log": ("withdrawn: User-Agent", "log"),
    "a header in a row": ("withdrawn: Referer", "counters"),
    "an address hashed under the house's key in a row": (
        *("a hash of withdrawn's address", "counters"),
    ),
    "a claimed address hashed with the day in the log": ("a hash of a visitor: X-Real-IP's", "log"),
    "an address as a number in a row": ("passer-by's address", "counters"),
    "words in a temporary file": ("withdrawn: words", "temporary"),
    "a header in a packed page": ("passer-by: Via", "edition"),
    "a header in a file's name": ("withdrawn: From", "mirror"),
    "words in a log that was not cut": ("withdrawn: words", "store"),
    "words as a reason in the record": ("withdrawn: title", "record"),
    "words in what the queue is found by": ("withdrawn: title", "facets"),
    "an author's own words left after a withdrawal": ("withdrawn: words", "originals"),
    "words in what moderators are told": ("withdrawn: title", "notices"),
}
"""Each leak of tests/rules/leaky_house.py: what is found of it, and where."""
IN_ANSWERS = {
    "a header in a header": ("withdrawn: Accept-Language", "own"),
    "a claimed address that reached the door": ("a visitor: True-Client-IP's address", "withdrawn"),
    "somebody else's words": ("withdrawn: words", "readers"),
}


@dataclass(frozen=True)
class Short:
    """What was found of a short visit."""

    files: Found
    heard: Found
    times: set[str]
    spooled: bool
    """Whether a temporary file was ever there."""


@contextmanager
def served(folder: Path, module: str) -> Iterator[Whole]:
    """A house that this module serves; everything it keeps is under `folder`."""
    house = Whole(folder / "var")
    publish(house.folder / "editions", {"index.html": "home"})
    environ = {**house.environ, **WIDE, "HANDRAIL_TEST_LOG": "DEBUG"}
    command = [sys.executable, "-m", module]
    with house.log.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=log
        )
    assert process.stdout
    house.port = int(process.stdout.readline() or 0)
    try:
        assert house.port, house.log.read_text()
        yield house
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=15)


def visit(folder: Path, module: str) -> Short:
    """Somebody shares, looks and takes it back; somebody else passes by."""
    start = datetime.now(UTC)
    with served(folder, module) as house:
        author = Author(house.person("withdrawn"))
        forms = read_keyring((house.folder / "keys" / "forms").read_text("ascii"))
        author.token = issue(forms, datetime.now(UTC) - timedelta(seconds=10), os.urandom)
        author.person.get("/")
        author.person.get("/api/share")
        assert author.shares().status == 201
        assert author.presses("withdraw").status == 200
        house.person("passer-by").get("/api/receipt")
        copy = house.snapshot(f"{folder.name}-at-rest")
    keys = [path.read_text("ascii") for path in sorted((copy / "var/keys").iterdir())]
    sieve = Sieve(house.canaries, [start.date()], keys)
    span = Span(start, datetime.now(UTC))
    cells = cells_of(copy / "var/handrail.sqlite3")
    times = {when for cell in cells for when in span.moments(f" {cell.value} ".encode())}
    spooled = house.home.stat().st_mtime_ns != house.made_home
    return Short(at_rest(copy, sieve), heard(house.told, sieve, ROLES), times, spooled)


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> Short:
    """A visit to the house that leaks everywhere."""
    return visit(tmp_path_factory.mktemp("leaky"), "tests.rules.leaky_house")


@pytest.mark.parametrize("leak", AT_REST)
def test_a_leak_planted_in_any_layer_is_a_fault_at_rest(leaky: Short, leak: str) -> None:
    name, place = AT_REST[leak]
    found = {n: at for n, at in leaky.files.items() if n.startswith(name) and place in at}
    assert found
    assert {at[place] for at in found.values()} <= set(faults_at_rest(leaky.files, "end", TABLE))


@pytest.mark.parametrize("leak", IN_ANSWERS)
def test_a_leak_planted_in_an_answer_is_a_fault(leaky: Short, leak: str) -> None:
    name, role = IN_ANSWERS[leak]
    found = {n: by for n, by in leaky.heard.items() if n.startswith(name) and role in by}
    assert found
    others = [row for row in TABLE if "withdrawn" not in row.name.pattern]
    faults = faults_heard(leaky.heard, others)
    assert {by[role] for by in found.values()} <= set(faults)


def test_a_time_planted_in_a_row_is_found(leaky: Short) -> None:
    assert leaky.times


def test_a_temporary_file_is_noticed(leaky: Short) -> None:
    assert leaky.spooled


def test_the_same_visit_to_the_real_house_has_no_fault(tmp_path: Path) -> None:
    """Its log keeps every level; nothing was found that was not planted."""
    real = visit(tmp_path / "real", "tests.doors.served")
    assert faults_at_rest(real.files, "end", TABLE) == []
    assert faults_heard(real.heard, TABLE) == []
    assert real.times == set()
    assert not real.spooled
