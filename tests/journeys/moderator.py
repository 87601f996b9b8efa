"""Somebody who reads at the desk: a passkey, the queue, a decision, the press."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import CDPSession, Locator, Page, expect

PRESSED = 60_000
"""Milliseconds for a press run, on a machine that may be busy."""
HELD = re.compile(r"You hold this for \d+ more minutes")
CHECK = re.compile("^Check before (approving|keeping it)$")
DO_IT = re.compile("^(Do it|Take it down|Escalate it)$")
OTHERWISE, AS_IT_IS, WRONGLY_MARKED = (
    "Put something else there",
    "Leave it as it is",
    "False alarm",
)
"""What can become of marked words."""
OWN_WORDS = "Only my own words"


@dataclass
class Moderator:
    """One person in one browser of their own, whose device can make passkeys."""

    page: Page
    site: str
    name: str = ""
    device: CDPSession | None = None
    """What makes the passkeys; one that was lost before is no longer there."""

    def has_a_device(self) -> None:
        """Give the browser a device with a screen lock that always says yes; the one before it,
        with all its passkeys, is lost."""
        if self.device:
            self.device.detach()
        session = self.device = self.page.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        device = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        session.send("WebAuthn.addVirtualAuthenticator", {"options": device})

    def makes_a_passkey(self, link: str) -> None:
        """Open an invitation and make a passkey."""
        self.page.goto(link)
        self.page.get_by_label("Your name at the desk").fill(self.name)
        self.page.get_by_role("button", name="Make a passkey").click()

    def enrols(self, link: str) -> None:
        """Come in by an invitation, to read."""
        self.makes_a_passkey(link)
        self.is_at_the_queue()

    def in_another_tab(self) -> Moderator:
        """The same person, in the same browser, with a second tab open."""
        return Moderator(self.page.context.new_page(), self.site, self.name)

    def goes_to(self, where: str) -> None:
        """Open a page of the desk by its address within it."""
        self.page.goto(f"{self.site}/moderation/{where}")

    def signs_out(self) -> None:
        """Leave by the button that every page of the desk has."""
        self.page.get_by_role("button", name="Sign out").click()
        self.sees("Sign in")

    def comes_back(self) -> None:
        """Sign in with the passkey, from wherever one is."""
        self.page.context.clear_cookies()
        self.signs_in()

    def says_lost(self, other: Moderator) -> None:
        """Say on the team's page, which is open, that somebody lost their passkey."""
        line = self.page.get_by_role("main").get_by_role("listitem").filter(has_text=other.name)
        line.get_by_text(f"{other.name} lost their passkey").click()
        line.get_by_role("button", name="Yes, they lost it").click()

    def signs_in(self) -> None:
        """Come back with the passkey."""
        self.goes_to("")
        self.page.get_by_role("button", name="Sign in with a passkey").click()
        self.is_at_the_queue()

    def is_at_the_queue(self) -> None:
        """The queue is what one sees."""
        self.sees("Queue")

    def sees(self, heading: str) -> None:
        """The page calls itself so."""
        expect(self.heading()).to_have_text(heading)

    def opens_the_queue(self, show: str = "") -> None:
        """Go to what waits, or to the posts that stand elsewhere."""
        self.goes_to(f"?show={show}" if show else "")

    def opens(self, pen_name: str) -> None:
        """Open a post's card from the queue without holding it."""
        self.opens_the_queue()
        self.page.get_by_role("link", name=f"Story by {pen_name}").click()
        self.sees(f"Story by {pen_name}")

    def reads_along(self, pen_name: str) -> None:
        """Open a post's text without holding it."""
        self.opens(pen_name)
        self.page.get_by_role("button", name="Read along, without holding it").click()
        expect(self.pane("As it will appear")).to_be_visible()

    def takes(self, pen_name: str) -> None:
        """Press the button of a card that takes a post, whatever comes of it."""
        self.opens_the_queue()
        self.card(pen_name).get_by_role("button", name="Read this one").click()

    def holds(self, pen_name: str) -> None:
        """Take a post from the queue to read it."""
        self.takes(pen_name)
        expect(self.page.get_by_text(HELD)).to_be_visible()

    def gives_it_back(self) -> None:
        """Put the post that is on the page back into the queue."""
        self.page.get_by_role("button", name="Not for me today").click()
        self.is_at_the_queue()

    def marked(self, number: int) -> Locator:
        """What is asked about some of the marked words; they are folded away at first."""
        return self.page.get_by_role("group", name=f"Marked words, number {number}")

    def settles(self, number: int, verdict: str, instead: str | None = None) -> None:
        """Say what becomes of some marked words, and what to put there."""
        self.marked(number).get_by_label(verdict).check()
        if instead is not None:
            self.marked(number).get_by_label("What to put there").fill(instead)

    def leaves_all_marked(self) -> None:
        """Say of all words that are marked that they stay."""
        for marked in self.page.locator(".stretch").all():
            marked.get_by_label(AS_IT_IS).check()

    def around(self) -> Locator:
        """What stands around the story: topics, notes, help; open where a rule proposed some."""
        around = self.page.locator("#review details").filter(has_text="Around the story").last
        if around.get_attribute("open") is None:
            around.locator("summary").click()
        return around

    def checks_the_review(self) -> None:
        """On from the marked words to the page that says what they come to."""
        self.page.get_by_role("button", name=CHECK).click()

    def does_it(self) -> None:
        """Do what the check page says."""
        self.sees("Check before you send")
        self.page.get_by_role("button", name=DO_IT).click()

    def approves(self) -> None:
        """Approve what is on the page, with every word that is marked."""
        self.leaves_all_marked()
        self.checks_the_review()
        self.does_it()

    def writes(self, decision: str, words: str, message: str = OWN_WORDS) -> None:
        """Open one of the decisions that say something, choose a message, and add a sentence."""
        form = self.form(decision)
        form.get_by_text(f"{decision}…", exact=True).click()
        form.get_by_label(message, exact=True).check()
        form.get_by_label("A sentence of your own").fill(words)

    def checks(self, decision: str) -> None:
        """On from what was written to the page that shows it as its author will see it."""
        self.form(decision).get_by_role("button", name="Check before sending").click()

    def decides(self, decision: str) -> None:
        """Check what was written, and do it."""
        self.checks(decision)
        self.does_it()

    def escalates(self) -> None:
        """Escalate what is on the page, with the message that is chosen."""
        escalate = "Escalate: this can never be published"
        self.form(escalate).get_by_text(f"{escalate}…").click()
        self.decides(escalate)

    def rewrites(self, body: str, title: str | None = None, words: str = "") -> None:
        """Write the post anew, as it could be, and look at what its author would be offered."""
        form = self.form("Suggest changes")
        form.get_by_text("Suggest changes…", exact=True).click()
        form.get_by_label("Text", exact=True).fill(body)
        form.get_by_label("A sentence of your own").fill(words)
        if title is not None:
            form.get_by_label("Title", exact=True).fill(title)
        self.checks("Suggest changes")

    def suggests(self, body: str, title: str | None = None, words: str = "") -> None:
        """Write the post anew, as it could be, and offer that to its author."""
        self.rewrites(body, title, words)
        self.does_it()

    def opens_those_alike(self, pen_name: str) -> None:
        """See which unread posts read almost like this one."""
        self.reads_along(pen_name)
        self.page.get_by_role("link", name="Others that read almost the same").click()
        self.sees("Others that read almost the same")

    def declines_those_ticked(self) -> None:
        """Decline a flood as one, with the message that is offered."""
        self.page.get_by_role("button", name="Decline those that are ticked").click()
        self.is_at_the_queue()

    def undoes(self) -> None:
        """Take the decision back that was just made."""
        self.page.get_by_role("button", name=re.compile("^Undo")).click()

    def publishes(self) -> None:
        """Press the button, and wait until the page says that it is done."""
        self.goes_to("publish")
        self.page.get_by_role("button", name="Publish what is ready").click()
        expect(self.page.get_by_text("The last run is done.")).to_be_visible(timeout=PRESSED)

    def approves_and_publishes(self, pen_name: str) -> None:
        """The whole way of a post that needs no change."""
        self.holds(pen_name)
        self.approves()
        self.is_at_the_queue()
        self.publishes()

    def card(self, pen_name: str) -> Locator:
        """A post's place in the queue."""
        link = self.page.get_by_role("link", name=f"Story by {pen_name}")
        return self.page.get_by_role("main").get_by_role("listitem").filter(has=link)

    def form(self, decision: str) -> Locator:
        """What unfolds under a decision's name."""
        name = self.page.get_by_text(f"{decision}…", exact=True)
        return self.page.locator("details").filter(has=name)

    def pane(self, name: str) -> Locator:
        """A part of the page by its heading: "As typed", "As it will appear" and others."""
        return self.page.get_by_role("region", name=name)

    def heading(self) -> Locator:
        """What the page says it is."""
        return self.page.get_by_role("heading", level=1)

    def kept_words(self) -> Locator:
        """The box with what was written when it could not be sent."""
        return self.page.get_by_role("textbox", name="Your words")
