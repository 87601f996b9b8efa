"""A flood of right forms, with and without proofs of work, while one person takes a story back.

The limits are those that a fresh installation has. Beside the flood, one after the other, somebody
withdraws a post with their receipt and a reader opens a page; the same without a flood is the
measure. At the end every post that was answered with 201 must be in the store.
"""

import base64
import http.client
import json
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from statistics import median
from typing import Any, Final
from urllib.parse import urlencode

import altcha
from accepted_posts import post_request, story
from load import Fired, fire
from servers import BENCH, Server, handrail

from forum.admission import issue, read
from forum.keys import Keyring, read_keyring
from forum.proof import challenge

CONNECTIONS: Final = 32
SECONDS: Final = 6.0
FORMS: Final = 15_000
PROOFS: Final = 70
"""A few more than the wide lane takes at once."""
WITHDRAWALS: Final = 12
"""As many as the narrow lane lets in beforehand, with room to spare."""
FORM: Final = "application/x-www-form-urlencoded"


def solved(task: Mapping[str, Any]) -> tuple[str, float]:
    """A proof of work for one form, and the CPU seconds that it took."""
    began = time.process_time()
    found = altcha.solve_challenge(altcha.Challenge.from_dict(task))
    if found is None:
        raise RuntimeError("no proof was found")
    solution = {"counter": found.counter, "derivedKey": found.derived_key}
    told = json.dumps({"challenge": task, "solution": solution})
    return base64.b64encode(told.encode()).decode(), time.process_time() - began


def keyring_of(server: Server) -> Keyring:
    """The key that signs this server's forms."""
    return read_keyring((server.folder / "data" / "keys" / "forms").read_text("ascii"))


def tokens(keyring: Keyring, how_many: int) -> list[str]:
    """Tokens of forms that were handed out a minute ago."""
    a_minute_ago = datetime.now(UTC) - timedelta(minutes=1)
    return [issue(keyring, a_minute_ago, token_bytes) for _ in range(how_many)]


def body(token: str, **more: str) -> str:
    """A right form."""
    fields = {"kind": "story", "consent": "yes", "body": story(), "token": token}
    return urlencode({**fields, **more})


def proven_forms(server: Server) -> tuple[list[str], float]:
    """Forms that carry a proof, and the median of CPU seconds that one took to find."""
    keyring = keyring_of(server)
    given = tokens(keyring, PROOFS)
    now = datetime.now(UTC)
    tasks = [challenge(keyring, read(keyring, token).nonce, now) for token in given]
    with ProcessPoolExecutor() as pool:
        found = list(pool.map(solved, tasks))
    forms = [body(token, pow=proof) for token, (proof, _) in zip(given, found, strict=True)]
    return forms, median(seconds for _, seconds in found)


def ask(server: Server, method: str, path: str, sent: str = "") -> tuple[int, bytes, float]:
    """One request on a connection of its own: status, body, milliseconds."""
    began = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        headers = {"Accept": "application/json", "Content-Type": FORM}
        connection.request(method, path, sent or None, headers)
        heard = connection.getresponse()
        content = heard.read()
    return heard.status, content, 1000 * (time.perf_counter() - began)


def shared(server: Server) -> list[tuple[str, str]]:
    """Posts to be taken back later: their receipts and ids."""
    told = []
    for token in tokens(keyring_of(server), 2 * WITHDRAWALS):
        status, content, _ = ask(server, "POST", "/api/posts", body(token))
        if status != 201:
            raise RuntimeError(f"a form before the flood was answered with {status}")
        said = json.loads(content)
        told.append((said["receipt"], said["id"]))
    return told


def taken_back(server: Server, posts: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Withdraw these, reading a page after each; the medians and the worst in milliseconds."""
    withdrawn, pages = [], []
    for receipt, post_id in posts:
        sent = urlencode({"receipt": receipt, "id": post_id})
        status, _, ms = ask(server, "POST", "/api/receipt/withdraw", sent)
        if status != 200:
            raise RuntimeError(f"a withdrawal was answered with {status}")
        withdrawn.append(ms)
        pages.append(ask(server, "GET", "/help/")[2])
    return {
        "withdrawal_p50_ms": round(median(withdrawn), 1),
        "withdrawal_worst_ms": round(max(withdrawn), 1),
        "page_p50_ms": round(median(pages), 1),
    }


def stored(server: Server) -> int:
    """How many posts have a row."""
    with closing(sqlite3.connect(server.folder / "data" / "handrail.sqlite3")) as store:
        (number,) = store.execute("SELECT COUNT(*) FROM posts").fetchone()
    return int(number)


def measure(tell: Callable[[str], None]) -> Mapping[str, Any]:
    """Calm, then a flood without proofs and one with; raise if anything admitted is lost."""
    scratch = BENCH / "flood"
    shutil.rmtree(scratch, ignore_errors=True)
    with handrail(scratch, limits={}) as server:
        posts = shared(server)
        figures: dict[str, Any] = {"calm": taken_back(server, posts[:WITHDRAWALS])}
        proofs, seconds = proven_forms(server)
        plain = [
            post_request("/api/posts", FORM, body(t)) for t in tokens(keyring_of(server), FORMS)
        ]
        before = server.cpu()
        with ThreadPoolExecutor() as threads:
            flood = threads.submit(fire, server.port, plain, CONNECTIONS, SECONDS)
            time.sleep(SECONDS / 4)
            figures["in a flood"] = taken_back(server, posts[WITHDRAWALS:])
            fired = flood.result()
        spent = server.cpu() - before
        wide = Counter(ask(server, "POST", "/api/posts", form)[0] for form in proofs)
        figures |= _counted(fired, wide, spent, seconds)
        lost = len(posts) + fired.statuses.get(201, 0) + wide[201] - stored(server)
        if lost:
            raise RuntimeError(f"{lost} posts that were admitted are lost")
    shutil.rmtree(scratch)
    figures["times slower to take back in a flood"] = round(
        figures["in a flood"]["withdrawal_p50_ms"] / figures["calm"]["withdrawal_p50_ms"], 1
    )
    for name, figure in figures.items():
        tell(f"{name}: {figure}")
    return figures


def _counted(fired: Fired, wide: Mapping[int, int], spent: float, seconds: float) -> dict[str, Any]:
    answers = sum(fired.statuses.values())
    return {
        "without proofs, answers by status": fired.statuses,
        "without proofs, answers a second": round(answers / fired.seconds),
        "without proofs, server CPU ms an answer": round(1000 * spent / answers, 2),
        "with proofs, answers by status": dict(wide),
        "CPU seconds of a proof for whoever floods": round(seconds, 2),
        "admitted and lost": 0,
    }


if __name__ == "__main__":
    measure(print)
