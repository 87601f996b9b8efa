"""Running the press by hand: what goes up, what comes down; and going back."""

from __future__ import annotations

import atexit
import gc
from dataclasses import asdict

from editions.press import NothingToGoBackTo
from forum import wiring
from forum.press import TooMuchWouldVanish
from forum.press_report import Summary
from forum.printing import PrintFailed
from moderation.commands.arguments import Arguments, Failed
from moderation.commands.pressing import run_press
from moderation.commands.progress import Progress, progress
from moderation.commands.staying import stay


def publish(asked: Arguments) -> None:
    """Run the press and say what went up and what came down, or show the edition before again."""
    if sum((asked.full, asked.back, asked.stay)) > 1:
        raise Failed("Only one of --full, --back and --stay can be done at a time.")
    if asked.back:
        _go_back(asked)
    elif asked.stay:
        stay()
    else:
        _publish(asked)


def _publish(asked: Arguments) -> None:
    # Else Python looks through all that is loaded once more as it ends, for as long as printing a
    # story takes.
    atexit.register(gc.freeze)
    with progress(asked) as shown:
        summary = _pressed(asked, shown)
    asked.say(_for_programs(summary), "\n".join((summary.words, *summary.amiss)))


def _pressed(asked: Arguments, shown: Progress) -> Summary:
    chosen = wiring.settings()
    try:
        return run_press(chosen, shown, anew=asked.full)
    except TooMuchWouldVanish as error:
        raise Failed(str(error)) from None
    except PrintFailed as error:
        raise Failed(f"The last edition stays: the site could not be built. {error}") from None


def _go_back(asked: Arguments) -> None:
    try:
        pages = wiring.open_printer(wiring.settings()).go_back()
    except NothingToGoBackTo:
        raise Failed(
            "There is no edition to go back to. "
            "It is the first, or something was taken down or changed since the one before."
        ) from None
    except PrintFailed as error:
        raise Failed(f"Nothing changed: readers see the same edition. {error}") from None
    asked.say(
        {"back": True, "pages": pages},
        f"Readers see the edition before again. Pages that differ: {pages}. "
        "The next run of the press brings the newest again.",
    )


def _for_programs(summary: Summary) -> dict[str, object]:
    aside = [{"id": post_id, "why": why} for post_id, why in summary.set_aside]
    return {**asdict(summary), "set_aside": aside, "pages": summary.pages}
