"""The moderators' guide inside the desk: the pages of docs/moderators, as they stand there.

The index names the pages and gives their order; a page that it does not name is not served.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chalice.app import Response
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from doors.answers import page
from forum.screening import RULES
from moderation.door.at_desk import AtDesk

ADDRESS = "/moderation/guide"
INDEX = "README"
"""The file of the index; every other page is called as its file is."""
FOLDER = Path(__file__).with_name("guide_pages")

_PAGE = re.compile(r"(?P<name>[A-Za-z-]+)\.md(?P<anchor>#.*)?")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class GuidePage:
    """One page, ready to be shown."""

    name: str
    title: str
    html: str
    leads_to: tuple[str, ...]
    """Names of the pages that it links to, in order; one named twice stands where it is last."""

    @property
    def address(self) -> str:
        """Where it is served."""
        return _address(self.name)


def show(at: AtDesk, name: str = "") -> Response:
    """A page of the guide; the index without a name, or where there is no such page."""
    pages = guide_pages()
    shown = pages.get(name) if name else pages[INDEX]
    order = list(pages.values())
    place = order.index(shown or pages[INDEX])
    return page(
        "desk/guide.html",
        200 if shown else 404,
        person=at.person,
        title=order[place].title,
        body=Markup(order[place].html),  # noqa: S704 - our own pages, and HTML in them is escaped
        is_index=place == 0,
        missing=shown is None,
        before=order[place - 1] if place else None,
        after=order[place + 1] if place + 1 < len(order) else None,
    )


def grey_area(rule: str) -> str:
    """Where the guide says what is fine, what is not and what is grey about a screening rule."""
    return f"{ADDRESS}/grey-areas#{_anchor(f'{RULES[rule].name} ({rule})')}"


@cache
def guide_pages() -> Mapping[str, GuidePage]:
    """The forum's own guide, read and rendered once."""
    return read_guide(FOLDER)


def read_guide(folder: Path) -> Mapping[str, GuidePage]:
    """The pages of a folder by name in the order of its index, which comes first.

    Raises `FileNotFoundError` for a page that the index names and that is not there.
    """
    index = _read(folder, INDEX)
    named = (name for name in index.leads_to if name != INDEX)
    return {INDEX: index, **{name: _read(folder, name) for name in named}}


def _read(folder: Path, name: str) -> GuidePage:
    tokens = _MARKDOWN.parse((folder / f"{name}.md").read_text("utf-8"))
    headings = list(_headings(tokens))
    for opening, words in headings:
        opening.attrSet("id", _anchor(words))
    led_to = [_lead_within(link) for link in _links(tokens)]
    last_first = dict.fromkeys(filter(None, reversed(led_to)))
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return GuidePage(name, headings[0][1], html, tuple(reversed(last_first)))


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Each heading with its words; those always follow it."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            yield token, tokens[place + 1].content


def _links(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from (inner for inner in token.children or () if inner.type == "link_open")


def _lead_within(link: Token) -> str:
    """Make a link from file to file one from address to address; the name of the page it leads to,
    if it leads to one."""
    to_page = _PAGE.fullmatch(str(link.attrGet("href")))
    if to_page is None:
        return ""
    link.attrSet("href", _address(to_page["name"]) + (to_page["anchor"] or ""))
    return to_page["name"]


def _address(name: str) -> str:
    return ADDRESS if name == INDEX else f"{ADDRESS}/{name}"


def _anchor(heading: str) -> str:
    """The name by which a heading can be linked to, as code hosts make it."""
    return re.sub(r"[^\w\s-]", "", heading.lower()).strip().replace(" ", "-")
