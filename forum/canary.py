"""A canary checks that everything works: always the same words, in no list, and nobody's.

It walks a post's whole way, through the public door and back. Since no other words travel as a
canary, it can neither carry what nobody has read, nor pass by a batch for anybody.
"""

from __future__ import annotations

TITLE = "A canary"
BODY = (
    "This page checks that everything works. Nobody wrote it, and it goes away by itself in a "
    "moment. If you came here by chance: the stories are one page further."
)
REFUSED = "This kind has words of its own. What you want to tell is a story."


def is_canary(title: str, body: str) -> bool:
    """Whether these are its words, exactly."""
    return (title, body) == (TITLE, BODY)
