"""Grows a small well-formed tree of eight tags, whatever order tags and text come in.

The grammar of every result, with nothing between the parts and no attribute anywhere:

    body  = { block }                       block = p | quote | list
    p     = "<p>" line "</p>"               quote = "<blockquote>" block { block } "</blockquote>"
    list  = "<ul>" item { item } "</ul>" | "<ol>" item { item } "</ol>"
    item  = "<li>" ( line | list ) { line | list } "</li>"
    line  = { text | "<br>" | em | strong } that begins and ends with text; em and strong hold
            a line, never themselves again
    text  = characters, with "&" "<" ">" written as "&amp;" "&lt;" "&gt;" and no other entity

No paragraph, item or mark is empty, no two `<br>` meet, and no tag stands deeper than 12.
"""

import html

ALLOWED = frozenset(("p", "br", "em", "strong", "blockquote", "ul", "ol", "li"))

_DEEPEST = 9  # quotes, lists and items; with p, em and strong inside the last: 12 in all
_LISTS = ("ul", "ol")
_MARKS = ("em", "strong")


class TooTangled(ValueError):
    """The tags are too many, too deep, or would grow too much. The message is fit to show."""

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__(
            "There are too many formatting tags or symbols here for us to show your words safely. "
            "Please send plain text, with an empty line between paragraphs."
        )


class Tree:
    """The tree as it grows, whatever order the tags come in; no recursion, no second look.

    A tag is written only once text follows that needs it, so nothing empty is ever written.
    Paragraphs are no tags here: `<p>` and `</p>` are an empty line, and `<br>` is a line end.
    """

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}
        self.out: list[str] = []
        self.stack: list[str] = []  # quotes first, then list, item, list, item...
        self.shown = 0  # how many of the stack are written
        self.marks: list[str] = []  # em and strong, each at most once
        self.marks_shown = 0
        self.line_open = False  # there is text in the current paragraph or item
        self.gap = ""  # the white space since the last text

    def write(self, text: str) -> None:
        """Add plain characters, "\\n" for a line end."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.gap += "\n"
            words = line.strip()
            if not words:
                self.gap += line
                continue
            self.gap += line[: len(line) - len(line.lstrip())]
            self._say(words)
            self.gap = line[len(line.rstrip()) :]

    def tag(self, name: str, *, closing: bool) -> None:
        """Add one of the allowed tags, or leave it out where it has no place."""
        if name == "br":
            self.gap += "\n"
        elif name == "p":
            self.gap += "\n\n"
        elif name in _MARKS:
            fits = self._unmark(name) if closing else self._mark(name)
            self._note_stray(name, closing, fits)
        else:
            fits = self._close(name) if closing else self._open(name)
            self._note_stray(name, closing, fits)

    def note(self, what: str, count: int) -> None:
        """Remember something taken out, so many more times."""
        self.taken[what] = max(1, self.taken.get(what, 0) + count)

    def finish(self) -> str:
        """Close what is open and give the HTML."""
        self._leave(0)
        return "".join(self.out)

    def _note_stray(self, name: str, closing: bool, fits: bool) -> None:
        if not fits:
            self.note(f"stray <{'/' if closing else ''}{name}>", 1)

    def _in_list(self) -> bool:
        return bool(self.stack) and self.stack[-1] != "blockquote"

    def _in_item(self) -> bool:
        return bool(self.stack) and self.stack[-1] == "li"

    def _open(self, name: str) -> bool:
        if (name == "blockquote" and self._in_list()) or (name == "li" and not self._in_list()):
            self.gap += "\n\n"
            return False
        in_item = self._in_item()
        self._leave(len(self.stack) - (name == "li" and in_item))
        if name in _LISTS and self._in_list() and not in_item:
            self._push("li")
        self._push(name)
        return True

    def _close(self, name: str) -> bool:
        if name not in self.stack:
            self.gap += "\n\n"
            return False
        from_top = self.stack[::-1].index(name)
        self._leave(len(self.stack) - from_top - 1)
        return True

    def _push(self, name: str) -> None:
        if len(self.stack) >= _DEEPEST:
            raise TooTangled
        self.stack.append(name)

    def _leave(self, depth: int) -> None:
        """End the line, forget its marks, and close every container beyond the depth."""
        self._end_line()
        self.marks.clear()
        self.gap = ""
        while len(self.stack) > depth:
            name = self.stack.pop()
            if self.shown > len(self.stack):
                self.out.append(f"</{name}>")
                self.shown -= 1

    def _mark(self, name: str) -> bool:
        self._settle()
        if name in self.marks:
            return False
        self.marks.append(name)
        return True

    def _unmark(self, name: str) -> bool:
        if name not in self.marks:
            return False
        place = self.marks.index(name)
        self._hide_marks(place)
        del self.marks[place]
        return True

    def _hide_marks(self, place: int) -> None:
        """Write the ends of the marks from a place on; those that last are written anew later."""
        for name in reversed(self.marks[place : self.marks_shown]):
            self.out.append(f"</{name}>")
        self.marks_shown = min(self.marks_shown, place)

    def _end_line(self) -> None:
        """End the paragraph, if there is one. A mark ends with it; one just opened goes on."""
        if not self.line_open:
            return
        begun = self.marks[self.marks_shown :]
        self._hide_marks(0)
        self.marks = begun
        if not self._in_item():
            self.out.append("</p>")
        self.line_open = False

    def _settle(self) -> None:
        """End the paragraph if an empty line has passed. In an item, lines only break."""
        if self.line_open and self.gap.count("\n") > 1 and not self._in_item():
            self._end_line()

    def _begin_line(self) -> None:
        if self.stack and self.stack[-1] in _LISTS:
            self._push("li")
        self.out.extend(f"<{name}>" for name in self.stack[self.shown :])
        self.shown = len(self.stack)
        if not self._in_item():
            self.out.append("<p>")
        # Plain indents go; an ideographic or a no-break space was put there on purpose.
        self.gap = self.gap.rpartition("\n")[2].lstrip(" \t")
        self.line_open = True

    def _say(self, words: str) -> None:
        self._settle()
        if not self.line_open:
            self._begin_line()
        before, breaks, after = self.gap.partition("\n")
        self.out.append(f"{before}<br>{after.rpartition(chr(10))[2]}" if breaks else before)
        self.out.extend(f"<{name}>" for name in self.marks[self.marks_shown :])
        self.marks_shown = len(self.marks)
        self.out.append(html.escape(words, quote=False))
