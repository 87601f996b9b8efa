"""The emulated cloud on this machine: in an environment of its own, gone when it is closed.

`python -m infra.aws.emulator` runs it until Ctrl-C. It listens on this machine alone, keeps
nothing, and with `enforce` refuses what no policy allows.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

import botocore.session

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".venv-emulator"
REQUIREMENTS = Path(__file__).with_name("emulator-requirements.txt")
STARTS = Path(__file__).with_name("emulator_start.py")
REGION = "eu-west-1"
ACCOUNT = "000000000000"
KEY = "test"
"""Key and secret of the account's owner, who may do everything there."""
PATIENCE = 30.0
"""Seconds in which it has to answer, on a machine that may be busy."""


class NotStarted(Exception):
    """The emulator did not come up; the message says where its log is."""


def prepare() -> Path:
    """Make its environment, unless that is done; the Python in it."""
    python = HOME / "bin" / "python"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = HOME / "ready"
    HOME.mkdir(exist_ok=True)
    with (HOME / "lock").open("w") as lock:  # several test processes may come at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return python
        stamp.unlink(missing_ok=True)
        subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
        subprocess.run(
            [
                *(python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"),
                *("--no-input", "--progress-bar", "off", "--prefer-binary", "-r", REQUIREMENTS),
            ],
            check=True,
        )
        stamp.write_text(wanted)
    return python


class Emulator:
    """One emulated cloud, from `with` to its end."""

    def __init__(self, port: int, log: Path, *, enforce: bool = False) -> None:
        """`log` is where it writes; with `enforce` it asks every caller for a policy."""
        self.port = port
        self._log = log
        self._enforce = enforce
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """What makes every AWS client speak with it, as the account's owner."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str, **given: Any) -> Any:
        """A client of one service, as the account's owner unless `given` says otherwise."""
        owner = {"aws_access_key_id": KEY, "aws_secret_access_key": KEY}
        asked = {"endpoint_url": self.url, "region_name": REGION, **owner, **given}
        return botocore.session.get_session().create_client(service, **asked)

    def start(self) -> None:
        """Come up; raise `NotStarted`."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [prepare(), STARTS],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={"PATH": os.defpath, **self._settings()},
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while not _answers(f"{self.url}/_ministack/health"):
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise NotStarted(f"the emulated cloud did not start; see {self._log}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Go, with all that it started."""
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, 15)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, 9)
                self._process.wait()
            self._process = None

    def wait(self) -> None:
        """Run until it is stopped from outside."""
        if self._process:
            self._process.wait()

    def _settings(self) -> dict[str, str]:
        return {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "EDGE_PORT": str(self.port),
            "AUTH": "true" if self._enforce else "false",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "0",
            "LAMBDA_EXECUTOR": "local",
        }

    def __enter__(self) -> Emulator:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main() -> None:
    """Run it on port 4566 until Ctrl-C, or until it is told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Emulator(4566, ROOT / "var" / "emulator.log") as emulator:
        sys.stdout.write(f"The emulated cloud answers on {emulator.url}. Ctrl-C stops it.\n")
        with contextlib.suppress(KeyboardInterrupt):
            emulator.wait()


if __name__ == "__main__":
    main()
