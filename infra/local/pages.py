"""The kind pages of last resort: what a person sees when neither a door nor the edition can answer.

In the cloud the same sentences become the gateway's own error pages.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from doors.headers import Headers, asks_for_json, complete, for_door
from doors.helplines import HelpLines
from infra.local.answer import Answer
from infra.local.settings import ROOT

_HERE: Final = Path(__file__).parent
_THEME: Final = ROOT / "site" / "theme" / "templates"

_NOTHING_HERE: Final = (
    "There is nothing at this address",
    (
        "The link may be old, or a letter may have gone missing. "
        "From the home page you can find your way."
    ),
)
_UNREADABLE: Final = (
    "We could not read that",
    "What arrived was cut short or mixed up on its way. Please go back and try again.",
)
_SENTENCES: Final[Mapping[int, tuple[str, str]]] = {
    400: _UNREADABLE,
    403: _NOTHING_HERE,
    404: _NOTHING_HERE,
    405: (
        "This address cannot be used that way",
        "Please go back to the page you came from, or start again from the home page.",
    ),
    413: (
        "That was too long to send",
        (
            "What you sent is longer than this site can take, and none of it was kept here. "
            "Please go back: most browsers still have it. Copy it somewhere safe first, then make "
            "it shorter."
        ),
    ),
    429: (
        "Very many people are here right now",
        (
            "We could not take that just now, and none of it was kept here. Please wait a minute, "
            "then go back and send it again. What you typed may still be there."
        ),
    ),
    431: (
        "Your browser sent too much at once",
        "Please open the home page in a new window and try again from there.",
    ),
    500: (
        "Something went wrong on our side",
        (
            "It was not you. Please wait a minute, then go back and try again. "
            "What you typed may still be there."
        ),
    ),
    501: _UNREADABLE,
    502: (
        "We cannot show you this page right now",
        (
            "It is not you. The site does not answer at this moment. If you were sending "
            "something, go back: most browsers still have your words. Copy them somewhere safe, "
            "and try again later. The numbers above work now."
        ),
    ),
    503: (
        "The site is being made ready",
        "Its pages are being put together right now. Please try again in a minute.",
    ),
    504: (
        "That took too long",
        (
            "We do not know whether what you sent has arrived. Please wait a minute, then go back "
            "and send it again. If it did arrive, it is not kept twice."
        ),
    ),
}


def render(help_lines: HelpLines, leave_url: str = "") -> Mapping[int, bytes]:
    """Fill every page once, in the site's own frame, so that showing one later cannot fail."""
    template = _templates(leave_url).get_template("gateway_error.html")
    return {
        status: template.render(title=title, sentence=sentence, help=help_lines).encode()
        for status, (title, sentence) in _SENTENCES.items()
    }


def render_away(help_lines: HelpLines, leave_url: str = "") -> bytes:
    """Fill the page of 502 once more, for when nothing of the site answers.

    No stylesheet, script or picture would come, so it has none; and no link but those that lead
    to help, away, or home.
    """
    title, sentence = _SENTENCES[502]
    template = _templates(leave_url).get_template("away.html")
    return template.render(title=title, sentence=sentence, help=help_lines).encode()


def _templates(leave_url: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([_HERE, _THEME]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["LEAVE_URL"] = leave_url
    return environment


@dataclass(frozen=True)
class KindPages:
    """The filled pages by status; `https` says how people reach the site."""

    filled: Mapping[int, bytes]
    help_lines: HelpLines
    https: bool = False

    def answer(self, status: int, path: str = "/", accept: str = "", extra: Headers = ()) -> Answer:
        """Return the page of a status, or its JSON; a status without a page is told as 500."""
        status = status if status in self.filled else 500
        if asks_for_json(accept):
            kind, body = "application/json", self._as_json(status)
        else:
            kind, body = "text/html; charset=utf-8", self.filled[status]
        own = (("Content-Type", kind), *extra)
        return Answer(status, complete(own, for_door(path, https=self.https)), body)

    def _as_json(self, status: int) -> bytes:
        title, sentence = _SENTENCES[status]
        said = {"errors": {"": f"{title}. {sentence}"}, "help": self.help_lines.for_programs()}
        return json.dumps(said).encode()
