"""A forum in an emulated cloud that enforces policies: each port asks under its own role."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import botocore.session

from forum.store.dynamodb import Dynamo
from forum.store.on_dynamodb import OnDynamo
from infra.aws.emulator import ACCOUNT, REGION, Emulator
from infra.aws.policies import document
from infra.aws.rights import Role

SESSION = botocore.session.get_session()
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
ROLE_OF = {
    **dict.fromkeys(("visitors", "holders", "reports", "lane"), Role.VISITORS),
    **dict.fromkeys(("desk", "people", "duty", "figures", "record"), Role.DESK),
    **dict.fromkeys(("press", "bell"), Role.PRESS),
    **dict.fromkeys(("retention", "sweep", "digest"), Role.UPKEEP),
}
"""Whose each port is. Figures are the press's too, and some of `people` and `duty` the upkeep's."""


def resolved(body: Any, names: Mapping[str, str]) -> Any:
    """A policy as CloudFormation hands it on: each `Fn::Sub` filled in."""
    if isinstance(body, dict):
        if body.keys() == {"Fn::Sub"}:
            return re.sub(r"\$\{([\w:]+)\}", lambda found: names[found.group(1)], body["Fn::Sub"])
        return {name: resolved(value, names) for name, value in body.items()}
    if isinstance(body, list):
        return [resolved(value, names) for value in body]
    return body


@dataclass(frozen=True)
class Guarded:
    """One forum there: its tables are called `name`."""

    cloud: Emulator
    name: str

    @property
    def names(self) -> dict[str, str]:
        """What the templates' placeholders stand for."""
        return {
            "AWS::Partition": "aws",
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "Name": self.name,
            "SiteBucket": f"{self.name}-site",
            "DistributionId": "E1",
            "NotifyFrom": "forum@example.org",
        }

    @functools.cache  # noqa: B019 - as long as the test
    def keys(self, role: Role) -> dict[str, str]:
        """What somebody holds who has taken this role on."""
        iam, sts = self.cloud.client("iam"), self.cloud.client("sts")
        called = f"{self.name}-{role.value}"
        iam.create_role(RoleName=called, AssumeRolePolicyDocument=json.dumps(TRUST))
        policy = json.dumps(resolved(document(role), self.names))
        iam.put_role_policy(RoleName=called, PolicyName=role.value, PolicyDocument=policy)
        arn = f"arn:aws:iam::{ACCOUNT}:role/{called}"
        held = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return {
            "aws_access_key_id": held["AccessKeyId"],
            "aws_secret_access_key": held["SecretAccessKey"],
            "aws_session_token": held["SessionToken"],
        }

    @functools.cache  # noqa: B019 - as long as the test
    def client(self, service: str, role: Role) -> Any:
        """A client under a role. One session reads what Amazon offers, once for them all."""
        where = {"endpoint_url": self.cloud.url, "region_name": REGION}
        return SESSION.create_client(service, **where, **self.keys(role))

    @functools.cache  # noqa: B019 - as long as the test
    def ports(self, role: Role) -> OnDynamo:
        """Every port, under one role: those of others are refused."""
        return OnDynamo(Dynamo(self.client("dynamodb", role), self.name, clock=lambda: 0.0))

    def __getattr__(self, port: str) -> Any:
        """A port under the role whose it is, as `forum.stores.Stores` has it."""
        if port not in ROLE_OF:
            raise AttributeError(port)
        return getattr(self.ports(ROLE_OF[port]), port)
