"""Start the emulated cloud, taught one more condition: which rows of a table a policy speaks of.

Run by the emulator's own Python, in an environment of its own; see `infra.aws.emulator`. The
emulator enforces policies but knows nothing of `dynamodb:LeadingKeys`. Without it every door could
reach every row of a table, and no test would notice.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import ministack.core.iam_actions as actions
import ministack.core.iam_evaluator as evaluator
from ministack.app import main

REACHED = "handrail:reached"
"""Where the rows of a request are kept until each of its actions is looked at."""
VERBS = {"Put": "Item", "Update": "Key", "Delete": "Key", "ConditionCheck": "Key", "Get": "Key"}
EQUALS = re.compile(r"([#\w]+)\s*=\s*(:\w+)")
ANY_ACTION = ""


def reached(request: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Action, table and partition key of every row that a request reaches."""
    for member in request.get("TransactItems", ()):
        for verb, words in member.items():
            action = actions._DYNAMODB_TRANSACT_ITEM_ACTIONS[verb]
            yield action, words["TableName"], words[VERBS[verb]]["pk"]["S"]
    for table, words in request.get("RequestItems", {}).items():
        for key in words.get("Keys", ()):
            yield ANY_ACTION, table, key["pk"]["S"]
    row = request.get("Key") or request.get("Item")
    if row:
        yield ANY_ACTION, request["TableName"], row["pk"]["S"]
    if found := EQUALS.search(request.get("KeyConditionExpression", "")):
        value = request["ExpressionAttributeValues"][found.group(2)]
        yield ANY_ACTION, request["TableName"], value["S"]


context_before, enforce_before = actions.dynamodb_service_context, evaluator.enforce


def service_context(body: bytes) -> dict[str, Any]:
    """The emulator's own context, and every row that the request reaches."""
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for action, table, key in reached(json.loads(body or b"{}")):
        rows[action, table].append(key)
    return {**context_before(body), REACHED: rows}


def enforce(
    access_key: str,
    action: str,
    service: str,
    region: str,
    resource_arn: str = "*",
    service_context: Mapping[str, Any] | None = None,
) -> Any:
    """Decide with the rows that this action reaches in this table."""
    context = dict(service_context or {})
    rows = context.pop(REACHED, {})
    table = resource_arn.partition(":table/")[2].partition("/")[0]
    keys = rows.get((action, table)) or rows.get((ANY_ACTION, table))
    if keys:
        context["dynamodb:LeadingKeys"] = keys
    return enforce_before(
        access_key, action, service, region, resource_arn=resource_arn, service_context=context
    )


actions.dynamodb_service_context = service_context
evaluator.enforce = enforce

if __name__ == "__main__":
    main()
