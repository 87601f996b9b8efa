"""Answer with a page or with JSON: one Jinja environment over the theme, help on every page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from chalice.app import Request, Response
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, ModuleLoader, StrictUndefined

from doors.headers import asks_for_json
from doors.helplines import HelpLines, load
from forum import wiring

HERE = Path(__file__).parent
AS_WRITTEN = FileSystemLoader(HERE / "theme" / "templates")
COMPILED = HERE / "compiled_templates"
"""Templates as Python, for a door that wakes in the cloud; elsewhere there is no such folder."""
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
        loader=ChoiceLoader([ModuleLoader(COMPILED), AS_WRITTEN]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _in_words
    environment.globals["LEAVE_URL"] = wiring.settings().leave_url
    return environment


def compile_templates(folder: Path, pages: str) -> None:
    """Compile the templates in the theme's folder `pages`, and those they stand on, into a folder.

    Raises `jinja2.TemplateSyntaxError`.
    """
    _environment().overlay(loader=AS_WRITTEN).compile_templates(
        folder,
        filter_func=lambda name: name.startswith(f"{pages}/") or "/" not in name,
        zip=None,
        ignore_errors=False,
    )


def _in_words(day: date) -> str:
    """A day as people write it: 23 November 2026."""
    return f"{day.day} {day:%B %Y}"
