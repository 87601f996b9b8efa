"""The load: requests made beforehand, sent over many connections by one thread that never blocks.

It runs as a process of its own (`fire` starts it), the same for every server that is measured,
so that its work is in nobody's figures. A connection is kept for as long as the server keeps it.
"""

import base64
import json
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

PATIENCE = 60
"""Seconds that the last answers may take once the time is over."""


@dataclass(frozen=True)
class Fired:
    """What one run of load brought: answers by status, seconds, and each answer's time in ms."""

    statuses: dict[int, int]
    seconds: float
    times: tuple[float, ...] = field(repr=False)

    def answered(self, status: int) -> int:
        """How many answers had this status; anything else in the run is an error."""
        if set(self.statuses) != {status}:
            raise RuntimeError(f"expected {status} alone, and got {self.statuses}")
        return self.statuses[status]

    def under_which(self, share: float) -> float:
        """The time in ms within which that share of the answers came, such as 0.99."""
        return sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))]


def fire(
    port: int, requests: Sequence[bytes], connections: int, seconds: float, again: bool = False
) -> Fired:
    """Send whole requests to this machine for so long; `again` begins anew when all are sent."""
    plan = {
        "port": port,
        "requests": [base64.b64encode(request).decode() for request in requests],
        "connections": connections,
        "seconds": seconds,
        "again": again,
    }
    done = subprocess.run(
        [sys.executable, __file__], input=json.dumps(plan).encode(), capture_output=True, check=True
    )
    said = json.loads(done.stdout)
    statuses = {int(status): count for status, count in said["statuses"].items()}
    return Fired(statuses, said["seconds"], tuple(said["times"]))


@dataclass
class Caller:
    """One connection: it sends a request, waits for the whole answer, and sends the next."""

    port: int
    connection: socket.socket | None = None
    waiting: bytearray = field(default_factory=bytearray)
    began: float = 0.0

    def send(self, request: bytes, selector: selectors.BaseSelector) -> None:
        """Send one request, on a new connection if the server closed the last one."""
        self.began = time.perf_counter()
        self.waiting = bytearray()
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port))
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(self.connection, selectors.EVENT_READ, self)
        self.connection.sendall(request)

    def receive(self, selector: selectors.BaseSelector) -> int:
        """Read what came; give the answer's status once it is whole, and 0 before."""
        assert self.connection is not None
        piece = self.connection.recv(262_144)
        self.waiting += piece
        head, ended, body = self.waiting.partition(b"\r\n\r\n")
        lines = head.lower()
        if piece and (not ended or len(body) < _length(lines)):
            return 0
        if not piece or b"\nconnection: close" in lines or lines.startswith(b"http/1.0"):
            selector.unregister(self.connection)
            self.connection.close()
            self.connection = None
        return int(lines[9:12] or -1)


def _length(head: bytes | bytearray) -> int:
    """The length an answer says it has; one that does not say ends with its connection."""
    _, said, rest = head.partition(b"\ncontent-length:")
    return int(rest.split(b"\r", 1)[0]) if said else sys.maxsize


def run(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> dict[str, Any]:
    """Keep every connection busy until the time is over, then wait for the last answers."""
    selector = selectors.DefaultSelector()
    statuses: Counter[int] = Counter()
    times: list[float] = []
    start = time.perf_counter()
    busy = connections
    for _ in range(connections):
        Caller(port).send(next(requests), selector)
    while busy and time.perf_counter() < start + seconds + PATIENCE:
        for key, _ in selector.select(timeout=1):
            caller: Caller = key.data
            status = caller.receive(selector)
            if not status:
                continue
            now = time.perf_counter()
            times.append(1000 * (now - caller.began))
            statuses[status] += 1
            if now < start + seconds:
                caller.send(next(requests), selector)
            else:
                busy -= 1
    return {"statuses": statuses, "seconds": time.perf_counter() - start, "times": times}


def main() -> None:
    """Read the plan, carry it out and print what came of it, as JSON."""
    plan = json.load(sys.stdin)
    requests = [base64.b64decode(request) for request in plan["requests"]]
    source = cycle(requests) if plan["again"] else iter(requests)
    json.dump(run(plan["port"], source, plan["connections"], plan["seconds"]), sys.stdout)


if __name__ == "__main__":
    main()
