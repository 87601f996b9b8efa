"""Screening from the command line: text in, findings out, and nothing is kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from forum.screening import Finding, screen
from moderation.commands.arguments import Arguments, Failed


def screen_input(asked: Arguments) -> None:
    """Read one text on standard input, or one JSON string a line, and print what is found."""
    if asked.lines:
        for text in _texts():
            asked.print([_for_programs(found) for found in screen(text).found])
        return
    for found in screen(sys.stdin.read()).found:
        words = f"{found.rule} {found.route.value} {found.start}-{found.end}: {found.suggest}"
        asked.say(_for_programs(found), words)


def _texts() -> Iterator[str]:
    for number, line in enumerate(sys.stdin, 1):
        try:
            text = json.loads(line)
        except ValueError:
            text = None
        if not isinstance(text, str):
            raise Failed(f"Line {number} is not a JSON string.")
        yield text


def _for_programs(found: Finding) -> dict[str, Any]:
    return {
        "rule": found.rule,
        "route": found.route.value,
        "start": found.start,
        "end": found.end,
        "suggest": found.suggest,
    }
