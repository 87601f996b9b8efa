"""Every kind of page for readers and authors, each open in a tab of its own, to look at them all.

The desk has a way through it of its own, `desk_tour`.
"""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.reader import Reader
from tests.journeys.visitor import Receipt, Visitor, six_words

TITLE = "He moved his bag"
STORY = """The first week I slept on my sister’s floor, with the lights on.

I told nobody at work. I said I had a cold, and I went to the meeting at six, and I sat at the \
back. A man I did not know moved his bag so that I could sit.

<em>That was all.</em> He moved his bag.

It is two years now. Some days are still long. On those I make soup. If tonight is one of yours: \
there is a chair, and somebody will move their bag."""
SECOND = """I have not had a drink since spring. Nobody tells you how loud the evenings are.

<b>What helps:</b> my dog, the radio, and going to bed when she does."""
TELLING = "My sister Priya drove me there from Dundee on 14 March 2019, and it got lighter."
DANGER = "I have decided to kill myself tonight and I have the pills here. Goodbye, all of you."
PATHS = {
    "home": "/",
    "stories": "/stories/",
    "topics": "/topics/",
    "topic": "/topics/alcohol/",
    "topic, without": "/topics/alcohol/#without",
    "arcs": "/arcs/",
    "what helped": "/helped/",
    "guides": "/guides/",
    "guide": "/cravings/",
    "guide to groups": "/groups-and-meetings/",
    "search": "/search/",
    "words": "/words/",
    "help": "/help/",
    "privacy": "/your-privacy/",
    "leaving quickly": "/leaving-quickly/",
    "yours": "/yours/",
    "accessibility": "/accessibility/",
    "about": "/about/",
    "for professionals": "/for-professionals/",
    "how to share": "/how-to-share/",
    "not published": "/what-we-do-not-publish/",
    "how it goes": "/how-it-goes/",
    "receipt": "/api/receipt",
    "sign-in": "/moderation/sign-in",
    "spent invitation": "/moderation/enrol",
    "not found": "/stories/aaaaaaaaaaaaaaaa/",
    "notice": "/api/share?kind=letter",
    "nothing to report": "/api/reports?id=aaaaaaaaaaaaaaaa",
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
    """The form, looked over, come back and sent; what a receipt opens, and one with a slip."""
    form, again, over, sent, slip, posts = (in_a_tab(author) for _ in range(6))
    for one in (form, again, over, sent):
        one.opens_the_form()
    again.send_button.click()
    over.writes(TELLING, "The dog, the radio")
    over.looks_it_over()
    sent.writes(SECOND, "The dog, the radio")
    sent.sends()
    slip.looks_up("otter " * 5 + "otterr")
    posts.looks_up(shared.words)
    for summary in posts.page.locator("summary").all():
        summary.click()
    return {
        "share": form.page,
        "share again": again.page,
        "looked over": over.page,
        "sent": sent.page,
        "slip": slip.page,
        "posts": posts.page,
    }


def of_a_bad_night(author: Visitor) -> dict[str, Page]:
    """What somebody reads who may be in danger, and who types back what they just wrote down."""
    worried, wrong, right = (in_a_tab(author) for _ in range(3))
    for one in (worried, wrong, right):
        one.opens_the_form()
        one.writes(DANGER if one is worried else SECOND)
        one.presses_send()
    wrong.types_back(six_words(wrong.page)[:-1])
    right.types_back(six_words(right.page))
    return {
        "sent, worried": worried.page,
        "typed back wrong": wrong.page,
        "typed back right": right.page,
    }


def in_a_tab(author: Visitor) -> Visitor:
    """The same person, in the same browser, with one more tab open."""
    return Visitor(author.page.context.new_page(), author.site)


def of_an_author(author: Visitor, offered: Receipt, declined: Receipt) -> dict[str, Page]:
    """What comes back to somebody, and what they do with it, to the last."""
    tabs = {}
    for name in ("offered", "change", "change again", "revised", "declined", "erased"):
        tabs[name] = author.page.context.new_page()
        one = Visitor(tabs[name], author.site)
        mine = declined if name in ("declined", "erased") else offered
        one.looks_up(mine.words)
        if name in ("change", "change again", "revised"):
            one.presses(mine, "Change it myself")
        if name == "change again":
            one.story.fill("")
        if name in ("change again", "revised"):
            tabs[name].get_by_role("button", name="Send it to be read again").click()
        if name == "erased":
            one.erases_everything()
    return tabs


def of_a_reporter(reader: Reader, path: str) -> dict[str, Page]:
    """The form to report a story, come back and sent, and what its receipt opens."""
    tabs = {}
    for name in ("report", "report again", "reported"):
        tabs[name] = reader.page.context.new_page()
        one = Reader(tabs[name], reader.site)
        one.begins_a_report(path)
        if name == "report again":
            tabs[name].get_by_role("button", name="Send the report").click()
        if name == "reported":
            tabs[name].get_by_label("Something else").check()
            one.sends_the_report()
            words = one.six_words()
    asker = Visitor(reader.page.context.new_page(), reader.site)
    asker.looks_up(words)
    return {**tabs, "report looked up": asker.page}
