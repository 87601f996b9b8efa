"""A text read as sentences of words, each word knowing its concepts and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from forum.screening.lexicon import END, VOCABULARY, Branch, names_of, starts_of
from forum.screening.misspelled import meant
from forum.screening.words import SCALES, SPELLINGS, lemmas, unleet, unstretched, value

MOST_WORDS = 44
"""A longer sentence is read in parts, so that no search runs far."""

_TOKEN = re.compile(
    r"(?P<spaced>(?<![^\W_])[A-Za-z](?:[ .\-_*|/]{1,3}[A-Za-z](?![^\W_])){2,60})"
    r"|(?P<money>[£€₹]|\$(?=\d))"
    r"|(?P<number>\d(?:[\d,.:]*\d)?(?:st|nd|rd|th)?\b|\d(?:[\d,.:]*\d)?)"
    r"|(?P<word>[^\W\d_](?:[\w'@$!*|]{0,79}\w)?|[$@*](?=[a-z*])[\w@$!*]{0,20}\w)"
    r"|(?P<stop>[.!?;\n]+)|(?P<comma>[,:()\"])|(?P<percent>%)"
)
_ABBREVIATED = frozenset("dr mr mrs ms st prof no vs etc eg ie sgt rev e.g i.e approx".split())
_STARRED = tuple(
    (
        "suicide suicidal kill killed killing die dead death drugs heroin cocaine weed overdose "
        "rape cut cutting self harm bitch fuck shit meth crack pills hang hanging hanged shoot "
        "shot"
    ).split()
)


@dataclass(frozen=True)
class Word:
    """One word as read, and where it stands in the plain text."""

    form: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """Words in order; what each may be called and how many words each name spans."""

    words: list[Word]
    names: list[Mapping[str, int]]
    commas: frozenset[int]
    """Places in `words` that a comma, bracket or quote stands before."""
    called: frozenset[str]
    """Every name anywhere in the sentence."""

    def span(self, first: int, past: int) -> tuple[int, int]:
        """Where the words from `first` up to but not `past` stand in the plain text."""
        return self.words[first].start, self.words[past - 1].end


def sentences(text: str) -> list[Sentence]:
    """Read the plain text."""
    return [_named(words, commas) for words, commas in _split(text)]


def _split(text: str) -> Iterator[tuple[list[Word], set[int]]]:
    words: list[Word] = []
    commas: set[int] = set()
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "comma":
            commas.add(len(words))
        elif kind == "stop":
            ends = not (match[0] == "." and words and words[-1].form in _ABBREVIATED)
            if ends and words:
                yield words, commas
                words, commas = [], set()
        else:
            words.extend(_words(match))
        if len(words) >= MOST_WORDS or (len(words) > 30 and kind == "comma"):
            yield words, commas
            words, commas = [], set()
    if words:
        yield words, commas


def _words(match: re.Match[str]) -> list[Word]:
    start, end = match.span()
    raw = match[0]
    if match.lastgroup == "spaced":
        return _spaced(raw, start)
    return [Word(form, start, end) for form in _forms(raw.lower())]


@lru_cache(maxsize=16384)
def _forms(raw: str) -> tuple[str, ...]:
    """The words one run of letters stands for."""
    if raw in SPELLINGS:
        return SPELLINGS[raw]
    if raw in VOCABULARY or raw[0].isdigit():
        return (raw,)
    for guess in (unleet(raw), *unstretched(raw), *_starred(raw)):
        if guess != raw and (guess in SPELLINGS or _known(guess)):
            return SPELLINGS.get(guess, (guess,))
    near = None if _known(raw) else meant(raw)
    return SPELLINGS.get(near, (near,)) if near else (raw,)


def _known(guess: str) -> bool:
    return any(lemma in VOCABULARY for lemma in lemmas(guess))


def _starred(raw: str) -> Iterator[str]:
    if "*" in raw:
        pattern = re.compile(re.escape(raw).replace(r"\*", "."))
        yield from (word for word in _STARRED if pattern.fullmatch(word))


def _spaced(raw: str, start: int) -> list[Word]:
    """Letters set apart: the words they make together, else each letter by itself."""
    places = [(at, letter.lower()) for at, letter in enumerate(raw) if letter.isalpha()]
    cuts = _cut("".join(letter for _, letter in places))
    if cuts is None:
        return [
            Word(form, start + at, start + at + 1)
            for at, letter in places
            for form in SPELLINGS.get(letter, (letter,))
        ]
    words: list[Word] = []
    for a, b, form in cuts:
        first, last = start + places[a][0], start + places[b - 1][0] + 1
        words.extend(Word(said, first, last) for said in SPELLINGS.get(form, (form,)))
    return words


def _cut(run: str) -> list[tuple[int, int, str]] | None:
    """Cut a run of letters into the fewest known words; None where it makes none."""
    best: list[tuple[int, list[tuple[int, int, str]]] | None] = [(0, [])]
    for end in range(1, len(run) + 1):
        options = []
        for start in range(max(0, end - 14), end):
            before, piece = best[start], run[start:end]
            if before is not None and _readable(piece):
                options.append((before[0] + 1, [*before[1], (start, end, piece)]))
        best.append(min(options, default=None, key=lambda option: option[0]))
    whole = best[-1]
    return whole[1] if whole and whole[0] * 3 <= len(run) + 2 else None


def _readable(piece: str) -> bool:
    return piece in ("i", "a", "u") or (len(piece) > 1 and _known(piece))


def _named(words: list[Word], commas: set[int]) -> Sentence:
    names: list[Mapping[str, int]] = [names_of(word.form) for word in words]
    masked = _add_phrases(words, names)
    _add_numbers(words, names)
    for at in masked:
        names[at] = {"IDIOM": 1}
    called = frozenset().union(*names)
    return Sentence(words, names, frozenset(commas), called)


def _add_phrases(words: list[Word], names: list[Mapping[str, int]]) -> set[int]:
    """Name the first word of each phrase; return the places an idiom covers."""
    plain = list(names)
    masked: set[int] = set()
    for at in range(len(words)):
        added: dict[str, int] = {}
        branches: Iterable[Branch] = starts_of(words[at].form)
        past = at + 1
        while branches and past < len(words):
            here = plain[past]
            branches = [branch[name] for branch in branches for name in here if name in branch]
            past += 1
            for branch in branches:
                for concept in branch.get(END, ()):
                    added[concept] = past - at
        if added:
            names[at] = {**names[at], **added}
            if "IDIOM" in added:
                masked.update(range(at, at + added["IDIOM"]))
    return masked


def _add_numbers(words: list[Word], names: list[Mapping[str, int]]) -> None:
    at = 0
    while at < len(words):
        if "NUM" not in names[at] and words[at].form not in SCALES:
            at += 1
            continue
        past, worth = _number(words, at)
        names[at] = {**names[at], **dict.fromkeys(_sizes(worth), past - at)}
        at = past


def _sizes(worth: float) -> list[str]:
    sizes = ["NUM"]
    if worth >= 8:
        sizes.append("MANY")
    if worth >= 20:
        sizes.append("HEAPS")
    if worth >= 100:
        sizes.append("BIG")
    if 6 <= worth <= 17 and worth == int(worth):
        sizes.append("TEENAGE")
    return sizes


def _number(words: list[Word], at: int) -> tuple[int, float]:
    """How far a number reaches, and what it is worth: "two hundred and ten", "20,000"."""
    total, part, past = 0.0, 0.0, at
    while past < len(words):
        form = words[past].form
        worth = value(form)
        if form in SCALES:
            part = (part or 1.0) * SCALES[form]
            total, part = (total + part, 0.0) if SCALES[form] >= 1000 else (total, part)
        elif worth is not None and (past == at or _goes_on(words[past - 1].form, worth, form)):
            part += worth
        elif form == "and" and past > at and _after_and(words, past):
            pass
        else:
            break
        past += 1
    return past, total + part


def _goes_on(before: str, worth: float, form: str) -> bool:
    """Whether a number word carries on the one before: "twenty five", not "five twenty"."""
    if form[0].isdigit() or before[0].isdigit():
        return False
    last = value(before)
    return before in SCALES or before == "and" or (last is not None and last >= 20 and worth < 10)


def _after_and(words: list[Word], at: int) -> bool:
    after = words[at + 1].form if at + 1 < len(words) else ""
    return words[at - 1].form in SCALES and after.isalpha() and value(after) is not None
