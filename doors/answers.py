"""Answer with a page or with JSON: one Jinja environment over the theme, help on every page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from chalice.app import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from doors.headers import asks_for_json
from doors.helplines import HelpLines, load
from forum import wiring

HERE = Path(__file__).parent
HTML = "text/html; charset=utf-8"
Headers = Mapping[str, str | list[str]]


class Errors(dict[str, str]):
    """Sentences by field; a field without one has an empty sentence."""

    def __missing__(self, field: str) -> str:
        return ""


def page(
    template: str, status: int = 200, headers: Headers | None = None, **context: Any
) -> Response:
    """A page of the theme."""
    body = _environment().get_template(template).render(help=help_lines(), noindex=True, **context)
    said = {"Content-Type": HTML, **(headers or {})}
    return Response(body=body, status_code=status, headers=said)


def as_json(
    content: Mapping[str, Any], status: int = 200, headers: Headers | None = None
) -> Response:
    """JSON, in UTF-8, readable as it is."""
    return Response(
        body=json.dumps(content, ensure_ascii=False),
        status_code=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )


def notice(
    request: Request, status: int, heading: str, *sentences: str, headers: Headers | None = None
) -> Response:
    """A short page that says one thing, or the same as JSON; help in both."""
    if wants_json(request):
        errors = {"": " ".join((heading + ".", *sentences))}
        return as_json({"errors": errors, "help": help_lines().for_programs()}, status)
    return page("notice.html", status, headers, heading=heading, sentences=sentences)


def to(path: str, headers: Headers | None = None) -> Response:
    """Send the browser on to another page of ours, with GET."""
    return Response(body="", status_code=303, headers={"Location": path, **(headers or {})})


def wants_json(request: Request) -> bool:
    """Whether the caller asked for JSON and not for a page."""
    return asks_for_json(request.headers.get("accept", ""))


@cache
def help_lines() -> HelpLines:
    """The help lines as this installation shows them."""
    return load(HERE / "helplines.csv", production=wiring.settings().production)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "theme" / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _in_words
    environment.globals["LEAVE_URL"] = wiring.settings().leave_url
    return environment


def _in_words(day: date) -> str:
    """A day as people write it: 23 November 2026."""
    return f"{day.day} {day:%B %Y}"
