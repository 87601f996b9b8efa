"""One shape for every answer, whoever gave it: a door, the edition, or a kind page."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from wsgiref.types import StartResponse

from doors.headers import Header, Headers

_BODILESS = frozenset({204, 304})


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer; its headers carry everything but the length."""

    status: int
    headers: Headers
    body: bytes = b""


def status_line(status: int) -> str:
    """Return "404 Not Found"; a status that HTTP does not name stands alone."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} "


def send(answer: Answer, method: str, start_response: StartResponse) -> Iterable[bytes]:
    """Hand an answer to the server; HEAD gets the length that GET would have."""
    headers: list[Header] = list(answer.headers)
    if answer.status not in _BODILESS:
        headers.append(("Content-Length", str(len(answer.body))))
    start_response(status_line(answer.status), headers)
    silent = method == "HEAD" or answer.status in _BODILESS
    return [] if silent else [answer.body]
