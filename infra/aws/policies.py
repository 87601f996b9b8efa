"""The rights of `infra.aws.rights` as AWS reads them: nothing is added, and nothing widened.

All rows that one action may reach in a table share a statement: a change of several rows is asked
about as one, and none of two statements would give it all of them. A request that names no row at
all is refused: without that, "only rows that begin so" would hold for a request without rows too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from infra.aws.rights import ACTIONS, ROWS, THINGS, Role, Rows, Thing, Where

VERSION = "2012-10-17"
KEYS = "dynamodb:LeadingKeys"
"""What AWS calls the partition keys of the rows that a request reaches."""


def document(role: Role) -> dict[str, Any]:
    """All that a role may do, as CloudFormation takes it."""
    statements = [*_of_rows(ROWS[role]), *(_of_thing(thing) for thing in THINGS[role])]
    return {"Version": VERSION, "Statement": statements}


def inline(role: Role) -> list[dict[str, Any]]:
    """The same as the one policy of a function's role."""
    return [{"PolicyName": role.value, "PolicyDocument": document(role)}]


def _of_rows(rights: Iterable[Rows]) -> Iterator[dict[str, Any]]:
    """One statement for each table and action, with every row that it may reach."""
    reached: dict[tuple[Where, str], list[str]] = defaultdict(list)
    for right in rights:
        for word in right.may.split():
            reached[right.where, word].append(right.rows)
    for (where, word), rows in reached.items():
        yield {
            "Sid": where.name.capitalize() + word.capitalize(),
            "Effect": "Allow",
            "Action": [ACTIONS[word]],
            "Resource": _sub(
                f"dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/${{Name}}{where.value}"
            ),
            **({} if rows == ["*"] else {"Condition": _only(rows)}),
        }


def _only(rows: list[str]) -> dict[str, Any]:
    return {"ForAllValues:StringLike": {KEYS: rows}, "Null": {KEYS: "false"}}


def _of_thing(thing: Thing) -> dict[str, Any]:
    name, value = thing.only
    return {
        "Sid": "".join(part.capitalize() for part in thing.may[0].split(":")),
        "Effect": "Allow",
        "Action": list(thing.may),
        "Resource": [_sub(one) for one in thing.on],
        **({"Condition": {"StringEquals": {name: {"Fn::Sub": value}}}} if name else {}),
    }


def _sub(name: str) -> dict[str, str]:
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{name}"}
