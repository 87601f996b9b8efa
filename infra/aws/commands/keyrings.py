"""The keys are made once, in Amazon's own store of secrets, and no command reads or shows them."""

from __future__ import annotations

import secrets

from botocore.exceptions import ClientError

from forum.keys import Key, write_key
from forum.settings import Purpose
from infra.aws.commands.cloud import Client, code_of

BYTES = 32


def place(name: str) -> str:
    """What a deployment's parameters begin with: programs are told this, and never a key."""
    return f"/{name}/forum"


def parameter(name: str, purpose: Purpose) -> str:
    """What a deployment's key is called in Parameter Store."""
    return f"{place(name)}/{purpose.value.removeprefix('HANDRAIL_')}"


def missing(client: Client, name: str) -> list[Purpose]:
    """The purposes that have no key yet; their values are not read."""
    pages = client.get_paginator("describe_parameters")
    wanted = [{"Key": "Name", "Option": "BeginsWith", "Values": [f"{place(name)}/"]}]
    there = {
        one["Name"]
        for page in pages.paginate(ParameterFilters=wanted)
        for one in page["Parameters"]
    }
    return [purpose for purpose in Purpose if parameter(name, purpose) not in there]


def make(client: Client, name: str) -> list[Purpose]:
    """Make the keys that are not there; which. One that is there is never written over.

    Amazon's own key seals them, also where the tables have another: that one serves DynamoDB alone,
    and no door could read what it sealed.
    """
    return [one for one in missing(client, name) if _made(client, name, one)]


def _made(client: Client, name: str, purpose: Purpose) -> bool:
    try:
        client.put_parameter(
            Name=parameter(name, purpose),
            Description=f"Handrail: the keyring for {purpose.name.lower()}. Never delete it.",
            Value=write_key(Key("v1", secrets.token_bytes(BYTES))),
            Type="SecureString",
            Overwrite=False,
        )
    except ClientError as error:
        if code_of(error) == "ParameterAlreadyExists":  # somebody was quicker
            return False
        raise
    return True
