"""The house under one address: ``/api`` and ``/moderation`` are doors, all else is the site."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from doors.logs import report
from infra.local.answer import Answer, send
from infra.local.door import Door
from infra.local.pages import KindPages
from infra.local.static import StaticSite

# Bytes. The doors' own limit is lower and answered more kindly; this one protects the machine.
BODY_CAP: Final = 256 * 1024


class House:
    """The WSGI application: it finds who answers, and answers itself when they cannot."""

    def __init__(
        self,
        doors: Mapping[str, Door],
        site: StaticSite,
        pages: KindPages,
        acted: Callable[[], None] = lambda: None,
    ) -> None:
        """Take the doors by prefix (``{"/api": ...}``) and the readers' pages.

        `acted` is called whenever a door has answered somebody who may have changed something.
        """
        self._doors = dict(doors)
        self._site = site
        self._pages = pages
        self._acted = acted

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; whatever breaks, a person gets a page with help."""
        try:
            answer = self._answer(environ)
        except Exception as error:  # noqa: BLE001 - the last net: log the class, show the page
            report(error)
            answer = self._pages.answer(500, accept=environ.get("HTTP_ACCEPT", ""))
        return send(answer, environ["REQUEST_METHOD"], start_response)

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        path = environ["PATH_INFO"]
        accept = environ.get("HTTP_ACCEPT", "")
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > BODY_CAP:
            return self._pages.answer(413, path, accept)
        door = self._doors.get("/" + path.split("/")[1]) if path.startswith("/") else None
        if door is None:
            return self._site.answer(environ, path)
        try:
            return door.answer(environ, path, environ["wsgi.input"].read(length))
        finally:
            if environ["REQUEST_METHOD"] == "POST":
                self._acted()
