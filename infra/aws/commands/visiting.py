"""Asking the deployed forum as a visitor would: through its public address, and nothing kept."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

SECONDS = 40
"""A program that slept takes a while to wake."""


@dataclass(frozen=True)
class Answer:
    """What came back. A status of 0 means that nothing answered."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> Mapping[str, Any]:
        """Its JSON; nothing where it is none."""
        try:
            read = json.loads(self.body)
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


class _AsItComes(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing: an address that leads elsewhere is not the page that was asked for."""


_OPENER = urllib.request.build_opener(_AsItComes)


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser, before the public address."""

    siteurl: str
    """What stands in the address bar, without a slash at the end."""
    through: str = ""
    """Where it really answers, when its name leads nowhere: the emulated cloud."""
    host: str = ""
    """The host to ask for there."""

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask(path, None, {})

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """A form, answered as to programs."""
        body = urllib.parse.urlencode(fields).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask(path, body, kind)

    def _headers(self) -> dict[str, str]:
        plain = {"Accept": "application/json", "Origin": self.siteurl}
        return plain | ({"Host": self.host, "X-Forwarded-Proto": "https"} if self.through else {})

    def _ask(self, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        url = f"{self.through or self.siteurl}{path}"
        named = {**self._headers(), **headers}
        asked = urllib.request.Request(url, body, named)  # noqa: S310  # our own address
        try:
            with _OPENER.open(asked, timeout=SECONDS) as answer:
                return Answer(answer.status, answer.read(), _plain(answer.headers))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read(), _plain(error.headers))
        except OSError:
            return Answer(0)


def _plain(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
