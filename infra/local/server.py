"""One process, one port: waitress, with kind error pages, a body cap, and a stop that waits.

Nothing of a request is written to disk or to a log, whatever its size and whatever goes wrong.
"""

import io
import socket
import threading
import time
from contextlib import suppress
from typing import Any, BinaryIO, Final, cast
from wsgiref.types import WSGIApplication

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, WSGITask

from infra.local.answer import status_line
from infra.local.house import BODY_CAP
from infra.local.lanes import THREADS, Lanes
from infra.local.pages import KindPages

# Bytes that are read and thrown away after a body passes the cap, so that the browser hears
# our answer instead of a broken connection. Past this the connection is cut.
_DRAINED: Final = 8 * 1024 * 1024
_IN_MEMORY: Final = 2 * _DRAINED  # waitress writes what is larger to a temporary file: never here
_HEADER_CAP: Final = 16 * 1024  # bytes
LOOKED_AT: Final = frozenset(
    (
        *("ACCEPT", "ACCEPT_ENCODING", "CONNECTION", "CONTENT_LENGTH", "CONTENT_TYPE", "COOKIE"),
        *("FORM_TOKEN", "IF_NONE_MATCH", "ORIGIN", "SEC_FETCH_MODE", "SEC_FETCH_SITE"),
    )
)
"""The headers that anything here looks at, as waitress spells them."""


class CappedBody:
    """A request's body in memory: it counts every byte and keeps none beyond the cap."""

    def __init__(self) -> None:
        """Start empty."""
        self._kept = io.BytesIO()
        self._length = 0

    def __len__(self) -> int:
        """Return how many bytes came, kept or not."""
        return self._length

    def append(self, more: bytes) -> None:
        """Take more of the body."""
        self._length += len(more)
        if self._length <= BODY_CAP:
            self._kept.write(more)

    def getfile(self) -> BinaryIO:
        """Return what was kept, from its start."""
        self._kept.seek(0)
        return self._kept

    def close(self) -> None:
        """Let go of the bytes."""
        self._kept = io.BytesIO()


class BareParser(HTTPRequestParser):
    """Waitress's parser: only the headers we look at go on, and the body stays in memory, capped.

    Agents, languages, referrers and addresses that a proxy forwards end here.
    """

    def parse_header(self, header_plus: bytes) -> None:
        """Read the header, drop what tells who asks, and put the capped body in place."""
        super().parse_header(header_plus)
        self.headers = {name: said for name, said in self.headers.items() if name in LOOKED_AT}
        if self.body_rcv is not None:
            self.body_rcv.buf = cast(Any, CappedBody())


class BareTask(WSGITask):
    """A request handed on without the address that it came from."""

    def get_environment(self) -> dict[str, Any]:
        """What WSGI asks for (PEP 3333), which is nothing about the other side."""
        environ: dict[str, Any] = super().get_environment()
        other_side = ("REMOTE_", "waitress.")
        return {name: said for name, said in environ.items() if not name.startswith(other_side)}


class KindErrorTask(ErrorTask):
    """A request that never reached the house (garbage, too large) gets a kind page too."""

    def execute(self) -> None:
        """Send the kind page of waitress's error, and close."""
        server = cast(LocalServer, self.channel.server)
        request = cast(HTTPRequestParser, self.request)
        answer = server.pages.answer(request.error.code if request.error else 500)
        self.status = status_line(answer.status)
        self.response_headers = list(answer.headers)
        self.set_close_on_finish()
        self.content_length = len(answer.body)
        self.write(answer.body)


class QuietChannel(HTTPChannel):
    """A connection made of the three above."""

    parser_class = BareParser
    task_class = BareTask
    error_task_class = KindErrorTask


class LocalServer(TcpWSGIServer):
    """Serves a WSGI application on a socket that is bound already."""

    channel_class = QuietChannel

    def __init__(
        self, application: WSGIApplication, bound: socket.socket, pages: KindPages
    ) -> None:
        """Listen at once; nothing is answered until `run`."""
        self.pages = pages
        self._stopping = threading.Event()
        self._sockets: dict[int, Any] = {}
        adjustments = Adjustments(
            sockets=[bound],
            ident=None,  # no Server header
            max_request_body_size=_DRAINED,
            max_request_header_size=_HEADER_CAP,
            inbuf_overflow=_IN_MEMORY,
            outbuf_overflow=_IN_MEMORY,
            asyncore_use_poll=True,
            connection_limit=400,
            channel_timeout=60,
            log_socket_errors=False,
            clear_untrusted_proxy_headers=False,  # BareParser has dropped them, and all others
        )
        where = (bound.family, bound.type, bound.proto, bound.getsockname())
        super().__init__(
            application,
            map=self._sockets,
            _sock=bound,
            dispatcher=Lanes(THREADS),
            adj=adjustments,
            sockinfo=where,
            bind_socket=False,
        )

    def run(self) -> None:
        """Serve until `stop`, then finish what is under way, 5 seconds at the most."""
        while not self._stopping.is_set():
            wasyncore.loop(timeout=1, use_poll=True, map=self._sockets, count=1)
        wasyncore.dispatcher.close(self)  # no new connections
        until = time.monotonic() + 5
        while self._under_way() and time.monotonic() < until:
            wasyncore.loop(timeout=0.05, use_poll=True, map=self._sockets, count=1)
        self.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._sockets)

    def stop(self) -> None:
        """Ask `run` to end; safe in a signal handler and from any thread."""
        self._stopping.set()
        with suppress(OSError):  # `run` saw it at once, and has closed everything already
            self.pull_trigger()

    def _under_way(self) -> bool:
        return any(
            channel.request or channel.requests or channel.total_outbufs_len
            for channel in cast(dict[int, HTTPChannel], self.active_channels).values()
        )
