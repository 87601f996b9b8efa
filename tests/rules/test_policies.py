"""Chalice alone gives a door its log; its other rights come from infra/aws/rights.py."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rules.house import ROOT

DOORS = ("api", "moderation")
LOGS = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "arn:*:logs:*:*:*",
}
"""What any function needs to say which line of it failed. The log group itself is made by us."""


def policy(door: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / door / ".chalice" / "policy.json").read_text())
    return found


def config(door: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / door / ".chalice" / "config.json").read_text())
    return found


def too_wide(document: dict[str, Any]) -> list[Any]:
    """Statements that give more than named actions on named things, the logs' own left out."""
    found = []
    for statement in document["Statement"]:
        actions, resources = listed(statement.get("Action")), listed(statement.get("Resource"))
        vague = any("*" in action for action in actions) or "*" in resources
        inverted = {"NotAction", "NotResource", "Principal"} & statement.keys()
        unnamed = [r for r in resources if r.count("*") > 2 or r.endswith(":*")]
        if statement != LOGS and (vague or inverted or unnamed or not actions or not resources):
            found.append(statement)
    return found


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


@pytest.mark.parametrize("door", DOORS)
def test_a_door_may_write_its_log_and_nothing_else(door: str) -> None:
    """A deployment lays the door's policy over this one: see tests/aws/test_policies.py."""
    assert policy(door) == {"Version": "2012-10-17", "Statement": [LOGS]}
    assert too_wide(policy(door)) == []


@pytest.mark.parametrize("door", DOORS)
def test_chalice_never_guesses_a_doors_rights(door: str) -> None:
    """Chalice's own guess reads app.py alone, and would give whatever that seems to need."""
    given = config(door)
    assert given["autogen_policy"] is False
    assert given["iam_policy_file"] == "policy.json"
    for stage in given["stages"].values():
        assert {"autogen_policy", "iam_policy_file", "iam_role_arn"}.isdisjoint(stage)


@pytest.mark.parametrize("door", DOORS)
def test_a_doors_stage_gives_it_the_paths_it_has_on_one_machine(door: str) -> None:
    given = config(door)
    assert list(given["stages"]) == [door]
    assert given["stages"][door]["api_gateway_stage"] == door


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:dynamodb:eu-west-1:1:table/x"},
        {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:::table/x"},
        {"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": "*"},
        {"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": "arn:*:dynamodb:*:*:*"},
        {"Effect": "Allow", "NotAction": ["s3:GetObject"], "Resource": "arn:aws:s3:::x"},
        {"Effect": "Allow", "Action": ["s3:GetObject"], "NotResource": "arn:aws:s3:::x"},
    ],
)
def test_a_policy_that_gives_too_much_is_caught(statement: dict[str, Any]) -> None:
    assert too_wide({"Statement": [LOGS, statement]}) == [statement]
