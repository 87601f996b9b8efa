"""Pelican plugin: no page is made without the help lines at hand, so every page can show them."""

from __future__ import annotations

from pathlib import Path

from pelican.generators import Generator
from pelican.plugins import signals

from doors.helplines import load


def _give_help(generator: Generator) -> None:
    """Put `help` into the context that all templates share; a broken file fails the build."""
    if "help" not in generator.context:
        path = Path(generator.settings["HELPLINES"])
        generator.context["help"] = load(path, production=generator.settings["PRODUCTION"])


def register() -> None:
    """Hook in before any page is read; Pelican calls this once."""
    signals.generator_init.connect(_give_help)
