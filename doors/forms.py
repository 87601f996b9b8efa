"""Read what a browser or a program sent: bounded, of the two kinds we take, every value a text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from chalice.app import Request

LIMIT = 64 * 1024
"""Bytes of fields, as UTF-8, that a form may carry."""
ENCODED_LIMIT = 6 * LIMIT
"""Bytes on the wire: an encoded letter can take up to six times its place."""
MOST_FIELDS = 4_000
YES_OR_NO = frozenset({"consent", "findable"})
"""Fields that JSON may answer with true and false."""

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

NUMBER = re.compile("[0-9]{1,9}")

Given = dict[str, list[str]]


class Unreadable(Exception):
    """A body we cannot take at all: an HTTP status and a sentence for the person.

    Made afresh each time: one that lived on would hold every body it was ever raised on.
    """

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


class TooLong(Unreadable):
    """More bytes than a form may carry."""

    def __init__(self) -> None:
        super().__init__(
            413,
            "That was too long to send, and none of it was kept here. Please go back: most "
            "browsers still have it. Copy it somewhere safe first, then make it shorter.",
        )


class MixedUp(Unreadable):
    """Bytes that make no form, or too many fields."""

    def __init__(self) -> None:
        super().__init__(
            400, "We could not read what arrived. Please go back, and send the form once more."
        )


class WrongKind(Unreadable):
    """A kind of body that we do not take."""

    def __init__(self) -> None:
        super().__init__(
            415, "We can only read a web form or JSON, in UTF-8. Please use the form on our page."
        )


def read_form(request: Request) -> Given:
    """Every field's values in order, none in an empty body; raise `Unreadable` or `WrongTypes`."""
    body = raw_body(request)
    if not body:
        return {}
    kind, charset = _content_type(request.headers.get("content-type", ""))
    if kind not in (FORM, JSON) or charset not in ("", "utf-8", "utf8"):
        raise WrongKind
    if len(body) > ENCODED_LIMIT:
        raise TooLong
    given = _read_json(body) if kind == JSON else _read_urlencoded(body)
    if sum(len(v.encode("utf-8", "replace")) for vs in given.values() for v in vs) > LIMIT:
        raise TooLong
    return given


def read_texts(request: Request) -> Given:
    """The form's fields as far as they are text, for views where any other value is worth nothing.

    Raises `Unreadable`.
    """
    try:
        return read_form(request)
    except WrongTypes as wrong:
        return wrong.given


def read_query(request: Request) -> Given:
    """Every query parameter's values."""
    query = request.query_params
    return {name: query.getlist(name) for name in query} if query else {}


def raw_body(request: Request) -> bytes:
    """The body's bytes; the cloud hands it over as text, this machine as bytes."""
    body = request.raw_body
    return body.encode("utf-8", "replace") if isinstance(body, str) else body


def number(text: str) -> int | None:
    """The whole number in a field, in at most nine digits; anything else is none."""
    return int(text) if NUMBER.fullmatch(text) else None


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
        raise MixedUp from None
    given: Given = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    return given


def _read_json(body: bytes) -> Given:
    """The fields of one JSON object; a name that comes twice has two values."""
    try:
        pairs = json.loads(body.decode("utf-8"), object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        raise MixedUp from None
    if not isinstance(pairs, tuple) or len(pairs) > MOST_FIELDS:
        raise MixedUp
    given: Given = {}
    errors: dict[str, str] = {}
    for name, value in ((_storable(name), value) for name, value in pairs):
        try:
            given.setdefault(name, []).extend(_texts(name, value))
        except TypeError:
            errors[name] = "This should be text."
    if errors:
        raise WrongTypes(errors, given)
    return given


def _texts(name: str, value: Any) -> list[str]:
    """A JSON value as a form's values: nothing for null, yes and no for an answer that is one."""
    if isinstance(value, bool) and name in YES_OR_NO:
        return ["yes" if value else "no"]
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(one, str) for one in values):
        raise TypeError
    return [_storable(one) for one in values]


def _storable(text: str) -> str:
    """The text with a question mark for each lone surrogate, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
