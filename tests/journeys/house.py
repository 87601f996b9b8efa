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
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.journeys.cellar import Cellar, cellar_for

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds until a start counts as failed; it builds the site, on a machine that may be busy."""
NOBODY_IS_NEW = {"HANDRAIL_BUDDY_FIRST": "0"}
"""Without this a buddy reads along with every decision of somebody who has just enrolled."""


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
    settings: Mapping[str, str] = field(default_factory=dict)
    """What the operator set, beside folder and port."""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    begun: bool = False
    """Whether somebody has used the printed link."""

    @cached_property
    def cellar(self) -> Cellar:
        """Its store."""
        return cellar_for(self.folder)

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

    def invitation(self, roles: str = "moderator") -> str:
        """The printed link, good for every role, while nobody has used it; else one for these."""
        self.begun = self.begun or bool(self.command("moderators")["moderators"])
        if not self.begun:
            return self.first_link
        return str(self.command("invite", "--roles", roles)["link"])

    def pen_name(self, post_id: str) -> str:
        """The name that was made for a post, from the store: nobody need start a command for it."""
        return self.cellar.pen_name(post_id)

    def minutes_pass(self, minutes: float) -> None:
        """Move all that the desk has timed back by so much, as if the clock had gone on.

        The clock of a machine is nobody's to move for a test; what it wrote down is.
        """
        self.cellar.pass_seconds(minutes * 60)

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
        store = self.cellar.settings()
        return {"PATH": os.environ["PATH"], **NOBODY_IS_NEW, **given, **store, **self.settings}
