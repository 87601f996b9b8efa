"""What stands around a name: the words that tell a person from a town, a bottle or a song."""

from __future__ import annotations

import re

from forum.screening.findings import Span
from forum.screening.proper import GIVEN, unknown

_BESIDE = re.compile(
    r"(?:\b(?:with|and|to|from|thanks|you|thank|for|by|but|then|when|because|cos|like|miss|love|met|told|rang|of|about|hugged|hi|dear|where|as|if|saw|after|until|that)[,]?\s|,\s)$",
    re.IGNORECASE,
)
ACTS = re.compile(
    r"\s(?:said|says|told|rang|called|was|is|and|who|has|had|came|asked|took|gave|drove|from|saved|never|always|texted|sat|walked|died|did|would|will|got|made|held|helped|knew|at|left|lives|lived|from|for|found|stayed|hugged|phoned|pulled|carried|sent|loves|loved|thinks|thought|works|worked|went|moved|turned|taught|put|brought|picked)\b|'s\b|[,.!]"
)
_SAID_OF_PEOPLE = re.compile(
    r"\s(?:rang|texted|phoned|hugged|laughed|nodded|grinned|sighed|whispered|who (?:ran|sat|drove|found|was my)|"
    r"(?:rang|asked|lent|visited|washed) me|and (?:me|i|I) (?:got|met|used|were|drank|went|sat|did|never))\b"
)
"""What people do, and hardly a tablet, a town or a feeling."""
_DONE_TO_ME = re.compile(
    r"\s(?:said|says|told|drove|married|shouted|left(?:,|$)|did(?:n't)? (?:call|ring|know|say|ask)|"
    r"(?:pulled|held|picked|dragged|found|left|drove|sat|took|carried|hid|punched|fed) (?:me|us|with me|by me))\b"
)
"""What anger or grief may be said to do too, so that only a capital inside a sentence tells."""
_NOT_THEM = re.compile(
    r"^.{0,12}\b(?:came on|on the radio|on repeat|was playing|is playing|was on (?:tv|the|repeat|when)\b|on the (?:telly|tv|stereo|jukebox)|by (?:the )?(?-i:[A-Z])|"
    r"in the (?:sky|song|film|book|play)|was my (?:poison|tipple|drink|favourite)|wallbanger|collins|and hyde)|^ \d{1,3}[: ]\d",
    re.IGNORECASE,
)
"""After the name of a song, a drink or a book of the Bible."""
_DRUNK = re.compile(
    r"\b(?:cans?|pints?|bottles?|glass(?:es)?|sang|sing|singing|hummed|humming|covers? of|crates?|cups?|drops?|tins?|slabs?|shots?|swigs?|drank|drinking|song|film|book) (?:of |called |)$",
    re.IGNORECASE,
)
_FROM_WORK = re.compile(
    r" (?:from (?:the (?:kitchen|ward|group|meeting|unit|night|day|team|church|shop|office|gym|class|house|program\w*|estate|street|pub)|work|next door|upstairs|my (?:group|class|team))|who|and I)\b"
)
_MEETING = re.compile(
    r"\b(?:told|met|rang|texted|phoned|hugged|thanks|thank you|cheers|dear|hi|hey|married|buried|thanked|dated|nursed|forgave),? $",
    re.IGNORECASE,
)
"""What is said right before a person's name and seldom before a thing's."""
_SERVICE = re.compile(r"(?:line|link|aid|watch|anon|care|app|tube|flix)$")


def does(text: str, span: Span) -> bool:
    """Whether the word does what people do."""
    after = text[span.end : span.end + 24]
    return any(act.match(after) for act in (_SAID_OF_PEOPLE, _DONE_TO_ME, _FROM_WORK))


def no_one(text: str, span: Span) -> bool:
    """A song, a drink, a chapter: named like a person, and nobody."""
    after, before = text[span.end : span.end + 34], text[max(0, span.start - 14) : span.start]
    return _NOT_THEM.match(after) is not None or _DRUNK.search(before) is not None


def acting(text: str, low: str, span: Span, *, first: bool) -> bool:
    """A word nobody knows that does what people do: "until Rafferty left"."""
    parts = low.split("-")
    if len(parts) > 1 and all(part in GIVEN for part in parts):
        return True
    if (
        low in GIVEN
        or not unknown(low)
        or _SERVICE.search(low)
        or text[span.start : span.end].isupper()
    ):
        return False
    after = text[span.end : span.end + 24]
    before = text[max(0, span.start - 12) : span.start]
    if not first and (_MEETING.search(before) or after.startswith(" who ")):
        return True
    if not first and _BESIDE.search(before):
        return does(text, span)
    done = _SAID_OF_PEOPLE.match(after) or (not first and _DONE_TO_ME.match(after))
    return done is not None and done is not False


def between(text: str, span: Span) -> bool:
    """A name that is a word too needs company on both sides: "thanks to Grace and Will for"."""
    before, after = text[max(0, span.start - 12) : span.start], text[span.end : span.end + 9]
    return _BESIDE.search(before) is not None and ACTS.match(after) is not None
