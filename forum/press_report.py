"""What a run of the press did, in full and in a few words; never a word of a text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from forum.printing import Aside

MOST_WORDS = 2_000
"""Characters that are kept of what a run has to tell."""


@dataclass(frozen=True)
class Summary:
    """What one run did."""

    went_up: tuple[str, ...]
    came_down: tuple[str, ...]
    changed: tuple[str, ...]
    waiting: int
    rewritten: tuple[str, ...]
    """Files in content/posts that were not what was approved, and are again."""
    removed: tuple[str, ...]
    """Files in content/posts that had no business there."""
    set_aside: tuple[Aside, ...]
    leftovers: tuple[str, ...]
    """What lies among the editions and could not be removed."""
    added_pages: tuple[str, ...] = ()
    """Addresses of files that the edition before did not have; so are the next two."""
    changed_pages: tuple[str, ...] = ()
    removed_pages: tuple[str, ...] = ()
    anew: bool = False
    """Whether every page was made anew."""
    unsound: tuple[str, ...] = ()
    """Pages that were not as they were printed."""
    seconds: float = 0.0
    """How long it took, the wait for another press included."""
    health: Mapping[str, object] = field(default_factory=dict)
    """How the collection stands, as the printer tells it."""

    @property
    def pages(self) -> int:
        """How many files of the site were written or taken away."""
        return sum(map(len, self._by_pages))

    @property
    def amiss(self) -> tuple[str, ...]:
        """What somebody should look at, a sentence each: ids, files and reasons, never a text."""
        return (
            *(f"{post_id} is left out: {why}." for post_id, why in self.set_aside),
            *self.mended,
            *(f"{name} could not be removed from the editions." for name in self.leftovers),
        )

    @property
    def mended(self) -> tuple[str, ...]:
        """That part of it which is as it should be again."""
        return (
            *(f"{name} was not what was approved; it is again." for name in self.rewritten),
            *(f"{name} had no business in content/posts; it is gone." for name in self.removed),
            *(f"{name} was not what was printed; it is made anew." for name in self.unsound),
        )

    @property
    def words(self) -> str:
        """A paragraph for whoever ran the press."""
        told = (self._of_stories(), self._of_waiting(), self._of_pages(), self._of_health())
        return " ".join(sentence for sentence in told if sentence)

    def then(self, later: Summary) -> Summary:
        """What this pass and the one right after it did together."""
        up, changed, down = _together(self._by_stories, later._by_stories)
        added_pages, changed_pages, removed_pages = _together(self._by_pages, later._by_pages)
        left_out = {name for name, _ in later.set_aside}
        return replace(
            later,
            went_up=tuple(post_id for post_id in up if post_id not in left_out),
            came_down=down,
            changed=changed,
            rewritten=_either(self.rewritten, later.rewritten),
            removed=_either(self.removed, later.removed),
            added_pages=added_pages,
            changed_pages=changed_pages,
            removed_pages=removed_pages,
            anew=self.anew or later.anew,
        )

    @property
    def _by_stories(self) -> Changes:
        return self.went_up, self.changed, self.came_down

    @property
    def _by_pages(self) -> Changes:
        return self.added_pages, self.changed_pages, self.removed_pages

    def _of_stories(self) -> str:
        up, changed, down = self._by_stories
        told = (_told(up, "went up"), _told(down, "came down"), _told(changed, "changed"))
        done = [words for words in told if words]
        *first, last = done or ["No story went up or came down"]
        return f"{', '.join(first)} and {last}." if first else f"{last}."

    def _of_waiting(self) -> str:
        if not self.waiting:
            return ""
        wait = "story waits" if self.waiting == 1 else "stories wait"
        return f"{self.waiting} {wait} for the next batch."

    def _of_pages(self) -> str:
        names = ("new", "changed", "gone")
        held = [f"{len(pages)} {name}" for pages, name in zip(self._by_pages, names, strict=True)]
        anew = "Every page was made anew. " if self.anew else ""
        return f"{anew}Pages: {', '.join(held)}. It took {self.seconds:.1f} seconds."

    def _of_health(self) -> str:
        warnings = self.health.get("warnings")
        return " ".join(map(str, warnings)) if isinstance(warnings, list) else ""


def as_kept(sentences: Iterable[str]) -> str:
    """Sentences as a run keeps them, a line each."""
    words = "\n".join(sentences)[:MOST_WORDS]
    return words.encode("utf-8", "replace").decode("utf-8")  # a file can have any name


Changes = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""What came, what changed and what went."""


def _told(stories: Collection[str], what: str) -> str:
    number = len(stories)
    return f"{number} {'story' if number == 1 else 'stories'} {what}" if number else ""


def _either(first: Collection[str], later: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted({*first, *later}))


def _together(first: Changes, later: Changes) -> Changes:
    """Two differences as one: what came and went again was never there."""
    (came, _, went), (came_later, _, went_later) = first, later
    come = _either(set(came) - set(went_later), set(came_later) - set(went))
    gone = _either(set(went) - set(came_later), set(went_later) - set(came))
    back = set(went) & set(came_later)
    return come, tuple(sorted({*first[1], *later[1], *back} - {*come, *gone})), gone
