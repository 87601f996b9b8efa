"""One press at a time: whoever dies holds nobody up for long, and whoever lost its turn stops."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_lease import DynamoLease
from infra.aws.lease import DOUBT, SECONDS, Hold, Lease, Lost, Taken
from tests.aws.published import Clock, Cloud, Row, amazon, edition, linking
from tests.store.dynamodb_given import create_tables, name_for


@pytest.fixture
def row(tmp_path: Path) -> DynamoLease:
    """The row of a forum of its own, which nobody has ever held."""
    name, dynamodb = name_for(tmp_path), amazon("dynamodb")
    create_tables(dynamodb, name)
    return DynamoLease(Dynamo(dynamodb, name))


def a_killed_one(row: DynamoLease | Row, clock: Clock) -> Hold:
    """A press that took the lease and did nothing more."""
    hold = Hold(row, clock, "")
    hold.take()
    return hold


def test_of_many_that_ask_at_once_one_holds_it(row: DynamoLease) -> None:
    together, holding, refused = threading.Barrier(6), [], []

    def ask() -> None:
        together.wait()
        try:
            with Lease(row).held() as hold:
                holding.append(hold)
                together.wait()
        except Taken:
            refused.append(1)
            together.wait()

    asking = [threading.Thread(target=ask) for _ in range(6)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert (len(holding), len(refused)) == (1, 5)


def test_who_is_done_holds_nobody_up(row: DynamoLease) -> None:
    lease = Lease(row, Clock())
    for _ in range(3):
        with lease.held() as hold:
            hold.begin()
            hold.finish()
        assert lease.in_order


def test_a_killed_press_holds_the_others_up_until_its_lease_runs_out(row: DynamoLease) -> None:
    clock = Clock()
    a_killed_one(row, clock).begin()
    clock.seconds += SECONDS - 1
    with pytest.raises(Taken), Lease(row, clock).held():
        pass
    clock.seconds += 2
    with Lease(row, clock).held() as hold:
        assert hold.order == "", "it died on the way"
    assert not Lease(row, clock).in_order


def test_who_lost_it_does_nothing_more(row: DynamoLease) -> None:
    """It hung, or the other one's clock is ahead."""
    slow = a_killed_one(row, Clock())
    with Lease(row, Clock(5_000.0)).held() as hold:
        for go_on in (slow.confirm, slow.begin, slow.finish):
            with pytest.raises(Lost):
                go_on()
        hold.confirm()


def test_who_failed_to_end_it_leaves_it_out_of_order(row: DynamoLease) -> None:
    lease = Lease(row, Clock())

    def fail_after(*steps: str) -> None:
        with suppress(ZeroDivisionError), lease.held() as hold:
            for step in steps:
                getattr(hold, step)()
            raise ZeroDivisionError

    fail_after("begin", "finish")
    assert lease.in_order, "it failed when all was done"
    fail_after("confirm")
    assert lease.in_order, "it failed before it touched anything"
    fail_after("begin")
    assert not lease.in_order
    with lease.held():
        pass
    assert not lease.in_order, "nobody has put it right since"


def test_it_is_renewed_while_somebody_works() -> None:
    row, clock = Row(), Clock()
    with Lease(row, clock, renewed_every=0.001).held():
        clock.seconds += SECONDS - 1
        until = time.monotonic() + 10
        while row.read()["until"] < clock.seconds + SECONDS and time.monotonic() < until:
            time.sleep(0.001)
        clock.seconds += SECONDS - 1
        with pytest.raises(Taken):
            a_killed_one(row, clock)


def test_what_a_hung_press_still_sends_is_taken_away_again(tmp_path: Path) -> None:
    """Its call is under way when somebody else takes the story down and sees it gone."""
    cloud, row, clock = Cloud(), Row(), Clock()
    hung, next_one = cloud.publishing(), cloud.publishing()
    story = {"index.html": linking("/stories/x/"), "stories/x/index.html": linking(words="mine")}
    without = edition(tmp_path / "without", {"index.html": linking()})

    def one_more_run() -> None:
        with Lease(row, clock).held() as hold:
            next_one.bring_in_line(without, hold, True)

    send = hung._bucket.put

    def late(pages: dict[str, bytes]) -> None:
        clock.seconds += SECONDS + 1
        one_more_run()
        hung._bucket.put = send  # type: ignore[method-assign]
        send(pages)

    hung._bucket.put = late  # type: ignore[method-assign, assignment]
    with pytest.raises(Lost):
        hung.bring_in_line(edition(tmp_path / "with", story), a_killed_one(row, clock), False)
    assert not Lease(row, clock).in_order
    one_more_run()
    assert list(cloud.paths()) == ["index.html"]
    assert not Lease(row, clock).in_order
    clock.seconds += DOUBT
    one_more_run()
    assert Lease(row, clock).in_order
