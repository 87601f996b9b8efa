"""The templates as CloudFormation takes them: written by hand, filled in from the house's tables.

Headers come from doors/headers.py, rights from infra/aws/policies.py, and the pages for when
nothing else can be shown are those of one machine. So the cloud says what one machine says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from doors.headers import Headers, for_door, for_static
from doors.helplines import load
from infra.aws.cloudformation import Template, filled, read
from infra.aws.policies import inline
from infra.aws.rights import Role
from infra.local.pages import render

HERE: Final = Path(__file__).with_name("templates")
HELP_LINES: Final = Path(__file__).resolve().parents[2] / "content" / "helplines.csv"


@dataclass(frozen=True)
class Stack:
    """One of the stacks, in the order in which they are put up."""

    name: str
    bundle: str = ""
    """The bundle that it runs; "" if it runs nothing."""
    is_door: bool = False
    """Its template is laid over what `chalice package` writes for the door of this name."""


STACKS: Final = (
    Stack("artifacts"),
    Stack("ground"),
    Stack("api", bundle="api", is_door=True),
    Stack("moderation", bundle="moderation", is_door=True),
    Stack("front"),
    Stack("press", bundle="press"),  # it may throw away the copies of one distribution: front's
    Stack("watch"),
)

_SECURITY: Final = frozenset(
    {
        "Content-Security-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Strict-Transport-Security",
    }
)
"""Headers that CloudFront has settings of their own for."""
REMOVED: Final = (
    "Last-Modified",  # the second in which a story went up; browsers ask by its ETag
    "Server",
    "x-amz-version-id",
    "x-amz-server-side-encryption",
    "x-amz-apigw-id",
    "X-Amzn-Trace-Id",
)
"""What Amazon's services would add to an answer, and one machine never says."""
ANSWERS: Final[Mapping[str, tuple[int, int | None]]] = {
    "MISSING_AUTHENTICATION_TOKEN": (404, 404),  # Amazon's name for: there is no such route
    "THROTTLED": (429, 429),
    "REQUEST_TOO_LARGE": (413, 413),
    "INTEGRATION_TIMEOUT": (504, 504),
    "INTEGRATION_FAILURE": (502, 504),
    "DEFAULT_4XX": (400, None),
    "DEFAULT_5XX": (500, None),
}
"""What the gateway answers by itself: the page that is shown, and the status where we choose it."""
BUSY_PAGE: Final = "errors/busy.html"
"""Where CloudFront finds the page for a door that cannot be reached: see front.yaml."""


def compose(*, leave_url: str = "", production: bool = True) -> dict[str, Template]:
    """Every template by its stack's name, in order.

    With `production`, pages show only help lines that a person has checked. Raises what
    `doors.helplines.load` raises.
    """
    fillings = {**_headers(), **_rights(), **_pages(leave_url, production)}
    return {
        stack.name: Template(stack.name, filled(read(HERE / f"{stack.name}.yaml"), fillings))
        for stack in STACKS
    }


def error_pages(*, leave_url: str = "", production: bool = True) -> dict[str, bytes]:
    """What lies in the readers' bucket for when a door cannot be reached, by its key."""
    return {BUSY_PAGE: _kind_pages(leave_url, production)[502]}


def _rights() -> dict[str, Any]:
    return {f"policies.{role.value}": inline(role) for role in Role}


def _headers() -> dict[str, Any]:
    page = for_static("/", https=True)
    return {
        "function.address": (HERE / "address.js").read_text("utf-8"),
        "headers.security": _security(page),
        "headers.page": _custom(page),
        "headers.theme": _custom(for_static("/theme/css/site.css", https=True)),
        "headers.fonts": _custom(for_static("/theme/fonts/one.woff2", https=True)),
        "headers.visitors": _custom(for_door("/api", https=True), doors_own="Cache-Control"),
        "headers.desk": _custom(for_door("/moderation", https=True), doors_own="Cache-Control"),
        "headers.removed": {"Items": [{"Header": name} for name in REMOVED]},
    }


def _security(headers: Headers) -> dict[str, Any]:
    said = dict(headers)
    seconds, *words = said["Strict-Transport-Security"].removeprefix("max-age=").split("; ")
    ours = {"Override": True}
    return {
        "ContentSecurityPolicy": {
            "ContentSecurityPolicy": said["Content-Security-Policy"],
            **ours,
        },
        "ReferrerPolicy": {"ReferrerPolicy": said["Referrer-Policy"], **ours},
        "ContentTypeOptions": ours,
        "FrameOptions": {"FrameOption": said["X-Frame-Options"], **ours},
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": int(seconds),
            "IncludeSubdomains": "includeSubDomains" in words,
            **ours,
        },
    }


def _custom(headers: Headers, doors_own: str = "") -> dict[str, Any]:
    """All that CloudFront has no setting of its own for; what a door says of `doors_own` stands.

    Of what kind a page is, the bucket and the doors say themselves.
    """
    return {
        "Items": [
            {"Header": name, "Value": value, "Override": name != doors_own}
            for name, value in headers
            if name not in _SECURITY and name != "Content-Type"
        ]
    }


def _pages(leave_url: str, production: bool) -> dict[str, Any]:
    pages = _kind_pages(leave_url, production)
    return {
        "gateway.answers": {
            kind: _answer(pages.get(page, pages[500]).decode(), status)
            for kind, (page, status) in ANSWERS.items()
        }
    }


def _answer(page: str, status: int | None) -> dict[str, Any]:
    """What the gateway says. It takes the template for JSON whatever somebody asked for."""
    headers = {"Content-Type": "'text/html; charset=utf-8'", "Cache-Control": "'no-store'"}
    found: dict[str, Any] = {"statusCode": str(status)} if status else {}
    if status == 429:
        headers["Retry-After"] = "'60'"
    told = {f"gatewayresponse.header.{name}": value for name, value in headers.items()}
    return {**found, "responseParameters": told, "responseTemplates": {"application/json": page}}


def _kind_pages(leave_url: str, production: bool) -> Mapping[int, bytes]:
    return render(load(HELP_LINES, production=production), leave_url)
