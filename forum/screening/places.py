"""Places someone lives or comes from, and streets; a country, a state or a trip is no home place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forum.screening.alternatives import one_of
from forum.screening.findings import Span
from forum.screening.lexicon import STOP, VOCABULARY
from forum.screening.proper import EVERYDAY, PLACES, WIDE, WORDS_TOO, Noun, everyday

_HOME = re.compile(
    r"\b(?:grew up|growing up|raised|brought up|born(?: and (?:bred|raised))?|bred|live[sd]?|living|based|"
    r"mov(?:ed|ing|e)(?: back| away| out| home)?|relocated|from|originally from|come from|came from|hail(?:ed|s)? from|"
    r"stay(?:ed|ing|s)?|resid(?:e|ed|ing)|settled|hi from|hello from|greetings from|hometown(?: is| of)?|"
    r"home town(?: is| of)?|back home|childhood|village(?: called| of| named)?|town(?: called| of| named)?|"
    r"city(?: called| of| named)?|suburb(?: called| of)?|hame|house|flat|home|council estate|estate|"
    r"farm|homeless|squat|squatted|rough|sleeping rough|streets|landed|ended up|washed up|schooled|"
    r"school|lad|lass|girl|boy|native|local|family|people|folks|parents|mum|dad|nan|rented|bedsit|"
    r"caravan|parish|croft|cabin|bungalow|cottage)"
    r"(?:,)? (?:still |back |up |down |out |over |away |all |near |just |right |somewhere |first )?"
    r"(?:(?:in|at|near|outside|to|from|of|on|called|around|between|round|by|off|is|was) )?"
    r"(?:near |outside |the outskirts of |a place called |the middle of |north |south |east |west |central |"
    r"downtown |the east end of |the back streets of |inner city |upstate |rural |sunny |wee |good old |"
    r"a village called |a town called |the town of |the village of |the city of )?"
)
_SURE_HOME = re.compile(
    r"(?:grew up|growing up|raised|brought up|born|bred|live[sd]?|living|based|mov(?:ed|e|ing)|from|hail|"
    r"resid|settled|called|named|hometown|home town|of) |(?:flat|house|bedsit|apartment|bungalow|cottage|caravan|digs|croft|farm|cabin)(?: is| was)? (?:in|near|outside|at) |(?:town|home|hometown) is |\bfrom "
)
_IN = re.compile(
    r"\b(?:in|from|near|outside|around|at|to|of|across|round|through|off|up|down|between|out by) (?:the |central |downtown |north |south |east |west )?$"
)
_TRIP = re.compile(
    r"\b(?:holiday|flew|fly|flight|trip|visit|visited|visiting|vacation|weekend in|tour|honeymoon|cruise|stag|hen|"
    r"airport|marathon|film|song|book|treaty|match|final|concert|festival|train to|bus to|fashion|olympics|"
    r"poem|backpack\w*|travelled|travels|went to see|day out|road trip|dreamed of|read about|anniversary|went to|gone to|been to|going to)\b"
)
_TOLD_KINDS = (
    "village|town|hamlet|suburb|estate|island|neighbourhood|neighborhood|borough|townland|hometown|home town|city|parish|"
    "settlement|scheme"
)
_TOLD = re.compile(
    rf"\b{one_of(_TOLD_KINDS)}"
    r"(?:, | - |: | called | named | is called | was called | is | was |, called )(?P<name>(?-i:[A-Z][a-z]+(?:[ -][A-Z][a-z]+){0,2}))",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    r"\b(?:(?:one|only|wee|local) (?:\w+ )?(?:pub|chemist|shop|church|chapel|school|surgery|meeting|chippy|bookies|off-licence|doctor|"
    r"pharmacy|bus|garage|taxi|hotel|club|family|drunk) (?:in|at)|(?:from|in|round|around|grew up in|raised in) the) "
    r"(?P<name>[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})?)(?=[\s,.!?;]|$)"
)
_FROM_THE = re.compile(
    r"\b(?:i'?m|i am|we'?re|come|came|hail|originally|born|raised|grew up|lived?|living) (?:from|in|round) the [A-Z]",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"\bthe [A-Z][a-z]+(?:s|land|side|lands|shire|wood|dale|ness)$")
_SAYING = re.compile(
    r"\b(?:road to damascus|(?:sent|send|off) (?:\w+ )?to coventry|coventry they|coals to newcastle|on the road to \w+ conversion|"
    r"boston tea|brighton rock|oxford english|cambridge dictionary|manchester united|liverpool fc)\b"
)
"""Sayings that name a town nobody lives in."""
_STREET = re.compile(
    r"\b(?:\d{1,4} )?[A-Z][a-z]+(?:'s)?(?: [A-Z][a-z]+)? (?:Street|Road|Avenue|Lane|Crescent|Terrace|Gardens|Rd|Ave|"
    r"Square|Estate|Boulevard|Blvd|Close|Drive|Grove|Heights|Quay|Wynd|Parade|Towers|Mews)\b"
)
_LOWER = re.compile(
    r"\b(?:grew up|raised|born|bred|live|lives|lived|living|based|moved|from|hail|come|came|settled)"
    r" (?:still )?(?:in|near|to|from|outside|around) (?P<place>[a-z]{4,16})\b"
)
_SOMEONE_FROM = re.compile(
    r"\s(?:lad|lass|girl|boy|native|born|man|woman|folk|bred|local|through and)\b"
)
_SURE_PLACES = PLACES - WORDS_TOO
_NICKNAMES = frozenset(
    "philly vegas nola brum la nyc sf dc jozi joburg durbs brisvegas freo radelaide glesga".split()
)
_FIRST = re.compile(r"[A-Z][a-z]+(?:['-][A-Z]?[a-z]+)*(?: [A-Z][a-z]+(?:['-][A-Z]?[a-z]+)*){0,2}")


def homes(text: str, nouns: list[Noun]) -> Iterator[Span]:
    """Named towns, villages, districts and streets that read as home."""
    for match in _STREET.finditer(text):
        if not _opening_word(match[0]):
            yield Span(match.start(), match.end())
    for match in _LOWER.finditer(text):
        low = match["place"]
        if low in PLACES and not everyday(low) and low not in WIDE and low not in WORDS_TOO:
            yield Span(match.start("place"), match.end("place"))
    yield from _told(text)
    for noun in nouns:
        yield from _home(text, noun)


def _told(text: str) -> Iterator[Span]:
    """ "our village, X", "the one pub in X", "I'm from the Xs": home by the words beside it."""
    for match in _TOLD.finditer(text):
        low = match["name"].lower()
        if low not in WIDE and not everyday(low.split()[0]):
            yield Span(match.start("name"), match.end("name"))
    for match in _LOCAL.finditer(text):
        low = match["name"].lower()
        sure = " the " not in f" {match[0]}" or (
            _PLURAL.search(match[0])
            and _FROM_THE.search(text[max(0, match.start() - 24) : match.end()])
        )
        if sure and low not in WIDE and low not in VOCABULARY and not everyday(low.split()[0]):
            yield Span(match.start("name"), match.end("name"))


def _opening_word(street: str) -> bool:
    first = street.split()[0].lower()
    return first in STOP or first in (
        "easy",
        "coronation",
        "downing",
        "quality",
        "high",
        "wall",
        "memory",
        "sesame",
        "down",
        "open",
        "big",
    )


def _home(text: str, noun: Noun) -> Iterator[Span]:
    before = text[max(0, noun.start - 70) : noun.start]
    name = _FIRST.match(noun.text)
    if name is None and noun.low not in _NICKNAMES:
        return
    said = name[0] if name else noun.text
    low = said.lower().removesuffix("'s")
    if low in WIDE or low in EVERYDAY:
        return
    listed = low in PLACES or low in _NICKNAMES or low.split()[0] in _SURE_PLACES
    home = _last_home(before)
    around = text[max(0, noun.start - 60) : noun.end + 30].lower()
    of_here = low in PLACES and _SOMEONE_FROM.match(text, noun.end) is not None
    named = of_here or (home and _named_home(low, listed, home))
    if (named or _listed_near(low, listed, before, around)) and not _SAYING.search(around):
        yield Span(noun.start, noun.start + len(said.removesuffix("'s")))


def _last_home(before: str) -> str:
    """The words that tell of home and end right before the name, if any."""
    found = ""
    for match in _HOME.finditer(before):
        if match.end() == len(before):
            found = match[0]
    return found


def _named_home(low: str, listed: bool, home: str) -> bool:
    sure = _SURE_HOME.search(home.lower()) is not None
    plain = low in WORDS_TOO or (everyday(low) and not listed)
    if low in ("reading", "bath", "hope", "sale", "deal", "hull", "battle"):
        return sure and " from" not in f" {home}"
    if sure and not plain:
        return listed or " " in low or low not in VOCABULARY
    return listed and not plain and _IN.search(home) is not None


def _listed_near(low: str, listed: bool, before: str, around: str) -> bool:
    """A listed town after "in" or "near", unless it tells of a trip."""
    if not listed or low in WORDS_TOO or everyday(low):
        return False
    return _IN.search(before) is not None and _TRIP.search(around) is None
