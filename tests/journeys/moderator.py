"""Somebody who reads at the desk: a passkey, the queue, a decision, the press."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

PRESSED = 60_000
"""Milliseconds for a press run, on a machine that may be busy."""
HELD = re.compile(r"You hold this for \d+ more minutes")


@dataclass
class Moderator:
    """One person in one browser of their own, whose device can make passkeys."""

    page: Page
    site: str
    name: str = ""

    def has_a_device(self) -> None:
        """Give the browser a device with a screen lock that always says yes."""
        session = self.page.context.new_cdp_session(self.page)
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

    def enrols(self, link: str) -> None:
        """Open an invitation and make a passkey."""
        self.page.goto(link)
        self.page.get_by_label("Your name at the desk").fill(self.name)
        self.page.get_by_role("button", name="Make a passkey").click()
        self.is_at_the_queue()

    def in_another_tab(self) -> Moderator:
        """The same person, in the same browser, with a second tab open."""
        return Moderator(self.page.context.new_page(), self.site, self.name)

    def signs_out(self) -> None:
        """Leave by the button that every page of the desk has."""
        self.page.get_by_role("button", name="Sign out").click()
        expect(self._heading("Sign in")).to_be_visible()

    def signs_in(self) -> None:
        """Come back with the passkey."""
        self.page.goto(f"{self.site}/moderation/")
        self.page.get_by_role("button", name="Sign in with a passkey").click()
        self.is_at_the_queue()

    def is_at_the_queue(self) -> None:
        """The queue is what one sees."""
        expect(self._heading("Queue")).to_be_visible()

    def opens_the_queue(self, show: str = "") -> None:
        """Go to what waits, or to the posts that stand elsewhere."""
        self.page.goto(f"{self.site}/moderation/" + (f"?show={show}" if show else ""))

    def opens(self, pen_name: str) -> None:
        """Open a post from the queue without holding it."""
        self.opens_the_queue()
        self.page.get_by_role("link", name=f"Story by {pen_name}").click()
        expect(self._heading(f"Story by {pen_name}")).to_be_visible()

    def holds(self, pen_name: str) -> None:
        """Take a post from the queue to read it."""
        self.opens_the_queue()
        self.card(pen_name).get_by_role("button", name="Read this one").click()
        expect(self.page.get_by_text(HELD)).to_be_visible()

    def gives_it_back(self) -> None:
        """Put the post that is on the page back into the queue."""
        self.page.get_by_role("button", name="Not for me today").click()
        self.is_at_the_queue()

    def approves(self) -> None:
        """Approve what is on the page."""
        self.page.get_by_role("button", name="Approve exactly this").click()

    def writes(self, decision: str, words: str) -> None:
        """Open one of the decisions that need a message, and write it."""
        self.page.get_by_text(f"{decision}…").click()
        self._form(decision).get_by_role("textbox").fill(words)

    def decides(self, decision: str) -> None:
        """Send the message that was written."""
        self._form(decision).get_by_role("button", name=decision).click()

    def suggests(self, body: str, title: str | None = None, words: str = "") -> None:
        """Write the post anew, as it could be, and offer that to its author."""
        self.page.get_by_text("Suggest changes…").click()
        form = self._form("Offer these changes")
        form.get_by_label("Text", exact=True).fill(body)
        form.get_by_label("A message, if you like").fill(words)
        if title is not None:
            form.get_by_label("Title", exact=True).fill(title)
        form.get_by_role("button", name="Offer these changes").click()

    def opens_those_alike(self, pen_name: str) -> None:
        """See which unread posts read almost like this one."""
        self.opens(pen_name)
        self.page.get_by_role("link", name="Others that read almost the same").click()
        expect(self._heading("Others that read almost the same")).to_be_visible()

    def declines_those_ticked(self) -> None:
        """Decline a flood as one, with the message that is offered."""
        self.page.get_by_role("button", name="Decline those that are ticked").click()
        self.is_at_the_queue()

    def undoes(self) -> None:
        """Take the decision back that was just made."""
        self.page.get_by_role("button", name=re.compile("^Undo")).click()

    def publishes(self) -> None:
        """Press the button, and wait until the page says that it is done."""
        self.page.goto(f"{self.site}/moderation/publish")
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

    def pane(self, name: str) -> Locator:
        """One of the two panes: "As typed" or "As it will appear"."""
        return self.page.get_by_role("region", name=name)

    def heading(self) -> Locator:
        """What the page says it is."""
        return self.page.get_by_role("heading", level=1)

    def kept_words(self) -> Locator:
        """The box with what was written when it could not be sent."""
        return self.page.get_by_role("textbox", name="Your words")

    def _form(self, decision: str) -> Locator:
        button = self.page.get_by_role("button", name=decision)
        return self.page.locator("details form").filter(has=button)

    def _heading(self, words: str) -> Locator:
        return self.page.get_by_role("heading", level=1, name=words)
