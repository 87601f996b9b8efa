"""No log line carries what a person sent: a record keeps its place and an error's class, no words.

Libraries log paths, headers and exception texts, and any of these can hold somebody's words.
So the rule is made once, where records are made, and holds for every logger of the process.
"""

import logging
import threading
import traceback
from types import TracebackType
from typing import Any

_Caught = tuple[type[BaseException], BaseException, TracebackType | None]


def place(error: BaseException) -> str:
    """Return the class of an error and the line that raised it, never its message."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown line"
    return f"{type(error).__module__}.{type(error).__qualname__} at {where}"


class BareRecord(logging.LogRecord):
    """A log record whose message is a code location and, for an exception, its class."""

    def __init__(
        self,
        name: str,
        level: int,
        pathname: str,
        lineno: int,
        msg: object,
        args: Any,
        exc_info: Any,
        func: str | None = None,
        sinfo: str | None = None,
        **_: Any,
    ) -> None:
        caught = exc_info[1] if isinstance(exc_info, tuple) else None
        bare = place(caught) if caught is not None else f"a message from {pathname}:{lineno}"
        super().__init__(name, level, pathname, lineno, bare, (), None, func, None)


def _thread_died(died: threading.ExceptHookArgs) -> None:
    if died.exc_value is not None:
        report(died.exc_value)


def report(error: BaseException) -> None:
    """Log that something went wrong: which class, on which line."""
    logging.getLogger("handrail").error(
        "stripped", exc_info=(type(error), error, error.__traceback__)
    )


def quieten() -> None:
    """Make the rule hold in this process, for records, warnings and threads that die."""
    logging.setLogRecordFactory(BareRecord)
    logging.captureWarnings(capture=True)
    logging.basicConfig(level=logging.WARNING, format="handrail: %(levelname)s: %(message)s")
    for name in ("waitress", "waitress.queue"):
        logging.getLogger(name).setLevel(logging.ERROR)
    threading.excepthook = _thread_died
