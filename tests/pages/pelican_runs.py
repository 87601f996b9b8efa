"""Real Pelican runs, in this process or in one of its own, and what they leave."""

from __future__ import annotations

import io
import json
import locale
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.settings import read_settings

from tests.pages.posts_folder import Record

ROOT = Path(__file__).parents[2]
SITEURL = "https://stories.example"


@dataclass(frozen=True)
class Built:
    """What a Pelican build left: its files by address, its report and what it said."""

    folder: Path
    code: int
    said: str
    report: Record

    def addresses(self) -> set[str]:
        """Every address the folder answers."""
        return {f"/{path}".removesuffix("index.html") for path in self.files()}

    def files(self) -> dict[str, bytes]:
        """Every file of the build, to the byte."""
        return files_in(self.folder)

    def read(self, address: str) -> str:
        """The text at an address."""
        name = address.removeprefix("/") + ("index.html" if address.endswith("/") else "")
        return (self.folder / name).read_bytes().decode()

    def pages(self) -> dict[str, str]:
        """Every HTML page by its address."""
        found = (a for a in self.addresses() if a.endswith(("/", ".html")))
        return {address: self.read(address) for address in sorted(found)}


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, to the byte."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def build(posts: Path, into: Path, **given: Any) -> Built:
    """The whole site as plain files, made in this process.

    `given` are settings, or what stands in the environment (HANDRAIL_…). Raises what Pelican
    raises, and `LoggedError` where it only says so.
    """
    env = {name: value for name, value in given.items() if name.startswith("HANDRAIL_")}
    settings = {name: value for name, value in given.items() if name not in env}
    said: list[str] = []
    env, settings = {"HANDRAIL_POSTS": str(posts), **env}, {"OUTPUT_PATH": str(into), **settings}
    report = run(env, settings, said)
    return Built(into, 0, "\n".join(said), report)


class LoggedError(Exception):
    """Pelican logged an error and went on, as it does without `--fatal errors`."""


def run(env: Mapping[str, str], settings: Mapping[str, Any], said: list[str]) -> Record:
    """One run of Pelican in this process with nothing else in its environment; its report."""
    told: list[Record] = []
    given: dict[str, Any] = {}
    with _only(env), _logged(said):
        override = {"EDITION_TOLD": told.append, **settings}
        given = read_settings(str(ROOT / "pelicanconf.py"), override=override)
        try:
            Pelican(given).run()
        finally:
            if "EDITION" in given:
                given["EDITION"].close()
    assert len(told) == 1
    return told[0]


@contextmanager
def _only(env: Mapping[str, str]) -> Iterator[None]:
    """Let the process have this environment, and be in the end as it was."""
    before, paths, where = dict(os.environ), sys.path[:], locale.setlocale(locale.LC_ALL)
    os.environ.clear()
    os.environ.update({"PATH": before["PATH"], "HANDRAIL_SITEURL": SITEURL, **env})
    try:
        with redirect_stdout(io.StringIO()):  # Pelican ends with a line of its own
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        sys.path[:] = paths
        locale.setlocale(locale.LC_ALL, where)


class _Heard(logging.Handler):
    """Keeps warnings; raises errors."""

    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.said = said

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())
        if record.levelno >= logging.ERROR:
            raise LoggedError(record.getMessage())


@contextmanager
def _logged(said: list[str]) -> Iterator[None]:
    root, heard, made = logging.getLogger(), _Heard(said), logging.getLogRecordFactory()
    root.addHandler(heard)
    logging.setLogRecordFactory(logging.LogRecord)  # a door in this process would say nothing
    try:
        yield
    finally:
        logging.setLogRecordFactory(made)
        root.removeHandler(heard)


def start(posts: Path, into: Path, home: Path = ROOT, **settings: Any) -> subprocess.Popen[str]:
    """Begin `pelican --fatal errors` as anybody would, in a process of its own.

    `home` is the checkout whose plugins and theme are used.
    """
    command = [sys.executable, "-m", "pelican", "--fatal", "errors", "-o", str(into)]
    extra = [f"{name}={json.dumps(value)}" for name, value in settings.items()]
    command += ["--log-handler", "plain", *(["-e", *extra] if extra else [])]
    given = {
        "PATH": os.environ["PATH"],
        "HANDRAIL_POSTS": str(posts),
        "HANDRAIL_REPORT": str(report_of(into)),
        "HANDRAIL_SITEURL": SITEURL,
    }
    return subprocess.Popen(
        command, cwd=home, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def build_apart(posts: Path, into: Path, home: Path = ROOT, **settings: Any) -> Built:
    """Run it to its end, whatever that is."""
    process = start(posts, into, home, **settings)
    said, _ = process.communicate(timeout=120)
    report = report_of(into)
    written = json.loads(report.read_text()) if report.exists() else {}
    report.unlink(missing_ok=True)
    return Built(into, process.returncode, said, written)


def report_of(into: Path) -> Path:
    """Where a build that goes to this folder reports."""
    return into.with_suffix(".report.json")
