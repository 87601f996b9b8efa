"""The whole product, started as an operator starts it: one process, one port, its own folder."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds until a start counts as failed; it builds the site, on a machine that may be busy."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass
class House:
    """The running product, and the operator's hands on it."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def site(self) -> str:
        """Where it is; passkeys work at this name and not at a number."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed since it first started."""
        return self.folder.with_suffix(".log")

    @property
    def first_link(self) -> str:
        """The link it printed for the first moderator."""
        found = re.search(r"http://\S+/moderation/enrol\?invitation=\S+", self.log.read_text())
        assert found, self.log.read_text()
        return found.group()

    def start(self) -> None:
        """Start, and return once it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra.local"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def stop(self) -> int:
        """Ask it to stop, as Ctrl-C and a service manager do; its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def command(self, *words: str) -> dict[str, Any]:
        """Run `python -m moderation ... --json` beside it; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "moderation", *words, "--json"],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        printed: dict[str, Any] = json.loads(done.stdout)
        return printed

    def invitation(self) -> str:
        """The printed link while nobody has used it, else one for one more moderator."""
        if not self.command("moderators")["moderators"]:
            return self.first_link
        return str(self.command("invite")["link"])

    def waiting(self) -> set[str]:
        """The ids of the posts that wait to be read."""
        return {post["id"] for post in self.command("queue")["posts"]}

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page, asked for without a browser."""
        try:
            with urllib.request.urlopen(self.site + path, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(timeout=30)
        self.process = None
        return status

    def _answers(self) -> bool:
        try:
            return self.get("/api/health")[0] == 200
        except OSError:
            return False

    def _environment(self) -> dict[str, str]:
        given = {
            "HANDRAIL_DATA": str(self.folder),
            "HANDRAIL_POSTS": str(self.folder / "posts"),
            "PORT": str(self.port),
        }
        return {"PATH": os.environ["PATH"], **given}
