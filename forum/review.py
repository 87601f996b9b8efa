"""Marked words, decided one by one: each is replaced, kept, or called a false alarm.

A moderator changes nothing else by this way. Where only words that identify somebody were taken
out, their author is told; whatever else changes, their author must agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from forum.post import Highlight, Text
from forum.route import TO_DECIDE, Route, gravest
from forum.rows import Verdict
from forum.screening import RULES, screen
from forum.screening.findings import Span
from forum.screening.rewording import reworded

LONGEST_REPLACEMENT = 200
"""Characters that may stand in place of one marked stretch."""
MOST_LONGER = 40
"""Characters by which a replacement may be longer without asking the author: beyond that a
moderator would be writing, not taking out."""
IDENTIFIES = "pii"
"""The family of rules about who somebody is."""
CLOSE_DETAIL = frozenset({"PII-7", "PII-8", "PII-9", "PII-10"})
"""Names, places and rare roles: whoever edits these is not the only one to approve the edit."""
TITLE, BODY = "title", "body"


@dataclass(frozen=True)
class Stretch:
    """Marked words, from the first to the last character that one or more rules touch."""

    number: int
    """Counts through title and body; the same text gives the same numbers."""
    field: str
    start: int
    end: int
    rules: tuple[str, ...]
    words: str
    suggest: str = ""
    """What could stand there instead; "" where the words are best left out."""

    @property
    def route(self) -> Route:
        """The gravest route of its rules."""
        # A rule that was dropped since had its reasons: somebody decides.
        return gravest(RULES[r].route if r in RULES else Route.HOLD for r in self.rules)

    @property
    def needs_decision(self) -> bool:
        """Whether somebody must say what becomes of it before the post can be approved."""
        return self.route in TO_DECIDE

    @property
    def identifies(self) -> bool:
        """Whether all that marks it is about who somebody is."""
        return all(rule in RULES and RULES[rule].family == IDENTIFIES for rule in self.rules)


@dataclass(frozen=True)
class Choice:
    """What a moderator makes of one stretch."""

    verdict: Verdict
    words: str = ""
    """What is to stand there; "" takes the words out."""


Choices = Mapping[int, Choice]
"""By the number of the stretch."""


class Undecided(Exception):
    """Some marked words still need a decision: their numbers. Nothing was changed."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self.numbers = tuple(numbers)
        super().__init__(", ".join(map(str, self.numbers)))


class BadReplacement(Exception):
    """What should stand in place of these stretches is too long, or more than one line."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self.numbers = tuple(numbers)
        super().__init__(", ".join(map(str, self.numbers)))


@dataclass(frozen=True)
class Edited:
    """Title and body with everything replaced that was to be, and what that means."""

    title: str
    body: str
    replaced: tuple[Stretch, ...]
    puts_in: bool
    """Whether anything stands where words were taken out."""
    longer_by: int
    """Characters that one replacement, at most, is longer than the words it stands for."""
    verdicts: tuple[tuple[str, Verdict], ...]
    """Each rule of each stretch that was decided on."""

    @property
    def changed(self) -> bool:
        """Whether any words are other than the author's."""
        return bool(self.replaced)

    @property
    def only_identifying(self) -> bool:
        """Whether nothing was changed but words that identify somebody."""
        return all(stretch.identifies for stretch in self.replaced)

    @property
    def brief(self) -> bool:
        """Whether what was put in is about as short as what went: a friend, a small town."""
        return self.longer_by <= MOST_LONGER

    @property
    def touches_close_detail(self) -> bool:
        """Whether somebody else must look at this edit, however harmless the rest is."""
        return any(not CLOSE_DETAIL.isdisjoint(stretch.rules) for stretch in self.replaced)


def stretches(text: Text) -> tuple[Stretch, ...]:
    """All that is marked, in the title and then in the typed text, each stretch once."""
    title = [Highlight(mark.rule, mark.start, mark.end) for mark in screen(text.title).found]
    typed = text.typed or ""
    found = chain(joined(TITLE, text.title, title), joined(BODY, typed, text.highlights))
    return tuple(replace(stretch, number=number) for number, stretch in enumerate(found))


def edited(text: Text, choices: Choices) -> Edited:
    """The text as these choices leave it. Raises `Undecided` and `BadReplacement`."""
    marked = stretches(text)
    open_ones = [s.number for s in marked if s.needs_decision and s.number not in choices]
    if open_ones:
        raise Undecided(open_ones)
    replaced = [s for s in marked if _replaces(choices, s)]
    bad = [s.number for s in replaced if not _fits(choices[s.number].words)]
    if bad:
        raise BadReplacement(bad)
    return Edited(
        title=_replaced(text.title, TITLE, replaced, choices),
        body=_replaced(text.typed or "", BODY, replaced, choices),
        replaced=tuple(replaced),
        puts_in=any(choices[s.number].words for s in replaced),
        longer_by=max((len(choices[s.number].words) - len(s.words) for s in replaced), default=0),
        verdicts=tuple(
            (rule, choices[s.number].verdict)
            for s in marked
            if s.number in choices
            for rule in s.rules
        ),
    )


def all_kept(text: Text) -> Choices:
    """Every marked stretch left as it is: for somebody who has read the whole and says so."""
    return {stretch.number: Choice(Verdict.KEEP) for stretch in stretches(text)}


def _replaces(choices: Choices, stretch: Stretch) -> bool:
    """Whether other words are to stand there; the same words again change nothing."""
    choice = choices.get(stretch.number)
    if choice is None or choice.verdict is not Verdict.REPLACE:
        return False
    return choice.words != stretch.words


def _fits(words: str) -> bool:
    return len(words) <= LONGEST_REPLACEMENT and len(f"{words}.".splitlines()) == 1


def _replaced(text: str, field: str, marked: Collection[Stretch], choices: Choices) -> str:
    made, done = "", 0
    for stretch in (one for one in marked if one.field == field):  # in order of place
        words, between = choices[stretch.number].words, text[done : stretch.start]
        # What is left out leaves with the space before it.
        made += (between if words else between.removesuffix(" ")) + words
        done = stretch.end
    return made + text[done:]


def joined(field: str, text: str, marks: Sequence[Highlight]) -> Iterator[Stretch]:
    """Marks that share a character as one stretch, in order of place; not numbered yet."""
    start, end, rules = 0, 0, dict[str, None]()
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        if rules and mark.start < end:
            end = max(end, mark.end)
            rules[mark.rule] = None
            continue
        if rules:
            yield _stretch(field, text, Span(start, end), tuple(rules))
        start, end, rules = mark.start, mark.end, {mark.rule: None}
    if rules:
        yield _stretch(field, text, Span(start, end), tuple(rules))


def _stretch(field: str, text: str, span: Span, rules: tuple[str, ...]) -> Stretch:
    suggest = _suggestion(text, span, rules)
    return Stretch(0, field, span.start, span.end, rules, text[span.start : span.end], suggest)


def _suggestion(text: str, span: Span, rules: Sequence[str]) -> str:
    """What the gravest rule would put there, looking at the words before it."""
    known = [RULES[rule] for rule in rules if rule in RULES]
    if not known:
        return ""
    worst = min(known, key=lambda rule: rule.route.rank)
    where, words = reworded(worst.id, text, span, worst.suggest)
    return words if where == span else worst.suggest
