"""Somebody who only reads, and finds a story by the ways the site offers."""

from __future__ import annotations

import time
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.journeys.visitor import READING, six_words

GONE_WITHIN = 120.0
"""Seconds in which a story that was taken back must be gone everywhere."""


@dataclass
class Reader:
    """One person in one browser of their own."""

    page: Page
    site: str
    opened: float = 0.0

    def opens(self, path: str) -> int:
        """Go to an address of the site; the status of the answer."""
        answer = self.page.goto(self.site + path)
        assert answer
        return answer.status

    def finds_in_the_list(self, title: str) -> str:
        """Find a story among all of them and open it; its address."""
        self.opens("/stories/")
        return self._follows(title)

    def finds_untitled(self, pen_name: str) -> str:
        """The same for somebody's story without a title, whose card says what it is about."""
        self.opens("/")
        card = self.page.get_by_role("article").filter(has_text=pen_name)
        card.get_by_role("link").click()
        return self._stands_at(f"A story by {pen_name}")

    def finds_by_topic(self, topic: str, title: str) -> str:
        """Find a story by what it is about, from the front page, and open it; its address."""
        self.opens("/")
        self.page.get_by_role("main").get_by_role("link", name=topic, exact=True).click()
        return self._follows(title)

    def feed(self, path: str = "/feeds/stories.atom.xml") -> str:
        """What a feed reader fetches."""
        answer = self.page.request.get(self.site + path)
        assert answer.ok
        return answer.text()

    def everywhere(self, topic: str) -> str:
        """All that lists show: home, stories, the topic and its feed, the site's feed and map."""
        paths = ("/", "/stories/", f"/topics/{topic}/", "/sitemap.xml")
        feeds = ("/feeds/stories.atom.xml", f"/feeds/topics/{topic}.atom.xml")
        return "\n".join(self.feed(path) for path in (*paths, *feeds))

    def reports(self, path: str, reason: str, words: str = "") -> str:
        """Report a story from its own page; the six words that come for it."""
        self.begins_a_report(path)
        self.page.get_by_label(reason).check()
        self.words.fill(words)
        self.sends_the_report()
        return self.six_words()

    def begins_a_report(self, path: str) -> None:
        """Open the form by the link under a story."""
        self.opens(path)
        self.page.get_by_role("link", name="Ask us to look again").click()
        asked = self.page.get_by_role("heading", level=1, name="Ask us to look at a story again")
        expect(asked).to_be_visible()
        self.opened = time.monotonic()

    def sends_the_report(self) -> None:
        """Press the button, no sooner than somebody can have read the page."""
        left = self.opened + READING - time.monotonic()
        if left > 0:
            self.page.wait_for_timeout(left * 1000)
        self.page.get_by_role("button", name="Send the report").click()

    def six_words(self) -> str:
        """The words that came for a report."""
        expect(self.page.get_by_role("heading", name="Thank you for looking out")).to_be_visible()
        return six_words(self.page)

    def waits_until_gone(self, path: str) -> float:
        """Ask for an address until it answers 404; how many seconds that took."""
        begun = time.monotonic()
        while self.page.request.get(self.site + path).status != 404:
            assert time.monotonic() - begun < GONE_WITHIN, f"{path} is still there"
            self.page.wait_for_timeout(500)
        return time.monotonic() - begun

    @property
    def words(self) -> Locator:
        """The box for what is wrong with a story."""
        return self.page.get_by_label("In your own words, if you like")

    @property
    def story(self) -> Locator:
        """The words of the story on the page."""
        return self.page.locator(".story-body")

    def _follows(self, title: str) -> str:
        self.page.get_by_role("main").get_by_role("link", name=title).click()
        return self._stands_at(title)

    def _stands_at(self, title: str) -> str:
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        return self.page.url.removeprefix(self.site)
