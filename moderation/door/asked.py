"""What a queue is asked for, between addresses and the desk: an unknown word asks for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from doors.forms import Given
from doors.wording import KINDS
from forum.given import first
from forum.post import OPEN_KINDS, WAITING, Kind, State
from forum.route import GRAVITY, Route
from forum.rows import Asked, Place
from forum.screening import RULES
from forum.vocabulary import VOCABULARY, slugs
from moderation.door.wording import CHECKS, LANGUAGES, MARKS, ROUTES, STATES

WHAT_WAITS = "waiting"
FILTERS = ("kind", "topic", "route", "rule", "language")


@dataclass(frozen=True)
class Filter:
    """One choice above the queue."""

    name: str
    label: str
    options: Mapping[str, str]


CHOICES = (
    Filter("kind", "Kind", {kind.value: KINDS[kind] for kind in Kind if kind in OPEN_KINDS}),
    Filter("topic", "Topic", {word.slug: word.label for word in VOCABULARY["topics"]}),
    Filter("route", "What screening says", {r.value: name for r, name in ROUTES.items()}),
    Filter("rule", "Contains", {**{r.id: r.name for r in RULES.values()}, **CHECKS}),
    Filter("language", "Language", LANGUAGES),
)


def asked_for(query: Given) -> Asked:
    """The posts that an address asks for."""
    topic, rule, language = first(query, "topic"), first(query, "rule"), first(query, "language")
    return Asked(
        states=next(((s,) for s in State if s.value == first(query, "show")), WAITING),
        kind=next((kind for kind in Kind if kind.value == first(query, "kind")), None),
        route=next((route for route in Route if route.value == first(query, "route")), None),
        topic=topic if topic in slugs("topics") else "",
        rule=rule if rule in RULES or rule in MARKS else "",
        language=language if language in LANGUAGES else "",
    )


def chosen(query: Given) -> dict[str, str]:
    """The filters as they stand in the address, those that are set."""
    return {name: first(query, name) for name in FILTERS if first(query, name)}


def shown(query: Given) -> str:
    """Which state the address shows: a state's value, or what waits."""
    named = first(query, "show")
    return named if named in {state.value for state in State} else WHAT_WAITS


def address(query: Given, after: str = "") -> str:
    """The same queue, from another place on."""
    kept = {"show": shown(query), **chosen(query), **({"after": after} if after else {})}
    return f"/moderation/?{urlencode(kept)}"


def place_of(text: str) -> Place | None:
    """Where a page begins, as `written` wrote it; None for anything else."""
    rank, _, rest = text.partition(".")
    day, _, post_id = rest.partition(".")
    try:
        return Place(GRAVITY[("0123456789").index(rank)], date.fromisoformat(day), post_id)
    except (ValueError, IndexError):
        return None


def written(place: Place) -> str:
    """A place as addresses carry it."""
    return f"{place.route.rank}.{place.day.isoformat()}.{place.post_id}"


def counts(by_place: Mapping[tuple[Kind, State], int]) -> list[dict[str, Any]]:
    """How many posts stand in each state, by kind, for the links above the cards."""
    rows = []
    for state in State:
        kinds = {KINDS[kind]: number for (kind, s), number in by_place.items() if s is state}
        rows.append({"value": state.value, "label": STATES[state], "kinds": kinds})
    return rows
