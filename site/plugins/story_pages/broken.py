"""What is wrong with a template is told by its name, its line and its own words.

Never by what the line was about to show: that could be a story's.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError
from pelican.writers import Writer

from editions.press import CannotPrint


class BrokenTemplate(CannotPrint):
    """A page could not be made; the text names the template and the line."""


class NamingWriter(Writer):  # type: ignore[misc]  # Pelican has no types
    """Pelican's writer, for the pages that Pelican itself renders."""

    def write_file(self, name: str, template: Any, *args: Any, **kwargs: Any) -> None:
        """Write the page. Raises `BrokenTemplate`, or `OSError` as ever."""
        with faults_named(getattr(template, "name", None) or name):
            super().write_file(name, template, *args, **kwargs)


@contextmanager
def faults_named(template: str) -> Iterator[None]:
    """Raise `BrokenTemplate` for whatever this template, or one that it calls, does wrong."""
    try:
        yield
    except CannotPrint:
        raise
    except TemplateSyntaxError as error:  # found before anything of a story is known
        where = f"{error.name or template}, line {error.lineno}"
        raise BrokenTemplate(f"{where}: {error.message}") from error
    except Exception as error:
        line = _line_of(error)
        if line is None and not isinstance(error, TemplateError):
            raise  # a full disk, or two pages of one name: no template's fault
        where = f"{Path(line.filename).name}, line {line.lineno}" if line else template
        what = f" in {line.line}" if line else ""
        # Its own words may be a story's: nobody is to be shown where this comes from.
        raise BrokenTemplate(f"{where}: {type(error).__name__}{what}") from None


def _line_of(error: Exception) -> traceback.FrameSummary | None:
    """The line of the template where it went wrong, if one was running."""
    lines = reversed(traceback.extract_tb(error.__traceback__))
    return next((line for line in lines if line.filename.endswith(_TEMPLATES)), None)


_TEMPLATES = (".html", ".xml", ".txt")
