"""The site as Pelican makes it of a folder of posts, from the shell, with nothing around it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from publish_corpus import Corpus, hashed
from publish_cost import Cost, run
from publish_house import hold_gone
from publish_tales import tale
from servers import ROOT, environment

from editions.reading import Pages
from forum.mirror import Mirror
from forum.post import canonical
from forum.rows import EditionRow


@dataclass
class Plain:
    """A folder of posts that Pelican makes into editions beside it."""

    corpus: Corpus
    posts: Path
    _later: list[EditionRow]
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def editions(self) -> Path:
        """Where the editions are."""
        return self.posts.with_name("editions")

    def build(self, *arguments: str, kept: bool = True) -> Cost:
        """Run Pelican, into the editions or, unless they are kept, into plain files."""
        command = [sys.executable, "-m", "pelican", "--quiet", "--fatal", "errors", *arguments]
        output = self.posts.with_name("output")
        return run(
            [*command, "--settings", ROOT / "pelicanconf.py", "--output", output],
            ROOT,
            environment(
                HANDRAIL_POSTS=str(self.posts), HANDRAIL_EDITIONS=str(self.editions) if kept else ""
            ),
        )[0]

    def add(self) -> str:
        """Let one more story be in the folder of posts; its id."""
        number = next(self._numbers)
        content = canonical(tale(self.corpus.size + number).record)
        row = hashed(self._later[number], content)
        Mirror(self.posts).amend({row.post_id: row}, lambda _: content, ())
        return row.post_id

    def withdraw(self, number: int) -> str:
        """Let the story with this number be gone from the folder; its id."""
        post_id = tale(number).id
        Mirror(self.posts).amend({}, lambda _: None, (post_id,))
        return post_id

    def press(self) -> Cost:
        """Let Pelican make what differs."""
        return self.build()

    def hold_gone(self, post_ids: Sequence[str]) -> None:
        """See that nothing of these is left in the editions."""
        hold_gone(self.editions, post_ids)

    def shows(self, post_id: str) -> bool:
        """Whether readers find the story."""
        return Pages(self.editions).read(f"stories/{post_id}/index.html") is not None

    def page(self, path: str) -> str:
        """A page as readers see it; "" if there is none."""
        _, body = Pages(self.editions).read(path) or ("", b"")
        return body.decode("utf-8")


@contextmanager
def plain(size: int) -> Iterator[Plain]:
    """A folder of posts of this size, not yet built."""
    corpus = Corpus(size)
    with corpus.posts() as posts:
        yield Plain(corpus, posts, corpus.later())
