"""A way into the emulated cloud for a browser: one address on this machine, and nothing changed.

Amazon's host leads nowhere here. Passkeys are made for that host, so nobody can sign in to the desk
this way; everything that visitors and readers do works.
"""

from __future__ import annotations

import http.client
import urllib.parse
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from infra.aws.commands.visiting import Visitor

PORT = 8000
ADDRESS = f"http://localhost:{PORT}"
NOT_PASSED_ON = frozenset(
    {
        *("connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"),
        "strict-transport-security",  # it would shut browsers out of this machine's other ports
    }
)


class _Passing(BaseHTTPRequestHandler):
    """Passes each request on as CloudFront's viewer would have sent it."""

    protocol_version = "HTTP/1.1"
    visitor: Visitor

    def do_GET(self) -> None:
        """Pass it on."""
        length = int(self.headers.get("Content-Length") or 0)
        there = urllib.parse.urlsplit(self.visitor.through).netloc
        connection = http.client.HTTPConnection(there, timeout=60)
        body = self.rfile.read(length) if length else None
        connection.request(self.command, self.path, body, dict(self._asked()))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.send_response(answer.status)
        for name, value in self._answered(answer.getheaders()):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_POST = do_HEAD = do_GET  # noqa: N815 - the server's own names

    def log_message(self, *_: object) -> None:
        """Write down nothing: who looked at what is nobody's business here either."""

    def _asked(self) -> Iterator[tuple[str, str]]:
        for name, value in self.headers.items():
            if name.lower() not in ("host", "connection", "content-length"):
                yield name, value.replace(ADDRESS, self.visitor.siteurl)
        yield from (("Host", self.visitor.host), ("X-Forwarded-Proto", "https"))

    def _answered(self, headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for name, value in headers:
            if name.lower() == "location":
                value = value.replace(self.visitor.siteurl, ADDRESS)  # noqa: PLW2901 - the same, here
            if name.lower() not in NOT_PASSED_ON:
                yield name, value


def server_for(visitor: Visitor, port: int = PORT) -> ThreadingHTTPServer:
    """What lets browsers of this machine in; `serve_forever` runs it. Raises OSError."""
    handler = type("Passing", (_Passing,), {"visitor": visitor})
    return ThreadingHTTPServer(("127.0.0.1", port), handler)
