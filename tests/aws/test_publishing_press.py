"""The whole press in the cloud: on a machine that stays warm, and on one that starts with nothing.

The store and Pelican are real; the bucket, the distribution and the lease are the emulated cloud's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forum.mirror import Mirror
from forum.press import Press
from forum.printing import PrintFailed
from forum.rows import RunState
from infra.aws.build_job import BuildJob, Outcome
from infra.aws.cloud_printer import CloudPrinter
from infra.aws.lease import Lease, Taken
from infra.local.printer import LocalPrinter
from tests.aws.published import SITEURL, Calls, Cloud, CloudRoom, Row, dead_links
from tests.builders import FakeClock
from tests.forum.press_room import AT_ONCE, as_they_come


@dataclass
class Jammed:
    """A printer whose builds fail while somebody holds it up."""

    local: LocalPrinter
    why: str = ""
    meanwhile: Callable[[], object] = int
    """Done before each build."""

    def __getattr__(self, name: str) -> object:
        return getattr(self.local, name)

    def print_edition(self, *how: bool, **more: bool) -> object:
        self.meanwhile()
        if self.why:
            raise PrintFailed(self.why)
        return self.local.print_edition(*how, **more)


@dataclass
class House:
    """A store, a bucket and the lease's row. Machines that press come and go."""

    folder: Path
    cloud: Cloud = field(default_factory=Cloud)
    row: Row = field(default_factory=Row)

    def __post_init__(self) -> None:
        self.desk = CloudRoom(self.folder / "store", clock=FakeClock(datetime.now(UTC)))

    def machine(self, calls: Calls | None = None) -> BuildJob:
        """One that starts with an empty disk."""
        home = self.folder / f"machine-{len(list(self.folder.iterdir()))}"
        home.mkdir()
        posts, editions = home / "posts", home / "editions"
        local = Jammed(LocalPrinter(editions, posts, SITEURL, False))
        printer = CloudPrinter(local, Lease(self.row), self.cloud.publishing(calls, at_once=8))
        clock, store = self.desk.clock, self.desk.store
        press = Press(store, Mirror(posts), printer, clock, AT_ONCE, as_they_come)
        return BuildJob(press, printer, store)

    def stories(self) -> set[str]:
        """The ids of the stories that readers find in the bucket."""
        parts = [path.split("/") for path in self.cloud.paths()]
        return {part[1] for part in parts if len(part) == 3 and part[0] == "stories"}

    def traces(self, words: str) -> list[str]:
        """The pages in which these words stand."""
        pages = self.cloud.pages()
        return sorted(path for path, body in pages.items() if words.encode() in body)


def jam(machine: BuildJob, why: str = "It is jammed.") -> None:
    machine.printer._local.why = why


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_from_approval_to_a_page_and_from_withdrawal_to_none(house: House) -> None:
    calls = Calls()
    machine = house.machine(calls)
    one, two = house.desk.put_up(1, 2)
    assert machine.tick() is Outcome.PRINTED
    assert house.stories() == {one, two}
    assert dead_links(house.cloud.pages()) == set()
    assert machine.tick() is Outcome.NOTHING

    calls.clear()
    (three,) = house.desk.put_up(3)
    assert machine.tick() is Outcome.PRINTED
    assert house.stories() == {one, two, three}
    assert calls.count("PutObject") < 30
    assert set(calls.names) <= {"PutObject", "DeleteObjects", "HeadObject", "CreateInvalidation"}
    assert f"/stories/{three}/" not in calls.addresses, "nobody can have a copy of what is new"
    assert "/" in calls.addresses

    calls.clear()
    house.desk.withdraw(one)
    assert machine.tick() is Outcome.PRINTED
    assert calls.names[0] == "DeleteObjects"
    assert f"/stories/{one}/" in calls.thrown_away[0][1]
    assert house.stories() == {two, three}
    assert house.traces(one) == []
    assert house.cloud.earlier() == []
    assert dead_links(house.cloud.pages()) == set()


def test_a_machine_with_an_empty_disk_goes_on_where_another_stopped(house: House) -> None:
    """The record says what is up and nothing lies on the disk: so it looks at everything."""
    one, two = house.desk.put_up(1, 2)
    house.machine().tick()
    before, calls = house.cloud.pages(), Calls()
    fresh = house.machine(calls)
    assert fresh.tick() is Outcome.NOTHING
    assert calls.names == []
    (three,) = house.desk.put_up(3)
    house.desk.withdraw(one)
    assert fresh.tick() is Outcome.PRINTED
    assert house.stories() == {two, three}
    assert house.traces(one) == []
    sent = calls.count("PutObject")
    assert sent < len(before) / 2, "it made every page, and sent what differs"
    assert set(house.desk.up()) == {two, three}


def test_what_was_taken_back_does_not_wait_until_a_new_machine_has_made_the_site(
    house: House,
) -> None:
    one, two = house.desk.put_up(1, 2)
    house.machine().tick()
    house.desk.withdraw(one)
    calls, seen = Calls(), list[set[str]]()
    fresh = house.machine(calls)
    fresh.printer._local.meanwhile = lambda: seen.append(house.stories())
    fresh.tick()
    assert seen == [{two}]
    assert calls.names[:4] == ["HeadObject", "DeleteObjects", "HeadObject", "CreateInvalidation"]
    assert house.traces(one) == []
    assert house.cloud.earlier() == []


@pytest.mark.long
def test_a_machine_that_died_on_the_way_is_followed_by_one_that_ends_it(house: House) -> None:
    house.desk.put_up(1)
    house.machine().tick()
    house.row.row = {**house.row.row, "order": ""}
    calls = Calls()
    assert house.machine(calls).tick() is Outcome.PRINTED, "though nobody rang"
    assert calls.addresses == ["/*", "/*"]


def test_a_press_beside_another_does_nothing(house: House) -> None:
    house.desk.put_up(1)
    first, second = house.machine(), house.machine()
    with first.printer.lock():
        assert second.tick() is Outcome.BUSY
        with pytest.raises(Taken):
            second.tick(everything=True)
    assert house.cloud.paths() == []
    assert second.tick() is Outcome.PRINTED


@pytest.mark.long
def test_the_daily_look_puts_right_what_somebody_changed_in_the_bucket(house: House) -> None:
    (one,) = house.desk.put_up(1)
    machine = house.machine()
    machine.tick()
    before = house.cloud.pages()
    house.cloud.put(f"stories/{one}/index.html", b"Somebody was here.")
    house.cloud.put("stranger.html", b"So was I.")
    house.cloud.s3.delete_object(Bucket=house.cloud.name, Key="help/index.html")
    assert machine.tick() is Outcome.NOTHING
    machine.tick(everything=True)
    assert house.cloud.pages() == before


def test_a_story_withdrawn_a_moment_ago_does_not_come_back_by_an_index_that_is_behind(
    house: House,
) -> None:
    one, two = house.desk.put_up(1, 2)
    machine = house.machine()
    machine.tick()
    house.desk.dynamo.stand_still()
    house.desk.withdraw(one)
    machine.tick(everything=True)
    house.machine().tick(everything=True)
    assert house.stories() == {two}
    assert house.traces(one) == []


# --- a build that fails --------------------------------------------------------------------------


@pytest.mark.long
def test_a_failed_build_leaves_the_edition_up_and_is_told_at_the_desk(house: House) -> None:
    (one,) = house.desk.put_up(1)
    machine = house.machine()
    machine.tick()
    before = house.cloud.pages()
    house.desk.put_up(2)
    jam(machine)
    with pytest.raises(PrintFailed):
        machine.tick()
    assert house.cloud.pages() == before
    run = house.desk.desk.last_run()
    assert run is not None
    assert run.state is RunState.FAILED
    assert house.stories() == {one}
    jam(machine, "")
    machine.tick()
    assert len(house.stories()) == 2


@pytest.mark.parametrize("warm", [pytest.param(True, marks=pytest.mark.long), False])
def test_what_was_taken_back_goes_though_no_edition_can_be_made(house: House, warm: bool) -> None:
    one, two = house.desk.put_up(1, 2)
    machine = house.machine()
    machine.tick()
    house.desk.withdraw(one)
    machine = machine if warm else house.machine()
    jam(machine)
    with pytest.raises(PrintFailed, match="jammed"):
        machine.tick()
    assert house.stories() <= {two}
    assert house.traces(one) == []
    assert house.cloud.earlier() == []
    jam(machine, "")
    machine.tick()
    assert house.stories() == {two}
    assert dead_links(house.cloud.pages()) == set()


def test_a_bucket_that_cannot_be_written_fails_the_run_and_no_story_counts_as_up(
    house: House,
) -> None:
    house.desk.put_up(1)
    machine = house.machine()
    house.cloud.s3.delete_bucket(Bucket=house.cloud.name)
    with pytest.raises(PrintFailed, match="NoSuchBucket"):
        machine.tick()
    assert not any(row.shown for row in house.desk.store.up().values())
    assert house.desk.store.wanted()


def test_a_machine_that_missed_a_run_puts_no_story_back(house: House) -> None:
    first, second = house.machine(), house.machine()
    one, two = house.desk.put_up(1, 2)
    assert first.tick() is Outcome.PRINTED
    house.desk.withdraw(one)
    assert second.tick() is Outcome.PRINTED
    (three,) = house.desk.put_up(3)
    assert first.tick() is Outcome.PRINTED
    assert house.stories() == {two, three}
    assert house.traces(one) == []
