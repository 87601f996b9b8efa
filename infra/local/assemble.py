"""Put the house together: both doors, the readers' pages and the kind pages, on one port.

Importing this loads waitress and Chalice; the doors themselves load in `open_house`, because they
read the environment as they do.
"""

import importlib
import socket
from collections.abc import Callable

from doors.helplines import load
from doors.messages import MessagesError
from editions.reading import Pages
from infra.local.door import Door
from infra.local.house import House
from infra.local.pages import KindPages, render
from infra.local.server import LocalServer
from infra.local.settings import ROOT, CannotStart, Settings
from infra.local.sheets import Sheets
from infra.local.static import StaticSite


def open_house(settings: Settings, bound: socket.socket, acted: Callable[[], None]) -> LocalServer:
    """Load both doors and put the house on a bound socket; it answers once it is run.

    `acted` is called whenever a door has answered somebody who may have changed something.

    Raises CannotStart.
    """
    help_lines = load(ROOT / "content" / "helplines.csv", production=settings.forum.production)
    filled = render(help_lines, settings.forum.leave_url)
    pages = KindPages(filled, help_lines, https=settings.https)
    try:
        doors = {
            f"/{name}": Door(importlib.import_module(f"{name}.app").app, f"/{name}", pages)
            for name in ("api", "moderation")
        }
    except MessagesError as error:
        raise CannotStart(f"A message to authors is wrong. {error}") from error
    site = StaticSite(Sheets(Pages(settings.forum.editions)), pages)
    return LocalServer(House(doors, site, pages, acted), bound, pages)
