"""Every template comes up, by the same change sets as in Amazon's cloud. The doors': tests/long."""

from __future__ import annotations

import http.client
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest

from doors.headers import for_static
from infra.aws.commands.pool import filled
from infra.aws.commands.stacks import Stacks, Wish
from infra.aws.emulator import ACCOUNT, REGION, Emulator
from infra.aws.templates import STACKS, compose
from tests.store.dynamodb_given import CARD_COLUMNS

NAME = "hopewell"
COMPOSED = compose()
ALONE = [stack.name for stack in STACKS if not stack.is_door]
TOLD = {
    "Name": NAME,
    "SiteUrl": "https://forum.example.org",
    "Email": "robin@example.org",
    "PressBundle": "press.zip",
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


def the_visitors_gateway(cloud: Emulator) -> str:
    """One without a route: what the gateway says by itself is the template's."""
    body = COMPOSED["api"].body["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    apigateway = cloud.client("apigateway")
    api = apigateway.create_rest_api(name="api")["id"]
    for kind, said in body["x-amazon-apigateway-gateway-responses"].items():
        apigateway.put_gateway_response(restApiId=api, responseType=kind, **said)
    apigateway.create_deployment(restApiId=api, stageName="api")
    return str(api)


@dataclass(frozen=True)
class Up:
    """All stacks but the doors', as they came up."""

    cloud: Emulator
    stacks: Stacks
    pool: Mapping[str, str]
    """What they tell."""


@pytest.fixture(scope="module")
def up(cloud: Emulator) -> Up:
    stacks = Stacks(cloud.client("cloudformation"), lambda seconds: time.sleep(seconds / 20))
    pool = {**TOLD, "ApiRestId": the_visitors_gateway(cloud)}
    for name in ALONE:
        body = COMPOSED[name].body
        wish = Wish(f"{NAME}-{name}", body, filled(name, body, pool))
        stacks.carry_out(stacks.plan(wish))
        assert stacks.state(wish.stack) == "CREATE_COMPLETE"
        pool |= stacks.outputs(wish.stack)
        if name == "artifacts":
            cloud.client("s3").put_object(Bucket=pool["ArtifactsBucket"], Key="press.zip", Body=b"")
    return Up(cloud, stacks, pool)


def test_all_stacks_come_up_in_their_order_and_a_second_time_nothing_changes(up: Up) -> None:
    for name in ALONE:
        body = COMPOSED[name].body
        assert not up.stacks.plan(Wish(f"{NAME}-{name}", body, filled(name, body, up.pool))).id
    assert up.pool["SiteUrl"] == f"https://{up.pool['DistributionDomain']}"
    assert up.pool["PressFunction"] == f"{NAME}-press"


def answer(up: Up, path: str) -> tuple[int, Mapping[str, str], str]:
    """What a reader's browser is told, in the distribution's own name."""
    (one,) = up.cloud.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    asked = http.client.HTTPConnection("127.0.0.1", up.cloud.port, timeout=20)
    with closing(asked):
        asked.request(
            "GET", path, headers={"Host": one["DomainName"], "X-Forwarded-Proto": "https"}
        )
        heard = asked.getresponse()
        return heard.status, heard.headers, heard.read().decode()


by_the_function = pytest.mark.skipif(
    shutil.which("node") is None, reason="the emulator runs CloudFront's own programs with node"
)


@by_the_function
def test_a_reader_gets_a_page_by_its_address_with_all_its_headers(up: Up) -> None:
    site = f"{NAME}-site-{ACCOUNT}-{REGION}"
    headers = dict(for_static("/help/", https=True))
    up.cloud.client("s3").put_object(
        Bucket=site,
        Key="help/index.html",
        Body=b"<p>Help</p>",
        ContentType=headers["Content-Type"],
        CacheControl=headers["Cache-Control"],
    )
    status, told, body = answer(up, "/help/")
    assert (status, body) == (200, "<p>Help</p>")
    assert {name: told[name] for name in headers} == headers
    assert "Last-Modified" not in told
    assert "ETag" in told
    status, told, _ = answer(up, "/help")
    assert (status, told["Location"]) == (308, "/help/")


@by_the_function
@pytest.mark.parametrize(
    "path", ["/stories/never-there/", "/stories/never-there.html", "//elsewhere.example/help"]
)
def test_what_is_not_there_is_a_kind_page_and_leads_nowhere_else(up: Up, path: str) -> None:
    status, told, body = answer(up, path)
    assert status == 404
    assert "Location" not in told
    assert told["Content-Type"] == "text/html; charset=utf-8"
    assert "There is nothing at this address" in body
    assert 'href="/help/"' in body


def test_the_tables_are_those_that_the_store_is_tested_on(up: Up) -> None:
    dynamodb = up.cloud.client("dynamodb")
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
        for name, one in COMPOSED["ground"].body["Resources"].items()
        if one["Type"] == "AWS::DynamoDB::Table"
    }
    assert tables == {
        "Main": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7},
        "Texts": {"PointInTimeRecoveryEnabled": False},
        "Erased": {"PointInTimeRecoveryEnabled": False},
    }
