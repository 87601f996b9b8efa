"""Renders the pages of an edition through Pelican's own templates, context and writer."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pelican.generators import Generator
from pelican.writers import Writer

from story_pages.edition import Edition, read_edition
from story_pages.numbers import read_numbers
from story_pages.outputs import Output, outputs
from story_pages.words import read_vocabulary

log = logging.getLogger(__name__)

MACHINE_READ = Path(__file__).with_name("machine_read")


class StoryPages(Generator):  # type: ignore[misc]  # Pelican has no types
    """Reads the posts, and writes every page, list and feed that they give the site."""

    edition: Edition

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._machine_read = Environment(
            loader=FileSystemLoader(MACHINE_READ),
            autoescape=True,
            trim_blocks=True,
            keep_trailing_newline=True,
            undefined=StrictUndefined,
        )

    def generate_context(self) -> None:
        """Read the edition. What is set aside is a warning: an error would stop the build."""
        vocabulary = read_vocabulary(Path(self.settings["VOCABULARY"]))
        edition = read_edition(Path(self.settings["POSTS"]), vocabulary)
        self.context["months"], amiss = read_numbers(Path(self.settings["NUMBERS"]))
        self.edition = replace(edition, set_aside=(*edition.set_aside, *amiss))
        for set_aside in self.edition.set_aside:
            log.warning("Set aside %r: %s", set_aside.id, set_aside.why)
        self.context["SITEHOST"] = urlsplit(self.settings["SITEURL"]).hostname

    def generate_output(self, writer: Writer) -> None:
        """Write every output of the edition, then the report on it."""
        pages = len(self.context["pages"])
        for output in outputs(self.edition):
            self._write(writer, output)
            pages += not output.for_machines
        self._report(pages)

    def _write(self, writer: Writer, output: Output) -> None:
        template = (
            self._machine_read.get_template(output.template)
            if output.for_machines
            else self.get_template(output.template)
        )
        writer.write_file(
            output.save_as,
            template,
            self.context,
            relative_urls=False,
            url=output.address,
            **output.context(),
        )

    def _report(self, pages: int) -> None:
        """Tell the press, in JSON, what was built and what was not, if it wants to know."""
        if not self.settings["EDITION_REPORT"]:
            return
        report = {
            "set_aside": [{"id": left.id, "why": left.why} for left in self.edition.set_aside],
            "stories": len(self.edition.stories),
            "pages": pages,
        }
        Path(self.settings["EDITION_REPORT"]).write_text(json.dumps(report) + "\n", "utf-8")
