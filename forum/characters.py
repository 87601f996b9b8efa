"""Takes out the invisible characters that could disguise a text, and no other character.

What stays, to the letter: every script, combining marks, emoji, the joiners that Persian and
emoji need (U+200C, U+200D), variation selectors and the plain direction marks (U+200E, U+200F,
U+061C). Nothing is ever composed, folded or replaced, only taken out; line ends become "\\n".
The reasons for each kind are in Unicode Technical Reports 36 (security) and 51 (emoji).
"""

import re
from collections import Counter
from collections.abc import Mapping

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_RARE_LINE_END = re.compile("[\x0b\x0c\x85\u2028\u2029]")

_DISGUISES: tuple[tuple[int, int, str], ...] = (
    (0x00, 0x08, "control"),
    (0x0B, 0x1F, "control"),
    (0x7F, 0x9F, "control"),
    (0xAD, 0xAD, "soft hyphen"),
    (0x180E, 0x180E, "Mongolian vowel separator"),
    (0x200B, 0x200B, "zero-width space"),
    (0x202A, 0x202B, "bidi embedding"),
    (0x202C, 0x202C, "bidi end"),
    (0x202D, 0x202E, "bidi override"),
    (0x2060, 0x2060, "word joiner"),
    (0x2061, 0x2065, "invisible operator"),
    (0x2066, 0x2069, "bidi isolate"),
    (0x206A, 0x206F, "old format control"),
    (0x3164, 0x3164, "Hangul filler"),
    (0xD800, 0xDFFF, "lone surrogate"),
    (0xFDD0, 0xFDEF, "noncharacter"),
    (0xFEFF, 0xFEFF, "zero-width no-break space"),
    (0xFFA0, 0xFFA0, "Hangul filler"),
    (0xFFF9, 0xFFFB, "annotation mark"),
    *((plane + 0xFFFE, plane + 0xFFFF, "noncharacter") for plane in range(0, 0x110000, 0x10000)),
    (0xE0000, 0xE007F, "tag character"),
)

_DISGUISE = "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last, _ in _DISGUISES) + "]"
# The flags of England, Scotland and Wales: a black flag, a region in tag characters, an end mark.
_REGION_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
_ANY_DISGUISE = re.compile(_DISGUISE)
_FLAG_OR_DISGUISE = re.compile(f"{_REGION_FLAG}|{_DISGUISE}")


def with_plain_line_ends(text: str) -> str:
    """Give every line end, of whatever system or kind, as one "\\n"."""
    return _LINE_END.sub("\n", text)


def on_one_line(text: str) -> str:
    """Give the rare line ends, which no keyboard types, as spaces; those people type as "\n"."""
    return with_plain_line_ends(_RARE_LINE_END.sub(" ", text))


def without_disguises(text: str) -> tuple[str, Mapping[str, int]]:
    """Give the text without disguising characters, and how often each kind was taken out.

    The kinds read like "bidi override U+202E". Tab and "\\n" are no disguise. Idempotent.
    """
    if not _ANY_DISGUISE.search(text):
        return text, {}
    taken: Counter[str] = Counter()

    def keep_flags(found: re.Match[str]) -> str:
        if len(found[0]) > 1:
            return found[0]
        taken[found[0]] += 1
        return ""

    kept = _FLAG_OR_DISGUISE.sub(keep_flags, text)
    return kept, {_named(character): count for character, count in taken.items()}


def _named(character: str) -> str:
    code = ord(character)
    kind = next(kind for first, last, kind in _DISGUISES if first <= code <= last)
    return f"{kind} U+{code:04X}"
