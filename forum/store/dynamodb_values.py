"""Rows as DynamoDB takes them: plain values out and in, each exactly as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

Item = dict[str, Any]
"""A row's attributes without its keys: str, int, float, bytes, bool, None, lists and dicts."""
Wire = dict[str, dict[str, Any]]
"""The same as DynamoDB's API spells it."""
EXPIRES = "expires"
"""The attribute after which a row is gone, in seconds since 1970: DynamoDB removes it some time
later."""
LINGERS = timedelta(hours=1)
"""How long a passing row is left after it ran out, whatever the machines' clocks."""
STAMP = "stamp"
"""What tells one writing of a row from another."""
_NOT_ITS_OWN = frozenset(("pk", "sk", STAMP))


def to_wire(item: Mapping[str, Any]) -> Wire:
    """The attributes as the API takes them."""
    return {name: value_to_wire(value) for name, value in item.items()}


def from_wire(wire: Mapping[str, Mapping[str, Any]]) -> Item:
    """The attributes that the API gave."""
    return {name: _from_wire(value) for name, value in wire.items()}


def value_to_wire(value: object) -> dict[str, Any]:
    """One value; raises `TypeError` for what no row may hold."""
    for kinds, name, spelled in _SPELLED:
        if isinstance(value, kinds):
            return {name: spelled(value)}
    raise TypeError(type(value).__name__)


def _as_it_is(value: Any) -> Any:
    return value


_SPELLED: Sequence[tuple[type | tuple[type, ...], str, Callable[[Any], Any]]] = (
    (type(None), "NULL", lambda _: True),
    (bool, "BOOL", _as_it_is),  # before int, which it is too
    ((int, float), "N", repr),
    (str, "S", _as_it_is),
    (bytes, "B", _as_it_is),
    ((list, tuple), "L", lambda value: [value_to_wire(one) for one in value]),
    (Mapping, "M", to_wire),
)


def _from_wire(wire: Mapping[str, Any]) -> Any:
    ((kind, value),) = wire.items()
    if kind == "N":
        return int(value) if value.lstrip("-").isdigit() else float(value)
    if kind == "L":
        return [_from_wire(one) for one in value]
    if kind == "M":
        return from_wire(value)
    return None if kind == "NULL" else value


def bare(item: Mapping[str, Any]) -> Item:
    """A row without its keys and its stamp."""
    return {name: value for name, value in item.items() if name not in _NOT_ITS_OWN}


def is_kept(item: Mapping[str, Any], now: float) -> bool:
    """Whether the row has not run out by `now`."""
    expires = item.get(EXPIRES)
    return expires is None or expires > now
