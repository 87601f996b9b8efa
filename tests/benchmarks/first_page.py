"""How long a newcomer waits: from a fresh clone to the first page, and at the next start."""

import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from servers import BENCH, ROOT, environment, free_port

CLONE: Final = BENCH / "clone"
PATIENCE: Final = 600
"""Seconds that `make run` may take."""


def measure(tell: Callable[[str], None]) -> dict[str, float]:
    """Clone what is committed and run it twice; wheels come from the registry, not from a cache."""
    shutil.rmtree(CLONE, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, CLONE], check=True)
    found = {}
    for start in ("fresh", "second"):
        found[f"{start}_make_run_s"] = seconds_to_first_page(["make", "run"])
        tell(f"{start} make run to first page: {found[f'{start}_make_run_s']} s")
    server = [str(CLONE / ".venv" / "bin" / "python"), "-m", "infra.local"]
    found["server_alone_s"] = seconds_to_first_page(server)
    tell(f"the server alone to first page: {found['server_alone_s']} s")
    shutil.rmtree(CLONE)
    return found


def seconds_to_first_page(command: list[str]) -> float:
    """Start it, wait until the home page is there, and stop it again."""
    port = free_port()
    settings = environment(PORT=str(port), PIP_NO_CACHE_DIR="1")
    began = time.monotonic()
    with running(command, settings) as process:
        while not answers(port):
            if process.poll() is not None or time.monotonic() > began + PATIENCE:
                raise RuntimeError(f"no page came: {(BENCH / 'said.txt').read_text('utf-8')}")
            time.sleep(0.05)
        return round(time.monotonic() - began, 2)


@contextmanager
def running(command: list[str], settings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A command in the clone; it and what it started are stopped as Ctrl-C stops them."""
    with (BENCH / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            command, cwd=CLONE, env=settings, stdout=said, stderr=said, start_new_session=True
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=30)


def answers(port: int) -> bool:
    """Whether the home page is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False
