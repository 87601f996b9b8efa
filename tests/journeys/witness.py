"""What must not happen while somebody uses the site is written down here, and fails the journey."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request

REFUSED_PAGE = "Failed to load resource: the server responded with a status of "
"""Chromium notes so beside each page that says no, such as a form that comes back with 422."""


@dataclass
class Witness:
    """Every console message, error, dialog and request to elsewhere of the people it watches."""

    host: str
    seen: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Watch every page of one person's browser."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"error: {error.error}"))
        context.on("dialog", self._dialog)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        address = message.location["url"]
        of_a_page = not address.endswith((".js", ".css", ".svg"))
        if not (message.text.startswith(REFUSED_PAGE) and of_a_page):
            self.seen.append(f"console: {message.text} ({address})")

    def _dialog(self, dialog: Dialog) -> None:
        self.seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("about", "chrome-error") and parts.netloc != self.host:
            self.seen.append(f"request to elsewhere: {request.url}")
