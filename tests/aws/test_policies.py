"""Each policy is what its port's calls are: nothing used is refused, and nothing given is unused.

`calls.json` is what the contract suites asked of the emulated cloud, by port and method. It is
written anew, and held against these, by `tests/long/test_calls.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.aws.policies import KEYS, document
from infra.aws.rights import ACTIONS, ROWS, THINGS, Role, Rows, Where

CALLS: dict[str, list[list[str]]] = json.loads(Path(__file__).with_name("calls.json").read_text())
OUTSIDE_THE_SUITES = {
    "logs:CreateLogStream": "Lambda's own runtime writes the log",
    "logs:PutLogEvents": "Lambda's own runtime writes the log",
    "ssm:GetParameter": "forum/parameters.py; tests/aws/test_policies_enforced.py reads one",
    "ses:SendEmail": "infra/aws/notices.py; tests/aws/test_ses_notices.py sends one",
}
"""Rights that stand on a call which no contract suite makes."""
ROLES = {
    **dict.fromkeys(("DynamoVisitors", "DynamoHolders", "DynamoReports"), Role.VISITORS),
    "DynamoLane": Role.VISITORS,
    **dict.fromkeys(("DynamoDesk", "DynamoPeople", "DynamoDuty", "DynamoRecord"), Role.DESK),
    "DynamoFigures": Role.DESK,
    **dict.fromkeys(("DynamoPress", "DynamoLease", "Bucket", "Edge"), Role.PRESS),
    **dict.fromkeys(("DynamoRetention", "DynamoSweep", "DynamoDigest"), Role.UPKEEP),
}
SHARED = {
    "DynamoFigures.done": (Role.DESK, Role.PRESS),
    "DynamoFigures.began": (Role.DESK, Role.PRESS),
    "DynamoPeople.erase_expired": (Role.UPKEEP,),
    "DynamoDuty.erase_duty": (Role.UPKEEP,),
}
"""Methods that are asked by others than the rest of their port."""
THE_OPERATORS = ("DynamoArchive", "DynamoLedger")
"""Asked by whoever deploys, with rights of their own: see docs/permissions.md."""
INLINE = 10_240
"""Characters that AWS takes in a role's own policies."""


def used(role: Role) -> set[tuple[str, str, str]]:
    """Action, table and rows (or service) that a role's ports were seen to use."""
    found = set()
    for port, calls in CALLS.items():
        adapter = port.partition(".")[0]
        if adapter not in THE_OPERATORS and role in SHARED.get(port, (ROLES[adapter],)):
            found |= {(action, where, rows) for action, where, rows in calls}
    return found


def given(role: Role) -> Iterator[tuple[str, str, str]]:
    """The same, as the table gives it."""
    for right in ROWS[role]:
        for word in right.may.split():
            yield ACTIONS[word].partition(":")[2], right.where.value, right.rows
    for thing in THINGS[role]:
        for action in thing.may:
            service, _, name = action.partition(":")
            if action not in OUTSIDE_THE_SUITES:
                yield name, service, ""


@pytest.mark.parametrize("role", Role)
def test_nothing_that_a_port_asks_is_refused(role: Role) -> None:
    assert used(role) - set(given(role)) == set()


@pytest.mark.parametrize("role", Role)
def test_nothing_is_given_that_no_port_asks(role: Role) -> None:
    assert set(given(role)) - used(role) == set()


def test_every_right_is_said_once_and_says_why() -> None:
    for role in Role:
        rows = [(right.where, right.rows) for right in ROWS[role]]
        assert len(rows) == len(set(rows))
        assert all(one.why.endswith(".") for one in (*ROWS[role], *THINGS[role]))


def granted(role: Role) -> set[tuple[str, str]]:
    """Action and row, whatever the table, of all that the rendered policy allows."""
    found = set()
    for one in document(role)["Statement"]:
        rows = one.get("Condition", {}).get("ForAllValues:StringLike", {}).get(KEYS, ["*"])
        found |= {(action, row) for action in one["Action"] for row in rows}
    return found


def test_the_visitors_door_can_list_nothing_and_read_no_queue() -> None:
    actions = {action for action, _ in granted(Role.VISITORS)}
    assert actions.isdisjoint({"dynamodb:Query", "dynamodb:Scan"})
    assert Where.INDEX not in {right.where for right in ROWS[Role.VISITORS]}


def test_nobody_but_the_visitors_door_finds_an_author() -> None:
    for role in Role:
        reached = any(right.rows.startswith("author") for right in ROWS[role])
        assert reached is (role is Role.VISITORS)


def test_the_desk_cannot_write_the_bucket_and_the_press_writes_no_post() -> None:
    for role in Role:
        writes = any(action.startswith("s3:") for thing in THINGS[role] for action in thing.may)
        assert writes is (role is Role.PRESS)
    written = {right.rows for right in ROWS[Role.PRESS] if {"put", "add"} & set(right.may.split())}
    assert written == {"edition#*", "unpressed#*", "slots", "bell", "run", "lease#*"}


WIDE = {
    "table/${Name}": "the upkeep asks every row whether its time is over; nobody else may",
    "table/${Name}-texts": "the same",
    ":*": "Lambda names the streams of a function's own log itself",
    "${SiteBucket}/*": "readers' pages have any name",
    "identity/*": "a letter comes from one address (a condition), whichever identity proves it",
}
"""The ends of the only resources that name more than one thing, and why."""


def vague(statement: dict[str, Any]) -> list[str]:
    """What a statement gives beyond named actions on named things or rows."""
    found = [action for action in statement["Action"] if "*" in action]
    listed = statement["Resource"]
    for one in listed if isinstance(listed, list) else [listed]:
        name = one["Fn::Sub"] if isinstance(one, dict) else one
        whole_table = ":table/" in name and "Condition" not in statement
        if "*" in name or whole_table:
            found.append(name)
    return found


@pytest.mark.parametrize("role", Role)
def test_what_is_given_more_widely_than_by_name_is_on_a_short_list(role: Role) -> None:
    found = [one for statement in document(role)["Statement"] for one in vague(statement)]
    assert [one for one in found if not one.endswith(tuple(WIDE))] == []
    whole = [one for one in found if ":table/" in one]
    assert len(whole) == (2 if role is Role.UPKEEP else 0)


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": ["dynamodb:*"], "Resource": "arn:x"},
        {"Action": ["*"], "Resource": "arn:x"},
        {"Action": ["s3:GetObject"], "Resource": "*"},
        {"Action": ["dynamodb:Scan"], "Resource": {"Fn::Sub": "arn:dynamodb:table/${Name}"}},
    ],
)
def test_a_right_that_somebody_widens_is_seen(statement: dict[str, Any]) -> None:
    assert vague(statement) != []


@pytest.mark.parametrize("role", Role)
def test_a_policy_is_short_enough_for_its_role(role: Role) -> None:
    assert len(json.dumps(document(role), separators=(",", ":"))) < INLINE


def test_no_request_without_rows_slips_through_a_condition_on_rows() -> None:
    for role in Role:
        for one in document(role)["Statement"]:
            if "Condition" in one and "ForAllValues:StringLike" in one["Condition"]:
                assert one["Condition"]["Null"] == {KEYS: "false"}


def test_the_guide_to_permissions_is_the_table() -> None:
    told = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text("utf-8")
    for role in Role:
        for right in ROWS[role]:
            assert row_of(right) in told
        for thing in THINGS[role]:
            assert all(f"`{action}`" in told for action in thing.may)
            assert thing.why in told


def row_of(right: Rows) -> str:
    """The line about a right, as docs/permissions.md has it."""
    where = {"": "main", "-texts": "texts", "-erased": "erased", "/index/queue": "queue"}
    return f"| {where[right.where.value]} | `{right.rows}` | {right.may} | {right.why} |"
