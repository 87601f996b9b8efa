"""Start the one machine: check, press if need be, serve, and stop cleanly."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from doors.logs import quieten
from editions.reading import Pages, Unreadable
from forum.digest import NotTold
from forum.press_store import Bell
from forum.sweep import Sweep
from forum.telling import Telling
from infra.local.checks import check_packages, open_store, prepare_folder, take_port
from infra.local.jobs import Job, Outcome
from infra.local.settings import ROOT, CannotStart, Settings, read, share
from infra.local.waking import Waking
from infra.local.warm import WarmPress
from infra.local.worker import Worker, each

if TYPE_CHECKING:
    from infra.local.server import LocalServer


def say(line: str) -> None:
    """Print one line for the operator, at once."""
    print(line, flush=True)  # noqa: T201 - starting up speaks by printing


def _progress(line: str) -> AbstractContextManager[object]:
    from rich.console import Console  # noqa: PLC0415 - it may be missing until it is checked for

    console = Console()
    if console.is_terminal:
        return console.status(line)
    say(line)
    return nullcontext()


def first_press(settings: Settings, press: WarmPress) -> None:
    """Press before anything is served: an edition if there is none, else what has changed since."""
    begun = time.monotonic()
    first = _edition(settings) is None
    with _progress("Building the site" if first else "Bringing the site up to date"):
        answer = press.run(Job.QUICK)
    if answer in (Outcome.DONE, Outcome.CLEARED):
        say(f"The site is ready ({time.monotonic() - begun:.0f} s)")
        return
    how = "`.venv/bin/python -m moderation publish` shows why."
    if _edition(settings) is None:
        raise CannotStart(f"The site could not be built; {how}")
    say(f"The site could not be brought up to date, so the last edition stays; {how}")


def _edition(settings: Settings) -> object:
    """Return what tells the edition, or None when there is none that can be read."""
    try:
        return Pages(settings.forum.editions).edition()
    except Unreadable:
        return None


def first_moderator_link() -> str:
    """Return a one-time link to enrol the first passkey, or "" when there is a moderator."""
    asked = subprocess.run(
        [sys.executable, "-m", "moderation", "invite", "--first", "--json"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        start_new_session=True,
    )
    try:
        return str(json.loads(asked.stdout).get("link") or "")
    except (ValueError, AttributeError):
        return ""


def announce(settings: Settings) -> None:
    """Say where everything is, and how the first moderator comes in."""
    here = f"http://localhost:{settings.port}"
    link = first_moderator_link()
    say("Handrail is running. Ctrl-C stops it.")
    say(f"  Read      {here}/")
    say(f"  Share     {here}/api/share")
    say(f"  Moderate  {here}/moderation/")
    if link:
        say("There is no moderator yet. Open this link once to become the first, with a passkey:")
        say(f"  {link}")


def tell_what_waits(telling: Telling) -> None:
    """Tell the moderators, if it is time to; tell the operator when that cannot be done."""
    try:
        telling.look()
    except NotTold as error:
        say(f"The moderators could not be told what waits: {error}. It will be tried again.")


def _work_beside(
    bell: Bell, sweep: Sweep, telling: Telling, press: WarmPress, waking: Waking
) -> None:
    """Press when the bell rings; between rings hide what readers reported, tidy the store, and
    tell what waits: last, for it may have to wait for somebody else's machine."""
    worker = Worker(
        wanted=bell.wanted,
        press=press.run,
        wait=waking.wait,
        now=time.monotonic,
        tell=say,
        tidy=each(sweep.hide, bell.tidy, partial(tell_what_waits, telling)),
    )
    try:
        worker.work()
    finally:
        press.close()


def serve(
    server: "LocalServer", beside: Callable[[], None], waking: Waking, ready: Callable[[], None]
) -> None:
    """Serve until a signal, then let what is under way finish.

    `beside` runs in a thread of its own until all is to stop; `ready` is told just before.
    """
    thread = threading.Thread(target=beside, name="press")
    ready()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: server.stop())
    thread.start()
    server.run()
    waking.stop()
    thread.join()
    say("Handrail has stopped.")


def start() -> None:
    """Do it all; raises CannotStart, or KeyboardInterrupt when stopped before it serves."""
    for ending in (signal.SIGINT, signal.SIGTERM):  # a shell may have had the first ignored
        signal.signal(ending, signal.default_int_handler)
    settings = read()
    check_packages()
    prepare_folder(settings)
    bound = take_port(settings)
    share(settings)
    bell, waking = open_store(settings), Waking()
    press = WarmPress(lambda: waking.stopped)
    first_press(settings, press)
    from forum.wiring import open_sweep, open_telling  # noqa: PLC0415 - packages are checked by now
    from infra.local.assemble import open_house  # noqa: PLC0415 - likewise

    quieten()
    chosen = settings.forum
    beside = partial(_work_beside, bell, open_sweep(chosen), open_telling(chosen), press, waking)
    house = open_house(settings, bound, waking.wake)
    serve(house, beside, waking, lambda: announce(settings))
