"""Email addresses, in plain sight or spelled out; every search is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forum.screening.accounts import coined, like_account, unmistakable
from forum.screening.alternatives import one_of
from forum.screening.findings import Span
from forum.screening.links import DOT_SAID, ENDINGS
from forum.screening.proper import EITHER, GIVEN

_SPACED = "|".join(
    r"\s?".join(name)
    for name in ("gmail", "hotmail", "yahoo", "outlook", "icloud", "protonmail", "googlemail")
)
_KNOWN = (
    "(?:"
    + one_of(
        "gmail|googlemail|hotmail|yahoo|ymail|outlook|icloud|protonmail|proton|btinternet|rediffmail|"
        "rediff|fastmail|zoho|gmx|tutanota|tuta|eircom|bigpond|talktalk|aol|ntlworld|virginmedia|"
        "blueyonder|yandex|hushmail|comcast|verizon|sbcglobal|optusnet|vodamail|telkomsa|mailinator"
    )
    + rf"|(?:gee|jee|g|hot|proton|google)[ -]mail|gee?mail|i-cloud|{_SPACED})"
)
_PROVIDERS = rf"(?:{_KNOWN}|{one_of('msn|live|mail|xtra|mweb|me|sky|pm|duck')})"
_DOT = rf"(?:\s?[.]\s?(?=(?-i:[^\sA-Z]))|\s?{DOT_SAID}\s?|,?\s(?:dot|d0t|d o t|punto|full stop|point),?\s)"
_AT = r"(?:\s?@\s?|\s?[(\[{<]\s?(?:at|@|a)(?: sign| symbol)?\s?[)\]}>]\s?|,?\s(?:at|a t|ät|@|arroba|(?:at|@) the),?\s|_at_)"
_EMAIL_RIGHT = re.compile(
    r"(?<=[\w+-])@[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,30}){0,2}\.[a-z]{2,10}\b"
    rf"|{_AT}(?:(?:{_PROVIDERS})\b(?:{_DOT}(?!dot)[a-z]{{2,10}}){{0,3}}"
    rf"|[a-z0-9-]{{1,40}}(?:{_DOT}[a-z0-9-]{{1,30}}){{0,2}}{_DOT}(?:{ENDINGS})\b)",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\s(?:at|a t)\s{_PROVIDERS}", re.IGNORECASE)
"""A provider without an ending, where people also work, look and shout."""
_AT_SIGN = re.compile(r"@|\ba ?t\b|[(\[{<]\s?a\s?[)\]}>]|_at_|\barroba\b", re.IGNORECASE)
_LOCAL = re.compile(
    r"(?:[\w.+-]{1,64}|(?<!\w)(?:\w ){2,20}\w)"
    r"(?:\s(?:dot|underscore|dash|hyphen|plus|minus|point)\s[\w.+-]{1,30}){0,4}"
    r"(?:\s(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,6}teen|"
    r"\w{3,6}ty|\d{1,6})){0,5}\s?$",
    re.IGNORECASE,
)
_PROVIDER_IS = re.compile(
    rf"\b(?:{_KNOWN}|e-?mail)\b(?:\s(?:address|addy|account|name))?(?P<link>\s?[:=-]|\s(?:is|as|under)\b)\s{{0,2}}"
    r"(?P<name>[\w.+-]{4,40})(?P<spelled>(?:\s(?:dot|underscore|dash)\s[\w.+-]{1,30}){0,4})",
    re.IGNORECASE,
)
_MAILED = re.compile(rf"\b(?:e-?mail|{_KNOWN})\b", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"(?<![\w@./-])(?:[A-Za-z]\w{1,30} (?:dot|underscore|hyphen|dash) \w{2,30}|[A-Za-z][\w.-]{3,40})",
    re.IGNORECASE,
)
_BEFORE_PROVIDER = re.compile(
    r"(?<![\w@./-])(?P<name>[A-Za-z][\w.-]{3,40})(?:,? (?:with|at|and|on|is|it'?s|that'?s|then|plus|the|an?|my|usual|its|normal)){0,4},? @?"
    r"(?:gmail|hotmail|yahoo|icloud|protonmail|googlemail|ymail|btinternet)\b",
    re.IGNORECASE,
)
_MAIL_ME = re.compile(
    r"\b(?:e-?mail|gmail|hotmail|mail|write)(?: to)? me(?: at| on| @|:|,)? (?P<name>[A-Za-z][\w.-]{3,40})",
    re.IGNORECASE,
)
_USUAL = re.compile(
    rf"(?<![\w@.])(?P<name>[\w.-]{{3,40}}) ?@ ?(?:\w{{1,8}} ){{1,3}}{_KNOWN}\b", re.IGNORECASE
)
_THEN_PROVIDER = re.compile(
    rf"\b(?:then|plus|followed by|and|add|with|ends?(?: in| with)?|its|it's)\s(?:its |it's )?(?:at |@ |a |an )?{_KNOWN}\b",
    re.IGNORECASE,
)
_PIECED = re.compile(
    r"\b(?:my (?:full |first |last |user ?)?name|surname|initials?|underscore|the (?:word|number)|digits?|no spaces|"
    r"then|one word|nickname)\b.{0,60}$",
    re.IGNORECASE | re.DOTALL,
)
_BACKWARDS = re.compile(
    r"\b(?:moc|gro|ten|ku\.(?:oc|gro)|ei)\.(?:[a-z0-9-]{2,30}@[\w.+-]{2,40}|(?:liamg|liamtoh|oohay|kooltuo|duolci)\b)",
    re.IGNORECASE,
)


_HINTS = (
    *(
        "@",
        "mail",
        "yahoo",
        "outlook",
        "icloud",
        "proton",
        "aol",
        "btinternet",
        "rediff",
        "zoho",
        "gmx",
        "tuta",
    ),
    *(
        "eircom",
        "bigpond",
        "talktalk",
        "ntlworld",
        "virginmedia",
        "blueyonder",
        "yandex",
        "comcast",
        "verizon",
    ),
    *(
        "sbcglobal",
        "optusnet",
        "telkomsa",
        "msn",
        "a i l",
        "a h o o",
        "o u t l",
        "moc.",
        "ku.oc",
        ".co",
        ".net",
    ),
    *("dot", "d0t", "d o t", "punto", "full stop", "[.", "(.", "{.", "<.", "(d)", "[d]", " . "),
)
"""No text without any of these holds an address; looking for them first costs next to nothing."""


def emails(text: str) -> Iterator[Span]:
    """Email addresses: "jane@x.org", "jane dot doe at gmail dot com", "gmail is tinyowl99"."""
    low = text.lower()
    if not any(hint in low for hint in _HINTS):
        return
    for anchor in _AT_SIGN.finditer(text):
        span = _around_at(text, anchor)
        if span:
            yield span
    if not _MAILED.search(text) and "moc." not in low:
        return
    for match in _PROVIDER_IS.finditer(text):
        if like_account(match["name"]) or match["spelled"] or _given_as(match):
            yield Span(match.start(), match.end())
    yield from _near_provider(text)
    yield from (Span(match.start(), match.end()) for match in _BACKWARDS.finditer(text))


def _around_at(text: str, anchor: re.Match[str]) -> Span | None:
    """The address around an "at", if there is one on both of its sides."""
    at = anchor.start()
    start = at - (1 if text[at - 1 : at] in ("(", "[", "{", "<", " ") else 0)
    start -= text[start - 1 : start] == ","
    right = _EMAIL_RIGHT.match(text, max(0, start)) or _EMAIL_RIGHT.match(text, at)
    if right is None or (anchor[0].lower() in ("at", "a t") and not _addressed(right[0])):
        return None
    before = text[max(0, right.start() - 90) : right.start()]
    left = _LOCAL.search(before.rstrip(" ,\n\t") or " ")
    if left is None or (_BARE.fullmatch(right[0]) and not _mailbox(left[0], before)):
        return None
    return Span(right.start() - len(before) + left.start(), right.end())


def _mailbox(name: str, before: str) -> bool:
    """What stands before "at hotmail" when that is an address: "jo.marsh", not "looked"."""
    last = name.split()[-1].lower()
    named = like_account(last) or coined(last) or last in GIVEN | EITHER
    named = named or len(last) == 1 or last.isdigit()
    return named or " " in name.strip() or _PIECED.search(before) is not None


def _addressed(right: str) -> bool:
    """A bare word "at" needs more than a place: a known provider or a spelled-out dot."""
    known = re.search(rf"\b(?:{_PROVIDERS})\b", right, re.IGNORECASE)
    spelled = re.search(r"\bd[o0]t\b|\bd o t\b|[(\[]\s?\.", right, re.IGNORECASE) is not None
    plain = known is not None and known[0].lower() in ("me", "live", "sky", "mail", "pm", "duck")
    return spelled or (known is not None and (not plain or "." in right))


def _given_as(match: re.Match[str]) -> bool:
    """ "on gmail as redkite": a coined name said of a provider itself."""
    return match["link"].strip().lower() in ("as", "under", ":") and coined(match["name"])


def _near_provider(text: str) -> Iterator[Span]:
    """ "my name then 88 then hotmail", "email me, redkite4, its a hotmail"."""
    for match in _THEN_PROVIDER.finditer(text):
        pieced = _PIECED.search(text[max(0, match.start() - 80) : match.end()])
        if pieced and pieced.start() < min(80, match.start()):
            yield Span(match.end() - len(pieced[0]), match.end())
    yield from (Span(match.start(), match.end()) for match in _USUAL.finditer(text))
    for match in _MAIL_ME.finditer(text):
        if like_account(match["name"]) or coined(match["name"]):
            yield Span(match.start("name"), match.end())
    for match in _BEFORE_PROVIDER.finditer(text):
        if like_account(match["name"]) or (len(match["name"]) > 6 and coined(match["name"])):
            yield Span(match.start(), match.end())
    for match in _ACCOUNT.finditer(text):
        around = text[max(0, match.start() - 30) : match.end() + 30]
        if (" " in match[0] or unmistakable(match[0])) and _MAILED.search(around):
            yield Span(match.start(), match.end())
