"""Readers' pages over HTTP: what the edition holds, its own 404 page for all else, nothing more."""

from dataclasses import dataclass
from wsgiref.types import WSGIEnvironment

from doors.headers import Headers, for_static
from infra.local.answer import Answer
from infra.local.pages import KindPages
from infra.local.sheets import Sheet, Sheets

_NOT_FOUND = "/404.html"


def _takes_gzip(accept_encoding: str) -> bool:
    for offer in accept_encoding.lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _already_has(if_none_match: str, tag: str) -> bool:
    held = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return tag in held or "*" in held


@dataclass(frozen=True)
class StaticSite:
    """Answers GET and HEAD from the current edition."""

    sheets: Sheets
    pages: KindPages

    def answer(self, environ: WSGIEnvironment, path: str) -> Answer:
        """Return a page, a redirect to a folder's page, 304, or a kind refusal."""
        accept = environ.get("HTTP_ACCEPT", "")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.pages.answer(405, accept=accept, extra=(("Allow", "GET, HEAD"),))
        if self.sheets.root() is None:
            return self.pages.answer(503, accept=accept, extra=(("Retry-After", "10"),))
        if sheet := self.sheets.at(path):
            return self._show(environ, path, sheet)
        if self.sheets.is_folder(path):
            moved = (("Location", path + "/"), *for_static("/", https=self.pages.https))
            return Answer(308, moved)
        return self._not_found(environ)

    def _not_found(self, environ: WSGIEnvironment) -> Answer:
        sheet = self.sheets.at(_NOT_FOUND)
        if sheet is None:
            return self.pages.answer(404)
        headers, body = self._pack(environ, _NOT_FOUND, sheet)
        return Answer(404, headers, body)

    def _show(self, environ: WSGIEnvironment, path: str, sheet: Sheet) -> Answer:
        headers, body = self._pack(environ, path, sheet)
        packed = body is sheet.packed
        tag = f'"{sheet.tag}{"-gz" if packed else ""}"'
        headers = (*headers, ("ETag", tag))
        if _already_has(environ.get("HTTP_IF_NONE_MATCH", ""), tag):
            return Answer(304, headers)
        return Answer(200, headers, body)

    def _pack(self, environ: WSGIEnvironment, path: str, sheet: Sheet) -> tuple[Headers, bytes]:
        headers = for_static(path, https=self.pages.https)
        if sheet.packed is None:
            return headers, sheet.body
        headers = (*headers, ("Vary", "Accept-Encoding"))
        if _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            return (*headers, ("Content-Encoding", "gzip")), sheet.packed
        return headers, sheet.body
