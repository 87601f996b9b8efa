"""Pelican plugin: the help page has its lines by topic too, so that nobody must know a name.

The topics are those of the help blocks under stories, in the vocabulary's words, and a few more
that lines of help carry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pelican.generators import PagesGenerator
from pelican.plugins import signals
from story_pages.words import Word, read_vocabulary

from doors.helplines import HelpLines, Line

TEMPLATE = "help_page"
"""The template of the page that shows them."""
ALSO = (
    Word("mental-health", "Mental health", "For questions about how you feel, or about treatment."),
    Word("lgbtq", "LGBTQ+", "For people who are lesbian, gay, bi, trans or queer."),
    Word("veterans", "Veterans", "For people who have served, and for those close to them."),
)
"""Topics of lines that no help block has."""


@dataclass(frozen=True, slots=True)
class HelpTopic:
    """A topic with every line that may show for it, by country."""

    slug: str
    label: str
    sentence: str
    lines: tuple[Line, ...]


def help_topics(shown: HelpLines, words: Iterable[Word]) -> Iterator[HelpTopic]:
    """The topics that have a line, in the order of their words; the operator's own line last."""
    lines = [line for country in shown.countries for line in country.lines]
    if shown.own:
        lines.append(shown.own)
    for word in words:
        carrying = tuple(line for line in lines if word.slug in line.topics)
        if carrying:
            yield HelpTopic(word.slug, word.label, word.sentence, carrying)


def _give_topics(generator: PagesGenerator) -> None:
    """Put `help_topics` into the context that all templates share, where a page shows them."""
    if any(page.template == TEMPLATE for page in generator.pages):
        vocabulary = read_vocabulary(Path(generator.settings["VOCABULARY"]))
        words = (*vocabulary.words("help"), *ALSO)
        generator.context["help_topics"] = tuple(help_topics(generator.context["help"], words))


def register() -> None:
    """Hook in once the hand-written pages are read; Pelican calls this once."""
    signals.page_generator_finalized.connect(_give_topics)
