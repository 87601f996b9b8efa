"""What tells an account's name from a word."""

from __future__ import annotations

import re

from forum.screening.lexicon import VOCABULARY
from forum.screening.proper import BRANDS, GIVEN, everyday, unknown

_PLAIN_WORDS = frozenset(
    "was were been being full open closed gone bad good great toxic poison private public just "
    "only where what how that this there here they them for with made makes kept used using all "
    "not never always still really very messages stories accounts people friends group channel "
    "addiction breaks break account page profile feed reels posts detox hell addictive harmful "
    "calls dealer dealers and the which who when scroll scrolling memories photos videos comments "
    "followers likes link logo memes rabbit rabbithole wormhole bot bots mod mods influencer influencers dms vid vids pics pic selfie selfies meme emoji "
    "emojis hashtag hashtags app apps admin admins vlog vlogs gif gifs tiktoker tiktokers youtuber youtubers redditor redditors "
    "subreddit subreddits sub subs algorithm algo tbh lol lmao".split()
)
_MEASURE = re.compile(
    r"\d+(?:mg|mcg|ml|kg|g|k|am|pm|st|nd|rd|th|lbs?|oz|cm|mm|m|km|yrs?|hrs?|mins?|x|s|p|pk)$",
    re.IGNORECASE,
)
_COUNTED = frozenset(
    "covid step steps day days year years week weeks month months chapter page room bed ward class grade "
    "level type stage part phase season series episode version volume number route bus line exit gate "
    "formula windows iphone ipad galaxy playstation xbox fifa catch area section article form mark act "
    "verse psalm psalms john luke matthew romans platform channel radio unit block floor flat house cell "
    "omega vitamin track take top under over turned sizes size march april june july summer winter gta "
    "nokia audi peugeot boeing airbus tier band group world league hepc hep".split()
)
_ADJECTIVE = ("ing", "ed", "less", "ful", "ish")
_STEM = re.compile(r"[A-Za-z]+")


def like_account(name: str) -> bool:
    """Digits, underscores, inner dots or inner capitals: not how a word is written."""
    name = name.rstrip(".-")
    if name.lower() in BRANDS:
        return False
    hyphened = "-" in name and any(char.isdigit() for char in name)
    inner = "_" in name or "." in name or hyphened or any(char.isdigit() for char in name)
    humped = any(a.islower() and b.isupper() for a, b in zip(name, name[1:], strict=False))
    return len(name) > 3 and (inner or humped) and any(char.isalpha() for char in name)


def no_word(name: str) -> bool:
    """Whether a name is none of the words the lexicon knows."""
    low = name.lower().rstrip(".")
    return len(low) > 3 and low not in VOCABULARY and low not in _PLAIN_WORDS


def coined(name: str) -> bool:
    """No word and no form of one: nothing that would follow "on insta I'm" but a name."""
    parts = re.split(r"[-.]", name.lower())
    return any(no_word(part) and unknown(part) and not part.endswith(_ADJECTIVE) for part in parts)


def unmistakable(name: str) -> bool:
    """Letters with digits or an underscore that no measure, model or typing slip explains."""
    underscored = "_" in name.strip("_") or (name[:1] != "_" and name.endswith("_"))
    signed = underscored or (any(char.isdigit() for char in name) and not name.isupper())
    if len(name) < 5 or not signed or _MEASURE.search(name):
        return False
    stems = [stem.lower() for stem in _STEM.findall(name)]
    longest = max(stems, key=len, default="")
    if stems and stems[0] in _COUNTED:
        return False
    if underscored:
        return len(longest) > 2
    return len(longest) > 3 and (longest in GIVEN or not everyday(longest))
