"""Renders the pages of an edition with Pelican's own templates and context."""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup
from pelican.generators import Generator
from pelican.writers import Writer

from story_pages.broken import faults_named
from story_pages.cards import Cards
from story_pages.outputs import Output
from story_pages.printing import Printing
from story_pages.run import Report, Run
from story_pages.search_hand import pages_by_hand
from story_pages.stories import Story
from story_pages.theme import theme_of
from story_pages.touched import SHELVED

log = logging.getLogger(__name__)


class StoryPages(Generator):  # type: ignore[misc]  # Pelican has no types
    """Makes every page, list and feed that posts give the site, as far as it is not made yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._run: Run = self.settings["EDITION"]
        self._theme = theme_of(self._run.frame, self.env)
        self._cards = Cards(self._card)

    def generate_context(self) -> None:
        """Give all pages what they need besides, each part of it rendered once."""
        self.context["months"] = self._run.months
        self.context["SITEHOST"] = urlsplit(self.settings["SITEURL"]).hostname
        with faults_named("help_strip"):
            self.context["help_strip"] = self._theme.help_strip(self.context)
        self.context["story_card"] = self._cards.of
        vocabulary = self._run.library.vocabulary
        self.context["vocabulary"] = {name: vocabulary.words(name) for name in SHELVED}
        for page in self.context["pages"]:  # Pelican would not tell which of them is broken
            with faults_named(page.template):
                self.get_template(page.template)

    def generate_output(self, writer: Writer) -> None:
        """Make what differs; where it goes is the run's affair."""
        told = self.settings["EDITION_PROGRESS"] or (lambda done, total: None)
        printing = Printing(self._run, self._render, self._cards, told)
        with _no_pauses() if self._run.whole else nullcontext():
            printing.print()
        if self._run.with_hand:
            self._search_by_hand()

    def _search_by_hand(self) -> None:
        """Let the hand-written pages be found."""
        output = pages_by_hand(self.context["pages"], self._run.library.vocabulary, SHELVED)
        self._run.put(output.path, self._render(output), "")

    def _card(self, story: Story) -> Markup:
        with faults_named("cards"):
            return self._theme.story_card(story)

    def _render(self, output: Output) -> bytes:
        context = {**self.context, **output.context()}
        with faults_named(output.template):
            return self._theme.template(output).render(context).encode("utf-8")


@contextmanager
def _no_pauses() -> Iterator[None]:
    """A whole build makes much that stays: to look through it for what went takes a tenth more."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if before:
            gc.enable()


def report_on(settings: dict[str, Any], report: Report) -> None:
    """Tell whoever wants to know. What is amiss is a warning: an error would stop the build."""
    for aside in report.set_aside:
        log.warning("Set aside %r: %s", aside.id, aside.why)
    for warning in report.health.warnings:
        log.warning("The collection: %s", warning)
    if settings["EDITION_TOLD"]:
        settings["EDITION_TOLD"](report.told())
    if settings["EDITION_REPORT"]:
        Path(settings["EDITION_REPORT"]).write_text(json.dumps(report.told()) + "\n", "utf-8")
