"""Running the press by hand, or as the server does: what goes up, what comes down; going back."""

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
from moderation.commands.running import purge_all
from moderation.commands.staying import stay


def publish(asked: Arguments) -> None:
    """Run the press and say what went up and what came down, or show the edition before again.

    If automatic, it then purges: nothing stands before a removal, and no press that fails keeps
    the clocks from running.
    """
    if sum((asked.full, asked.back, asked.stay)) > 1 or (asked.back and asked.automatic):
        raise Failed("Only one of --full, --back and --stay can be done at a time.")
    if asked.back:
        _go_back(asked)
    elif asked.stay:
        stay()
    else:
        _publish(asked)


def _publish(asked: Arguments) -> None:
    trouble = ""
    # Else Python looks through all that is loaded once more as it ends, for as long as printing a
    # story takes.
    atexit.register(gc.freeze)
    try:
        with progress(asked) as told:
            summary = _pressed(asked, told)
        asked.say(_for_programs(summary), "\n".join((summary.words, *summary.amiss)))
    finally:
        trouble = _trouble_purging() if asked.automatic else ""
    if trouble:
        raise Failed(trouble)


def _pressed(asked: Arguments, told: Progress) -> Summary:
    chosen = wiring.settings()
    try:
        return run_press(chosen, told, anew=asked.full)
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
        raise Failed(f"The last edition stays. {error}") from None
    words = "Readers see the edition before again; pages that differ: {}. {}"
    asked.say(
        {"back": True, "pages": pages},
        words.format(pages, "The next run of the press brings the newest again."),
    )


def _trouble_purging() -> str:
    try:
        purge_all()
    except Exception as error:  # noqa: BLE001 - whatever it is, the press has done its part
        return f"The press is done. What has run out was not erased: {type(error).__name__}."
    return ""


def _for_programs(summary: Summary) -> dict[str, object]:
    aside = [{"id": post_id, "why": why} for post_id, why in summary.set_aside]
    return {**asdict(summary), "set_aside": aside}
