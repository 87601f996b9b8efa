"""Accepted posts, from the request to the durable row: the forum beside Isso, in turns.

Every request to the forum is a new, valid form and is answered with 201; every request to Isso is
a new comment, held for moderation, and is answered with 202. The story is the same.
"""

import html
import json
import re
import secrets
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import urlencode

from load import fire
from runs import Run, plain, spoken, summary
from servers import (
    BENCH,
    ROOT,
    Server,
    handrail,
    handrail_unscreened,
    install_isso,
    isso,
    isso_in_gunicorn,
)

from forum.admission import issue
from forum.keys import read_keyring

EXAMPLE: Final = ROOT / "content" / "examples" / "getting-to-bedtime.json"
CHARACTERS: Final = 1_200
CONNECTIONS: Final = (1, 8, 32)
ROUNDS: Final = 5
SECONDS: Final = 1.5
WARM_UP: Final = 0.5
MOST_A_SECOND: Final = 1_500
"""More forms than one core can take; each is sent once."""
THREADS: Final = 50
"""Pages of Isso's imagined site, so that none gets thousands of comments."""


@dataclass(frozen=True)
class Side:
    """One server of the comparison: how it starts, what it is sent, and how it says yes."""

    name: str
    start: Callable[[Path], AbstractContextManager[Server]]
    requests: Callable[[Server, int], Sequence[bytes]]
    accepted: int


def story() -> str:
    """A story as people type it: paragraphs, no tags."""
    markup = json.loads(EXAMPLE.read_text("utf-8"))["body"]
    words = re.sub("<[^>]+>", "", re.sub("</p>", "\n\n", markup))
    return html.unescape(words)[:CHARACTERS]


def forms(server: Server, how_many: int) -> list[bytes]:
    """Whole requests, each with a form of its own that was handed out a minute ago."""
    keyring = read_keyring((server.folder / "data" / "keys" / "forms").read_text("ascii"))
    a_minute_ago = datetime.now(UTC) - timedelta(minutes=1)
    fields = {"kind": "story", "title": "The first week", "topic": "alcohol", "consent": "yes"}
    kind = "application/x-www-form-urlencoded"
    fields["body"] = story()
    return [
        post_request("/api/posts", kind, urlencode({**fields, "token": token}))
        for token in (issue(keyring, a_minute_ago, secrets.token_bytes) for _ in range(how_many))
    ]


def comments(server: Server, how_many: int) -> list[bytes]:
    """Whole requests; with a title Isso fetches no page to find one."""
    body = json.dumps({"text": story(), "title": "The first week"})
    return [
        post_request(f"/new?uri=/stories/{number % THREADS}/", "application/json", body)
        for number in range(how_many)
    ]


def post_request(path: str, kind: str, body: str) -> bytes:
    """A whole request, for JSON in answer."""
    sent = body.encode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(sent)}\r\n\r\n"
    ).encode() + sent


SIDES: Final = (
    Side("handrail", handrail, forms, 201),
    Side("handrail unscreened", handrail_unscreened, forms, 201),
    Side("isso", isso, comments, 202),
    Side("isso in gunicorn", isso_in_gunicorn, comments, 202),
)


def one_run(side: Side, server: Server, connections: int, seconds: float) -> Run:
    """Load a server for so long, and hold its CPU against what it accepted."""
    requests = side.requests(server, connections + int(seconds * MOST_A_SECOND))
    before = server.cpu()
    fired = fire(server.port, requests, connections, seconds)
    return Run.of(fired, side.accepted, server.cpu() - before)


def measure(tell: Callable[[str], None]) -> dict[str, object]:
    """Run all sides in turns; give medians with their ranges, and the ratios."""
    install_isso()
    scratch = BENCH / "accepted"
    shutil.rmtree(scratch, ignore_errors=True)
    with ExitStack() as stack:
        servers = {s.name: stack.enter_context(s.start(scratch / s.name)) for s in SIDES}
        for side in SIDES:
            one_run(side, servers[side.name], 8, WARM_UP)
        found = {str(count): in_turns(servers, count, tell) for count in CONNECTIONS}
    shutil.rmtree(scratch)
    return found


def in_turns(
    servers: dict[str, Server], connections: int, tell: Callable[[str], None]
) -> dict[str, object]:
    """All sides under the same load, one after the other, round after round."""
    runs: dict[str, list[Run]] = {side.name: [] for side in SIDES}
    for _, side in product(range(ROUNDS), SIDES):
        runs[side.name].append(one_run(side, servers[side.name], connections, SECONDS))
    found = {name: summary(several) for name, several in runs.items()}
    for name, figures in found.items():
        tell(f"posts at {connections}, {name}: {spoken(figures)}")
    ours, theirs = [s.name for s in SIDES[:2]], [s.name for s in SIDES[2:]]
    times = {
        f"{our} than {their}": times_better(runs[our], runs[their])
        for our, their in product(ours, theirs)
    }
    for pair, better in times.items():
        said = ", ".join(f"{figure} {ratio:g}" for figure, ratio in better.items())
        tell(f"posts at {connections}, times better, {pair}: {said}")
    return {"sides": {n: plain(f) for n, f in found.items()}, "times_better_than": times}


def times_better(ours: Sequence[Run], theirs: Sequence[Run]) -> dict[str, float]:
    """The median of each round's ratio: what else the machine did then slowed both sides."""
    rounds = list(zip(ours, theirs, strict=True))
    found = {
        "cpu": [their.cpu_ms / our.cpu_ms for our, their in rounds],
        "p50": [their.p50_ms / our.p50_ms for our, their in rounds],
        "p99": [their.p99_ms / our.p99_ms for our, their in rounds],
        "per_second": [our.per_second / their.per_second for our, their in rounds],
    }
    return {figure: round(median(ratios), 2) for figure, ratios in found.items()}
