"""Every template comes up, by the same change sets as in Amazon's cloud. The doors': tests/long."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from infra.aws.commands.pool import filled
from infra.aws.commands.stacks import Stacks, Wish
from infra.aws.emulator import Emulator
from infra.aws.templates import STACKS, compose
from tests.store.dynamodb_given import CARD_COLUMNS

NAME = "hopewell"
TOLD = {
    "Name": NAME,
    "SiteUrl": "https://forum.example.org",
    "Email": "robin@example.org",
    "PressBundle": "press.zip",
    "ApiRestId": "0a1b2c3d",
    "ModerationRestId": "4e5f6a7b",
    "ApiFunction": f"{NAME}-api",
    "ModerationFunction": f"{NAME}-moderation",
}
"""What the operator and the doors' stacks tell."""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Emulator(port, tmp_path_factory.mktemp("cloud") / "log") as started:
        yield started


def test_all_stacks_come_up_in_their_order_and_a_second_time_nothing_changes(
    cloud: Emulator,
) -> None:
    stacks = Stacks(cloud.client("cloudformation"), lambda seconds: time.sleep(seconds / 20))
    pool, composed = dict(TOLD), compose()
    alone = [stack.name for stack in STACKS if not stack.is_door]
    for name in alone:
        body = composed[name].body
        wish = Wish(f"{NAME}-{name}", body, filled(name, body, pool))
        stacks.carry_out(stacks.plan(wish))
        assert stacks.state(wish.stack) == "CREATE_COMPLETE"
        pool |= stacks.outputs(wish.stack)
        if name == "artifacts":
            cloud.client("s3").put_object(Bucket=pool["ArtifactsBucket"], Key="press.zip", Body=b"")
    for name in alone:
        body = composed[name].body
        assert not stacks.plan(Wish(f"{NAME}-{name}", body, filled(name, body, pool))).id
    assert pool["SiteUrl"].endswith(".cloudfront.net")
    assert pool["PressFunction"] == f"{NAME}-press"


def test_the_tables_are_those_that_the_store_is_tested_on(cloud: Emulator) -> None:
    dynamodb = cloud.client("dynamodb")
    told: dict[str, Any] = dynamodb.describe_table(TableName=NAME)["Table"]
    assert told["DeletionProtectionEnabled"] is True
    (queue,) = told["GlobalSecondaryIndexes"]
    assert queue["Projection"]["NonKeyAttributes"] == CARD_COLUMNS
    assert [key["AttributeName"] for key in queue["KeySchema"]] == ["q", "qs"]
    for table in (NAME, f"{NAME}-texts", f"{NAME}-erased"):
        keys = dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]
        assert [key["AttributeName"] for key in keys] == ["pk", "sk"]


def test_no_recovery_of_texts_and_a_week_of_all_else() -> None:
    tables = {
        name: one["Properties"]["PointInTimeRecoverySpecification"]
        for name, one in compose()["ground"].body["Resources"].items()
        if one["Type"] == "AWS::DynamoDB::Table"
    }
    assert tables == {
        "Main": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7},
        "Texts": {"PointInTimeRecoveryEnabled": False},
        "Erased": {"PointInTimeRecoveryEnabled": False},
    }
