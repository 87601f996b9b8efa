"""Nothing in the templates could tell who came, and what they say is what one machine says."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from doors.headers import for_door, for_static
from forum.settings import Limits, read_settings
from forum.wiring import AT_ONCE_MINUTES
from infra.aws.templates import ANSWERS, HERE, STACKS, compose, error_pages
from infra.local import door
from moderation.door.guard import COOKIE
from tests.aws.roles import resolved

ROOT = HERE.parents[2]
COMPOSED = compose()
BY_HAND = {path.name: path.read_text("utf-8") for path in sorted(HERE.glob("*.yaml"))}
TOLD_BY_THE_OPERATOR = {"Name", "SiteUrl", "PressBundle"}


DOORS = [stack.name for stack in STACKS if stack.is_door]


def every(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each value in a template, with the names that lead to it."""
    yield path, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from every(inner, (*path, str(name)))
    elif isinstance(value, list):
        for inner in value:
            yield from every(inner, path)


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Resources of one type, in all stacks."""
    return {
        f"{stack}.{name}": one["Properties"]
        for stack, template in COMPOSED.items()
        for name, one in template.body["Resources"].items()
        if one.get("Type") == kind
    }


# Nothing that would tell who came.

WATCHFUL = re.compile(
    r"sourceIp|userAgent|\$context|identity\.(?!\*)|viewer-address|cloudfront-viewer"
    r"|x-forwarded-for|RealtimeLog|AccessLog|DestinationArn|LoggingConfiguration|LogDelivery"
    r"|FlowLog|WebACL|UsagePlan|ApiKey|Cognito|Kinesis|Firehose|VPC",
    re.IGNORECASE,
)
"""Names by which Amazon's services keep addresses, browsers' names and the like."""
OFF = {
    "TracingEnabled": (False,),
    "DataTraceEnabled": (False,),
    "MetricsEnabled": (False,),
    "LoggingLevel": ("OFF",),
    "Mode": ("PassThrough",),
    "SystemLogLevel": ("WARN",),
    "ApplicationLogLevel": ("WARN",),
    "RetentionInDays": (7,),
}
"""Settings that may be this and nothing else."""


def eyes_in(body: Any) -> list[str]:
    """What in a template could keep who came, or when somebody asked for what."""
    found = []
    for path, value in every(body):
        words = [path[-1] if path else "", *([value] if isinstance(value, str) else [])]
        # Sentences for people may speak of logs, and so may pages and our own little program.
        spoken = {"Description", "AlarmDescription", "Comment", "FunctionCode", "application/json"}
        if not spoken.intersection(path):
            found += [f"{'.'.join(path)}: {word}" for word in words if WATCHFUL.search(word)]
        if path and path[-1] in OFF and value not in OFF[path[-1]]:
            found.append(f"{'.'.join(path)} is {value}")
        if path and path[-1] == "Logging":
            found.append(f"{'.'.join(path)} is there")
    return found


@pytest.mark.parametrize("name", COMPOSED)
def test_nothing_in_a_template_could_keep_who_came(name: str) -> None:
    assert eyes_in(COMPOSED[name].body) == []


@pytest.mark.parametrize(
    "planted",
    [
        {"AccessLogSetting": {"Format": "$context.identity.sourceIp"}},
        {"DistributionConfig": {"Logging": {"Bucket": "logs"}}},
        {"RealtimeLogConfigArn": "arn:aws:cloudfront::1:realtime-log-config/x"},
        {"LoggingConfiguration": {"DestinationBucketName": "logs"}},
        {"Headers": ["CloudFront-Viewer-Address"]},
        {"Headers": ["X-Forwarded-For"]},
        {"TracingConfig": {"Mode": "Active"}},
        {"TracingEnabled": True},
        {"MethodSettings": [{"LoggingLevel": "INFO"}]},
        {"MethodSettings": [{"DataTraceEnabled": True}]},
        {"LoggingConfig": {"SystemLogLevel": "INFO"}},
        {"WebACLId": "arn:aws:wafv2:::webacl/x"},
    ],
)
def test_an_eye_that_somebody_adds_is_seen(planted: dict[str, Any]) -> None:
    assert eyes_in({"Properties": planted}) != []


def test_every_function_keeps_its_log_short_and_where_it_is_cleared() -> None:
    groups = resources("AWS::Logs::LogGroup").values()
    cleared = {json.dumps(one["LogGroupName"]) for one in groups}
    functions = [
        *resources("AWS::Lambda::Function").values(),
        *(COMPOSED[name].body["Resources"]["APIHandler"]["Properties"] for name in DOORS),
    ]
    kept = {json.dumps(one["LoggingConfig"]["LogGroup"]) for one in functions}
    assert len(functions) == len(kept) == 4
    assert kept == cleared
    assert all("SystemLogLevel" in one["LoggingConfig"] for one in functions)


def test_each_method_of_the_doors_is_throttled_and_not_logged() -> None:
    for name in DOORS:
        api = COMPOSED[name].body["Resources"]["RestAPI"]["Properties"]
        assert api["TracingEnabled"] is False
        assert api["OpenApiVersion"], "or there is a second stage, which has no throttle"
        settings = api["MethodSettings"]
        assert ("/*", "*") in {(one["ResourcePath"], one["HttpMethod"]) for one in settings}
        for one in settings:
            assert {"LoggingLevel", "DataTraceEnabled", "MetricsEnabled"} <= one.keys()


# What is asked for and let in.


def test_the_doors_hear_of_a_request_what_they_hear_on_one_machine() -> None:
    wanted = {*door._HANDED_ON, "content-type"}
    cookies = {}
    for name, one in resources("AWS::CloudFront::OriginRequestPolicy").items():
        config = one["OriginRequestPolicyConfig"]
        assert set(config["HeadersConfig"]["Headers"]) == wanted
        assert config["HeadersConfig"]["HeaderBehavior"] == "whitelist"
        cookies[name] = config["CookiesConfig"]
    assert cookies == {
        "front.VisitorsHeaders": {"CookieBehavior": "none"},
        "front.DeskHeaders": {"CookieBehavior": "whitelist", "Cookies": [COOKIE]},
    }


def distribution() -> dict[str, Any]:
    (one,) = resources("AWS::CloudFront::Distribution").values()
    config: dict[str, Any] = one["DistributionConfig"]
    return config


def test_the_doors_are_never_cached_and_no_error_is() -> None:
    behaviours = {one["PathPattern"]: one for one in distribution()["CacheBehaviors"]}
    for path in ("/api/*", "/moderation/*"):
        assert behaviours[path]["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
        assert behaviours[path]["Compress"] is False
    errors = distribution()["CustomErrorResponses"]
    assert {one["ErrorCachingMinTTL"] for one in errors} == {0}
    every_code = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
    assert {one["ErrorCode"] for one in errors} == every_code


def test_no_page_of_ours_takes_the_place_of_a_doors_own_refusal() -> None:
    """A door's 403, 404, 500 and 503 give back what somebody typed."""
    replaced = {
        one["ErrorCode"]: one["ResponsePagePath"]
        for one in distribution()["CustomErrorResponses"]
        if "ResponsePagePath" in one
    }
    assert replaced == dict.fromkeys((502, 504), "/errors/busy.html")
    assert list(error_pages()) == ["errors/busy.html"]


# What is said is what one machine says.


def told(policy: dict[str, Any]) -> dict[str, str]:
    """The headers that a policy adds, as a browser hears them."""
    config = policy["ResponseHeadersPolicyConfig"]
    safe = config["SecurityHeadersConfig"]
    hsts = safe["StrictTransportSecurity"]
    subdomains = "; includeSubDomains" if hsts["IncludeSubdomains"] else ""
    assert safe["ContentTypeOptions"] == {"Override": True}
    return {
        **{one["Header"]: one["Value"] for one in config["CustomHeadersConfig"]["Items"]},
        "Content-Security-Policy": safe["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "Referrer-Policy": safe["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": safe["FrameOptions"]["FrameOption"],
        "Strict-Transport-Security": f"max-age={hsts['AccessControlMaxAgeSec']}{subdomains}",
    }


PAGES = {
    "front.PageHeaders": for_static("/stories/", https=True),
    "front.ThemeHeaders": for_static("/theme/css/site.css", https=True),
    "front.FontHeaders": for_static("/theme/fonts/atkinson.woff2", https=True),
    "front.VisitorsAnswers": for_door("/api/share", https=True),
    "front.DeskAnswers": for_door("/moderation/queue", https=True),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_answer_has_the_headers_of_one_machine(name: str) -> None:
    expected = {header: value for header, value in PAGES[name] if header != "Content-Type"}
    policies = resources("AWS::CloudFront::ResponseHeadersPolicy")
    assert policies.keys() == PAGES.keys()
    assert told(policies[name]) == expected
    custom = policies[name]["ResponseHeadersPolicyConfig"]["CustomHeadersConfig"]["Items"]
    theirs = {one["Header"] for one in custom if not one["Override"]}
    assert theirs == ({"Cache-Control"} if "Answers" in name else set()), "as `complete` has it"


def test_what_the_gateway_says_by_itself_is_a_page_with_help() -> None:
    for name in DOORS:
        body = COMPOSED[name].body["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
        answers = body["x-amazon-apigateway-gateway-responses"]
        assert answers.keys() == ANSWERS.keys()
        for one in answers.values():
            page = one["responseTemplates"]["application/json"]
            assert "833-846-5669" in page or 'href="/help/"' in page
            assert "$" not in page, "the gateway would put something in its place"
            kind = one["responseParameters"]["gatewayresponse.header.Content-Type"]
            assert kind == "'text/html; charset=utf-8'"


# A flood.


def rate(method: str, path: str) -> tuple[float, float]:
    """Requests a second, and at once."""
    settings = COMPOSED["api"].body["Resources"]["RestAPI"]["Properties"]["MethodSettings"]
    found = {(one["HttpMethod"], one["ResourcePath"]): one for one in settings}
    one = found.get((method, path), found["*", "/*"])
    return one["ThrottlingRateLimit"], one["ThrottlingBurstLimit"]


def test_a_flood_of_posts_is_held_at_the_gateway_and_leaves_withdrawals_alone() -> None:
    limits = Limits()
    posts = limits.proven_a_minute + limits.unproven_a_minute
    a_second, at_once = rate("POST", "/posts")
    assert a_second * 60 >= 10 * posts
    assert at_once >= AT_ONCE_MINUTES * posts
    reports_a_second, reports_at_once = rate("POST", "/reports")
    assert reports_a_second * 60 >= 10 * limits.reports_a_minute
    assert reports_at_once >= AT_ONCE_MINUTES * limits.reports_a_minute
    assert rate("POST", "/receipt/withdraw")[0] >= 5 * a_second


# They fit together.


@pytest.mark.parametrize("stack", STACKS, ids=lambda stack: stack.name)
def test_a_stack_asks_only_for_what_an_earlier_one_or_the_operator_tells(stack: Any) -> None:
    before = STACKS[: STACKS.index(stack)]
    known = TOLD_BY_THE_OPERATOR | {out for one in before for out in COMPOSED[one.name].outputs}
    asked = COMPOSED[stack.name].body["Parameters"]
    assert {name for name, terms in asked.items() if "Default" not in terms} <= known


def test_a_function_is_told_where_its_secrets_lie_and_never_one_of_them() -> None:
    told = [v for t in COMPOSED.values() for p, v in every(t.body) if p[-1:] == ("Variables",)]
    assert len(told) == 4
    assert not [name for one in told for name in one if re.search("KEY|SECRET|TOKEN", name)]


@pytest.mark.parametrize("name", BY_HAND)
def test_every_resource_and_statement_by_hand_says_why(name: str) -> None:
    lines = BY_HAND[name].splitlines()
    begun = lines[: lines.index("Outputs:")][lines.index("Resources:") :]
    assert lines[0].startswith("# ")
    silent = [
        line.strip()
        for before, line in itertools.pairwise(begun)
        if re.match(r"          - (Sid|Effect):", line) and not before.strip().startswith("#")
    ]
    assert silent == []


def test_the_settings_that_a_function_is_given_are_those_that_the_forum_reads() -> None:
    names = {"Name": "hopewell", "SiteUrl": "https://forum.example.org", "Notify": "off"}
    known = (ROOT / "docs" / "settings.md").read_text("utf-8")
    for template in COMPOSED.values():
        for one in [v for p, v in every(template.body) if p[-1:] == ("Variables",)]:
            environ = {name: resolved(refs(value, names), names) for name, value in one.items()}
            chosen = read_settings(environ)
            assert (chosen.production, chosen.tables) == (True, "hopewell")
            assert chosen.parameters in ("", "/hopewell/forum")
            assert [name for name in one if f"| `{name}` |" not in known] == []


def refs(value: Any, names: dict[str, str]) -> Any:
    """What a parameter was given; an empty string for what somebody else tells."""
    return names.get(value["Ref"], "") if isinstance(value, dict) and "Ref" in value else value
