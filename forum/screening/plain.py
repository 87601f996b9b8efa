"""The text as it reads, free of disguises, with the way back to every character as it was given."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_SPECIAL = re.compile(r"[^\x09\x0a\x20-\x7e]")
_LETTERS = re.compile(r"[^\W\d_]+")
_GREEK_OR_CYRILLIC = re.compile("[\u0370-\u04ff]")
_LATIN = re.compile("[A-Za-z]")
_SAME_LENGTH = str.maketrans(
    "\u2018\u2019\u201a\u201b\u2032\u0060\u00b4\u02bc\u201c\u201d\u201e\u2033\u00ab\u00bb"
    "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u00b7\u00a0\u2028\u2029\u0085\x0b\x0c\r"
    "\u00d7\u2044",
    "''''''''" + '""""""' + "-------" + "  " + " \n\n\n\n\n\n" + "x/",
)
_LOOKS_LATIN = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u051b\u0432\u043a\u043c\u043d\u0442"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0408\u0405"
    "\u03bf\u03b1\u03b9\u03bd\u03c1\u03c4\u03c5\u03c7\u03b5\u03ba\u0391\u0392\u0395\u0397\u0399"
    "\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u0396",
    "aeopcyxijsdhqbkmht" + "ABEKMHOPCTXIJS" + "oaivptuxek" + "ABEHI" + "KMNOPTYXZ",
)
_UNFOLDED = {"\u00df": "ss", "\u00f8": "o", "\u00d8": "O", "\u0142": "l", "\u0141": "L"}
_UNFOLDED |= {"\u00e6": "ae", "\u00c6": "AE", "\u0131": "i", "\u00f0": "d", "\u00fe": "th"}
_CURRENCY = {"\u00a3": "\u00a3", "\u20ac": "\u20ac", "\u20b9": "\u20b9", "\u00a2": "c"}
_GONE = frozenset(("Cf", "Cc", "Mn", "Me", "Mc", "Cs", "Co", "Cn"))


@dataclass(frozen=True)
class Plain:
    """The plain text, and for each of its characters where it began and ended as given."""

    text: str
    starts: list[int] | range
    ends: list[int] | range

    def given(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty stretch of the plain text stands in the text as given."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    """One character without its marks, in its common form; "" when it cannot be seen."""
    if char in _CURRENCY:
        return _CURRENCY[char]
    if char in _UNFOLDED:
        return _UNFOLDED[char]
    if unicodedata.category(char) in _GONE:
        return ""
    apart = unicodedata.normalize("NFKD", char)
    seen = "".join(one for one in apart if unicodedata.category(one) not in _GONE)
    return unicodedata.normalize("NFC", seen.translate(_SAME_LENGTH))


def plain(text: str) -> Plain:
    """Give the text without invisible characters, accents, odd quotes and borrowed letters."""
    text = text.translate(_SAME_LENGTH)
    if not _SPECIAL.search(text):
        places = range(len(text) + 1)
        return Plain(text, places, places[1:])
    return _borrowed(_without_specials(text))


def _without_specials(text: str) -> Plain:
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for match in _SPECIAL.finditer(text):
        here = match.start()
        pieces.append(text[at:here])
        places.extend(range(at, here))
        folded = _folded(match[0])
        pieces.append(folded)
        places.extend([here] * len(folded))
        at = here + 1
    pieces.append(text[at:])
    places.extend(range(at, len(text)))
    return Plain("".join(pieces), places, [place + 1 for place in places])


def _borrowed(folded: Plain) -> Plain:
    """Read Greek and Cyrillic letters as the Latin ones they look like, in mixed words only."""
    if not _GREEK_OR_CYRILLIC.search(folded.text):
        return folded
    spots = [
        match.span()
        for match in _LETTERS.finditer(folded.text)
        if _GREEK_OR_CYRILLIC.search(match[0]) and _LATIN.search(match[0])
    ]
    if not spots:
        return folded
    edges = [0, *(edge for spot in spots for edge in spot), len(folded.text)]
    parts = [folded.text[a:b] for a, b in pairwise(edges)]
    parts[1::2] = [part.translate(_LOOKS_LATIN) for part in parts[1::2]]
    return Plain("".join(parts), folded.starts, folded.ends)
