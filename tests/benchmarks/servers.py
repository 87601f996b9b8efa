"""The servers that are measured: each started afresh in a folder of its own, and stopped again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
BENCH: Final = ROOT / ".bench"
ISSO: Final = BENCH / "isso-venv"
ISSO_PINNED: Final = ("isso==0.14.0", "gunicorn==27.0.1")
STARTING: Final = 120
"""Seconds that a server may take to listen."""
TICK: Final = os.sysconf("SC_CLK_TCK")

ISSO_SETTINGS: Final = """\
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
notify =
[moderation]
enabled = true
[guard]
enabled = false
[server]
listen = http://127.0.0.1:{port}
"""


@dataclass(frozen=True)
class Server:
    """A server that listens on this machine, and the folder it keeps everything in."""

    pid: int
    port: int
    folder: Path

    def cpu(self) -> float:
        """CPU seconds that the process and its children have used so far, dead ones included."""
        return sum(_ticks(pid) for pid in _family(self.pid)) / TICK


UNLIMITED: Final = dict.fromkeys(
    ("HANDRAIL_MOST_UNREAD", "HANDRAIL_PROVEN_A_MINUTE", "HANDRAIL_UNPROVEN_A_MINUTE"), "1000000"
)
"""Settings that let every post in, as fast as it can be stored."""


@contextmanager
def handrail(folder: Path, limits: Mapping[str, str] = UNLIMITED) -> Iterator[Server]:
    """The forum, as `make run` starts it, but for its limits."""
    with _started([sys.executable, "-m", "infra.local"], folder, _own(folder) | limits) as server:
        yield server


@contextmanager
def handrail_unscreened(folder: Path) -> Iterator[Server]:
    """The forum with screening taken out, for this measurement alone: what the rest costs."""
    code = (
        "import runpy, forum.texts as t; from forum.screening import Findings; "
        "t.screen = lambda text: Findings((), True, 'en'); "
        "runpy.run_module('infra.local', run_name='__main__', alter_sys=True)"
    )
    with _started([sys.executable, "-c", code], folder, _own(folder) | UNLIMITED) as server:
        yield server


def _own(folder: Path) -> dict[str, str]:
    """Settings that keep everything of a forum in this folder."""
    return {"HANDRAIL_DATA": str(folder / "data"), "HANDRAIL_POSTS": str(folder / "posts")}


@contextmanager
def isso(folder: Path) -> Iterator[Server]:
    """Isso with the server it brings."""
    settings = folder / "isso.cfg"
    with _started([ISSO / "bin" / "isso", "-c", settings, "run"], folder) as server:
        yield server


@contextmanager
def isso_in_gunicorn(folder: Path) -> Iterator[Server]:
    """Isso under gunicorn, with two workers that take one request at a time."""
    command = [ISSO / "bin" / "gunicorn", "--workers", "2", "--log-level", "error", "isso.run"]
    settings = {"ISSO_SETTINGS": str(folder / "isso.cfg")}
    with _started(command, folder, settings) as server:
        yield server


def install_isso() -> None:
    """Install Isso into an environment of its own, once."""
    if (ISSO / "bin" / "gunicorn").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", ISSO], check=True)
    pip = [ISSO / "bin" / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, *ISSO_PINNED], check=True)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**settings: str) -> dict[str, str]:
    """This environment without any setting of a forum, and with these."""
    ours = ("HANDRAIL_", "MAKE", "MFLAGS")
    return {n: v for n, v in os.environ.items() if not n.startswith(ours)} | settings


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads its own group, and whatever it started."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _started(
    command: Sequence[str | Path], folder: Path, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    port = free_port()
    folder.mkdir(parents=True)
    (folder / "isso.cfg").write_text(ISSO_SETTINGS.format(folder=folder, port=port), "utf-8")
    given = environment(PORT=str(port), GUNICORN_CMD_ARGS=f"--bind 127.0.0.1:{port}")
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**given, **(settings or {})}, stdout=said, stderr=said,
            start_new_session=True,
        )  # fmt: skip
    try:
        _wait_for(process, port, folder)
        yield Server(process.pid, port, folder)
    finally:
        end(process)


def _wait_for(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    """Return once the port is answered."""
    until = time.monotonic() + STARTING
    while process.poll() is None and time.monotonic() < until:
        if _listens(port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"a server did not start: {(folder / 'said.txt').read_text('utf-8')}")


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as probe:
            probe.sendall(b"HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return probe.recv(1) != b""
    except OSError:
        return False


def _family(pid: int) -> list[int]:
    """A process and all that came from it and still runs."""
    family = [pid]
    for member in family:
        for task in Path(f"/proc/{member}/task").glob("*/children"):
            family += [int(child) for child in task.read_text().split()]
    return family


def _ticks(pid: int) -> int:
    """Clock ticks of a process and of its children that ended."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return sum(int(ticks) for ticks in after_name[11:15])
