"""The templates, compiled once for as long as nothing that they are made of changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from story_pages.outputs import Output
from story_pages.stories import Story

MACHINE_READ = Path(__file__).with_name("machine_read")


class Theme:
    """The templates for people, which are Pelican's theme, and those for machines."""

    def __init__(self, for_people: Environment) -> None:
        self._for_people = for_people.overlay(cache_size=-1)  # they are few: none has to give way
        self._for_machines = Environment(
            loader=FileSystemLoader(MACHINE_READ),
            autoescape=True,
            trim_blocks=True,
            keep_trailing_newline=True,
            undefined=StrictUndefined,
            auto_reload=False,
            bytecode_cache=for_people.bytecode_cache,
        )

    def template(self, output: Output) -> Template:
        """The template of a page. Raises `TemplateError`."""
        if output.for_machines:
            return self._for_machines.get_template(output.template)
        return self._for_people.get_template(f"{output.template}.html")

    def help_strip(self, context: Mapping[str, Any]) -> Markup:
        """The help strip as it stands on every page."""
        return Markup(self._for_people.get_template("help_strip.html").render(context))  # noqa: S704

    def story_card(self, story: Story) -> Markup:
        """How a story shows in a list."""
        macros: Any = self._for_people.get_template("cards.html").module
        try:
            card: Markup = macros.story_card(story)
        except Exception:  # noqa: BLE001 - raised again, with the template's own lines
            self._for_people.handle_exception()
        return card


_KEPT: dict[str, Theme] = {}


def theme_of(frame: str, for_people: Environment) -> Theme:
    """The theme of a frame; a press that stays up keeps the last one."""
    if frame not in _KEPT:
        _KEPT.clear()
        _KEPT[frame] = Theme(for_people)
    return _KEPT[frame]
