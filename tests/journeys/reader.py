"""Somebody who only reads, and finds a story by the ways the site offers."""

from __future__ import annotations

import time
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

GONE_WITHIN = 120.0
"""Seconds in which a story that was taken back must be gone everywhere."""


@dataclass
class Reader:
    """One person in one browser of their own."""

    page: Page
    site: str

    def opens(self, path: str) -> int:
        """Go to an address of the site; the status of the answer."""
        answer = self.page.goto(self.site + path)
        assert answer
        return answer.status

    def finds_on_home(self, title: str) -> str:
        """Find a story on the front page and open it; its address."""
        self.opens("/")
        return self._follows(title)

    def finds_by_topic(self, topic: str, title: str) -> str:
        """Find a story through the list of topics and open it; its address."""
        self.opens("/")
        self.page.get_by_role("navigation", name="Main").get_by_text("Topics").click()
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

    def waits_until_gone(self, path: str) -> float:
        """Ask for an address until it answers 404; how many seconds that took."""
        begun = time.monotonic()
        while self.page.request.get(self.site + path).status != 404:
            assert time.monotonic() - begun < GONE_WITHIN, f"{path} is still there"
            self.page.wait_for_timeout(500)
        return time.monotonic() - begun

    @property
    def story(self) -> Locator:
        """The words of the story on the page."""
        return self.page.locator(".story-body")

    def _follows(self, title: str) -> str:
        self.page.get_by_role("main").get_by_role("link", name=title).click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        return self.page.url.removeprefix(self.site)
