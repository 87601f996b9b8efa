"""Web addresses, with or without a scheme, or with a spelled-out dot or slash; every search is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forum.screening.accounts import coined
from forum.screening.findings import Span
from forum.screening.lexicon import STOP
from forum.screening.proper import ENGLISH

ENDINGS = (
    "com|org|net|co|uk|io|info|app|link|bio|ee|ie|au|nz|ca|in|za|us|edu|gov|me|tv|gg|ly|blog|shop|"
    "site|online|xyz|dev|club|life|health|social|page|care|help|live|one|space|store|today|world|be"
)
"""What an address may end in."""
_SURE_ENDINGS = (
    "com|org|net|io|info|app|edu|gov|gg|ly|ee|blog|xyz|dev|tv|uk|co\\.uk|org\\.uk|ie|onion|"
    "com\\.au|org\\.au|co\\.nz|co\\.in|co\\.za|bio|link|shop|online|club|ca|social"
)
DOT_SAID = r"[(\[{<]\s?(?:dot|d0t|d|full stop|period|\.)\s?[)\]}>]"
"""A dot in brackets, written out or not."""
_SCHEME = re.compile(
    r"\bh[\wx*]{2}ps?\s?(?::|colon|)\s?(?:/|slash|forward slash)\s?(?:/|slash|forward slash)\s?\S{1,200}"
    r"|\bwww\s?(?:\.|\bdot\b)\s?\S{3,200}|\bwww\s[\w-]{2,40}\s?(?:\.|dot\b|\s)\s?(?:com|org|net|co|uk|ie|info)\b",
    re.IGNORECASE,
)
_DOMAIN = re.compile(
    rf"(?<![\w@./-])(?:[a-z0-9][a-z0-9-]{{0,60}}\.){{1,4}}(?:(?:{_SURE_ENDINGS})\b(?:/\S{{0,200}})?"
    rf"|(?:{ENDINGS})/\S{{1,200}})"
    r"|\b[a-z0-9-]{5,40} \. (?:com|org|net|co\.uk)\b",
    re.IGNORECASE,
)
_ANY_DOMAIN = re.compile(
    rf"(?<![\w@./-])(?P<left>[a-z0-9][a-z0-9-]{{1,40}})\.(?P<end>[a-z]{{2,12}})/[\w-]{{3,60}}"
    rf"|(?<![\w@./-])(?P<whole>[a-z0-9][a-z0-9-]{{3,40}}\.(?:co|page|life|health|space|site|online|store|club|world|wiki|to|cc|ai|pro|fm))\b(?!\.\w)"
    rf"|\b(?:link|site|website|blog|page|url|visit|web)(?:'s| is| at|:| ?=)+ (?P<named>[a-z0-9-]{{3,40}}\.(?:{ENDINGS}))\b",
    re.IGNORECASE,
)
_SLASH = r"(?:\s?(?:/|\b(?:forward )?slash\b)\s?)"
_SPELLED = re.compile(
    rf"\b(?P<left>[a-z0-9-]{{1,50}})(?:\s?{DOT_SAID}\s?|,?\s?\b(?:dot|d0t)\b,?\s?)"
    r"(?:(?:com|org|net|co|io|info|uk|app|ie|blog|gg|tv|link|ca|ee|ly|edu|onion|nz|au|xyz)\b"
    rf"(?P<more>(?:,?\s?(?:slash|/|dot),?\s?[\w-]{{1,40}}){{0,3}})|[a-z]{{2,10}}{_SLASH}[\w-]{{2,40}})"
    rf"|\b(?P<bracketed>[a-z0-9-]{{2,50}}\s?{DOT_SAID}\s?[a-z]{{2,12}})\b",
    re.IGNORECASE,
)
_SHORTENED = re.compile(
    r"\b(?:linktr\W{0,3}ee|bit\W{0,3}ly|youtu\W{1,3}be|goo\W{1,3}gl|discord\W{1,3}gg|cutt\W{0,3}ly|ow\W{1,3}ly|"
    r"tiny ?url(?:\W{1,3}com)?|rebrand\W{0,3}ly|beacons\W{1,3}ai|carrd\W{1,3}co)\b"
    rf"{_SLASH}?\s?[\w-]{{2,40}}",
    re.IGNORECASE,
)
_SLASHED = re.compile(
    r"\b(?:(?:t|wa|m|paypal|cash|fb)\W{1,3}(?:me|app|com)|gofundme|go fund me|just ?giving|patreon|ko-?fi|meetup|"
    r"facebook|instagram|youtube|tiktok|linkedin|reddit|zoom|telegram|whatsapp|paypal|substack|medium|soundcloud|pinterest)"
    rf"(?:{_SLASH}(?:in|u|c|f|j|p|r|user|channel|add|groups?))?{_SLASH}[\w-]{{3,40}}",
    re.IGNORECASE,
)
_NO_SITE = frozenset(
    "the a an this that those these my your his her our their every some first whole no of".split()
)


_INNER_DOT = re.compile(r"\w ?\.[a-z]| \. ")
_LINKS = (
    (_SCHEME, ("//", "slash", "www", ": /", "/ /")),
    (_SPELLED, ("dot", "d0t", "(.", "[.", "{.", "<.", "(d", "[d", "[f", "(f", "( .", "[ .")),
    (_SHORTENED, tuple("linktr bit youtu goo discord cutt ow tiny rebrand beacons carrd".split())),
    (_SLASHED, ("/", "slash")),
)
"""Patterns, each with what a text must hold before it is worth looking for."""


def links(text: str) -> Iterator[Span]:
    """Web addresses, with or without a scheme, or with a spelled-out dot or slash."""
    low = text.lower()
    looked_for = [pattern for pattern, hints in _LINKS if any(hint in low for hint in hints)]
    if _INNER_DOT.search(low):
        looked_for += [_DOMAIN, _ANY_DOMAIN]
    for pattern in looked_for:
        for match in pattern.finditer(text):
            if pattern in (_SPELLED, _ANY_DOMAIN) and not _site(match):
                continue
            end = match.start() + len(match[0].rstrip(".,;:!?)\"'"))
            if text[match.end() : match.end() + 1] != "@":
                yield Span(match.start(), end)


def _site(match: re.Match[str]) -> bool:
    """Not "the dot com years", and not "go.or/whatever"."""
    if "more" in match.re.groupindex:
        if match["left"] is None:
            return True
        return match["left"].lower() not in _NO_SITE | STOP or bool(match["more"])
    if match["named"]:
        return True
    if match["whole"]:
        return coined(match["whole"].split(".")[0])
    marked = any(map(str.isdigit, match[0]))
    end = match["end"].lower()
    return marked or (end not in STOP and (coined(match["left"]) or end not in ENGLISH))
