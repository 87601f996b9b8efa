"""The real proxy, with the configuration that we ship, in front of a house on this machine."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.local import away
from infra.local.checks import bind
from infra.local.settings import ROOT
from tests.doors.local_machine import Heard

NAME = "forum.example.org"
SITE = f"https://{NAME}"
SHIPPED = ROOT / "infra" / "local" / "production" / "Caddyfile"
PATIENCE = 20
"""Seconds that the proxy may take to start."""
VISITOR = "127.0.0.77"
"""An address that only these tests' visitors have, to be looked for where it must not be."""


@dataclass(frozen=True)
class Proxy:
    """Where the proxy listens, and everything that it writes."""

    https: int
    http: int
    folder: Path

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Heard:
        """Send one request over TLS, from the visitor's address."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.https), 10, (VISITOR, 0))
        return _asked(
            trusting.wrap_socket(plain, server_hostname=NAME), method, path, body, headers
        )

    def ask_plainly(self, path: str) -> Heard:
        """Send one request without TLS."""
        plain = socket.create_connection(("127.0.0.1", self.http), 10, (VISITOR, 0))
        return _asked(plain, "GET", path, None, {})

    def written(self) -> bytes:
        """Every file that the proxy wrote, one after the other, with its name."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return b"\n".join(str(path).encode() + path.read_bytes() for path in files)


def _asked(
    sock: socket.socket, method: str, path: str, body: Any, headers: dict[str, str]
) -> Heard:
    connection = http.client.HTTPConnection(NAME)
    connection.sock = sock
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return Heard(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def _free() -> int:
    """A port that no client of a test beside this one is given meanwhile: those come from above."""
    while True:
        port = 15_000 + secrets.randbelow(17_000)
        with suppress(OSError), bind("127.0.0.1", port):
            return port


def configured(folder: Path, upstream: int, https: int, plain: int) -> str:
    """The file as it is shipped, but for ports, a certificate of its own, and where it is kept."""
    shipped = SHIPPED.read_text("utf-8")
    ports = f"\thttps_port {https}\n\thttp_port {plain}\n"
    changed = {
        "\tadmin off\n": f"\tadmin off\n{ports}\tskip_install_trust\n",
        f"\n{NAME} {{\n": f"\n{NAME} {{\n\ttls internal\n",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "/etc/caddy/handrail": str(folder),
    }
    for words, others in changed.items():
        assert shipped.count(words) == 1, words
        shipped = shipped.replace(words, others)
    return shipped


def without(pattern: str, text: str) -> str:
    """The text without this, which must be in it once."""
    left, number = re.subn(pattern, "", text, flags=re.DOTALL)
    assert number == 1, pattern
    return left


@contextmanager
def proxied(folder: Path, upstream: int, spoiled: Callable[[str], str] = str) -> Iterator[Proxy]:
    """A proxy in front of this port; it keeps all it writes in the folder."""
    caddy = shutil.which("caddy")
    if not caddy:
        pytest.skip("caddy is not installed: .ci/run does that")
    folder.mkdir(parents=True)
    https, plain = _free(), _free()
    configuration = spoiled(configured(folder, upstream, https, plain))
    (folder / "Caddyfile").write_text(configuration, "utf-8")
    assert away.main([str(folder)]) == 0
    homes = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder / "home"))
    command = [caddy, "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            command, cwd=folder, env={"PATH": os.environ["PATH"], **homes}, stdout=said, stderr=said
        )
    proxy = Proxy(https, plain, folder)
    try:
        until = time.monotonic() + PATIENCE
        while process.poll() is None and not _answers(proxy) and time.monotonic() < until:
            time.sleep(0.05)
        assert process.poll() is None, (folder / "said").read_text("utf-8")
        yield proxy
    finally:
        process.terminate()
        process.wait(timeout=15)


def _answers(proxy: Proxy) -> bool:
    try:
        return proxy.ask("HEAD", "/").status > 0
    except OSError:
        return False
