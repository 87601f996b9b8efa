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
from forum.digest import NotTold
from forum.ports import Bell
from forum.sweep import Sweep
from forum.telling import Telling
from infra.local import made_of, worker
from infra.local.checks import check_packages, open_store, prepare_folder, take_port
from infra.local.settings import ROOT, CannotStart, Settings, read, share

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


def first_press(settings: Settings) -> None:
    """Press an edition if there is none, or if what it is made of has changed."""
    if not made_of.outdated(settings):
        return
    fingerprint, begun = made_of.fingerprint(settings), time.monotonic()
    with _progress("Building the site (under a minute the first time)"):
        status = worker.run_child(worker.PUBLISH, told_to_stop=lambda: False)
    if status == 0:
        made_of.stamp_file(settings).write_text(fingerprint, "ascii")
        say(f"The site is built ({time.monotonic() - begun:.0f} s)")
        return
    how = "`.venv/bin/python -m moderation publish` shows why."
    if not settings.forum.current.is_dir():
        raise CannotStart(f"The site could not be built (status {status}); {how}")
    say(f"The site could not be built anew (status {status}), so the last one stays; {how}")


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


def _work_beside(bell: Bell, sweep: Sweep, telling: Telling, stopping: threading.Event) -> None:
    """Press when the bell rings; between rings hide what readers reported, tidy the store, and
    tell what waits: last, for it may have to wait for somebody else's machine."""
    worker.keep_pressing(
        wanted=bell.wanted,
        press=lambda: worker.run_child(worker.BY_ITSELF, stopping.is_set),
        stopped_within=stopping.wait,
        now=time.monotonic,
        tell=say,
        tidy=worker.each(sweep.hide, bell.tidy, partial(tell_what_waits, telling)),
    )


def serve(
    server: "LocalServer", beside: Callable[[threading.Event], None], ready: Callable[[], None]
) -> None:
    """Serve until a signal, then let what is under way finish.

    `beside` runs in a thread of its own until its event is set; `ready` is told just before.
    """
    stopping = threading.Event()
    thread = threading.Thread(target=beside, args=(stopping,), name="press")
    ready()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: server.stop())
    thread.start()
    server.run()
    stopping.set()
    thread.join()
    say("Handrail has stopped.")


def start() -> None:
    """Do it all; raises CannotStart, or KeyboardInterrupt when stopped before it serves."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = read()
    check_packages()
    prepare_folder(settings)
    bound = take_port(settings)
    share(settings)
    bell = open_store(settings)
    first_press(settings)
    from forum.wiring import open_sweep, open_telling  # noqa: PLC0415 - packages are checked by now
    from infra.local.assemble import open_house  # noqa: PLC0415 - likewise

    quieten()
    chosen = settings.forum
    beside = partial(_work_beside, bell, open_sweep(chosen), open_telling(chosen))
    serve(open_house(settings, bound), beside, lambda: announce(settings))
