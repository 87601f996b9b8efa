"""The press beside the server: it runs by itself when a removal or a batch waits, and once a day.

The press is another process (``python -m moderation publish``), so that a build never slows an
answer, and killing either never harms the other: an edition appears whole or not at all.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from infra.local.settings import ROOT

PUBLISH: Final = ("-m", "moderation", "publish", "--json")
BY_ITSELF: Final = (*PUBLISH, "--automatic")

_DAY: Final = 24 * 60 * 60.0  # seconds
_MINUTE: Final = 60.0  # seconds
_LONGEST_PAUSE: Final = 60.0  # seconds


def run_child(arguments: Sequence[str], told_to_stop: Callable[[], bool]) -> int:
    """Run Python with arguments and return its exit status; its words are not kept.

    It has a process group of its own, so that Ctrl-C is ours to answer. When told to stop it
    gets 10 seconds to finish, then is ended.
    """
    child = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not told_to_stop():
            try:
                return child.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
        return _end(child, grace=10)
    except BaseException:
        _end(child, grace=0)
        raise


def _end(child: subprocess.Popen[bytes], grace: float) -> int:
    try:
        return child.wait(timeout=grace)
    except subprocess.TimeoutExpired:
        child.terminate()
    try:
        return child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def keep_pressing(
    wanted: Callable[[], bool],
    press: Callable[[], int],
    stopped_within: Callable[[float], bool],
    now: Callable[[], float],
    tell: Callable[[str], None],
    tidy: Callable[[], None],
) -> None:
    """Look every second whether the press is wanted, and run it; return once stopped.

    It runs unasked at once, and then once a day. `stopped_within(seconds)` waits that long and
    says whether to stop; `now` is in seconds. After a failure the pause doubles, from 2 seconds
    to 60. `tidy` is called about every minute.
    """
    failures, last, tidied = 0, -_DAY, now()
    while not stopped_within(min(2.0**failures, _LONGEST_PAUSE)):
        if now() - tidied >= _MINUTE:
            tidied = now()
            _tried(tidy)
        if not (failures or _asked(wanted) or now() - last >= _DAY):
            continue
        last = now()
        status = press()
        failures = failures + 1 if status else 0
        if status and not stopped_within(0):
            tell(f"The press stopped with status {status}; it will try again by itself.")


def each(*chores: Callable[[], object]) -> Callable[[], None]:
    """All of these as one, in their order; one that fails keeps no other from being done."""

    def do() -> None:
        for chore in chores:
            _tried(chore)

    return do


def _tried(tidy: Callable[[], object]) -> None:
    with suppress(Exception):  # a locked or full store: it is tried again the next time
        tidy()


def _asked(wanted: Callable[[], bool]) -> bool:
    try:
        return wanted()
    except Exception:  # noqa: BLE001 - a locked or full store must not end the press for good
        return True
