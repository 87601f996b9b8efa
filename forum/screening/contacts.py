"""Emails, links and account names, in plain sight or spelled out; every search is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forum.screening.findings import Span
from forum.screening.lexicon import VOCABULARY

_PROVIDERS = (
    "gmail|googlemail|hotmail|yahoo|ymail|outlook|icloud|protonmail|proton|aol|btinternet|msn|"
    "rediffmail|fastmail|zoho|gmx|tutanota|live|mail|eircom|bigpond|xtra|mweb|me|sky|talktalk"
)
_ENDINGS = (
    "com|org|net|co|uk|io|info|app|link|bio|ee|ie|au|nz|ca|in|za|us|edu|gov|me|tv|gg|ly|blog|shop|"
    "site|online|xyz|dev|club|life|health|social|page|care|help|live|one|space|store|today|world"
)
_SURE_ENDINGS = (
    "com|org|net|io|info|app|edu|gov|gg|ly|ee|blog|xyz|dev|tv|uk|co\\.uk|org\\.uk|ie|"
    "com\\.au|org\\.au|co\\.nz|co\\.in|co\\.za|bio|link|shop|online|club|ca|social"
)
_DOT = r"(?:\s?[.]\s?|\s?[(\[{]\s?(?:dot|\.)\s?[)\]}]\s?|\s(?:dot|d0t|punto|full stop|point)\s)"
_AT = r"(?:\s?@\s?|\s?[(\[{<]\s?(?:at|@|a)\s?[)\]}>]\s?|\s(?:at|ät|@)\s|_at_)"
_EMAIL_RIGHT = re.compile(
    r"(?<=[\w+-])@[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,30}){0,2}\.[a-z]{2,10}\b"
    rf"|{_AT}(?:(?:{_PROVIDERS})\b(?:{_DOT}[a-z]{{2,10}}){{0,3}}"
    rf"|[a-z0-9-]{{1,40}}(?:{_DOT}[a-z0-9-]{{1,30}}){{0,2}}{_DOT}(?:{_ENDINGS})\b)",
    re.IGNORECASE,
)
_AT_SIGN = re.compile(r"@|\bat\b|[(\[{<]\s?a\s?[)\]}>]|_at_", re.IGNORECASE)
_LOCAL = re.compile(
    r"[\w.+-]{1,64}(?:\s(?:dot|underscore|dash|hyphen|plus|minus|point)\s[\w.+-]{1,30}){0,4}"
    r"(?:\s(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,6}teen|"
    r"\w{3,6}ty|\d{1,6})){0,5}\s?$",
    re.IGNORECASE,
)
_PROVIDER_IS = re.compile(
    rf"\b(?:{_PROVIDERS}|email|e-mail)(?:\s(?:address|addy|account))?\s?(?:is|:|=|-)\s{{0,2}}"
    r"(?P<name>[\w.+-]{4,40})",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Span]:
    """Email addresses: "jane@x.org", "jane dot doe at gmail dot com", "gmail is tinyowl99"."""
    for anchor in _AT_SIGN.finditer(text):
        start = anchor.start() - (1 if text[anchor.start() - 1 : anchor.start()] in "([{< " else 0)
        right = _EMAIL_RIGHT.match(text, max(0, start)) or _EMAIL_RIGHT.match(text, anchor.start())
        if right is None or (anchor[0] == "at" and not _addressed(right[0])):
            continue
        left = _LOCAL.search(text[max(0, right.start() - 90) : right.start()].rstrip() or " ")
        if left:
            back = len(text[max(0, right.start() - 90) : right.start()].rstrip()) - left.start()
            yield Span(max(0, right.start()) - back - _gap(text, right.start()), right.end())
    for match in _PROVIDER_IS.finditer(text):
        if _like_account(match["name"]):
            yield Span(match.start(), match.end())


def _gap(text: str, at: int) -> int:
    before = text[:at]
    return len(before) - len(before.rstrip())


def _addressed(right: str) -> bool:
    """A bare word "at" needs more than a place: a known provider or a spelled-out dot."""
    known = re.search(rf"\b(?:{_PROVIDERS})\b", right, re.IGNORECASE)
    spelled = re.search(r"\bdot\b|[(\[]\s?\.", right, re.IGNORECASE) is not None
    plain = known is not None and known[0].lower() in ("me", "live", "sky", "mail")
    return spelled or (known is not None and (not plain or "." in right))


_SCHEME = re.compile(r"\bh[\wx*]{2}ps?\s?:\s?/\s?/\s?\S{1,200}|\bwww\s?\.\s?\S{3,200}", re.IGNORECASE)
_DOMAIN = re.compile(
    rf"(?<![\w@./-])(?:[a-z0-9][a-z0-9-]{{0,50}}\.){{1,4}}(?:(?:{_SURE_ENDINGS})\b(?:/\S{{0,200}})?"
    rf"|(?:{_ENDINGS})/\S{{1,200}})",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    r"\b[a-z0-9-]{2,50}\s?(?:[(\[{]\s?(?:dot|\.)\s?[)\]}]|\bdot\b)\s?"
    r"(?:com|org|net|co|io|info|uk|app|ie|blog|gg|me|tv|link|ca|ee|ly|edu)\b"
    r"(?:\s?(?:slash|/|dot|\bdot\b)\s?[\w-]{1,40}){0,3}",
    re.IGNORECASE,
)


def links(text: str) -> Iterator[Span]:
    """Web addresses, with or without a scheme, or with a spelled-out dot."""
    for pattern in (_SCHEME, _DOMAIN, _SPELLED):
        for match in pattern.finditer(text):
            end = match.start() + len(match[0].rstrip(".,;:!?)\"'"))
            if text[match.end() : match.end() + 1] != "@":
                yield Span(match.start(), end)


_PLATFORM = (
    "insta(?:gram)?|ig|snap(?:chat)?|sc|tik ?tok|twitter|discord|disc|kik|facebook|fb|telegram|tele|"
    "tg|whats ?app|signal|reddit|skype|steam|xbox|psn|gamertag|wickr|youtube|yt|twitch|tumblr|"
    "linkedin|bluesky|mastodon|threads|wechat|viber|venmo|cash ?app|paypal|onlyfans|bereal|substack"
)
_CALLED = r"(?:\s?(?:name|name's|names|handle|user|username|id|tag|account|acc|acct|me|as|it's|is|under|at|called|add|addy|:|=|-|@|,|\())"
_ON_PLATFORM = re.compile(
    rf"\b(?:my )?(?:{_PLATFORM})\b(?:'s)?(?P<link>{_CALLED}{{0,4}})\s{{0,3}}[\"']?"
    r"(?P<name>[A-Za-z_][\w.]{2,31})",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:handle|username|user name|gamertag|gamer tag|screen name|screenname|user id)"
    r"(?:\s(?:is|everywhere|there|on \w{2,12}|on everything|for everything|everywhere is))?"
    r"\s?[:=-]?\s{0,2}[\"']?(?P<name>[A-Za-z_][\w.]{2,31})",
    re.IGNORECASE,
)
_AT_NAME = re.compile(r"(?<![\w@.])@\s?[A-Za-z_][\w.-]{1,30}[\w]")
_TAGGED = re.compile(r"\b[\w.]{2,32}\s?#\s?\d{4}\b")
_REDDIT = re.compile(r"(?<![\w/])/?u/[\w-]{3,24}")
_ON_AFTER = re.compile(
    rf"(?P<name>[A-Za-z_][\w.]{{3,31}}) (?:is me )?on (?:the )?(?:{_PLATFORM})\b", re.IGNORECASE
)
_POST_AS = re.compile(
    r"\b(?:post(?:ing)?|go(?:es)?|am|i'm|find me|known|look for) (?:online )?(?:as|by|under|for) "
    r"[\"']?(?P<name>[A-Za-z][\w.]{3,31})",
    re.IGNORECASE,
)


def handles(text: str) -> Iterator[Span]:
    """Account names: "@sobermike", "insta: sobermike88", "u/sober_mike", "mike#4412"."""
    for match in _AT_NAME.finditer(text):
        spaced = match[0][1] == " "
        if not spaced or _like_account(match[0][2:]):
            yield Span(match.start(), match.end())
    for pattern in (_TAGGED, _REDDIT):
        yield from (Span(match.start(), match.end()) for match in pattern.finditer(text))
    for match in _ON_PLATFORM.finditer(text):
        named = any(sign in match["link"].lower() for sign in (":", "=", "-", "@", "is", "called"))
        if _like_account(match["name"]) or (named and _no_word(match["name"])):
            yield Span(match.start("name"), match.end("name"))
    for match in _NAMED.finditer(text):
        if _like_account(match["name"]) or _no_word(match["name"]):
            yield Span(match.start("name"), match.end("name"))
    for match in (*_POST_AS.finditer(text), *_ON_AFTER.finditer(text)):
        if _like_account(match["name"]):
            yield Span(match.start("name"), match.end("name"))


def _like_account(name: str) -> bool:
    """Digits, underscores, inner dots or inner capitals: not how a word is written."""
    name = name.rstrip(".")
    inner = "_" in name or "." in name or any(char.isdigit() for char in name)
    humped = any(a.islower() and b.isupper() for a, b in zip(name, name[1:], strict=False))
    return len(name) > 3 and (inner or humped) and any(char.isalpha() for char in name)


_PLAIN_WORDS = frozenset(
    "was were been being full open closed gone bad good great toxic poison private public just "
    "only where what how that this there here they them for with made makes kept used using all "
    "not never always still really very messages stories accounts people friends group channel "
    "addiction breaks break account page profile feed reels posts detox hell addictive harmful "
    "calls dealer dealers and the which who when".split()
)


def _no_word(name: str) -> bool:
    low = name.lower().rstrip(".")
    return len(low) > 3 and low not in VOCABULARY and low not in _PLAIN_WORDS
