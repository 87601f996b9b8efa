"""Proper nouns: names of people (PII-7), of places lived in (PII-9), of institutions (PII-8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from forum.screening.findings import Span
from forum.screening.lexicon import STOP, VOCABULARY
from forum.screening.words import lemmas

_LISTS = Path(__file__).with_name("lists")


def _lines(name: str) -> frozenset[str]:
    return frozenset((_LISTS / name).read_text("utf-8").lower().split("\n")) - {""}


def _words(name: str) -> frozenset[str]:
    return frozenset((_LISTS / name).read_text("utf-8").lower().split())


WORDS_TOO = _words("words_too.txt")
"""Names that are also everyday words."""
_MORE_WORDS = frozenset(
    """
    add admiral age albino ale ales aline almond alpha alto amir angelic arch ascension aspen atlas
    author azalea babe baby bale banks barb baron bee bent berry bitten blanch blossom bode boss
    brain branch brooks bunk burr bush butler caddie cam canal cannon canyon cap caprice captain
    carry champ chastity chi chin christen cinnamon cleave collie colon colonel colt commodore con
    conn coral cord council coy creed deacon diamond dimple doc dock doctor dodo doll duff dung
    earnest ebb echo edit elder elif else ember emerald emir emit era essence ether fairy fancy fawn
    fed feline fielding fleet floor flora forum foster fount franc fuller gala garland garnet garret
    garrison gauge gee general genie gorge governor graves grit gun gunner gust hale ham handy
    harden harm harsh hence hung icy immaculate ion journey judge junior kick lady lavender lawyer
    leafy leaner lemon line link lone loot lope lore lot lucky luster lute lyric mace mad madden
    made mads magnolia male manly manning mans mare marine marry marsh mart mate math mats maverick
    maxim maxima meadow media mere merrily meta metro mile miner minor moody nail newt newton octave
    oral orange ova owe pal pansy par pate paw peer pier pleas pleasant press price prosper puck
    raid ransom rares redden rice ridge roar roe roll rosy rune rut safari saga said salami server
    sever shepherd side sincere sine sing smith sole sonata squire steward stoney stormy talon tan
    tawny telly theta tiara ties tilde till tiny tome tone tore toy unknown unnamed veer villa wage
    wash wells windy yen yoga zeta
    """.split()
)
"""Words that the list of given names holds too, since somebody somewhere is called so."""
FAMILIAR = _words("more_names.txt") - WORDS_TOO
"""Given names we chose ourselves: sure enough to mark without a capital."""
GIVEN = (_words("given_names.txt") | FAMILIAR) - WORDS_TOO - _MORE_WORDS
"""Given names that are no everyday word."""
EITHER = _words("given_names.txt") & (WORDS_TOO | _MORE_WORDS)
FAMOUS = _lines("famous.txt")
PLACES = _lines("places.txt")
WIDE = _lines("wide_places.txt")
"""Countries, states, peoples and feasts: too wide to point at anyone."""
EVERYDAY = _words("everyday.txt")
"""Words that open sentences or stand in capitals without being a name."""

ENGLISH = _words("english.txt")
"""Forty thousand common English words, American and British, from SCOWL; no names."""


MOST_NOUNS = 400
"""A story of 12,000 characters has far fewer; beyond it the text counts as not screened."""


class TooManyNames(Exception):
    """More capitalised words than a story has; names were not looked for."""


@dataclass(frozen=True)
class Noun:
    """A run of capitalised words, where it stands, and whether it opens a sentence."""

    text: str
    start: int
    end: int
    opens: bool

    @property
    def low(self) -> str:
        """In lower case, without a possessive ending."""
        return self.text.lower().removesuffix("'s").removesuffix("'")


_CAPITAL = r"[A-Z][a-z]*(?:['-][A-Z]?[a-z]+)*\.?"
_RUN = re.compile(
    r"\b(?:St\.? )?[A-Z][A-Za-z]*(?:['-][A-Za-z]+)*(?:(?: (?:of|the|and|&) | )(?=[A-Z])[A-Z][A-Za-z]*(?:['-][A-Za-z]+)*){0,5}"
)
_OPENS = re.compile(r"(?:^|[.!?:;\n\"]['\")]?\s*|^\W+)$")


def nouns(text: str) -> list[Noun]:
    """Every run of capitalised words."""
    found = []
    for match in _RUN.finditer(text):
        before = text[max(0, match.start() - 4) : match.start()]
        opens = match.start() == 0 or _OPENS.search(before) is not None
        found.append(Noun(match[0], match.start(), match.end(), opens))
        if len(found) > MOST_NOUNS:
            raise TooManyNames
    return found


@lru_cache(maxsize=8192)
def everyday(word: str) -> bool:
    """Whether a word in lower case is an ordinary one, capital or not."""
    word = word.strip("'.").removesuffix("'s")
    if word in GIVEN:
        return word in EVERYDAY
    known = word in EVERYDAY or word in STOP or word in WORDS_TOO or word in _MORE_WORDS
    return known or len(word) < 2 or any(lemma in VOCABULARY for lemma in lemmas(word))


BRANDS = frozenset(
    """
    netflix uber lyft spotify google amazon youtube tiktok instagram facebook whatsapp telegram snapchat discord reddit twitter
    wikipedia alexa siri xbox playstation nintendo disney marvel tesco asda aldi lidl costa greggs starbucks mcdonalds nandos
    lucozade redbull pepsi fanta vimto buckfast bucky guinness heineken carlsberg tennents tennent's fosters stella corona
    jameson smirnoff absolut bacardi malibu baileys kahlua jagermeister glenfiddich teachers famous gordons bombay tanqueray
    prosecco rioja merlot chardonnay shiraz pinot strongbow magners bulmers scrumpy frosty carling peroni budweiser bud coors
    valium xanax prozac zoloft lexapro seroquel librium antabuse campral naltrexone methadone subutex suboxone espranor buvidal
    vivitrol sertraline citalopram fluoxetine mirtazapine quetiapine olanzapine lithium diazepam zopiclone zolpidem pregabalin
    lyrica gabapentin tramadol codeine oxycontin percocet vicodin adderall ritalin ozempic vicks nurofen panadol calpol nytol
    karma buddha allah jehovah yahweh krishna jesus christ ramadan eid diwali hanukkah lent advent shabbat yule hogmanay
    zoom skype teams minecraft fortnite roblox tetris sudoku wordle duolingo headspace strava fitbit garmin lego ikea argos
    covid omicron adhd ptsd bpd ocd cbt dbt emdr reiki pilates zumba yoga crossfit parkrun tinder bumble hinge grindr monzo deliveroo haribo brexit linkedin wechat bereal onlyfans cashapp paypal soundcloud mcdonald mckenzie lockdown bipolar scouse geordie brummie cockney
    """.split()
)
"""Makers, medicines, feasts and apps: written like names, and no one's."""


@lru_cache(maxsize=8192)
def unknown(word: str) -> bool:
    """Whether a word in lower case is no English one, and no town, people or maker either."""
    word = word.strip("'.").removesuffix("'s")
    if len(word) < 3 or word in ENGLISH or word in BRANDS or word in WIDE or word in PLACES:
        return False
    return not everyday(word) and not any(lemma in ENGLISH for lemma in (*lemmas(word), word + "g"))


def wide(name: str) -> bool:
    """Whether a name is a country, a day, a people, a feast: nothing that points at someone."""
    return name in WIDE


def single_words(noun: Noun) -> Iterator[tuple[str, Span]]:
    """Each word of a run, with where it stands."""
    for match in re.finditer(r"[A-Za-z]+(?:['-][A-Za-z]+)*", noun.text):
        word = match[0].removesuffix("'s")
        yield word, Span(noun.start + match.start(), noun.start + match.start() + len(word))
