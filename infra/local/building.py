"""One run of Pelican inside this process, which afterwards is as it was: its environment, its
locale, its ways to modules, its logging.

Whatever Pelican logs as an error ends the run there and then: a plugin that fails to load would
otherwise only be missing.
"""

from __future__ import annotations

import io
import locale
import logging
import sqlite3
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from doors.logs import place
from editions.press import CannotPrint
from infra.local.settings import ROOT, bare_environment

CONF = ROOT / "pelicanconf.py"
MOST_WORDS = 2_000
"""Characters that are kept of what went wrong."""


class BuildFailed(Exception):
    """The site could not be built. The text is for the operator, and holds no visitor's words."""


def build(environment: Mapping[str, str], overrides: Mapping[str, Any]) -> None:
    """Let Pelican build, with this environment and no other, and these settings over its own.

    Raises `BuildFailed`, or `OSError` or `sqlite3.Error` as they are: what can be done about
    those is for the caller to say.
    """
    settings: dict[str, Any] = {}
    with _unchanged(), _silent(), _errors_end_it(), bare_environment(environment):
        try:
            _run(settings, overrides)
        except Exception as error:
            room = type(error).__module__.partition(".")[0]
            if isinstance(error, (BuildFailed, OSError, sqlite3.Error)) and room != "jinja2":
                raise
            raise BuildFailed(_in_words(error, room)) from error
        finally:
            if run := settings.get("EDITION"):
                run.close()  # a failed one still holds the editions


def _run(settings: dict[str, Any], overrides: Mapping[str, Any]) -> None:
    # Imported on first use: a command that prints nothing starts without it.
    from pelican import Pelican  # noqa: PLC0415
    from pelican.contents import Content  # noqa: PLC0415
    from pelican.settings import read_settings  # noqa: PLC0415

    try:
        settings.update(read_settings(str(CONF), override=dict(overrides)))
    except Exception as error:
        raise BuildFailed(f"{CONF.name}: {error} ({place(error)})") from error
    try:
        Pelican(settings).run()
    finally:
        # Pelican remembers for good what each page says, and a page knows its whole site: whoever
        # builds again and again would hold every site that it has built.
        Content.get_content.cache.clear()
        Content.get_summary.cache.clear()


def _in_words(error: Exception, room: str) -> str:
    """What went wrong: our plugins' own words; of all others where it did, and what Pelican and
    Python's compiler say. They speak of the site; a template's error can quote a story.
    """
    if isinstance(error, CannotPrint):
        return str(error)[:MOST_WORDS]
    frames = traceback.extract_tb(error.__traceback__)
    templates = [frame for frame in frames if not frame.filename.endswith(".py")]
    if room == "jinja2" and templates:
        last = templates[-1]
        return f"{Path(last.filename).name}, line {last.lineno}: {type(error).__name__}"
    speaks = room == "pelican" or isinstance(error, SyntaxError)
    return f"{place(error)}{f': {error}' if speaks else ''}"[:MOST_WORDS]


@contextmanager
def _unchanged() -> Iterator[None]:
    """Put back what importing Pelican, and each of its runs, change for the whole process."""
    paths, root = sys.path[:], logging.getLogger()
    classes, was = (root.__class__, logging.getLoggerClass()), locale.setlocale(locale.LC_ALL)
    try:
        yield
    finally:
        sys.path[:] = paths
        root.__class__ = classes[0]
        logging.setLoggerClass(classes[1])
        locale.setlocale(locale.LC_ALL, was)


@contextmanager
def _silent() -> Iterator[None]:
    """Let nothing be printed: Pelican ends with a line of its own."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        yield


class _EndIt(logging.Handler):
    """Raises what is logged."""

    def emit(self, record: logging.LogRecord) -> None:
        """Raise `BuildFailed` with the words of the record."""
        raise BuildFailed(record.getMessage()[:MOST_WORDS])


@contextmanager
def _errors_end_it() -> Iterator[None]:
    """Log nothing meanwhile, but let an error end the run."""
    root, before = logging.getLogger(), logging.root.manager.disable
    handler = _EndIt(logging.ERROR)
    root.addHandler(handler)
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
        root.removeHandler(handler)
