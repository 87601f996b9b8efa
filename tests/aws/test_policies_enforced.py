"""Under a cloud that enforces them, rights are enough for the day's work and for nothing else."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from forum.post import Act, State, moved
from forum.rows import Unreadable
from infra.aws.emulator import Emulator
from infra.aws.rights import Role
from tests.aws.roles import Guarded
from tests.builders import (
    TODAY,
    decide,
    keep,
    make_edition_row,
    make_post,
    make_report,
    tell,
)
from tests.store.dynamodb_given import create_tables

NAME = "hopewell"


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """One forum whose every port asks under its own role."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Emulator(port, tmp_path_factory.mktemp("cloud") / "log", enforce=True) as cloud:
        create_tables(cloud.client("dynamodb"), NAME)
        cloud.client("s3").create_bucket(
            Bucket=f"{NAME}-site", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        yield Guarded(cloud, NAME)


def test_a_story_goes_from_its_author_to_readers_and_back_under_these_rights_alone(
    forum: Guarded,
) -> None:
    post = keep(forum.visitors(), make_post(1))
    approved = decide(forum.desk(), post, Act.APPROVE)
    assert approved.state is State.APPROVED
    assert forum.bell().wanted()
    (found,) = forum.press().approved()
    assert not isinstance(found, Unreadable)
    forum.press().record([make_edition_row(1)], [])
    tell(forum.reports(), make_report(1, post_id=post.id))
    assert [one.id for one in forum.sweep().reported(1)] == [post.id]
    forum.holders().withdraw(moved(approved, Act.WITHDRAW, TODAY))
    assert post.id in forum.press().unpressed()
    forum.press().record([], [post.id])
    assert forum.retention().erase_spent(TODAY) >= 0


def refused(call: Callable[..., Any], **words: Any) -> bool:
    """Whether the cloud says that this role may not do it."""
    try:
        call(**words)
    except ClientError as error:
        return error.response["Error"]["Code"] in ("AccessDeniedException", "AccessDenied")
    return False


def row(pk: str, sk: str = "-") -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def asked(pk: str, name: str = "pk", **more: Any) -> dict[str, Any]:
    return {
        "KeyConditionExpression": "#h = :h",
        "ExpressionAttributeNames": {"#h": name},
        "ExpressionAttributeValues": {":h": {"S": pk}},
        **more,
    }


MAIN, TEXTS, ERASED = NAME, f"{NAME}-texts", f"{NAME}-erased"
FORBIDDEN: dict[str, tuple[Role, str, dict[str, Any]]] = {
    "visitors list posts": (Role.VISITORS, "scan", {"TableName": MAIN}),
    "visitors list texts": (Role.VISITORS, "scan", {"TableName": TEXTS}),
    "visitors read the queue": (
        Role.VISITORS,
        "query",
        {"TableName": MAIN, "IndexName": "queue", **asked("received#1", "q")},
    ),
    "visitors list one partition": (Role.VISITORS, "query", {"TableName": MAIN, **asked("people")}),
    "visitors read moderators": (
        Role.VISITORS,
        "get_item",
        {"TableName": MAIN, "Key": row("people")},
    ),
    "visitors read the record": (
        Role.VISITORS,
        "get_item",
        {"TableName": MAIN, "Key": row("record#1")},
    ),
    "visitors put something up": (
        Role.VISITORS,
        "put_item",
        {"TableName": MAIN, "Item": row("edition#1", "x")},
    ),
    "visitors open the form": (Role.VISITORS, "put_item", {"TableName": MAIN, "Item": row("form")}),
    "visitors read the ledger": (
        Role.VISITORS,
        "get_item",
        {"TableName": ERASED, "Key": row("post#1")},
    ),
    "visitors hide it among rows of their own": (
        Role.VISITORS,
        "batch_get_item",
        {"RequestItems": {MAIN: {"Keys": [row("post#1"), row("people")]}}},
    ),
    "visitors change moderators in a change of their own": (
        Role.VISITORS,
        "transact_write_items",
        {
            "TransactItems": [
                {"Put": {"TableName": MAIN, "Item": row("post#9")}},
                {"Put": {"TableName": MAIN, "Item": row("people", "moderator#x")}},
            ]
        },
    ),
    "the desk finds authors": (
        Role.DESK,
        "get_item",
        {"TableName": TEXTS, "Key": row("author#00")},
    ),
    "the desk changes authors": (
        Role.DESK,
        "put_item",
        {"TableName": TEXTS, "Item": row("author#00")},
    ),
    "the desk lists everything": (Role.DESK, "scan", {"TableName": MAIN}),
    "the desk takes the press's lease": (
        Role.DESK,
        "put_item",
        {"TableName": MAIN, "Item": row("lease#press")},
    ),
    "the press approves": (Role.PRESS, "put_item", {"TableName": MAIN, "Item": row("post#1")}),
    "the press finds authors": (
        Role.PRESS,
        "get_item",
        {"TableName": TEXTS, "Key": row("author#00")},
    ),
    "the press reads messages": (
        Role.PRESS,
        "batch_get_item",
        {"RequestItems": {TEXTS: {"Keys": [row("message#1")]}}},
    ),
    "the press reads what waits": (
        Role.PRESS,
        "query",
        {"TableName": MAIN, "IndexName": "queue", **asked("received#1", "q")},
    ),
    "the upkeep finds authors": (
        Role.UPKEEP,
        "get_item",
        {"TableName": TEXTS, "Key": row("author#00")},
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_no_row_of_the_table_gives_is_refused(forum: Guarded, what: str) -> None:
    role, call, words = FORBIDDEN[what]
    assert refused(getattr(forum.client("dynamodb", role), call), **words)


def test_the_press_alone_writes_readers_pages_and_nobody_opens_anothers_secrets(
    forum: Guarded,
) -> None:
    page = {"Bucket": f"{NAME}-site", "Key": "index.html"}
    forum.client("s3", Role.PRESS).put_object(**page, Body=b"hello")
    for role in (Role.VISITORS, Role.DESK, Role.UPKEEP):
        assert refused(forum.client("s3", role).put_object, **page, Body=b"bye")
        assert refused(forum.client("s3", role).get_object, **page)
    forum.cloud.client("ssm").put_parameter(
        Name=f"/{NAME}/forum/KEY_RECEIPTS", Value="v1:x", Type="SecureString"
    )
    key = {"Name": f"/{NAME}/forum/KEY_RECEIPTS", "WithDecryption": True}
    assert forum.client("ssm", Role.VISITORS).get_parameter(**key)["Parameter"]["Value"] == "v1:x"
    for role in (Role.DESK, Role.PRESS, Role.UPKEEP):
        assert refused(forum.client("ssm", role).get_parameter, **key)
