"""Tells tags from words, in one linear pass, and gives both to the tree.

This is the guard before the HTML parser: a parser alone can be made to work and write without
bound by a kilobyte of crossed tags. Only a tag of the eight, exactly and without attributes,
stays a tag, and is written anew from its name; other markup is taken out and its text stays;
everything else, like "<3" or "<really>", is somebody's words.
"""

import re
from collections.abc import Callable

from forum.tree import ALLOWED, TooTangled, Tree


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BLOCKS = _names(
    """address article aside blockquote body center dd details dialog dir div dl dt fieldset
    figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html li main
    nav ol p pre section table tbody td tfoot th thead tr ul"""
)
# In SVG and MathML many names are everyday words ("stop", "use", "text"). Those are left out:
# as text in angle brackets they are just as safe, and the words survive.
_OTHERS = _names(
    """a abbr acronym applet area audio b base basefont bdi bdo bgsound big blink br button canvas
    caption cite code col colgroup command data datalist del dfn em embed font frame i iframe
    image img input ins isindex kbd keygen label legend link listing map mark marquee menu
    menuitem meta meter nobr noembed noframes noscript object optgroup option output param
    picture plaintext portal progress q rb rp rt rtc ruby s samp script search select slot small
    source spacer span strike strong style sub summary sup template textarea time title track tt
    u var video wbr xmp
    svg animate animatecolor animatemotion animatetransform clippath defs feimage foreignobject
    lineargradient radialgradient textpath tref tspan
    math annotation annotation-xml maction maligngroup malignmark menclose merror mfenced mfrac
    mglyph mi mlabeledtr mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms
    mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics"""
)

# Every part is possessive and bounded, so that the pass stays linear on any text.
_TAG_LIKE = re.compile(
    r"<(?P<slash>/?)(?P<name>[a-z][a-z0-9-]{0,20}+)(?P<rest>(?:[ \t\n/][^<>]{0,300}+)?+)>",
    re.IGNORECASE | re.ASCII,
)


def well_formed(
    text: str, *, read: Callable[[str], str], most_tags: int
) -> tuple[str, dict[str, int]]:
    """Give the tree of a text as HTML, and how often each kind of thing was taken out.

    `read` turns each stretch between tags into plain characters. Raises TooTangled.
    """
    tree = Tree()
    start = tags = 0
    for found in _TAG_LIKE.finditer(text):
        name, rest, closing = found["name"].lower(), found["rest"], bool(found["slash"])
        if not _is_markup(name, rest):
            continue
        tree.write(read(text[start : found.start()]))
        start = found.end()
        if _is_exact(name, rest):
            tags += 1
            tree.tag(name, closing=closing)
        else:
            _leave_out(tree, name, rest, closing=closing)
        if tags > most_tags:
            raise TooTangled
    tree.write(read(text[start:]))
    return tree.finish(), tree.taken


def _is_markup(name: str, rest: str) -> bool:
    """Tell a tag from words in angle brackets: "<a friend>" has no "=", so it is words."""
    return (name in _BLOCKS or name in _OTHERS) and ("=" in rest or not rest.strip(" \t\n/"))


def _is_exact(name: str, rest: str) -> bool:
    return name in ALLOWED and (not rest or (name == "br" and rest in ("/", " /")))


def _leave_out(tree: Tree, name: str, rest: str, *, closing: bool) -> None:
    kind = "attribute on" if "=" in rest and name in ALLOWED else "tag"
    tree.note(f"{kind} <{name}>", 0 if closing else 1)
    if name in _BLOCKS:
        tree.write("\n\n")  # it would have ended the line before it
