"""An edition goes out to the bucket in an order in which no reader meets a page that is not there.

What was taken down goes first. A new page is up before anything that leads to it. What a run has
begun and not ended is known, and the next one ends it: it looks at the bucket, not at what
somebody meant to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from editions.links import UNLINKED, links_to, page_of
from editions.reading import Unreadable
from infra.aws.bucket import Bucket, in_lots, tag_of
from infra.aws.edge import A_MONTH, Edge

LOT = 200
"""Pages sent between two looks whether the lease still holds."""
NOT_OURS = "errors/"
"""Pages that were put there with the distribution, for when nothing else can be shown."""
_STORY = re.compile(r"stories/[^/]+/index\.html")


class Pages(Protocol):
    """The edition to be shown: `editions.reading.Pages`."""

    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every page, by its path."""

    def read(self, path: str) -> tuple[str, bytes] | None:
        """The SHA-256 and the bytes of a page."""


class Hold(Protocol):
    """The lease under which all this is done: `infra.aws.lease.Hold`."""

    order: str
    """A word for how the bucket was left; "" if somebody has begun to change it."""
    thrown: int
    """Of how many addresses copies were thrown away this month."""

    def confirm(self) -> None:
        """Raises if somebody else has it by now."""

    def begin(self) -> None:
        """Say that the bucket is being changed."""

    def finish(self) -> str:
        """Say that it is in order; the new word for that."""


@dataclass(frozen=True)
class Known:
    """What is up, as whoever put it there remembers it."""

    order: str
    hashes: Mapping[str, str]


@dataclass(frozen=True)
class Struck:
    """Posts of which nothing is in the bucket while it is as this word says."""

    order: str
    post_ids: frozenset[str] = frozenset()


def in_steps(new: Collection[str], changed: Collection[str]) -> Iterator[list[str]]:
    """The pages in the order in which they can go up.

    First what pages are shown with; then new stories, to which nothing leads yet; then new lists;
    then all that was there before and may lead to these: lists, feeds and the search before
    stories, for they show what others wrote.
    """
    steps: list[Callable[[str], bool]] = [
        lambda path: path.startswith("theme/"),
        lambda path: path in new and bool(_STORY.fullmatch(path)),
        lambda path: path in new,
        lambda path: not _STORY.fullmatch(path),
        lambda path: True,
    ]
    left = sorted({*new, *changed})
    for belongs in steps:
        if now := [path for path in left if belongs(path)]:
            yield now
        left = [path for path in left if not belongs(path)]


class Publishing:
    """Brings the bucket, and CloudFront's copies of it, in line with an edition."""

    def __init__(self, bucket: Bucket, edge: Edge) -> None:
        """It knows nothing yet, and looks."""
        self._bucket = bucket
        self._edge = edge
        self._known: Known | None = None
        self._struck = Struck("")
        self._forgot_all = False

    def look_again(self) -> None:
        """Forget what is up, and look the next time."""
        self._known = None

    def bring_in_line(self, pages: Pages, hold: Hold, purge: bool) -> None:
        """Let the bucket hold exactly these pages.

        With `purge`, or where somebody died on the way, what goes, goes first, and no earlier
        version of anything stays. Raises what S3, CloudFront and the lease raise, and `NotGone`.
        """
        wanted = pages.hashes()
        up = self._up(wanted, pages, hold)
        gone = sorted(up.keys() - wanted.keys())
        new = wanted.keys() - up.keys()
        changed = {path for path in wanted.keys() & up.keys() if up[path] != wanted[path]}
        owed = not hold.order
        if purge or owed or gone or new or changed:
            self._known = None
            hold.begin()
            if purge or owed:
                self._take_down(gone, hold, owed)
            self._send(new, changed, pages, hold)
            hold.confirm()
            if purge or owed:
                self._forget_earlier(gone)
                self._throw_away(changed, hold, owed)
            else:
                self._bucket.take_away(gone)
                self._throw_away([*changed, *gone], hold, owed)
            hold.finish()
            self._forgot_all = False
        self._known = Known(hold.order, wanted)

    def take_own(self, post_ids: Collection[str], hold: Hold) -> None:
        """Take away these posts' own pages, before whatever leads there can be made anew."""
        if own := self._bucket.there(map(page_of, post_ids)):
            hold.begin()
            self._bucket.take_away(own)
            self._throw_away(own, hold)

    def strike(
        self, post_ids: Collection[str], siteurl: str, pages: Pages | None, hold: Hold
    ) -> None:
        """Take away each page that shows one of these posts, when no edition can be made.

        Pages that are as in `pages` show none of them. All others are read: these are all there
        are, on a machine that has made no edition yet.
        """
        ids, order = frozenset(post_ids), hold.order
        if not ids or (order and self._struck.order == order and ids <= self._struck.post_ids):
            return
        self._known = None
        tags = self._tags()
        own = self._take_all_of(ids, tags, hold)
        words = [link for post_id in ids for link in links_to(post_id, siteurl)]
        leading = self._leading(words, tags.keys() - set(own), pages, tags)
        if own or leading or not order:
            hold.begin()
            self._bucket.take_away(leading)
            self._forget_earlier([*own, *leading])
            self._throw_away(leading, hold, everything=not order)
            hold.finish()
        before = self._struck.post_ids if self._struck.order == order else frozenset()
        self._struck = Struck(hold.order, before | ids)

    def _up(self, wanted: Mapping[str, str], pages: Pages, hold: Hold) -> Mapping[str, str]:
        """What is up, a SHA-256 by path; "" for a page that is not as it is wanted."""
        if self._known and hold.order and self._known.order == hold.order:
            return self._known.hashes
        return {
            path: wanted[path] if path in wanted and _tag(pages, path) == tag else ""
            for path, tag in self._tags().items()
        }

    def _tags(self) -> dict[str, str]:
        found = self._bucket.tags()
        return {path: tag for path, tag in found.items() if not path.startswith(NOT_OURS)}

    def _take_down(self, gone: Collection[str], hold: Hold, owed: bool) -> None:
        """Take these away from readers at once, before anything else is done."""
        self._bucket.take_away(gone)
        # Whoever died on the way may have taken down more than these.
        self._throw_away(gone, hold, everything=owed and not self._forgot_all)
        self._forgot_all = owed

    def _send(
        self, new: Collection[str], changed: Collection[str], pages: Pages, hold: Hold
    ) -> None:
        for step in in_steps(new, changed):
            for lot in in_lots(step, LOT):
                hold.confirm()
                self._bucket.put({path: _body(pages, path) for path in lot})

    def _forget_earlier(self, gone: Collection[str]) -> None:
        """Leave no earlier version of anything, and see that there is none of these."""
        self._bucket.forget_earlier()
        self._bucket.hold_gone(gone)

    def _throw_away(self, paths: Collection[str], hold: Hold, everything: bool = False) -> None:
        if everything:
            hold.thrown += self._edge.forget_everything()
        else:
            hold.thrown += self._edge.forget(paths, A_MONTH - hold.thrown)

    def _take_all_of(self, ids: Collection[str], tags: Mapping[str, str], hold: Hold) -> list[str]:
        """Take away the posts' own pages, and all that can hold words of any post; which."""
        folders = tuple(f"{folder}/" for folder in UNLINKED)
        meant = {page_of(post_id) for post_id in ids}
        own = sorted(path for path in tags if path in meant or path.startswith(folders))
        if own:
            hold.begin()
            self._bucket.take_away(own)
            self._throw_away(own, hold)
        return own

    def _leading(
        self,
        words: Collection[bytes],
        left: Collection[str],
        pages: Pages | None,
        tags: Mapping[str, str],
    ) -> list[str]:
        """Those of the pages in the bucket in which one of these words stands."""
        unsure = [path for path in left if pages is None or _tag(pages, path) != tags[path]]
        found = self._bucket.read(unsure)
        return sorted(path for path, body in found if any(word in body for word in words))


def _tag(pages: Pages, path: str) -> str | None:
    try:
        page = pages.read(path)
    except Unreadable:
        return None
    return tag_of(page[1]) if page else None


def _body(pages: Pages, path: str) -> bytes:
    page = pages.read(path)
    if page is None:
        raise LookupError(path)  # the lock keeps everybody else from the edition
    return page[1]
