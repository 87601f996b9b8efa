"""A DynamoDB that has bad days: between the client and the emulated cloud, on this machine."""

from __future__ import annotations

import http.client
import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import botocore.config

from tests.store.dynamodb_given import emulator

OWN_TRIES = botocore.config.Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 1}
)
"""As the forum's own client, which leaves trying again to the store."""


class Day(Enum):
    """What becomes of one call."""

    GOOD = "good"
    THROTTLED = "throttled"
    BROKEN = "broken"
    DOWN = "down"
    """No answer, and nothing done."""
    LOST = "lost"
    """Done, and no answer: whoever asked cannot tell this from the one above."""
    HALF = "half"
    """Of the rows of a `BatchGetItem` one is given, and the others are to be asked for again."""


class Failing(ThreadingHTTPServer):
    """Passes calls on, or does not; every operation that came is in `heard`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        self.heard: list[str] = []
        self.always: dict[str, Day] = {}
        self.before: dict[str, Callable[[], object]] = {}
        """Runs once, before the next call of this operation goes on."""
        self._next: defaultdict[str, deque[Day]] = defaultdict(deque)
        url = f"http://127.0.0.1:{self.server_port}"
        self.client = emulator().client("dynamodb", endpoint_url=url, config=OWN_TRIES)

    def clear_up(self) -> None:
        """Good days again."""
        self.heard, self.always, self.before = [], {}, {}
        self._next.clear()

    def will(self, operation: str, *days: Day) -> None:
        """So the next calls of this operation fare."""
        self._next[operation].extend(days)

    def day(self, operation: str) -> Day:
        """How this call fares."""
        self.heard.append(operation)
        if happens := self.before.pop(operation, None):
            happens()
        waiting = self._next[operation]
        return waiting.popleft() if waiting else self.always.get(operation, Day.GOOD)


class _Call(BaseHTTPRequestHandler):
    server: Failing
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        day = self.server.day(self.headers["X-Amz-Target"].rpartition(".")[2])
        if day is Day.THROTTLED:
            self._answer(400, _error("ThrottlingException"))
        elif day is Day.BROKEN:
            self._answer(500, _error("InternalServerError"))
        elif day is Day.HALF:
            self._answer(*self._half(json.loads(body)))
        elif day is Day.DOWN:
            self.close_connection = True
        else:
            answer = self._forwarded(body)
            if day is Day.LOST:
                self.close_connection = True
            else:
                self._answer(*answer)

    def _half(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        (name, words), *others = asked["RequestItems"].items()
        now = {name: {**words, "Keys": words["Keys"][:1]}}
        later = {name: {**words, "Keys": words["Keys"][1:]}} if words["Keys"][1:] else {}
        status, answer = self._forwarded(json.dumps({"RequestItems": now}).encode())
        told = {**json.loads(answer), "UnprocessedKeys": {**later, **dict(others)}}
        return status, json.dumps(told).encode()

    def _forwarded(self, body: bytes) -> tuple[int, bytes]:
        cloud = http.client.HTTPConnection("127.0.0.1", emulator().port, timeout=10)
        headers = {n: v for n, v in self.headers.items() if n.lower() != "content-length"}
        cloud.request("POST", "/", body, headers)
        answer = cloud.getresponse()
        found = answer.status, answer.read()
        cloud.close()
        return found

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        """Says nothing."""


def _error(name: str) -> bytes:
    told = {"__type": f"com.amazonaws.dynamodb.v20120810#{name}", "message": "not now"}
    return json.dumps(told).encode()


@contextmanager
def failing() -> Iterator[Failing]:
    """One for as long as it is needed."""
    server = Failing()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
