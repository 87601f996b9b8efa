"""Many who share at once, by programs: to fill a queue that somebody then reads in a browser."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from urllib.parse import urlencode

from forum.admission import issue
from forum.keys import read_keyring
from tests.journeys.house import House
from tests.journeys.visitor import Receipt

LONG_ENOUGH = timedelta(minutes=1)
"""How long ago a form was opened: nobody has to wait until it can have been read."""


def share_all(
    house: House, *stories: str, title: str = "", topic: str = "alcohol"
) -> list[Receipt]:
    """Send each of these to be read; what their authors keep, in the same order."""
    keyring = read_keyring((house.folder / "keys" / "forms").read_text("ascii"))
    opened = datetime.now(UTC) - LONG_ENOUGH
    sent = []
    for story in stories:
        token = issue(keyring, opened, token_bytes)
        sent.append(_sent(house, body=story, title=title, topic=topic, token=token))
    return [Receipt(words, house.pen_name(post_id)) for words, post_id in sent]


def _sent(house: House, **given: str) -> tuple[str, str]:
    """The six words and the id of what was just sent."""
    form = urlencode({"kind": "story", "consent": "yes", **given}).encode()
    request = urllib.request.Request(
        f"{house.site}/api/posts", form, {"Accept": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        said = json.load(answer)
    return said["receipt"], said["id"]
