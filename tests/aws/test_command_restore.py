"""A restore stops a forum only if it can be done, and starts exactly what was running before."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError

from forum.archive import Head, write
from forum.lockbox import lock, new_identity
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_digest import TOLD
from forum.store.dynamodb_edition import COMING_IN
from forum.store.dynamodb_entries import HEAD, entry_key
from forum.store.dynamodb_keys import BELL, FORM, tally_key
from forum.store.dynamodb_lease import LEASE
from forum.store.dynamodb_runs import RUN
from infra.aws.commands.beforehand import head_of, must_be_empty, must_be_restorable
from infra.aws.commands.cloud import Refused
from infra.aws.commands.halting import Halting
from infra.aws.commands.restoring import Restoring
from tests.builders import TODAY, keep, make_post
from tests.store import dynamodb_given
from tests.store.adapters import open_dynamodb
from tests.store.whole_store import whole

BEFORE = {"small-api": 5, "small-press": 1}
PROGRAMS = ("api", "moderation", "press", "upkeep")
ALL_STOPPED = dict.fromkeys((f"small-{name}" for name in PROGRAMS), 0)


class Cloud:
    """Lambda's and Parameter Store's, as far as stopping needs them."""

    def __init__(self):
        self.reserved = dict(BEFORE)
        self.notes = {}

    def __call__(self, service):
        return self

    def get_function_concurrency(self, FunctionName):  # noqa: N803 - boto3's own name
        there = FunctionName in self.reserved
        return {"ReservedConcurrentExecutions": self.reserved[FunctionName]} if there else {}

    def put_function_concurrency(self, FunctionName, ReservedConcurrentExecutions):  # noqa: N803
        self.reserved[FunctionName] = ReservedConcurrentExecutions

    def delete_function_concurrency(self, FunctionName):  # noqa: N803
        del self.reserved[FunctionName]

    def get_parameter(self, Name):  # noqa: N803
        if Name not in self.notes:
            raise ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
        return {"Parameter": {"Value": self.notes[Name]}}

    def put_parameter(self, Name, Value, **_):  # noqa: N803
        self.notes[Name] = Value

    def delete_parameter(self, Name):  # noqa: N803
        del self.notes[Name]


class Desk:
    """Does what it is told to, and keeps what it was given."""

    def __init__(self, does=lambda: 0):
        self.does, self.given = does, []

    def say(self, *words, given=None):
        self.given.append((words, given))
        return self.does()


@pytest.fixture
def dynamo(tmp_path):
    name = dynamodb_given.name_for(tmp_path)
    dynamodb_given.create_tables(dynamodb_given.client(), name)
    return Dynamo(dynamodb_given.client(), name, clock=lambda: 0.0)


@contextmanager
def restoring(dynamo, does=lambda: 0, cloud=None):
    """One run, and what was said in it."""
    cloud, said, now = cloud or Cloud(), [], [0.0]

    def pause(seconds):
        now[0] += seconds

    halting = Halting(cloud, "small", PROGRAMS)
    one = Restoring(dynamo, halting, Desk(does), said.append, pause, lambda: now[0])
    yield one, cloud, said, now


def test_what_was_reserved_for_each_program_is_put_back_exactly(dynamo):
    seen = []
    with restoring(dynamo, lambda: seen.append(dict(cloud.reserved))) as (one, cloud, said, _):
        one.fill("restore", "--identity", "-", "today.age", given="the identity")
    assert seen == [ALL_STOPPED]
    assert (cloud.reserved, cloud.notes) == (BEFORE, {})
    assert one.desk.given == [(("restore", "--identity", "-", "today.age"), "the identity")]
    assert said[-1] == "The doors, the press and the upkeep run again."


def test_a_restore_that_fails_or_is_broken_off_starts_everything_again(dynamo):
    def broken_off():
        raise KeyboardInterrupt

    for does, error in ((lambda: 1, Refused), (broken_off, KeyboardInterrupt)):
        with restoring(dynamo, does) as (one, cloud, _, _):
            with pytest.raises(error):
                one.fill("restore")
            assert (cloud.reserved, cloud.notes) == (BEFORE, {})


def test_half_full_tables_keep_everything_stopped_and_the_operator_hears_what_to_run(dynamo):
    def cut_off():
        dynamo.change(lambda change: change.put(COMING_IN, {}))
        return 1

    with restoring(dynamo, cut_off) as (one, cloud, said, _):
        with pytest.raises(Refused):
            one.fill("restore")
        assert cloud.reserved == ALL_STOPPED
        assert "stay stopped: the tables are half full" in said[-1]
        assert "run the same command again" in said[-1]
        with pytest.raises(Refused, match="Run `restore` again"):
            one.resume()
        one.desk.does = lambda: dynamo.change(lambda change: change.delete(COMING_IN))
        one.fill("restore")
        assert (cloud.reserved, cloud.notes) == (BEFORE, {}), "not what the second run found"


def test_what_was_stopped_before_a_restore_that_failed_stays_so(dynamo):
    with restoring(dynamo, lambda: 1) as (one, cloud, said, _):
        one.halting.halt()
        with pytest.raises(Refused):
            one.fill("restore")
        assert cloud.reserved == ALL_STOPPED
        assert said[-1].endswith("they were stopped before. `resume` starts them.")


def test_what_a_killed_operator_left_stopped_is_started_by_resume(dynamo):
    with restoring(dynamo) as (one, cloud, _, _):
        one.halting.halt()
        one.halting.halt()
    with restoring(dynamo, cloud=cloud) as (another, _, _, _):
        another.resume()
        assert (cloud.reserved, cloud.notes) == (BEFORE, {})


def test_a_press_that_is_still_at_work_is_waited_for(dynamo):
    dynamo.change(lambda change: change.put(LEASE, {"holder": "one", "until": 300}))
    with restoring(dynamo) as (one, _, said, now):
        one.fill("restore")
        assert 300 <= now[0] < 400
        assert "Waiting for a press" in said[1]
    dynamo.change(lambda change: change.put(LEASE, {"holder": "one", "until": 10**9}))
    with restoring(dynamo) as (one, cloud, _, _):
        with pytest.raises(Refused, match="still at work"):
            one.fill("restore")
        assert cloud.reserved == BEFORE


def test_a_deployment_that_nobody_has_used_counts_as_empty_and_any_other_does_not(dynamo, tmp_path):
    stores = open_dynamodb(tmp_path)
    made_by_a_deploy(dynamo)
    must_be_empty(dynamo)
    keep(stores.visitors, make_post())
    with pytest.raises(Refused, match="Nothing was stopped"):
        must_be_empty(dynamo)


def made_by_a_deploy(dynamo):
    """That the form was closed, with its line on the record, and that the press ran."""
    for key in (BELL, FORM, HEAD, RUN, TOLD, entry_key(1), tally_key(TODAY), LEASE):
        dynamo.change(lambda change, key=key: change.put(key, {"number": 1}))


def test_a_backup_is_opened_and_read_to_its_end_before_anything_is_stopped(tmp_path):
    identity, recipient = new_identity()
    path = tmp_path / "today.age"
    with path.open("wb") as file:
        lock(write(TODAY, whole(3), "a-ledger"), [recipient], file)
    assert head_of(path, identity) == Head(TODAY, "a-ledger")
    with pytest.raises(Refused, match="does not open this file"):
        head_of(path, new_identity()[0])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Refused, match="cut short"):
        head_of(path, identity)
    path.write_bytes(b"".join(write(TODAY, whole(1))))
    with pytest.raises(Refused, match="If it is an export, use `moderation import`"):
        head_of(path, identity)
    with pytest.raises(Refused, match="cannot be read"):
        head_of(tmp_path / "nowhere.age", identity)


def test_another_ledger_refuses_before_anything_is_stopped(dynamo):
    with pytest.raises(Refused, match="Nothing was stopped"):
        must_be_restorable(dynamo, Head(TODAY, "another"), TODAY)
