"""Reads a text once and marks what the rules look for; it decides nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from forum.screening import language
from forum.screening.contacts import emails
from forum.screening.context import clause
from forum.screening.cues import Steps, TooMuch, matches
from forum.screening.dates import dates
from forum.screening.findings import Finding, Findings, Route, Span
from forum.screening.handles import handles
from forum.screening.institutions import institutions
from forum.screening.links import links
from forum.screening.names import people
from forum.screening.numbers import official, postcodes
from forum.screening.phones import TooManyNumbers, phones
from forum.screening.places import homes
from forum.screening.plain import Plain, plain
from forum.screening.proper import TooManyNames, nouns
from forum.screening.reading import Sentence, sentences
from forum.screening.rewording import reworded
from forum.screening.rules import BY_ANCHOR, RULES
from forum.screening.weighing import Scale

MOST_CHARACTERS = 12_000
"""Longer texts are read up to here; the rest counts as not screened."""
MOST_MARKS = 40
"""No rule marks more places than this; beyond it the text counts as not screened."""

_LONG_RUN = re.compile(r"\S{81,}")
_LINE = re.compile(r"[^.!?\n]+")


@dataclass
class Marks:
    """Spans in the plain text by rule, and whether any limit was met."""

    spans: dict[str, list[Span]] = field(default_factory=dict)
    whole: bool = True

    def add(self, rule: str, span: Span) -> None:
        """Mark one place, joining it with a mark of the same rule that it touches."""
        kept = self.spans.setdefault(rule, [])
        for at, old in enumerate(kept):
            if old.touches(span):
                kept[at] = Span(min(old.start, span.start), max(old.end, span.end))
                return
        if len(kept) < MOST_MARKS:
            kept.append(span)
        else:
            self.whole = False


def screen(text: str) -> Findings:
    """Find what the rules look for in a text as given.

    Never raises: a check that fails leaves `screened` False, and the post is held for a person.
    Reads nothing but its argument, and gives the same answer every time.
    """
    read = plain(text[:MOST_CHARACTERS])
    body = _LONG_RUN.sub(_cut_short, read.text[: MOST_CHARACTERS + 1000])
    marks = Marks(whole=len(text) <= MOST_CHARACTERS and body == read.text)
    for check in (_mark_links, _mark_identity, _mark_cues):
        try:
            check(body, marks)
        except (TooMuch, TooManyNumbers, TooManyNames):
            marks.whole = False
        except Exception:  # noqa: BLE001 - a check that fails means held, never lost
            marks.whole = False
    tongue, english = language.of(_LINE.findall(body))
    _settle(marks)
    return Findings(_found(marks, read), marks.whole and english, tongue)


def _cut_short(run: re.Match[str]) -> str:
    """The first eighty characters of a run without a space; no search is to go further."""
    return run[0][:80].ljust(len(run[0]))


Reader = Callable[[str], Iterator[Span]]


def _mark_links(text: str, marks: Marks) -> None:
    for span in links(text):
        marks.add("PII-4", span)


def _mark_identity(text: str, marks: Marks) -> None:
    readers: tuple[tuple[str, Reader], ...] = (
        ("PII-1", emails),
        ("PII-3", handles),
        ("PII-5", postcodes),
        ("PII-6", dates),
        ("PII-11", official),
    )
    for rule, reader in readers:
        for span in reader(text):
            marks.add(rule, span)
    capitals = nouns(text)
    for rule, named in (("PII-8", institutions), ("PII-7", people), ("PII-9", homes)):
        for span in named(text, capitals):
            marks.add(rule, span)
    for span in phones(text):
        marks.add("PII-2", span)


def _mark_cues(text: str, marks: Marks) -> None:
    steps, read = Steps(), sentences(text)
    scale = Scale(read)
    try:
        for at, sentence in enumerate(read):
            for rule, span in _cued(sentence, steps):
                if not scale.doubts(at, rule):
                    marks.add(rule, span)
    finally:
        _mark_weighed(scale, marks)


def _cued(sentence: Sentence, steps: Steps) -> Iterator[tuple[str, Span]]:
    """What the cues mark in one sentence."""
    found: dict[str, list[tuple[int, int]]] = {}
    called = sentence.called
    for name in called:
        for rule, cue in BY_ANCHOR.get(name, ()):
            steps.take(1)
            if not any(called.isdisjoint(needed) for needed in cue.needs):
                found.setdefault(rule.id, []).extend(matches(cue, sentence, steps))
    if found.get("SUI-2"):
        found.pop("SUI-3", None)
    for rule_id, places in found.items():
        whole = RULES[rule_id].route is Route.REDACT
        for first, past in places:
            words = clause(sentence, first, past) if whole else (first, past)
            yield rule_id, Span(*sentence.span(*words))


_DANGER = frozenset(("suicide", "harm"))


def _mark_weighed(scale: Scale, marks: Marks) -> None:
    """Mark what weighs enough where no cue of the family, or for danger, marked anything."""
    taken: dict[str, list[Span]] = {}
    for rule, spans in marks.spans.items():
        taken.setdefault(_kind(rule), []).extend(spans)
    for heavy in scale.weighed():
        span = Span(heavy.start, heavy.end)
        if not any(span.touches(one) for one in taken.get(_kind(heavy.rule), ())):
            marks.add(heavy.rule, span)


def _kind(rule: str) -> str:
    """The family of a rule, danger to one's own life or another's being one."""
    family = RULES[rule].family
    return "danger" if family in _DANGER else family


_GIVE_WAY = (
    ("PII-3", ("PII-1", "PII-4")),
    ("PII-4", ("PII-1",)),
    ("PII-2", ("PII-11", "PII-6")),
    ("PII-5", ("PII-11",)),
    ("PII-7", ("PII-8", "PII-1", "PII-3", "PII-4")),
    ("PII-9", ("PII-8", "PII-1", "PII-4")),
)
"""Which rule leaves a place to which others that marked it too."""


def _settle(marks: Marks) -> None:
    for rule, others in _GIVE_WAY:
        taken = [span for other in others for span in marks.spans.get(other, ())]
        own = marks.spans.get(rule, [])
        marks.spans[rule] = [span for span in own if not any(span.touches(one) for one in taken)]


def _found(marks: Marks, read: Plain) -> tuple[Finding, ...]:
    found = [
        _finding(rule, span, read)
        for rule, spans in marks.spans.items()
        for span in spans
        if span.end > span.start
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.rule)))


def _finding(rule: str, span: Span, read: Plain) -> Finding:
    wide, suggest = reworded(rule, read.text, span, RULES[rule].suggest)
    return RULES[rule].finding(Span(*read.given(wide.start, wide.end)), suggest)
