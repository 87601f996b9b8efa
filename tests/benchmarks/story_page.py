"""A reader's story page from the local server: its weight, and what serving it takes."""

import gzip
import shutil
import urllib.request
from collections.abc import Callable
from typing import Final

from load import fire
from runs import Figures, Run, plain, spoken, summary
from servers import BENCH, Server, handrail

CONNECTIONS: Final = (1, 8, 32)
ROUNDS: Final = 3
SECONDS: Final = 1.0


def measure(tell: Callable[[str], None]) -> dict[str, object]:
    """Ask for one story again and again, packed as browsers ask for it."""
    folder = BENCH / "story"
    shutil.rmtree(folder, ignore_errors=True)
    with handrail(folder) as server:
        path = a_story(server)
        weight = weigh(server, path)
        tell(f"a story page: {weight['bytes']} bytes, {weight['gzip_bytes']} packed")
        found: dict[str, Figures] = {}
        for connections in CONNECTIONS:
            runs = [one_run(server, path, connections) for _ in range(ROUNDS)]
            found[str(connections)] = summary(runs)
            tell(f"a story page at {connections}: {spoken(found[str(connections)])}")
    shutil.rmtree(folder)
    return {
        **weight,
        "runs": {connections: plain(figures) for connections, figures in found.items()},
    }


def a_story(server: Server) -> str:
    """The path of some story in the edition."""
    return f"/stories/{min((server.folder / 'posts').glob('*.json')).stem}/"


def weigh(server: Server, path: str) -> dict[str, int]:
    """The page's bytes, as they are and as they travel."""
    address = f"http://127.0.0.1:{server.port}{path}"
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        packed = answer.read()
    return {"bytes": len(gzip.decompress(packed)), "gzip_bytes": len(packed)}


def one_run(server: Server, path: str, connections: int) -> Run:
    """Load the server for a while, and hold its CPU against the pages it gave."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    before = server.cpu()
    fired = fire(server.port, [request], connections, SECONDS, again=True)
    return Run.of(fired, 200, server.cpu() - before)
