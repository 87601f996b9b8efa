"""A deployment is finished by whoever runs it again, loses nothing unasked, and can go back."""

from __future__ import annotations

import socket
from itertools import count

import pytest

from forum.keys import read_keyring
from forum.settings import Purpose
from infra.aws.commands.arguments import Asked
from infra.aws.commands.cloud import Refused, clients
from infra.aws.commands.emulated import owner
from infra.aws.commands.keyrings import make, missing, parameter
from infra.aws.commands.releasing import Releasing
from infra.aws.commands.stacks import EMPTY, Stacks, Wish
from infra.aws.emulator import Emulator
from tests.aws.small_forum import (
    BROKEN,
    GOOD,
    REGION,
    Account,
    ground,
    small_forum,
    with_press,
)


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    """An emulated cloud's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Emulator(port, tmp_path_factory.mktemp("cloud") / "log") as cloud:
        yield Account(clients(REGION, **owner(cloud)))


class Killed(BaseException):
    """The operator's machine lost its power."""


def test_a_deploy_that_is_cut_off_at_any_step_is_finished_by_the_next(account):
    for step in count(1):
        said = []

        def say(words, said=said, step=step):
            said.append(words)
            if len(said) == step:
                raise Killed

        try:
            release = account.deploying("cut-off", say).put_up(small_forum())
            break
        except Killed:
            continue
    assert step > 5
    assert release.number == 1
    assert account.site_told("cut-off").startswith("https://cut-off-front-")
    again = []
    assert account.deploying("cut-off", again.append).put_up(small_forum()).number == 1
    assert all(words.endswith("is as it should be.") for words in again)


def test_a_stack_that_was_only_looked_at_or_never_came_up_is_made_anew(account):
    ssm = account.clients("ssm")
    ssm.put_parameter(Name="/stillborn/site", Value="in the way", Type="String")
    one = account.deploying("stillborn")
    one.stacks.plan(Wish("stillborn-artifacts", small_forum().templates["artifacts"], {}))
    assert one.stacks.state("stillborn-artifacts") == EMPTY
    with pytest.raises(Refused, match="could not be changed"):
        one.put_up(small_forum())
    ssm.delete_parameter(Name="/stillborn/site")
    assert account.deploying("stillborn").put_up(small_forum()).number == 1
    assert account.site_told("stillborn").startswith("https://stillborn-front-")


def test_a_plan_says_in_words_what_would_be_and_does_nothing(account):
    said = []
    account.deploying("planned", said.append).plan(small_forum())
    assert "planned-ground (new):\n  added        Queue, SQS Queue" in "\n".join(said)
    assert account.deploying("planned").stacks.state("planned-artifacts") == ""
    account.deploying("planned").put_up(small_forum())
    said.clear()
    account.deploying("planned", said.append).plan(small_forum(QueueName="another"))
    assert said == [
        "planned-artifacts: stays as it is.",
        "planned-ground:\n  REPLACED     Queue, SQS Queue (QueueName)",
        "planned-front: stays as it is.",
    ]
    said.clear()
    account.deploying("planned", said.append).plan(small_forum())
    assert all(words.endswith("stays as it is.") for words in said)


def test_what_holds_something_is_not_removed_until_the_operator_names_it(account):
    full = small_forum()
    full.templates["ground"]["Resources"]["Pages"] = {"Type": "AWS::S3::Bucket"}
    account.deploying("careful").put_up(full)
    said = []
    with pytest.raises(Refused, match="--lose Pages"):
        account.deploying("careful", said.append).put_up(small_forum())
    assert "!! WHAT IT HOLDS WOULD BE LOST FOR GOOD." in said[-1]
    assert "Pages" in account.resources("careful-ground")
    account.deploying("careful", may_lose=("Pages",)).put_up(small_forum())
    assert "Pages" not in account.resources("careful-ground")


@pytest.mark.long
def test_a_template_that_is_too_large_to_be_sent_along_is_read_from_the_bucket(account):
    large = small_forum()
    large.templates["ground"]["Metadata"] = {"words": "x" * 60_000}
    assert account.deploying("large").put_up(large).number == 1


def test_a_bundle_that_fails_at_import_makes_way_for_the_one_before(account, tmp_path):
    assert account.releasing("broken").release(with_press(tmp_path, GOOD)).good
    with pytest.raises(Refused, match="Release 2 did not work, so release 1 is back"):
        account.releasing("broken").release(with_press(tmp_path, BROKEN))
    assert account.releasing("broken").judge() == []
    releases = account.deploying("broken").artifacts().releases()
    assert [(one.number, one.good, one.repeats) for one in releases] == [
        (3, True, 1),
        (2, False, 0),
        (1, True, 0),
    ]
    with pytest.raises(Refused, match="no release to go back to"):
        account.releasing("broken").back()


@pytest.mark.long
def test_going_back_goes_further_each_time_and_only_so_many_releases_stay(account, tmp_path):
    artifacts = account.deploying("kept").artifacts
    for number in range(1, 8):
        works = Releasing(account.deploying("kept"), judge=list)
        works.release(small_forum(QueueName=f"kept-{number}"))
    assert [one.number for one in artifacts().releases()] == [7, 6, 5, 4, 3]
    assert account.clients("sqs").list_queues(QueueNamePrefix="kept-7")["QueueUrls"]
    assert works.back().number == 6
    assert works.back().number == 5
    assert account.clients("sqs").list_queues(QueueNamePrefix="kept-5")["QueueUrls"]


def test_nobody_is_let_in_by_a_first_deploy(account):
    with pytest.raises(Refused, match="Begin with `deploy --to-try`"):
        account.acting("first-day", Asked("deploy")).deploy()
    assert len(missing(account.clients("ssm"), "first-day")) == len(Purpose)


def test_keys_are_made_once_and_one_that_is_lost_is_not_made_again(account):
    ssm = account.clients("ssm")
    assert make(ssm, "keyed") == list(Purpose)
    names = [parameter("keyed", purpose) for purpose in Purpose]
    before = [read_keyring(value(ssm, name)).current for name in names]
    assert len({key.secret for key in before}) == len(Purpose)
    assert make(ssm, "keyed") == []
    assert [read_keyring(value(ssm, name)).current for name in names] == before
    account.deploying("keyed").put_up(small_forum())
    ssm.delete_parameter(Name=names[0])
    with pytest.raises(Refused, match="The key for receipts is gone"):
        account.acting("keyed", Asked("deploy", to_try=True)).deploy()
    assert missing(ssm, "keyed") == [Purpose.RECEIPTS]


def value(ssm, name):
    return ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]


@pytest.mark.long
def test_a_first_release_that_does_not_work_says_that_there_is_none_before(account, tmp_path):
    with pytest.raises(Refused, match="there is none to go back to"):
        account.releasing("first").release(with_press(tmp_path, BROKEN))


def test_a_stack_that_stays_busy_is_not_waited_for_without_end():
    class Busy:
        def describe_stacks(self, StackName):  # noqa: N803 - boto3's own name
            return {"Stacks": [{"StackStatus": "UPDATE_IN_PROGRESS"}]}

    waited = []
    with pytest.raises(Refused, match="still at it"):
        Stacks(Busy(), waited.append).plan(Wish("busy", ground(), {}))
    assert 2_500 < sum(waited) < 3_000
