"""A page as a browser without script has it: fields, what labels them, what a form would send."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

BARE = frozenset({"input", "br", "hr", "img", "link", "meta"})
"""Elements that never close."""
FIELDS = ("input", "textarea", "select")


@dataclass
class Element:
    """One element: its tag, its attributes, the elements around it, the text inside it."""

    tag: str
    given: dict[str, str]
    around: tuple[Element, ...]
    text: str = ""

    def inside(self, tag: str) -> Element | None:
        """The nearest element of that tag around this one."""
        return next((outer for outer in reversed(self.around) if outer.tag == tag), None)

    @property
    def name(self) -> str:
        return self.given.get("name", "")

    @property
    def value(self) -> str:
        """A browser drops one line end right after <textarea>."""
        return self.text.removeprefix("\n") if self.tag == "textarea" else self.given["value"]


LEAVING = '<script src="/theme/js/leave.js" defer></script>'
"""With which to leave, on every page."""


class Page(HTMLParser):
    """Reads a page once, and answers questions about it; unbalanced tags fail at once.

    Of its scripts it has those that not every page has.
    """

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(source.replace(LEAVING, "", 1))
        self.close()
        assert not self._open, f"never closed: {self._open[-1].tag}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute comes twice: {names}"
        given = {name: value or "" for name, value in attrs}
        element = Element(tag, given, tuple(self._open))
        self.elements.append(element)
        if tag not in BARE:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def one(self, tag: str) -> Element:
        (found,) = self.all(tag)
        return found

    def by_id(self, name: str) -> Element:
        (found,) = [element for element in self.elements if element.given.get("id") == name]
        return found

    @property
    def words(self) -> str:
        """All text that people can read, with single spaces."""
        return " ".join(self.one("body").text.split())

    @property
    def fields(self) -> list[Element]:
        """Every field but the hidden ones."""
        return [field for field in self.all(*FIELDS) if field.given.get("type") != "hidden"]

    def label(self, field: Element) -> str:
        """What a screen reader says for a field."""
        labels = [label for label in self.all("label") if label in field.around]
        labels += [one for one in self.all("label") if one.given.get("for") == field.given["id"]]
        return " ".join(" ".join(label.text for label in labels).split())

    def described(self, element: Element) -> str:
        """The hint and the error that are tied to a field or a group."""
        names = element.given.get("aria-describedby", "").split()
        return " ".join(" ".join(self.by_id(name).text for name in names).split())

    def form_to(self, action: str, having: str = "") -> Element:
        """The one form that goes there, or the one of these that has this field."""
        forms = [form for form in self.all("form") if form.given["action"] == action]
        inside = [field.inside("form") for field in self.all(*FIELDS) if field.name == having]
        (found,) = [form for form in forms if not having or form in inside]
        return found

    def would_send(self, action: str = "", having: str = "") -> dict[str, list[str]]:
        """What the form that goes there would send, or the page's only one; of its buttons, none
        is counted in."""
        form = self.form_to(action, having) if action else self.one("form")
        sent: dict[str, list[str]] = {}
        for field in self.all(*FIELDS):
            if form not in field.around:
                continue
            kind = field.given.get("type", "")
            if kind not in ("checkbox", "radio") or "checked" in field.given:
                sent.setdefault(field.name, []).append(field.value)
        return sent

    def errors(self) -> dict[str, str]:
        """The list at the top of a form that came back: where each line leads, and what it says."""
        items = [item for item in self.all("li") if any(_is_errors(o) for o in item.around)]
        found: dict[str, str] = {}
        for item in items:
            links = [link for link in self.all("a") if item in link.around]
            found[links[0].given["href"] if links else ""] = " ".join(item.text.split())
        return found


def _is_errors(element: Element) -> bool:
    return element.given.get("id") == "errors"
