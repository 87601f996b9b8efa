"""Words that matter most, known also with one letter dropped, doubled, swapped or mistyped."""

from __future__ import annotations

from collections.abc import Iterator

_KEYS = (
    "suicide suicidal overdose overdosed goodbye farewell tonight tomorrow killing killed myself "
    "yourself anymore forever everyone nobody funeral paracetamol cocaine morphine methadone "
    "tramadol pregabalin diazepam ketamine codeine alcohol"
).split()
"""Few other English words are one letter away from any of these: those below, and plurals."""
_PLAIN = frozenset(("killer", "kipling", "kilned", "overdone", "funereal"))
_SHORTEST = 5


def _shorter(word: str) -> Iterator[str]:
    """The word with one letter left out, each in turn but the first."""
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)))


_NEAR: dict[str, str] = {short: key for key in _KEYS for short in (key, *_shorter(key))}


def meant(raw: str) -> str | None:
    """The word that was probably meant: "suicde", "tonigt", "myslef"; None for any other word."""
    if len(raw) < _SHORTEST or len(raw) > 14 or raw in _PLAIN:
        return None
    for short in (raw, *_shorter(raw)):
        key = _NEAR.get(short)
        if key and key[0] == raw[0] and abs(len(key) - len(raw)) <= 1:
            return key
    return None
