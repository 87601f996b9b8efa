"""Start the emulated cloud, taught two things more that our templates rest on.

Run by the emulator's own Python, in an environment of its own; see `infra.aws.emulator`. It
enforces policies but knows nothing of `dynamodb:LeadingKeys`: without that every door could reach
every row of a table, and no test would notice. And it knows no groups of origins, by which
CloudFront answers for a page that is not there.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import ministack.core.iam_actions as actions
import ministack.core.iam_evaluator as evaluator
import ministack.services.apigateway_v1 as gateway
from ministack import app
from ministack.app import main
from ministack.services import cloudfront

REACHED = "handrail:reached"
"""Where the rows of a request are kept until each of its actions is looked at."""
VERBS = {"Put": "Item", "Update": "Key", "Delete": "Key", "ConditionCheck": "Key", "Get": "Key"}
EQUALS = re.compile(r"([#\w]+)\s*=\s*(:\w+)")
ANY_ACTION = ""
FAILOVER = "handrail:failover"
"""Where the next origin of a group is kept beside the first."""


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


parse_before = cloudfront.parse_distribution_dataplane_config
fetch_before = cloudfront._fetch_from_origin


def parse(distribution: dict[str, Any]) -> dict[str, Any]:
    """A distribution as the emulator takes it, with each group of origins as one origin."""
    parsed: dict[str, Any] = parse_before(distribution)
    groups = cloudfront._find(cloudfront._dist_config_el(distribution), "OriginGroups")
    for group in groups.iter() if groups is not None else ():
        if cloudfront._local_tag_name(group) == "OriginGroup":
            first, second = (parsed["origins"][name] for name in _texts(group, "OriginId"))
            statuses = {int(status) for status in _texts(group, "StatusCode")}
            parsed["origins"][cloudfront._text(group, "Id")] = {
                **first,
                FAILOVER: (statuses, second),
            }
    return parsed


def _texts(element: Any, name: str) -> list[str]:
    return [one.text for one in element.iter() if cloudfront._local_tag_name(one) == name]


async def fetch(origin: Mapping[str, Any], *asked: Any) -> Any:
    """What the origin answers; where it is the first of a group and fails, what the next does."""
    answer = await fetch_before(origin, *asked)
    statuses, second = origin.get(FAILOVER, ((), None))
    return await fetch_before(second, *asked) if answer[0] in statuses else answer


def target(origin: Mapping[str, Any], viewer_is_https: bool) -> tuple[str, int, bool]:
    """Where an origin answers: Amazon's own gateway is this very process."""
    if GATEWAY.match(origin["domain_name"]):
        return "127.0.0.1", int(os.environ["GATEWAY_PORT"]), False
    found: tuple[str, int, bool] = target_before(origin, viewer_is_https)
    return found


def condition(key: str, context: Any) -> Any:
    """What a condition of a policy asks about. Nothing leaves this machine: it counts as TLS."""
    return "true" if key.lower() == "aws:securetransport" else condition_before(key, context)


def import_api(body: Mapping[str, Any], *given: Any) -> str:
    """Take an API with what its gateway says by itself, which the emulator leaves out."""
    api: str = import_before(body, *given)
    for kind, answer in body.get("x-amazon-apigateway-gateway-responses", {}).items():
        gateway._put_gateway_response(api, kind, answer)
    return api


GATEWAY = re.compile(r"^([a-f0-9]{8})\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?::\d+)?$")
"""The gateway's own name in Amazon's cloud; the emulator knows it by this machine's alone."""
target_before = cloudfront._origin_connect_target
condition_before = evaluator._resolve_condition_key
import_before = gateway._import_rest_api
app._EXECUTE_API_RE = GATEWAY
cloudfront._origin_connect_target = target
evaluator._resolve_condition_key = condition
gateway._import_rest_api = import_api
actions.dynamodb_service_context = service_context
evaluator.enforce = enforce
cloudfront.parse_distribution_dataplane_config = parse
cloudfront._fetch_from_origin = fetch

if __name__ == "__main__":
    main()
