"""An author's words as they can be typed again, also when only the published form is kept."""

from __future__ import annotations

import html
import re

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
