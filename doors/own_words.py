"""An author's words as they can be typed again, also when only the published form is kept."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from doors.changes import Change, changes
from forum.post import Text


def own_words(text: Text) -> str:
    """What was typed, or else words that would be published as exactly the same HTML.

    The HTML is of the narrow grammar in forum/tree.py: paragraphs become empty lines, the few
    other tags stay as their author can type them.
    """
    if text.typed is not None:
        return text.typed
    lines = text.html.replace("</p><p>", "\n\n").replace("<br>", "\n")
    return html.unescape(re.sub(r"</?p>", "", lines))


def changed_words(own: Text, new: Text) -> Mapping[str, Sequence[Change]]:
    """How one text differs from another, its title and its body; no title where it is the same."""
    title = changes(own.title, new.title) if own.title != new.title else ()
    return {"title": title, "body": changes(own_words(own), own_words(new))}
