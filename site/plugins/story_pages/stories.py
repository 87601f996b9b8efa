"""A story is what the templates know of a post: words for people, no time finer than a month."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from story_pages.manifest import Entry
from story_pages.post_reader import Post
from story_pages.words import Vocabulary, Word

EXCERPT_WORDS = 40
CAREFUL_EXCERPT_WORDS = 20
"""A list should not put much of a hard passage before someone who has not chosen to read it."""

WORDS_PER_MINUTE = 200
"""A calm reading pace."""

HEAVY_NOTES = frozenset({"suicide", "self-harm"})
_BREAK = re.compile(r"<(?:br|/?(?:p|blockquote|ul|ol|li))>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Story:
    """One story as templates see it; `url` is the path on the site, `month` is YYYY-MM."""

    id: str
    url: str
    title: str
    body: Markup
    excerpt: str
    pen_name: str
    month: str
    minutes: int
    topics: tuple[Word, ...]
    stage: Word | None
    arc: Word | None
    helped: tuple[Word, ...]
    about_me: tuple[Word, ...]
    content_notes: tuple[Word, ...]
    findable: bool
    example: bool
    slots: Mapping[str, int]
    heavy: bool
    """Whether it mentions what some readers must be able to leave out."""
    help: tuple[Word, ...] = ()
    """The help blocks at its end, as moderators chose them, in the vocabulary's order."""

    @property
    def indexed(self) -> bool:
        """Whether search engines may list it: only real stories whose authors said yes."""
        return self.findable and not self.example


def story_of(post: Post, entry: Entry, vocabulary: Vocabulary) -> Story:
    """The story of an approved post at its places in the manifest."""

    def words(name: str, slugs: Iterable[str]) -> tuple[Word, ...]:
        return tuple(vocabulary.word(name, slug) for slug in slugs)

    spoken = plain_text(post.body.replace("</li>", " ·</li>")).split()  # or items would run on
    heavy = not HEAVY_NOTES.isdisjoint(post.content_notes)
    return Story(
        id=post.id,
        url=f"/stories/{post.id}/",
        title=post.title,
        body=Markup(post.body),  # noqa: S704  # held against the tag grammar and nh3
        excerpt=excerpt(spoken, CAREFUL_EXCERPT_WORDS if heavy else EXCERPT_WORDS),
        pen_name=post.pen_name,
        month=entry.month,
        minutes=minutes(spoken),
        topics=words("topics", post.topics),
        stage=vocabulary.word("stages", post.stage) if post.stage else None,
        arc=vocabulary.word("arcs", post.arc) if post.arc else None,
        helped=words("helped", post.helped),
        about_me=words("about_me", post.about_me),
        content_notes=words("content_notes", post.content_notes),
        findable=post.findable,
        example=post.example,
        slots=entry.slots,
        heavy=heavy,
        help=tuple(w for w in vocabulary.words("help", post.help) if w.slug in post.help),
    )


def plain_text(body: str) -> str:
    """The text of a checked body, its blocks set apart by spaces."""
    return html.unescape(_TAG.sub("", _BREAK.sub(" ", body)))


def excerpt(words: Sequence[str], longest: int) -> str:
    """The first words of a text, at most `longest`, marked where it goes on."""
    return " ".join(words[:longest]) + ("…" if len(words) > longest else "")


def minutes(words: Sequence[str]) -> int:
    """Minutes to read a text calmly, never less than one."""
    return max(1, -(-len(words) // WORDS_PER_MINUTE))
