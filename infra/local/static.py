"""Readers' pages over HTTP: what the edition holds, its own 404 page for all else, nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass
from wsgiref.types import WSGIEnvironment

from doors.headers import Header, Headers, for_static
from infra.local.answer import Answer
from infra.local.pages import KindPages
from infra.local.sheets import PLAIN, Damaged, Sheet, Sheets, codings

_NOT_FOUND = "/404.html"
_NONE = ("q=0", "q=0.0", "q=0.00", "q=0.000")


def _taken(accept_encoding: str, offered: Sequence[str]) -> str:
    """Return the first offered coding that the other side takes; PLAIN when it takes none."""
    takes: dict[str, bool] = {}
    for one in accept_encoding.lower().split(","):
        coding, _, weight = one.partition(";")
        takes.setdefault(coding.strip(), weight.replace(" ", "") not in _NONE)
    anything = takes.get("*", False)
    return next((coding for coding in offered if takes.get(coding, anything)), PLAIN)


def _already_has(if_none_match: str, tag: str) -> bool:
    held = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return tag in held or "*" in held


@dataclass(frozen=True)
class StaticSite:
    """Answers GET and HEAD from the edition in place."""

    sheets: Sheets
    pages: KindPages

    def answer(self, environ: WSGIEnvironment, path: str) -> Answer:
        """Return a page, a redirect to a folder's page, 304, or a kind refusal."""
        accept = environ.get("HTTP_ACCEPT", "")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.pages.answer(405, accept=accept, extra=(("Allow", "GET, HEAD"),))
        try:
            return self._find(environ, path) or self._not_ready(accept)
        except Damaged:
            return self._not_ready(accept)

    def _find(self, environ: WSGIEnvironment, path: str) -> Answer | None:
        packs = environ.get("HTTP_ACCEPT_ENCODING", "")
        coding = _taken(packs, codings(path))
        if sheet := self.sheets.at(path, coding):
            return self._show(environ, path, coding, sheet)
        if not self.sheets.any():
            return None
        if self.sheets.is_folder(path):
            moved = (("Location", path + "/"), *for_static("/", https=self.pages.https))
            return Answer(308, moved)
        return self._not_found(packs)

    def _not_ready(self, accept: str) -> Answer:
        return self.pages.answer(503, accept=accept, extra=(("Retry-After", "10"),))

    def _not_found(self, packs: str) -> Answer:
        coding = _taken(packs, codings(_NOT_FOUND))
        sheet = self.sheets.at(_NOT_FOUND, coding)
        if sheet is None:
            return self.pages.answer(404)
        return Answer(404, self._headers(_NOT_FOUND, coding), sheet.body)

    def _show(self, environ: WSGIEnvironment, path: str, coding: str, sheet: Sheet) -> Answer:
        headers = (*self._headers(path, coding), ("ETag", sheet.tag))
        if _already_has(environ.get("HTTP_IF_NONE_MATCH", ""), sheet.tag):
            return Answer(304, headers)
        return Answer(200, headers, sheet.body)

    def _headers(self, path: str, coding: str) -> Headers:
        packed: tuple[Header, ...] = (("Content-Encoding", coding),) if coding else ()
        varied: tuple[Header, ...] = (("Vary", "Accept-Encoding"),) if codings(path) else ()
        return (*for_static(path, https=self.pages.https), *varied, *packed)
