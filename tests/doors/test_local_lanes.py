"""Each part of the house has a lane of its own, so that a crowd in one delays nobody in another."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from infra.local.lanes import THREADS, Lanes


class Connection:
    """Stands in for a connection with one request; answering takes until it may go on."""

    def __init__(self, path: str | None) -> None:
        self.requests = [SimpleNamespace() if path is None else SimpleNamespace(path=path)]
        self.begun, self.may_go_on = threading.Event(), threading.Event()
        self.cancelled = False

    def service(self) -> None:
        self.begun.set()
        self.may_go_on.wait(10)

    def cancel(self) -> None:
        self.cancelled = True


class Street:
    """The lanes, and every connection that came to them."""

    def __init__(self) -> None:
        self.lanes = Lanes(THREADS)
        self.connections: list[Connection] = []

    def come(self, path: str | None) -> Connection:
        connection = Connection(path)
        self.connections.append(connection)
        self.lanes.add_task(connection)  # type: ignore[arg-type]
        return connection

    def clear(self) -> None:
        for connection in self.connections:
            connection.may_go_on.set()
        self.lanes.shutdown()


@pytest.fixture
def street() -> Iterator[Street]:
    street = Street()
    yield street
    street.clear()


def moves(connection: Connection) -> bool:
    return connection.begun.wait(5)


def waits(connection: Connection) -> bool:
    return not connection.begun.wait(0.1)


@pytest.mark.parametrize("crowded", ["/api/posts", "/moderation/"])
def test_a_crowd_at_one_door_keeps_nobody_else_waiting(street: Street, crowded: str) -> None:
    crowd = [street.come(crowded) for _ in range(20)]
    assert moves(crowd[0])
    other = {"/api/posts": "/moderation/", "/moderation/": "/api/share"}[crowded]
    assert moves(street.come(other))
    assert moves(street.come("/help/"))
    assert waits(crowd[1])
    crowd[0].may_go_on.set()
    assert moves(crowd[1])


RECEIPTS = (
    "/api/receipt",
    "/api/receipt/withdraw",
    "/api/receipt/erase",
    "/api/receipt/typed-back",
)


@pytest.mark.parametrize("path", RECEIPTS)
@pytest.mark.parametrize("flood", ["/api/posts", "/api/preview", "/api/reports", "/api/share"])
def test_no_flood_of_anything_new_delays_what_a_receipt_does(
    street: Street, flood: str, path: str
) -> None:
    crowd = [street.come(flood) for _ in range(20)]
    assert moves(crowd[0])
    assert moves(street.come(path))
    assert waits(crowd[1])


@pytest.mark.parametrize("path", ["/api/receipts", "/api/receipt.json", "/api/x/receipt"])
def test_only_what_is_a_receipts_takes_its_lane(street: Street, path: str) -> None:
    assert moves(street.come("/api/posts"))
    assert waits(street.come(path))


@pytest.mark.parametrize("path", ["/", "/apiary", "/stories/api/", "//api", "", "api", None])
def test_what_is_no_doors_goes_with_the_pages(street: Street, path: str | None) -> None:
    assert moves(street.come("/api/posts"))
    assert moves(street.come(path))


def test_one_slow_page_does_not_stop_the_next(street: Street) -> None:
    assert moves(street.come("/"))
    assert moves(street.come("/help/"))


def test_stopping_cancels_what_has_not_begun() -> None:
    street = Street()
    first, second = street.come("/api/posts"), street.come("/api/posts")
    assert moves(first)
    assert street.lanes.shutdown(timeout=0)
    assert second.cancelled
    street.clear()
