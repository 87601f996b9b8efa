"""Somebody who shares a story without a name, and comes back with six words."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from doors.messages import messages

GOES_UP = re.compile("Approved|On the site")
"""What a receipt says of an approved story: the press may have shown it by then."""
READING = 3.2
"""Seconds: a form that comes back sooner was not read by a person, and is refused."""


@dataclass(frozen=True)
class Receipt:
    """What somebody keeps after sharing."""

    words: str
    pen_name: str


def six_words(page: Page) -> str:
    """The words that a page shows to be kept."""
    words = page.locator(".receipt-words li").all_inner_texts()
    return " ".join(word.strip() for word in words)


@dataclass
class Visitor:
    """One person in one browser of their own."""

    page: Page
    site: str
    opened: float = 0.0

    def opens_the_form(self) -> None:
        """Go to the form by its link, as anybody would from the front page."""
        self.page.goto(f"{self.site}/")
        self.page.get_by_role("navigation", name="Main").get_by_text("Share your story").click()
        expect(self._heading("Share your story")).to_be_visible()
        self.opened = time.monotonic()

    def writes(self, story: str, title: str = "", topic: str = "Alcohol") -> None:
        """Fill in the form and agree."""
        self.story.fill(story)
        self.title.fill(title)
        if topic:
            about = self.page.get_by_role("group", name="What is it about?")
            about.get_by_label(topic, exact=True).check()
        self.consent.check()

    def sends(self) -> Receipt:
        """Send it once the page has been read; the receipt."""
        self.presses_send()
        return self.receipt()

    def presses_send(self) -> None:
        """Press the button, no sooner than somebody can have read the page."""
        self.reads_the_page()
        self.send_button.click()

    def reads_the_page(self) -> None:
        """Let the time pass that reading takes."""
        left = self.opened + READING - time.monotonic()
        if left > 0:
            self.page.wait_for_timeout(left * 1000)

    def shares(self, story: str, title: str = "", topic: str = "Alcohol") -> Receipt:
        """All of it, from the front page to the receipt."""
        self.opens_the_form()
        self.writes(story, title, topic)
        return self.sends()

    def receipt(self) -> Receipt:
        """The receipt on the page."""
        expect(self._heading(messages()["received"].label)).to_be_visible()
        return Receipt(six_words(self.page), self.pen_name())

    def pen_name(self) -> str:
        """The name that was made for the story that was just sent."""
        return (
            self.page.get_by_role("region", name="What happens now").locator("strong").inner_text()
        )

    def looks_it_over(self) -> None:
        """See what the form could give away before anything is sent."""
        self.page.get_by_role("button", name="Look it over first").click()
        expect(self.page.get_by_role("heading", name="Before you share")).to_be_visible()

    def ticks(self, words: str) -> None:
        """Choose what is suggested for these words."""
        self.page.get_by_role("listitem").filter(has_text=words).get_by_role("checkbox").check()

    def types_back(self, words: str) -> None:
        """Type the six words under those that are shown."""
        self.page.get_by_label("Type them here to see if you kept them right").fill(words)
        self.page.get_by_role("button", name="Check my words").click()

    def looks_up(self, words: str) -> None:
        """Type the six words where receipts are read."""
        self.page.goto(f"{self.site}/")
        self.page.get_by_role("navigation", name="Main").get_by_text("Your receipt").click()
        self.page.get_by_label("Your six words").fill(words)
        self.page.get_by_role("button", name="Look it up").click()

    def presses(self, receipt: Receipt, name: str) -> None:
        """Press a button beside one story, on the page that the receipt opened."""
        self.post(receipt).get_by_role("button", name=name, exact=True).click()

    def asks_again(self, receipt: Receipt) -> None:
        """Ask that a different person reads it."""
        self.post(receipt).get_by_text(messages()["second-look"].label, exact=True).click()
        self.presses(receipt, "Please look again")

    def erases_everything(self) -> None:
        """Have everything under the receipt taken back and forgotten."""
        self.page.get_by_text("Erase everything under these words", exact=True).click()
        self.page.get_by_role("button", name="Erase everything for good").click()

    def takes_back(self, receipt: Receipt) -> None:
        """Take a story back, on the page that the receipt opened."""
        mine = self.post(receipt)
        mine.get_by_text("Take it back", exact=True).click()
        mine.get_by_role("button", name="Take it back for good").click()

    def post(self, receipt: Receipt) -> Locator:
        """What the receipt's page says of one story."""
        return self.page.get_by_role("article", name=f"Story by {receipt.pen_name}")

    def error(self, field: str) -> Locator:
        """The link at the top of a form that came back which leads to a field."""
        return self.page.get_by_role("alert").locator(f'a[href="#field-{field}"]')

    @property
    def story(self) -> Locator:
        """The box for the words."""
        return self.page.get_by_label("Your story")

    @property
    def title(self) -> Locator:
        """The line for a title."""
        return self.page.get_by_label("A title, if you like")

    @property
    def consent(self) -> Locator:
        """The one box that must be ticked."""
        return self.page.get_by_label("I am 18 or older")

    @property
    def send_button(self) -> Locator:
        """The button that sends, on the form and on the page that looks it over."""
        return self.page.get_by_role("button", name="Send it to be read")

    def _heading(self, words: str) -> Locator:
        return self.page.get_by_role("heading", level=1, name=words)
