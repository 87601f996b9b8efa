"""Makes the stories' own pages, once it is known of every story what it is like.

Of many, forked copies make them side by side. A file that is not any more what it was when it was
read leaves its story out, and the pages that led to it are made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from story_pages.difference import Stale, difference_in
from story_pages.manifest import Entry
from story_pages.outputs import Output, page_path, story_page
from story_pages.post_reader import BadPost
from story_pages.run import Run
from story_pages.side_by_side import side_by_side
from story_pages.stories import Story

Render = Callable[[Output], bytes]


class Page(NamedTuple):
    """The page of one story, and the stories it leads to."""

    id: str
    body: bytes
    there: tuple[str, ...]


@dataclass(frozen=True)
class OwnPages:
    """The own pages of the run's stories."""

    run: Run
    render: Render
    leave_out: Callable[[BadPost], None]

    def make_all(self, parts: Sequence[Stale]) -> Iterator[int]:
        """Make the pages of all stories there are, part by part; a step for each."""
        alike = self.run.alike
        alike.remember_all()
        bad: list[BadPost] = []
        for done, made in enumerate(side_by_side(self._pages_of, parts)):
            yield done
            for page in made:
                if isinstance(page, BadPost):
                    bad.append(page)
                else:
                    self._put(page)
        alike.forget_all()
        for one in bad:
            self.leave_out(one)

    def make_what_differs(self) -> None:
        """Make the pages that may differ since this was done the last time."""
        while ids := self.run.alike.to_make():
            for id in sorted(ids):
                if self.run.alike.has(id):
                    self._make(id)

    def _make(self, id: str) -> None:
        try:
            story = self.run.library.story(id)
            page = self._page(story)
        except BadPost as bad:
            self.leave_out(bad)
            if bad.id != id:
                self.run.alike.touch(id)  # it would have led there
        else:
            self._put(page)

    def _pages_of(self, part: Stale) -> list[Page | BadPost]:
        """The pages of a part. It has no look at the catalogue."""
        entries = (entry for _, entry in difference_in(self.run.posts, part, {}).come)
        return [self._page_or_why(entry) for entry in entries if self.run.alike.has(entry.id)]

    def _page_or_why(self, entry: Entry) -> Page | BadPost:
        try:
            return self._page(self.run.library.read(entry, checked=True))
        except BadPost as bad:
            return bad

    def _page(self, story: Story) -> Page:
        alike, library = self.run.alike, self.run.library
        there = alike.leads_to(story.id)
        if story.about_me and not alike.may_be_shown(story.id):
            story = replace(story, about_me=())
        related = [library.listed(id) for id in there]
        return Page(story.id, self.render(story_page(story, related)), there)

    def _put(self, page: Page) -> None:
        self.run.put(page_path(page.id), page.body, "")
        self.run.alike.note_leads(page.id, page.there)
