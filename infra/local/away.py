"""``python -m infra.local.away``: the page that the proxy shows while the forum is down.

It is made beforehand and lies with the proxy, for when it is wanted there is nobody here to ask.
"""

import sys

from doors.helplines import load
from infra.local.pages import render
from infra.local.settings import ROOT, CannotStart, read


def page() -> bytes:
    """The page with today's help lines. Raises `CannotStart`."""
    chosen = read().forum
    help_lines = load(ROOT / "content" / "helplines.csv", production=chosen.production)
    return render(help_lines, chosen.leave_url)[503]


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(page())
    except CannotStart as error:
        sys.exit(f"handrail: {error}")
