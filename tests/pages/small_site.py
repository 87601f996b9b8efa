"""A small site with a copy of all that a build is made of, so that any of it can change."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from editions.press import FILE, Editions
from tests.doors.help_rows import checked, make_directory, make_row, write_rows
from tests.editions.on_disk import marked
from tests.pages.pelican_runs import ROOT, Built, build_apart, files_in, run, start
from tests.pages.posts_folder import Record, Up, id_of, lay_out, make_post

TOPICS = ("alcohol", "grief", "gambling")
STAGES = ("first-year", "years-on")
ABOUT = "Title: About\nSlug: about\nSummary: What this is.\n\nWhat this is.\n"


@dataclass
class Site:
    """What is up, the settings that are not as they are by default, and where all of it lies."""

    folder: Path
    ups: dict[str, Up] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def posts(self) -> Path:
        """The folder of posts."""
        return self.folder / "posts"

    @property
    def numbers(self) -> Path:
        """The months' totals."""
        return self.folder / "posts-numbers.json"

    @property
    def templates(self) -> Path:
        """The theme's templates."""
        return self.folder / "theme" / "templates"

    @property
    def by_hand(self) -> Path:
        """The hand-written pages."""
        return self.folder / "content" / "pages"

    @property
    def vocabulary(self) -> Path:
        """The words that have pages."""
        return self.folder / "vocabulary.json"

    @property
    def editions(self) -> Editions:
        """The editions kept."""
        return Editions(self.folder / "editions")

    def put(self, *ups: Up) -> None:
        """Let these be up, as they are now."""
        self.ups |= {up.id: up for up in ups}

    def take_down(self, *ids: str) -> None:
        """Let these be up no more."""
        for id in ids:
            del self.ups[id]

    def put_words(self, topics: Iterable[str] = TOPICS, stages: Iterable[str] = STAGES) -> None:
        """Let the vocabulary have these words."""
        lists = {"topics": topics, "stages": stages}
        words = {name: [word_of(slug) for slug in slugs] for name, slugs in lists.items()}
        self.vocabulary.write_text(json.dumps(words), "utf-8")

    def put_help(self, *numbers: str) -> None:
        """Let the help lines, in the strip and in the blocks, have these telephone numbers."""
        rows = [
            checked(make_row(id=f"line-{number}", phone=number, tel=number, strip=str(place)))
            for place, number in enumerate(numbers, start=1)
        ]
        write_rows(self.folder, make_directory(), *rows)

    def put_months(self, said: object) -> None:
        """Let the file of the months' totals say this; None takes it away."""
        self.numbers.unlink(missing_ok=True)
        if said is not None:
            self.numbers.write_text(json.dumps(said), "utf-8")

    def print(self, **given: Any) -> Record:
        """Make what differs and put it in place; the report of the run."""
        lay_out(self.posts, self.ups.values())
        return self.print_as_it_lies(**given)

    def print_as_it_lies(self, **given: Any) -> Record:
        """The same, whatever lies in the folder of posts."""
        aside = {"OUTPUT_PATH": str(self.folder / "unused"), "EDITIONS": str(self.editions.folder)}
        return run({}, self._made_of(**aside, **given), self.said)

    def print_apart(self, **given: Any) -> Built:
        """The same by `pelican` in a process of its own, which has kept nothing from before."""
        settings = self._made_of(EDITIONS=str(self.editions.folder), **given)
        return build_apart(self.posts, self.folder / "unused", **settings)

    def start(self) -> subprocess.Popen[str]:
        """Begin that, for somebody to kill."""
        settings = self._made_of(EDITIONS=str(self.editions.folder))
        return start(self.posts, self.folder / "unused", **settings)

    def shown(self) -> dict[str, bytes]:
        """Every page of the edition in place."""
        with self.editions.printing() as edition:
            return {path: edition.read(path) or b"" for path in edition.paths()}

    def clean(self) -> tuple[dict[str, bytes], list[Record]]:
        """Every file of a clean build of the same, by Pelican alone; and what it set aside.

        It comes to the posts by another way, so that nothing a warm press has kept is known to it.
        """
        again = self.folder / "posts-again"
        if not again.is_symlink():
            again.symlink_to(self.posts, target_is_directory=True)
        into = self.folder / "plain"
        told = run(
            {}, self._made_of(POSTS=str(again), OUTPUT_PATH=str(into), EDITIONS=""), self.said
        )
        return files_in(into), told["set_aside"]

    def log_is_empty(self) -> bool:
        """Whether nothing of a transaction lies beside the editions' file."""
        log = self.editions.folder / f"{FILE}-wal"
        return not log.exists() or log.stat().st_size == 0

    def _made_of(self, **given: Any) -> dict[str, Any]:
        return {
            "POSTS": str(self.posts),
            "NUMBERS": str(self.numbers),
            "PATH": str(self.folder / "content"),
            "THEME": str(self.folder / "theme"),
            "VOCABULARY": str(self.vocabulary),
            "HELPLINES": str(self.folder / "helplines.csv"),
            **self.settings,
            **given,
        }


def word_of(slug: str) -> dict[str, str]:
    """A word of the vocabulary."""
    label = slug.replace("-", " ").capitalize()
    return {"slug": slug, "label": label, "sentence": f"For people who know {slug}."}


def make_site(folder: Path, *ups: Up, **settings: Any) -> Site:
    """A site of two hand-written pages, a few words and these posts, in the real theme."""
    site = Site(folder, settings=settings)
    site.by_hand.mkdir(parents=True)
    site.templates.mkdir(parents=True)
    for template in (ROOT / "site" / "theme" / "templates").glob("*.html"):
        shutil.copy(template, site.templates)
    css = folder / "theme" / "static" / "css"
    css.mkdir(parents=True)
    (css / "site.css").write_text("body { margin: 0 }\n")
    (site.by_hand / "about.md").write_text(ABOUT)
    shutil.copy(ROOT / "content" / "pages" / "how-it-goes.md", site.by_hand)
    site.put_words()
    site.put_help("116123")
    site.put(*ups)
    return site


MARKED = 5
"""Stories of a site that a test is given."""


def marked_story(number: int, **given: Any) -> Up:
    """A story whose every word is its mark."""
    words = marked(number, 100).decode()
    return Up(make_post(number, title=words, body=f"<p>{words}</p>", **given), number)


def page_of(number: int) -> str:
    """The page of a numbered story."""
    return f"stories/{id_of(number)}/index.html"
