"""Pelican plugin: turns the posts that the press has written into the pages of the site.

It knows the post file, the manifest and the editions, and nothing of the forum that made them.
"""

from __future__ import annotations

import atexit
import gc
from pathlib import Path

from pelican import Pelican
from pelican.plugins import signals

from story_pages.broken import BrokenTemplate, NamingWriter
from story_pages.generator import StoryPages, report_on
from story_pages.run import Run, StillThere

__all__ = ("BrokenTemplate", "StillThere", "register")


# At its end the interpreter looks through everything once more: a third of what one story costs.
atexit.register(gc.freeze)


def _begin(pelican: Pelican) -> None:
    """Find out what there is to make; what stands already, Pelican need not make again."""
    run = Run(pelican.settings, Path(pelican.output_path))
    pelican.settings["EDITION"] = run
    pelican.settings["OUTPUT_PATH"] = pelican.output_path = str(run.output)
    if not run.with_hand:
        pelican.settings.update(PAGE_PATHS=[], THEME_STATIC_PATHS=[])


def _story_pages(pelican: object) -> type[StoryPages]:
    return StoryPages


def _writer(pelican: object) -> type[NamingWriter]:
    return NamingWriter


def _finish(pelican: Pelican) -> None:
    run: Run = pelican.settings["EDITION"]
    run.take_in()
    report_on(pelican.settings, run.finish())


def register() -> None:
    """Hook in; Pelican calls this once for every build."""
    signals.initialized.connect(_begin)
    signals.get_generators.connect(_story_pages)
    signals.get_writer.connect(_writer)
    signals.finalized.connect(_finish)
