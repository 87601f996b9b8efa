"""Every kind of page, each open in a tab of its own, for whoever wants to look at all of them."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.moderator import Moderator
from tests.journeys.reader import Reader
from tests.journeys.visitor import Receipt, Visitor

TITLE = "He moved his bag"
STORY = """The first week I slept on my sister’s floor, with the lights on.

I told nobody at work. I said I had a cold, and I went to the meeting at six, and I sat at the \
back. A man I did not know moved his bag so that I could sit.

<em>That was all.</em> He moved his bag.

It is two years now. Some days are still long. On those I make soup. If tonight is one of yours: \
there is a chair, and somebody will move their bag."""
SECOND = """I have not had a drink since spring. Nobody tells you how loud the evenings are.

<b>What helps:</b> my dog, the radio, and going to bed when she does."""
PATHS = {
    "home": "/",
    "stories": "/stories/",
    "topics": "/topics/",
    "topic": "/topics/alcohol/",
    "help": "/help/",
    "privacy": "/your-privacy/",
    "how to share": "/how-to-share/",
    "receipt": "/api/receipt",
    "sign-in": "/moderation/sign-in",
    "spent invitation": "/moderation/enrol",
    "not found": "/stories/aaaaaaaaaaaaaaaa/",
    "notice": "/api/share?kind=letter",
}
"""Pages that anybody can open by their address."""


def of_a_reader(reader: Reader, path: str) -> dict[str, Page]:
    """The pages with an address, and the story at `path`."""
    tabs = {}
    for name, address in {**PATHS, "story": path}.items():
        tabs[name] = reader.page.context.new_page()
        tabs[name].goto(reader.site + address)
    return tabs


def of_a_visitor(author: Visitor, shared: Receipt) -> dict[str, Page]:
    """The form, the form come back, the receipt that was just given, and what it opens."""
    tabs = {}
    for name in ("share", "share again", "sent", "posts"):
        tabs[name] = author.page.context.new_page()
        visitor = Visitor(tabs[name], author.site)
        if name == "posts":
            visitor.looks_up(shared.words)
            continue
        visitor.opens_the_form()
        if name == "share again":
            visitor.send_button.click()
        if name == "sent":
            visitor.writes(SECOND, "The dog, the radio")
            visitor.sends()
    return tabs


def of_a_moderator(moderator: Moderator, waiting: Receipt) -> dict[str, Page]:
    """The desk: the queue, a post held and with its message open, the press, a post long gone."""
    tabs = {}
    for name in ("queue", "read", "publish", "gone"):
        tab = moderator.in_another_tab()
        tabs[name] = tab.page
        if name == "read":
            tab.holds(waiting.pen_name)
            tab.writes("Return with a message", "Thank you for telling this.")
        if name == "queue":
            tab.opens_the_queue()
        if name == "publish":
            tab.publishes()
        if name == "gone":
            tab.page.goto(f"{tab.site}/moderation/post/aaaaaaaaaaaaaaaa")
    return tabs
