"""A body is a small, strict language: eight bare tags, five entities, and plain text.

Two readers that share no code must agree on it: the linear check written here, and nh3.
"""

from __future__ import annotations

import re

import nh3

NH3: str = nh3.__version__  # type: ignore[attr-defined]  # it has one, its stub has not
"""Which nh3 gives the second opinion."""

_TEXT_LEVEL = frozenset({"br", "em", "strong"})
_BLOCKS = frozenset({"p", "blockquote", "ul", "ol"})
TAGS = _TEXT_LEVEL | _BLOCKS | {"li"}
"""Every tag a body may hold; none may have an attribute."""

DEEPEST = 40
"""Most open tags at once; a browser stops nesting well past this."""

_FLOW = _TEXT_LEVEL | _BLOCKS
_MAY_HOLD = {
    "": _FLOW,
    "p": _TEXT_LEVEL,
    "em": _TEXT_LEVEL,
    "strong": _TEXT_LEVEL,
    "blockquote": _FLOW,
    "li": _FLOW,
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
}

# Possessive quantifiers: no backtracking, so the time is linear in the body's length.
_PIECES = re.compile(
    r"(?:[^<>&]++"
    r"|&(?:amp|lt|gt|quot|#39);"
    r"|<(?:br|/?(?:p|em|strong|blockquote|ul|ol|li))>)*+"
)
_TAG = re.compile(r"<(/?)([a-z]+)>")

_CLEANER = nh3.Cleaner(tags=set(TAGS), attributes={}, link_rel=None)


def fault_in(body: str) -> str | None:
    """Why the body may not be published, in a few words; None when it may."""
    end = _PIECES.match(body).end()  # type: ignore[union-attr]  # an empty match always exists
    if end < len(body):
        return f"the body has something other than text and allowed tags at character {end}"
    return _nesting_fault(body) or _second_opinion(body)


def _nesting_fault(body: str) -> str | None:
    open_tags = [""]
    for tag in _TAG.finditer(body):
        closing, name = tag.groups()
        if closing:
            if open_tags.pop() != name:
                return f"</{name}> closes nothing at character {tag.start()}"
        elif name not in _MAY_HOLD[open_tags[-1]]:
            return f"<{name}> may not stand in <{open_tags[-1]}> at character {tag.start()}"
        elif name != "br":
            open_tags.append(name)
            if len(open_tags) > DEEPEST:
                return f"tags are nested too deep at character {tag.start()}"
    return f"<{open_tags[-1]}> is never closed" if len(open_tags) > 1 else None


def _second_opinion(body: str) -> str | None:
    """nh3 parses as a browser does: what it would change, a browser would read otherwise."""
    cleaned = _CLEANER.clean(body)
    same = cleaned == body or _spelled_plainly(cleaned) == _spelled_plainly(body)
    return None if same else "nh3 reads the body as another document"


def _spelled_plainly(body: str) -> str:
    """Undo the spellings in which two honest writers of the same document differ."""
    return body.replace("&nbsp;", "\u00a0").replace("&quot;", '"').replace("&#39;", "'")
