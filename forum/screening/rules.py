"""The rules: what each looks for, where it sends a post, why, and what could be said instead."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from forum.screening import lexicon
from forum.screening.cues import Cue, parse
from forum.screening.findings import Finding, Route, Span

_FOLDER = Path(__file__).with_name("rules")
_ALTERNATIVE = re.compile(r"[^\s|?!:+-][^\s|?!:]*")


@dataclass(frozen=True)
class Rule:
    """One rule. `reason` says why, to moderator and author; `suggest` could stand in the mark's place."""

    id: str
    family: str
    route: Route
    name: str
    reason: str
    suggest: str
    lines: tuple[str, ...]

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """The rule's cues, ready to match; none for a rule that has a reader of its own."""
        return tuple(parse(line) for line in self.lines)

    def finding(self, span: Span, suggest: str | None = None) -> Finding:
        """This rule found at one place of the text as given; its own rewording if none is said."""
        words = self.suggest if suggest is None else suggest
        return Finding(self.id, self.family, self.route, span.start, span.end, words)


def _read() -> dict[str, Rule]:
    rules = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        for name, fields in tomllib.loads(path.read_text("utf-8")).items():
            rules[name] = Rule(
                id=name,
                family=fields["family"],
                route=Route(fields["route"]),
                name=fields["name"],
                reason=fields["reason"],
                suggest=fields["suggest"],
                lines=tuple(line.strip() for line in fields.get("cues", "").strip().splitlines()),
            )
    return rules


def _plant(rules: dict[str, Rule]) -> None:
    """Give the lexicon the phrases cues spell out themselves: `for_good` is "for good"."""
    for rule in rules.values():
        for line in rule.lines:
            for word in _ALTERNATIVE.findall(line):
                if "_" in word and not word.isupper():
                    lexicon.plant(word, lexicon.spelled_out(word.replace("_", " ")))


RULES: dict[str, Rule] = _read()
"""Every rule by its id."""
_plant(RULES)
FAMILIES: frozenset[str] = frozenset(rule.family for rule in RULES.values())
"""What findings may be about."""


def _by_anchor() -> dict[str, tuple[tuple[Rule, Cue], ...]]:
    hung: dict[str, list[tuple[Rule, Cue]]] = {}
    for rule in RULES.values():
        for cue in rule.cues:
            for name in cue.anchor:
                hung.setdefault(name, []).append((rule, cue))
    return {name: tuple(cues) for name, cues in hung.items()}


BY_ANCHOR = _by_anchor()
"""The rarest name a cue needs, to the cues that hang on it."""
