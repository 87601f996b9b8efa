"""``python -m infra.local.away FOLDER``: the pages that the proxy shows by itself.

They are made beforehand and lie with the proxy: when the first is wanted there is nobody to ask.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from doors.helplines import HelplinesError, load
from infra.local.pages import render, render_away
from infra.local.settings import ROOT, CannotStart, read


def pages() -> Mapping[str, bytes]:
    """Each page by its file's name, with today's help lines.

    One for when the forum is down, one for what is too long even to be passed on to it. Raises
    `CannotStart` and `HelplinesError`.
    """
    chosen = read().forum
    help_lines = load(ROOT / "content" / "helplines.csv", production=chosen.production)
    return {
        "away.html": render_away(help_lines, chosen.leave_url),
        "long.html": render(help_lines, chosen.leave_url)[413],
    }


def main(arguments: list[str]) -> int:
    """Write the pages into the folder that `arguments` name; the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("handrail: name the folder that the proxy shows its pages from.\n")
        return 1
    try:
        for name, page in pages().items():
            Path(arguments[0], name).write_bytes(page)
    except (CannotStart, HelplinesError, OSError) as error:
        sys.stderr.write(f"handrail: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
