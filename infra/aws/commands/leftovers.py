"""What Amazon keeps of a forum that was taken down: it can be listed, and so it can be removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from botocore.exceptions import ClientError

from infra.aws.commands.cloud import Clients, code_of
from infra.aws.commands.keyrings import place

GONE = ("404", "NoSuchBucket", "NotFound", "ResourceNotFoundException")


@dataclass(frozen=True)
class Left:
    """One thing that outlived its stack."""

    stack: str
    """The short name of the stack that made it, and would make it again."""
    what: str
    remove: tuple[str, ...]
    """Commands that remove it for good, in their order."""


def left_behind(clients: Clients, name: str, region: str) -> list[Left]:
    """The tables and buckets of this deployment that are there, each with what removes it."""
    return [*_tables(clients, name, region), *_buckets(clients, name, region)]


def left_of_keys(name: str, region: str) -> str:
    """What removes a forum's keys."""
    names = f"aws ssm get-parameters-by-path --region {region} --path {place(name)}"
    remove = f"aws ssm delete-parameters --region {region} --names $("
    query = "--query 'Parameters[].Name' --output text"
    return f"{remove}{names} {query})"


def in_lines(left: list[Left]) -> str:
    """Each thing, and under it what removes it."""
    return "\n".join(line for one in left for line in (f"  {one.what}", *_indented(one)))


def _indented(one: Left) -> list[str]:
    return [f"      {command}" for command in one.remove]


def _tables(clients: Clients, name: str, region: str) -> Iterator[Left]:
    for table in (name, f"{name}-texts", f"{name}-erased"):
        try:
            told = clients("dynamodb").describe_table(TableName=table)["Table"]
        except ClientError as error:
            if code_of(error) in GONE:
                continue
            raise
        of = f"--region {region} --table-name {table}"
        guard = (f"aws dynamodb update-table {of} --no-deletion-protection-enabled",)
        remove = f"aws dynamodb delete-table {of}"
        guarded = guard if told.get("DeletionProtectionEnabled") else ()
        yield Left("ground", f"table {table}", (*guarded, remove))


def _buckets(clients: Clients, name: str, region: str) -> Iterator[Left]:
    account = clients("sts").get_caller_identity()["Account"]
    for stack, short in (("artifacts", "artifacts"), ("ground", "site")):
        bucket = f"{name}-{short}-{account}-{region}"
        try:
            clients("s3").head_bucket(Bucket=bucket)
        except ClientError as error:
            if code_of(error) in GONE:
                continue
            raise
        # It keeps older versions of files, which only the console empties in one step.
        console = f"S3 console: choose {bucket}, then Empty"
        yield Left(stack, f"bucket {bucket}", (console, f"aws s3 rb s3://{bucket}"))
