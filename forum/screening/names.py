"""Names of people: after a relation, a title or "called", or standing by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forum.screening.alternatives import one_of
from forum.screening.company import ACTS, acting, between, does, no_one
from forum.screening.findings import Span
from forum.screening.proper import (
    BRANDS,
    EITHER,
    EVERYDAY,
    FAMILIAR,
    FAMOUS,
    GIVEN,
    PLACES,
    Noun,
    everyday,
    single_words,
    unknown,
    wide,
)  # fmt: skip

_TITLES = (
    "dr|mr|mrs|ms|miss|prof|professor|nurse|sister|father|fr|rev|reverend|pastor|uncle|"
    "auntie|aunt|aunty|officer|sgt|sergeant|judge|sir|detective|constable|captain|brother|"
    "matron|mx|imam|rabbi|swami|sri|shri|coach|cousin|granny|nana|nan|grandma|grandpa|"
    "papa|big|wee|oom|tannie|whaea|matua|doctor|midwife|chaplain|lance corporal|corporal|"
    "major|colonel"
)
_TITLE = re.compile(
    rf"\b{one_of(_TITLES)}\.? "
    r"(?P<name>(?-i:[A-Z][a-z]+(?:['-][A-Z]?[a-z]+)?(?: [A-Z][a-z]+)?))",
    re.IGNORECASE,
)
_RELATION_WORDS = (
    "mum|mam|mom|mother|dad|da|father|brother|sister|son|daughter|uncle|aunt|auntie|aunty|cousin|nan|"
    "gran|granny|grandma|grandmother|grandad|granddad|grandfather|nephew|niece|wife|husband|partner|"
    "girlfriend|boyfriend|ex|fiance|fiancee|stepdad|stepmum|stepmom|stepfather|stepmother|stepson|"
    "stepdaughter|twin|baby|kid|boy|girl|lad|eldest|youngest|oldest|friend|mate|pal|buddy|bestie|"
    "neighbour|neighbor|roommate|flatmate|housemate|cellmate|sponsor|sponsee|counsellor|counselor|therapist|"
    "psychiatrist|psychologist|doctor|doc|gp|nurse|midwife|social worker|keyworker|key worker|support worker|"
    "caseworker|case worker|outreach worker|probation officer|parole officer|po|coach|boss|manager|"
    "supervisor|colleague|coworker|co-worker|workmate|teacher|tutor|pastor|priest|vicar|minister|imam|rabbi|"
    "chaplain|landlord|landlady|dealer|solicitor|lawyer|consultant|dietitian|dietician|physio|"
    "pharmacist|cpn|mentor|peer worker|recovery worker|worker|crush|fella|fellow|man|missus|hubby|"
    "girl|bird|lover|godson|goddaughter|godmother|grandson|granddaughter|dog walker|bandmate|carer|"
    "foster mum|foster dad|best friend|old man|little one|best mate|guide|guru|aunties|ouma|oupa|gogo"
)
_RELATION = re.compile(
    rf"\b{one_of(_RELATION_WORDS)}"
    r"(?:'s| was| is| are)?(?: called| named| name| name's| calls himself| calls herself)?"
    r"(?:,? |: | - )(?P<name>[A-Za-z][A-Za-z'-]{1,20})",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:called|named|name is|name's|names|name was|call me|calls me|called me|known as|goes by|go by|"
    r"nickname is|nicknamed|calling me|sign(?:ed)? off as|yours,|love,|cheers,|regards,|signed,?|"
    r"name of)\s{0,2}(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+)?|[a-z]{3,12})"
)
_I_AM = re.compile(
    r"\b(?:I'm|I am|it's|this is|hi,? i'm|im|my name is|me name is|me name's|my name's)\s(?P<name>[A-Za-z]{2,14})\b",
    re.IGNORECASE,
)
_NAMING = re.compile(r"my name|me name", re.IGNORECASE)
_BY_COMMAS = re.compile(
    r"\b(?:my|our|his|her|the) (?:\w+ )?\w+, (?P<name>[A-Z][a-z]{2,14})(?: [A-Z][a-z]+)?,"
    r"|\b(?:[Cc]heers|[Tt]hanks|[Tt]hank you|[Ss]hout ?out|[Bb]ig up|[Hh]ats off|[Nn]od|[Ll]ove|[Gg]rateful|[Oo]we it(?: all)?) to "
    r"(?P<thanked>[A-Z][a-z]{2,14})(?= (?:for|from|who|and|at)\b|[,.!]|$)"
)
_OURS = re.compile(
    r"\b[Oo]ur (?P<name>[A-Z][a-z]{2,14})(?=(?: (?:is|was|has|had|loves|lives|said|says|started|turned|got|will|came|went|died|and)\b|'s|,))"
)
_PEOPLE_OF = re.compile(r"(?:ish|ian|ean|ese|er|an|ist|ie|ic|ar|aholic|s)$")
_NOBODY = frozenset(
    "nature time earth christmas council issue act goose hubbard brother mac".split()
)
"""What follows "Mother" or "Big" without being anyone."""
_HONOURED = re.compile(
    r"\b(?P<name>[A-Z][a-z]{2,14}) (?:didi|bhai|bhaiya|bhabhi|aunty|auntie|uncle|ji|akka|anna|chacha|chachi|dada|mausi|san|sensei|whaea|"
    r"tannie|oom|saab|sahib|beti|beta)\b"
)
_PLACED = re.compile(r"\b(?:in|at|near|outside|from|around|to|of|st|saint|the)\s$", re.IGNORECASE)


def people(text: str, nouns: list[Noun]) -> Iterator[Span]:
    """Where people are named; helpers, the famous and everyday words left out."""
    for match in _TITLE.finditer(text):
        if _titled(match):
            yield Span(match.start("name"), match.end("name"))
    for match in _RELATION.finditer(text):
        if _after_relation(match["name"], text[match.end() : match.end() + 12]):
            yield Span(match.start("name"), match.end("name"))
    for match in _CALLED.finditer(text):
        if _proper(match["name"].split()[0], strict=match["name"][0].islower()) and not (
            match["name"].endswith("Anonymous")
        ):
            yield Span(match.start("name"), match.end("name"))
    for match in (*_HONOURED.finditer(text), *_BY_COMMAS.finditer(text), *_OURS.finditer(text)):
        name = match.lastgroup or "name"
        low = match[name].lower()
        if _proper(match[name], strict=False) and low not in FAMOUS and low not in PLACES:
            yield Span(match.start(name), match.end(name))
    yield from _introduced(text)
    for noun in nouns:
        yield from _unlabelled(text, noun)


def _titled(match: re.Match[str]) -> bool:
    said = match[0].lower().replace(".", "")
    first = match["name"].split()[0]
    if first.lower() in _NOBODY:
        return False
    byname = match[0].startswith("Wee ")
    if said in FAMOUS or (
        said.startswith(("big ", "wee ")) and not byname and first.lower() not in GIVEN
    ):
        return False
    return _proper(first, strict=False)


def _introduced(text: str) -> Iterator[Span]:
    for match in _I_AM.finditer(text):
        name, sure = match["name"], _NAMING.search(match[0]) is not None
        low = name.lower()
        named = name[0].isupper() and not everyday(low)
        given = low in GIVEN or (unknown(low) and not _PEOPLE_OF.search(low) and not name.isupper())
        if (sure and not _dull(low)) or (named and given and len(low) > 2):
            yield Span(match.start("name"), match.end("name"))


def _dull(low: str) -> bool:
    return low in EVERYDAY or (everyday(low) and low not in EITHER)


def _proper(word: str, *, strict: bool) -> bool:
    """Whether a word after a title or "called" is a name."""
    low = word.lower().removesuffix("'s")
    if strict:
        return low in FAMILIAR and not everyday(low)
    return (
        word[:1].isupper()
        and not wide(low)
        and (low in GIVEN or not everyday(low) or low in EITHER - EVERYDAY)
    )


def _after_relation(word: str, after: str) -> bool:
    low = word.lower().removesuffix("'s")
    if low in _NOBODY:
        return False
    if word[0].islower():
        return low in FAMILIAR and not everyday(low)
    if word.isupper() and len(word) > 1:
        return low in GIVEN and not everyday(low)
    if wide(low) or low in EVERYDAY:
        return False
    if low in EITHER:
        return ACTS.match(after) is not None and not re.match(r"\s(?:be|will you)\b", after)
    return low in GIVEN or not everyday(low)


def _unlabelled(text: str, noun: Noun) -> Iterator[Span]:
    """Given names that stand by themselves: "Gemma and Yusuf from the Tuesday group"."""
    if noun.low in FAMOUS or (
        noun.low in PLACES and _PLACED.search(text[max(0, noun.start - 9) : noun.start])
    ):
        return
    words = list(single_words(noun))
    if any(
        " ".join(w.lower() for w, _ in words[a:b]) in FAMOUS
        for a in range(len(words))
        for b in (a + 2, a + 3)
    ):
        return
    for place, (word, span) in enumerate(words):
        low = word.lower()
        first = place == 0 and noun.opens
        if low in FAMOUS or (word.isupper() and len(word) > 3) or wide(low):
            continue
        if low in BRANDS and not does(text, span):
            continue
        alone = len(words) == 1 and acting(text, low, span, first=first)
        if (alone or _is_given(text, low, span, first=first)) and not no_one(text, span):
            yield span


def _is_given(text: str, low: str, span: Span, *, first: bool) -> bool:
    """A given name: one that is no word anywhere, one that is a word only in company."""
    if low in GIVEN and not everyday(low):
        return not first or low in FAMILIAR or ACTS.match(text[span.end : span.end + 9]) is not None
    return low in EITHER and not first and low not in EVERYDAY and between(text, span)
