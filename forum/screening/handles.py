"""Account names: those with a sign of their own, and those said beside the name of a platform."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from forum.screening.accounts import coined, like_account, no_word, unmistakable
from forum.screening.alternatives import one_of
from forum.screening.findings import Span
from forum.screening.lexicon import STOP
from forum.screening.proper import ENGLISH, everyday

_PLATFORM = one_of(
    "insta|instagram|ig|snap|snapchat|sc|tiktok|tik tok|twitter|discord|disc|kik|facebook|"
    "fb|telegram|tele|tg|whatsapp|whats app|signal|reddit|skype|steam|xbox|psn|gamertag|"
    "wickr|youtube|yt|twitch|tumblr|linkedin|bluesky|bsky|mastodon|threads|wechat|viber|venmo|"
    "cashapp|cash app|paypal|onlyfans|bereal|substack|roblox|spotify|strava|minecraft|fortnite|"
    "messenger|weibo|zalo|kakao|kakaotalk|intherooms|patreon|pinterest|soundcloud|goodreads|"
    "vinted|ebay|tinder|hinge|grindr|zoom|epic|element|session|threema|clubhouse|quora|sharechat|"
    "inta|instgram|snap chat|line id|line app|playstation|nintendo|switch code|matrix|lichess|duolingo|"
    "gram|the gram|ps4|ps5"
)
_SAID_PLATFORM = re.compile(
    rf"\b(?:{_PLATFORM}|podcast|blog|vlog|server)\b|\br/\w|(?-i:\bon X\b)", re.IGNORECASE
)
_CALLED = r"(?:\s?(?:name|name's|names|handle|user|username|id|tag|account|acc|acct|me|as|its|it's|is|under|at|called|add|addy|profile|:|=|-|@|,|\(|\.\.|\?))"
_ON_PLATFORM = re.compile(
    rf"\b(?:my )?(?:{_PLATFORM})\b(?:'s)?(?P<link>{_CALLED}{{0,4}})\s{{0,3}}[\"']?"
    r"(?P<name>[$]?[A-Za-z_][\w.]{2,31}(?:-[\w-]{2,20})?)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:handle|username|user name|gamertag|gamer tag|screen name|screenname|user id|nickname|cashtag|friend code|"
    r"alias|tag)"
    r"(?:\s(?:is|everywhere|there|on \w{2,12}|on everything|for everything|everywhere is)){0,3}"
    r"\s?[:=-]?\s{0,2}[\"']?(?P<name>[A-Za-z_][\w.]{2,31})",
    re.IGNORECASE,
)
_NAMED_THERE = re.compile(
    r"\b(?:handle|user ?name|gamer ?tag|screen ?name|account name|user)(?: \w+){1,6}? is (?P<name>[A-Za-z_][\w.]{3,31})",
    re.IGNORECASE,
)
_WORDS_ON = re.compile(
    rf"(?<!I )(?<!we )\b(?:search(?: for)?|look up|look for|look me up:?|find me:?|follow|add|find) (?:my page,? )?(?P<name>\w{{3,16}}(?:'s)? \w{{2,16}}(?:'s)?(?: \w{{2,16}})?),? on (?:the )?(?:{_PLATFORM})\b",
    re.IGNORECASE,
)
_SAME_NAME = re.compile(
    rf"\b(?:{_PLATFORM})\b.{{0,24}}\b(?P<name>same (?:name|user ?name|handle|@|as (?:here|this|(?:my|this) (?:name|user\w*|handle))))\b"
    rf"|\b(?P<before>same (?:name|user ?name|handle|@))\b.{{0,24}}\b(?:{_PLATFORM})\b",
    re.IGNORECASE,
)
_AT_NAME = re.compile(r"(?<![\w@.])@\s?[A-Za-z_][\w.-]{1,30}[\w]")
_AT_WORDS = re.compile(
    r"(?:^|(?<=[.!?\n])|\b(?:my|me|i'?m|is|follow|add|find|the)) ?@ (?P<name>[A-Za-z]\w{2,20}(?: \w{1,20}){0,3})\s?(?=$|[.!?\n])",
    re.IGNORECASE,
)
_THE_AT = re.compile(
    r"\b(?:my|the|same|our) @ (?:is|there is|everywhere is|on \w{2,12} is|=|:) ?(?P<name>[A-Za-z_][\w.]{2,31})",
    re.IGNORECASE,
)
_TAGGED = re.compile(
    r"\b[\w.]{2,32}\s?#\s?\d{4}\b|(?<![\w$])\$(?=[A-Za-z]*[\d_])[A-Za-z][\w-]{3,20}"
)
_REDDIT = re.compile(
    r"(?<![\w/])/?u/[\w-]{3,24}|\bu ?(?:/|slash|forward slash) ?(?P<name>[\w-]{3,24})",
    re.IGNORECASE,
)
_ON_AFTER = re.compile(
    rf"(?P<name>[A-Za-z_][\w.]{{3,31}}) (?:is me )?on (?:the |my )?(?:{_PLATFORM})\b", re.IGNORECASE
)
_ME_ON = re.compile(
    r"\b(?:i'?m|i am|i go by|me|look up|look for|find|follow|add|hit up|message|text|dm|tag|watch|catch|see|it'?s|its|name'?s|name|user|handle|be|called|"
    r"(?:post|go|known) (?:as|by|under)|as|search(?: for)?) "
    rf"[\"']?(?P<name>[a-z_][\w.-]{{3,31}})[\"']? (?:over )?on (?:the )?(?:{_PLATFORM}\b|r/\w|(?-i:X\b))",
    re.IGNORECASE,
)
_ON_ME = re.compile(
    rf"\bon (?:the )?(?:{_PLATFORM}|(?-i:X)),? (?:and )?(?:i'?m|i am|i go by|as|under|by|it'?s|search|find|add|look for|follow|my name is|name is) "
    r"(?:me |for |as |under )?(?P<name>[A-Za-z_][\w.]{1,31}(?:-[\w-]*\d[\w-]*|[\w.]{2}))",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    rf"(?P<name>[A-Za-z_][\w.]{{4,31}}) ?[(\[] ?(?:on |my )?(?:{_PLATFORM}) ?[)\]]", re.IGNORECASE
)
_CHANNEL = re.compile(
    rf"\b(?:{_PLATFORM}|podcast|blog|vlog|server)(?: (?:channel|page|profile|account|group|name|handle))?(?:\s?(?:is|called|:|name is|it's|under)) ?"
    r"(?P<name>[A-Za-z][\w.]{3,31}|(?-i:[A-Z][\w']{1,20}(?: [A-Z][\w']{1,20}){1,3}))",
    re.IGNORECASE,
)
_UNDER = re.compile(
    rf"\b(?:{_PLATFORM})\b(?: me)?,? (?:is |it'?s |i'?m )?(?:under|as|me,)? ?(?P<name>(?-i:[A-Z][a-z]{{1,20}}(?: [A-Z][a-z]{{2,20}}){{1,2}}))",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"\b(?:look(?: me)?(?: up| for)?|search(?: for)?|find|follow|add|called|under|as|named|type(?: in)?|user|is) [\"'](?P<name>[\w ._-]{3,30})[\"']",
    re.IGNORECASE,
)
_FRIEND_CODE = re.compile(
    r"\b(?:friend code|steam id|switch code|user id|epic id)(?: is|:)? ?(?P<name>[\w-]*\d[\d -]{4,16}\d)",
    re.IGNORECASE,
)
_POST_AS = re.compile(
    r"\b(?:(?:user|member|poster|player|profile)|(?:post(?:ing)?|go(?:es)?|am|i'm|find me|known|look for|look me up|search) (?:online )?(?:as|by|under|for)) "
    r"[\"']?(?P<name>[A-Za-z][\w.]{3,31})",
    re.IGNORECASE,
)
_LETTERED = re.compile(
    r"\b(?P<name>\w{2,24} (?:underscore|under score|hash(?:tag)?) \w{1,24})\b"
    r"|\b(?P<rest>\w{2,24},? (?:with an? |all )(?:underscore|one word|lower ?case|capital \w|dot|full stop|hyphen|dash)(?: (?:before|after|in|at|between)\b.{0,20})?)"
    r"|\b(?P<more>[\w ]{3,40},? (?:no spaces|no caps|no gaps|all one word|all lower ?case|backwards))\b",
    re.IGNORECASE,
)
_ACCOUNTED = re.compile(
    rf"\b(?:{_PLATFORM}|find|look (?:for|me)|search|add|follow|handle|user ?name|account|gamer ?tag|my (?:name|user|id)|profile|hmu|dm|pm|@)\b",
    re.IGNORECASE,
)
_DOTTED = re.compile(
    r"\b(?P<name>[A-Za-z]\w{2,24} (?:dot|underscore|dash|hyphen|hash) \w{2,24})\b", re.IGNORECASE
)
_COINED = re.compile(
    r"(?<![\w@./#$-])(?=[A-Za-z.-]{3,30}[\d_])[A-Za-z][\w.]{2,31}(?:-[\w-]*\d[\w-]*)?"
)
_NOT_SAID = frozenset("to i we you they only and that this must will should would".split())


_SIGNS = ("@", "#", "$", "u/", "u /", "u slash", "u forward")
_SPELLING = (
    *(
        "underscore",
        "under score",
        "hash",
        "one word",
        "lower",
        "no spaces",
        "no caps",
        "no gaps",
        "backwards",
    ),
    *("with a dot", "with a full", "with a hyphen", "with a dash", "capital"),
)
"""What a text must hold before its accounts are looked for by sign or by spelling."""


def handles(text: str) -> Iterator[Span]:
    """Account names: "@sobermike", "insta: sobermike88", "u/sober_mike", "mike#4412"."""
    low = text.lower()
    if any(sign in low for sign in _SIGNS):
        yield from _signed(text)
    said = _SAID_PLATFORM.search(text) is not None
    for pattern, is_account in _SOMEHOW if said else _SOMEHOW[:_ANYWHERE]:
        for match in pattern.finditer(text):
            if is_account(match):
                yield Span(match.start("name"), match.end("name"))
    for match in _COINED.finditer(text):
        if unmistakable(match[0].rstrip(".")):
            yield Span(match.start(), match.start() + len(match[0].rstrip(".")))
    if said and "same" in low:
        for match in _SAME_NAME.finditer(text):
            yield Span(match.start(match.lastgroup or "name"), match.end(match.lastgroup or "name"))
    if any(word in low for word in _SPELLING):
        yield from _lettered(text)


def _signed(text: str) -> Iterator[Span]:
    """Names that bring their own sign: "@", "#1234", "u/", "$"."""
    for match in _AT_NAME.finditer(text):
        spaced = match[0][1] == " "
        if not spaced or like_account(match[0][2:]):
            yield Span(match.start(), match.end())
    yield from (Span(match.start(), match.end()) for match in _TAGGED.finditer(text))
    for pattern, is_account in ((_AT_WORDS, _words), (_THE_AT, _told)):
        for match in filter(is_account, pattern.finditer(text)):
            yield Span(match.start("name"), match.end("name"))
    for match in _REDDIT.finditer(text):
        name = match["name"]
        said = "slash" in match[0].lower() and name not in ("me", "her", "him")
        if name is None or said or like_account(name) or coined(name):
            yield Span(match.start(), match.end())


def _lettered(text: str) -> Iterator[Span]:
    """Names told letter by letter: "red underscore kite", "redkite, all one word"."""
    for match in _LETTERED.finditer(text):
        first = match[0].split()[0].lower()
        around = text[max(0, match.start() - 60) : match.end() + 40]
        if first not in _NOT_SAID and _ACCOUNTED.search(around):
            yield Span(match.start(), match.end())


def _on_platform(match: re.Match[str]) -> bool:
    link, name = match["link"].lower(), match["name"]
    named = any(sign in link for sign in (":", "=", "-", "@", "is", "its", "called"))
    alone = link.strip() in ("", "..", "?", ",", "user", "id", "add", "me", "under", "as", "at")
    last = _LAST.match(match.string, match.end()) is not None
    told = named and no_word(name) and not _describes(name)
    return like_account(name) or told or (alone and last and coined(name))


def _describes(name: str) -> bool:
    """ "my insta name is embarrassing"."""
    low = name.lower()
    return low in ENGLISH and low.endswith(
        ("ing", "ed", "ful", "less", "ic", "ous", "able", "ly", "y")
    )


def _of_words(match: re.Match[str]) -> bool:
    """ "search sober sal on youtube", not "find good people on reddit"."""
    words = match["name"].lower().split()
    return words[0] not in STOP and not any(word in _SOUGHT for word in words)


_SOUGHT = frozenset(
    "people groups group meetings meeting help friends support videos stuff dealers things someone somebody others community "
    "me us him her them it you your my the a some any more good".split()
)


_LAST = re.compile(
    r"[\"']?(?:$|\s*\d{2,4}\b|\s*[.,;!?)\n]|\s+(?:x+|if|add|hmu|and|on|or|anytime|any time|dm|pm|lol|for|there|too|but|is me|thats|all)\b)",
    re.IGNORECASE,
)
"""What may follow a name that only stands beside its platform."""


def _told(match: re.Match[str]) -> bool:
    return like_account(match["name"]) or no_word(match["name"])


def _me(match: re.Match[str]) -> bool:
    return like_account(match["name"]) or coined(match["name"])


def _account(match: re.Match[str]) -> bool:
    return like_account(match["name"])


def _titled(match: re.Match[str]) -> bool:
    return " " in match["name"] or like_account(match["name"])


def _words(match: re.Match[str]) -> bool:
    """ "@ red kite", not "@ the meeting" and not "@ home"."""
    low = match["name"].lower().split()
    return (
        low[0] not in STOP and (len(low) > 1 or not everyday(low[0])) and low[0] not in _PLACES_AT
    )


_PLACES_AT = frozenset(
    "home work school night church noon midnight least last first all once church meeting".split()
)


def _dotted(match: re.Match[str]) -> bool:
    return match["name"].split()[0].lower() not in _NOT_SAID


def _any(match: re.Match[str]) -> bool:
    return match["name"].split()[0].lower() not in STOP


_SOMEHOW: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (_NAMED_THERE, _me), (_NAMED, _told), (_POST_AS, _account), (_CHANNEL, _titled),
    (_ON_PLATFORM, _on_platform), (_ME_ON, _me), (_ON_ME, _me), (_ON_AFTER, _account), (_UNDER, _any),
    (_DOTTED, _dotted), (_BRACKETED, _me), (_QUOTED, _any), (_FRIEND_CODE, bool), (_WORDS_ON, _of_words),
)  # fmt: skip
"""Ways of naming an account, and what makes a match one; all but the first _ANYWHERE name a platform."""
_ANYWHERE = 3
