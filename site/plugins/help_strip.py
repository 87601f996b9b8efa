"""Pelican plugin: no page is made without the help lines at hand, so every page can show them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pelican.generators import Generator
from pelican.plugins import signals

from doors.helplines import HelpLines, Line, load, read

BLOCK_LENGTH = 4
"""Lines in a help block under a story: few enough to choose from on a bad night."""


def lines_by_topic(lines: Iterable[Line]) -> dict[str, tuple[Line, ...]]:
    """For each topic of these lines the few that stand in its help block.

    Those that never close come first. Of these each country has one before any has two, by their
    places in the strip, then in the order given: so a few lines serve people in many places.
    """
    having: dict[str, list[Line]] = {}
    for line in lines:
        for topic in line.topics:
            having.setdefault(topic, []).append(line)
    return {topic: _first_few(carrying) for topic, carrying in having.items()}


def _first_few(lines: Iterable[Line]) -> tuple[Line, ...]:
    turns: Counter[str] = Counter()
    ranked: list[tuple[tuple[bool, int], Line]] = []
    for line in sorted(lines, key=lambda line: (not line.always_open, line.strip or math.inf)):
        ranked.append(((not line.always_open, turns[line.country]), line))
        turns[line.country] += 1
    ranked.sort(key=lambda place: place[0])
    return tuple(line for _, line in ranked[:BLOCK_LENGTH])


def _give_help(generator: Generator) -> None:
    """Put `help`, and its lines by topic, into the context that all templates share.

    A broken file fails the build.
    """
    if "help" not in generator.context:
        path = Path(generator.settings["HELPLINES"])
        production = bool(generator.settings["PRODUCTION"])
        shown, by_topic = _shown(path, production, path.read_bytes())
        generator.context["help"], generator.context["help_by_topic"] = shown, by_topic


@lru_cache(maxsize=1)
def _shown(
    path: Path, production: bool, content: bytes
) -> tuple[HelpLines, dict[str, tuple[Line, ...]]]:
    """What the file lets show; worked out once for as long as its bytes are the same."""
    help_lines = load(path, production=production)
    showing = {line.id for country in help_lines.countries for line in country.lines}
    if help_lines.own:
        showing.add(help_lines.own.id)
    # Read for its order: `countries` are by name, the file has those first that most need.
    lines = (line for line in read(path) if line.id in showing)
    return help_lines, lines_by_topic(lines)


def register() -> None:
    """Hook in before any page is read; Pelican calls this once."""
    signals.generator_init.connect(_give_help)
