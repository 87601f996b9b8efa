"""One pattern for many words, as a tree of their letters: several times faster than a list of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_END = ""


def one_of(words: str | Iterable[str]) -> str:
    """A pattern that matches any of the words; a string is cut at its bars. No word is a pattern."""
    tree: dict[str, Any] = {}
    for word in words.split("|") if isinstance(words, str) else words:
        branch = tree
        for letter in word:
            branch = branch.setdefault(letter, {})
        branch[_END] = {}
    return _written(tree)


def _written(tree: dict[str, Any]) -> str:
    branches = [re.escape(letter) + _written(tree[letter]) for letter in sorted(tree) if letter]
    if not branches:
        return ""
    whole = f"(?:{'|'.join(branches)})"
    return f"{whole}?" if _END in tree else whole
