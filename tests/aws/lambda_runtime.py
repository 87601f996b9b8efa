"""Lambda on this machine: its own emulator of the runtime, and its own client for Python.

Both are fetched once, held against their SHA-256, and kept in the environment's folder. A bundle
runs with Python's own library and this client, and nothing else on the path.
"""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.aws.wheels import fetch, unpack

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".venv" / "lambda"
CLIENT = ("awslambdaric==4.2.2", "simplejson==4.3.0", "snapshot_restore_py==1.0.0")
EMULATOR = "aws-sam-cli==1.170.0"
BINARIES = {
    "arm64": "ec2e5d09633d853834c008b1ef264bf834b258a94d551d2b2074966494b39a21",
    "x86_64": "6b1e686e62ab2baf5759c412c4864276ef2a88b094fca53ec070637ccba9b9a5",
}
"""SHA-256 of the emulator inside that wheel, by machine."""
ALONE = Path(__file__).with_name("lambda_alone.py")
INVOKE = "/2015-03-31/functions/function/invocations"
PATIENCE = 20.0
"""Seconds in which the emulator has to listen, on a machine that may be busy."""
AMAZON = {
    "AWS_LAMBDA_FUNCTION_NAME": "handrail",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
    "PATH": os.defpath,
}
"""What Lambda tells every function."""


@dataclass(frozen=True)
class Runtime:
    """The emulator, and the folder that holds the client."""

    emulator: Path
    client: Path


def machine() -> str:
    """This machine's architecture, in Lambda's words."""
    return {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")


def python() -> str:
    """Python itself, not that of an environment."""
    found: str = getattr(sys, "_base_executable", sys.executable)
    return found


def prepared() -> Runtime:
    """Fetch what is not there yet."""
    known = hashlib.sha256(" ".join((*CLIENT, EMULATOR, *BINARIES.values())).encode()).hexdigest()
    home = HOME / known[:12]
    runtime = Runtime(home / "rie", home / "client")
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:  # several test processes may come at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            _fetch(home, runtime)
            (home / "ready").touch()
    return runtime


def _fetch(home: Path, runtime: Runtime) -> None:
    wheels = fetch((*CLIENT, EMULATOR), home / "wheels", machine())
    for pin in CLIENT:
        unpack(wheels[pin], runtime.client)
    with zipfile.ZipFile(wheels[EMULATOR]) as packed:
        binary = packed.read(f"samcli/local/rapid/aws-lambda-rie-{machine()}")
    assert hashlib.sha256(binary).hexdigest() == BINARIES[machine()], "not the emulator we know"
    runtime.emulator.write_bytes(binary)
    runtime.emulator.chmod(0o755)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(frozen=True)
class Function:
    """A function that runs; invoked one at a time, as Lambda does."""

    port: int
    log: Path
    emulator: int
    """The process id of the emulator, whose one child is the function."""

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """What the function answers, or Lambda in its stead."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request("POST", INVOKE, json.dumps(event))
        answered = line.getresponse().read()
        line.close()
        return json.loads(answered)


@contextmanager
def running(
    bundle: Path, handler: str, log: Path, settings: Mapping[str, str], seconds: int = 30
) -> Iterator[Function]:
    """A function from an unpacked bundle, alone; `seconds` is its time limit."""
    runtime = prepared()
    port, api = free_port(), free_port()
    with log.open("wb") as said:
        process = subprocess.Popen(
            [
                *(runtime.emulator, "--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
                *("--runtime-api-address", f"127.0.0.1:{api}"),
                *(python(), "-I", "-S", "-B", ALONE, runtime.client, handler),
            ],
            cwd=bundle,
            env={**AMAZON, "AWS_LAMBDA_FUNCTION_TIMEOUT": str(seconds), **settings},
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(port, process)
        yield Function(port, log, process.pid)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise AssertionError("the emulator does not listen")
