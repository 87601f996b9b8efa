"""A plugin that does what ours do with Pelican, in a process where they are not; what it met."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from jinja2 import Environment
from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals
from pelican.settings import read_settings

CONF = Path(__file__).parents[2] / "pelicanconf.py"


class Probe:
    """The plugin. Pelican keeps no plugin alive, so whoever makes one has to."""

    def __init__(self, output: str) -> None:
        self.output = output
        self.met: list[str] = []
        self.generator: Generator = None

    def register(self) -> None:
        """Pelican calls this while it begins."""
        signals.initialized.connect(self.begin)
        signals.get_generators.connect(self.generators)
        signals.generator_init.connect(self.made)
        signals.finalized.connect(self.finish)

    def begin(self, pelican: Pelican) -> None:
        self.met.append("initialized")
        pelican.settings["OUTPUT_PATH"] = pelican.output_path = self.output
        pelican.settings.update(PAGE_PATHS=[], THEME_STATIC_PATHS=[])

    def generators(self, pelican: Pelican) -> type[Generator]:
        self.met.append("get_generators")
        probe = self

        class Made(Generator):  # type: ignore[misc]
            def generate_context(self) -> None:
                probe.met.append("generate_context")

            def generate_output(self, writer: Any) -> None:
                probe.met.append("generate_output")
                probe.generator = self

        return Made

    def made(self, generator: Generator) -> None:
        if "generator_init" not in self.met:
            self.met.append("generator_init")

    def finish(self, pelican: Pelican) -> None:
        self.met.append("finalized")


def main(output: str, **given: str) -> dict[str, Any]:
    """Run Pelican with nothing but the probe."""
    probe = Probe(output)
    pelican = Pelican(read_settings(str(CONF), override={"PLUGINS": [probe], **given}))
    begun = list(probe.met)
    pelican.run()
    made = probe.generator
    return {
        "begun": begun,
        "met": probe.met,
        "has its templates": isinstance(made.env, Environment),
        "has the settings": made.settings is pelican.settings,
        "writes to": made.output_path,
        "knows the site's name": made.context["SITENAME"],
    }


if __name__ == "__main__":
    told = main(sys.argv[1], **json.loads(sys.argv[2]))
    print(json.dumps(told), file=sys.stderr)
