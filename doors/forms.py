"""Read what a browser or a program sent: bounded, of the two kinds we take, every value a text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from chalice.app import Request

LIMIT = 64 * 1024
"""Bytes of fields, as UTF-8, that a form may carry."""
ENCODED_LIMIT = 6 * LIMIT
"""Bytes on the wire: an encoded letter can take up to six times its place."""
MOST_FIELDS = 200

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

Given = dict[str, list[str]]


class Unreadable(Exception):
    """A body we cannot take at all: an HTTP status and a sentence for the person."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


class WrongTypes(Exception):
    """Values that are not text: sentences by field, and what could be read of the rest."""

    def __init__(self, errors: Mapping[str, str], given: Given) -> None:
        super().__init__(", ".join(sorted(errors)))
        self.errors = dict(errors)
        self.given = given


TOO_LONG = Unreadable(
    413,
    "That was too long to send, and none of it was kept here. Your browser still has it: "
    "go back, make it shorter, and send it again.",
)
MIXED_UP = Unreadable(
    400, "We could not read what arrived. Please go back, and send the form once more."
)
WRONG_KIND = Unreadable(
    415, "We can only read a web form or JSON, in UTF-8. Please use the form on our page."
)


def read_form(request: Request) -> Given:
    """Every field's values, in order; raise `Unreadable` or `WrongTypes`."""
    kind, charset = _content_type(request.headers.get("content-type", ""))
    if kind not in (FORM, JSON) or charset not in ("", "utf-8", "utf8"):
        raise WRONG_KIND
    body = raw_body(request)
    if len(body) > ENCODED_LIMIT:
        raise TOO_LONG
    given = _read_json(body) if kind == JSON else _read_urlencoded(body)
    if sum(len(v.encode("utf-8", "replace")) for vs in given.values() for v in vs) > LIMIT:
        raise TOO_LONG
    return given


def read_query(request: Request) -> Given:
    """Every query parameter's values."""
    query = request.query_params
    return {name: query.getlist(name) for name in query} if query else {}


def raw_body(request: Request) -> bytes:
    """The body's bytes; the cloud hands it over as text, this machine as bytes."""
    body = request.raw_body
    return body.encode("utf-8", "replace") if isinstance(body, str) else body


def first(given: Mapping[str, Sequence[str]], name: str) -> str:
    """A field's first value, or nothing."""
    return (given.get(name) or ("",))[0]


def _content_type(header: str) -> tuple[str, str]:
    """Kind and charset, in lower case."""
    kind, *parameters = (part.strip().lower() for part in header.split(";"))
    named = dict(p.partition("=")[::2] for p in parameters)
    return kind, named.get("charset", "").strip("\"'")


def _read_urlencoded(body: bytes) -> Given:
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="replace",
        )
    except ValueError:
        raise MIXED_UP from None
    given: Given = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    return given


def _read_json(body: bytes) -> Given:
    try:
        pairs = json.loads(body.decode("utf-8"), object_pairs_hook=list)
    except (ValueError, RecursionError):
        raise MIXED_UP from None
    if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
        raise MIXED_UP
    given: Given = {}
    errors: dict[str, str] = {}
    for name, value in pairs[:MOST_FIELDS]:
        try:
            given.setdefault(name, []).extend(_texts(value))
        except TypeError:
            errors[name] = "This should be text."
    if errors:
        raise WrongTypes(errors, given)
    return given


def _texts(value: Any) -> list[str]:
    """A JSON value as a form's values: yes and no for true and false, nothing for null."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(one, str) for one in values):
        raise TypeError
    return [one.encode("utf-8", "replace").decode("utf-8") for one in values]
