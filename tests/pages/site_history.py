"""Random histories of a site: all that changes what readers may see, in any order and together.

What stands after each print is held against a clean build of the same, and every byte on the disk
against what is up: each text carries a mark of its own.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from editions.press import NothingToGoBackTo
from tests.editions.on_disk import marked, marks, marks_on_disk
from tests.pages.posts_folder import Record, Up, lay_out, make_post, places
from tests.pages.search_answers import settled
from tests.pages.small_site import ABOUT, STAGES, TOPICS, Site

BUCKET = 20
RETIRED = "old-word"
NOTES = ("alcohol", "death", "suicide")
WORDS_TO_CHANGE = {
    "base.html": "They are not medical advice.",
    "cards.html": "min read",
    "help_strip.html": "Someone to talk to, now",
    "home.html": "Lately shared",
    "list.html": "Older stories.",
    "page.html": '<article class="prose">',
    "story.html": '<dl class="facts">',
    "vocabulary.html": '<ul class="entries">',
}
"""Something that stands in each template, where more can stand beside it."""


@dataclass
class History:
    """One site, what was done to it, and what is not up any more but may come back."""

    site: Site
    chance: random.Random
    done: list[str] = field(default_factory=list)
    down: list[Up] = field(default_factory=list)
    shown: dict[str, bytes] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    spoil: Callable[[], object] | None = None
    _free: Counter[str] = field(default_factory=Counter)
    _born: int = 0

    def do(self, step: str) -> None:
        """Let something happen, as far as it can just now."""
        self.done.append(step)
        STEPS[step](self)

    def press(self, apart: bool = False) -> None:
        """Print, and hold what stands against a clean build and against what was told.

        `apart`: by a press that has just started and knows nothing from before.
        """
        self.lie()
        told = self._printed(apart)
        self.given, self.spoil = {}, None
        before, self.shown = self.shown, self.site.shown()
        clean, set_aside = self.site.clean()
        self.hold(differences(settled(clean), settled(self.shown)), Differences())
        self.hold(Differences.told(told), differences(before, self.shown))
        self.hold(vouched(told["set_aside"]), vouched(set_aside))
        assert marks_on_disk(self.site.editions.folder) == marks(*self.shown.values()), self.done
        assert self.site.log_is_empty()

    def hold(self, found: object, wanted: object) -> None:
        """Hold one against the other, and tell the whole history where they differ."""
        assert found == wanted, f"{found}, not {wanted}, after {self.done}"

    def lie(self) -> None:
        """Let the folder of posts be as the press leaves it, or worse."""
        lay_out(self.site.posts, self.site.ups.values())
        if self.spoil:
            self.spoil()

    # What may happen.

    def add(self, number: int = 1, leap: int = 1, **given: Any) -> None:
        """So many new stories at once, the first of them so many places on."""
        for nth in range(number):
            record = self._record(**given)
            self.site.put(self._placed(record, leap=leap if nth == 0 else 1))

    def add_many(self) -> None:
        """More than a bucket holds."""
        self.add(number=self.chance.randint(BUCKET, 2 * BUCKET + 5))

    def add_far_on(self) -> None:
        """Past places that others had before they were withdrawn."""
        self.add(leap=self.chance.randint(2, 3 * BUCKET))

    def add_of_a_retired_word(self) -> None:
        """Under words that the vocabulary has dropped."""
        self.add(topics=[RETIRED], stage=RETIRED)

    def add_in_a_taken_place(self) -> None:
        """Two stories in one slot."""
        if other := self._any():
            taken = other.slots()["stories"]
            record = self._record()
            self.site.put(Up(record, taken, elsewhere=self._placed(record).slots() | other.slots()))

    def add_long(self) -> None:
        """So long that it takes many pages of the database."""
        self.add(body=f"<p>{self._words(self.chance.randint(2_000, 60_000))}</p>")

    def add_bad(self) -> None:
        """A story whose file is not what was approved."""
        up = self._placed(self._record())
        self.site.put(replace(up, file=b"not a record"))

    def spoil_an_edit(self) -> None:
        """An edit whose file is not what was approved: the story may not stand as it was."""
        if up := self._any():
            record = {**up.record, "title": self._words(20)}
            self.site.put(replace(up, record=record, file=b"{"))

    def mend(self) -> None:
        """Every file is what was approved."""
        self.site.put(*(replace(up, file=None) for up in self.site.ups.values()))

    def edit(self) -> None:
        """Other words, or another month, at the same place."""
        if up := self._any():
            record = {**up.record, "title": self._words(20), "body": f"<p>{self._words(60)}</p>"}
            self.site.put(replace(up, record=record, month=self._month(), file=None))

    def move(self) -> None:
        """Other topics and another stage."""
        if up := self._any():
            where = {"topics": self._topics(), "stage": self.chance.choice(STAGES)}
            record = {**up.record, **where, **self._what_it_is_like()}
            at = up.slots()["stories"]
            self.site.put(replace(self._placed(record), slot=at, month=up.month))

    def shift(self) -> None:
        """The same story at other places."""
        if up := self._any():
            self.site.put(self._placed(up.record, leap=self.chance.randint(1, BUCKET)))

    def change_findable(self) -> None:
        """Its author says the opposite of before."""
        if up := self._any():
            record = {**up.record, "findable": not up.record["findable"]}
            self.site.put(replace(up, record=record))

    def withdraw(self) -> None:
        """One story goes."""
        if up := self._any():
            self._take_down([up])

    def withdraw_the_newest(self) -> None:
        """The story that stands first."""
        self._take_down(self._by_age()[-1:])

    def withdraw_a_bucket(self) -> None:
        """All that stand on one page of all stories."""
        if up := self._any():
            bucket = up.slots()["stories"] // BUCKET
            self._take_down([u for u in self._by_age() if u.slots()["stories"] // BUCKET == bucket])

    def withdraw_the_front(self) -> None:
        """All that the front of all stories shows."""
        buckets = sorted({up.slots()["stories"] // BUCKET for up in self._by_age()})[-2:]
        self._take_down([u for u in self._by_age() if u.slots()["stories"] // BUCKET in buckets])

    def withdraw_a_word(self) -> None:
        """All that stand under the retired word, or under another."""
        topics = {topic for up in self._by_age() for topic in up.record["topics"]}
        word = RETIRED if RETIRED in topics else self.chance.choice(sorted(topics) or [""])
        self._take_down([up for up in self._by_age() if word in up.record["topics"]])

    def restore(self) -> None:
        """One that went, at the same places."""
        if self.down:
            self.site.put(self.down.pop(self.chance.randrange(len(self.down))))

    def change_a_template(self) -> None:
        """Some words of the theme."""
        name = self.chance.choice(sorted(WORDS_TO_CHANGE))
        file, words = self.site.templates / name, WORDS_TO_CHANGE[name]
        before = file.read_text("utf-8")
        assert words in before, name
        file.write_text(before.replace(words, f"{words} ({self._next()})"), "utf-8")

    def change_nothing_seen(self) -> None:
        """A word of the theme that no reader sees."""
        file = self.site.templates / "list.html"
        file.write_text(f"{{# {self._next()} #}}{file.read_text('utf-8')}", "utf-8")

    def change_a_setting(self) -> None:
        """The site's address or its name."""
        host = f"https://host{self._next()}.example"
        setting = self.chance.choice([{"SITEURL": host}, {"SITENAME": host}, {"PRODUCTION": True}])
        self.site.settings |= setting

    def change_the_words(self) -> None:
        """A word goes from the vocabulary or comes back, or all stand in another order."""
        topics = self.chance.sample((*TOPICS, RETIRED), k=self.chance.randint(1, 4))
        self.site.put_words(topics, self.chance.sample(STAGES, k=self.chance.randint(1, 2)))

    def change_the_help(self) -> None:
        """Other help lines."""
        self.site.put_help(*map(str, self.chance.sample(range(100, 999), k=2)))

    def change_the_months(self) -> None:
        """Another month's totals, or a file that says nothing, or none."""
        number = self.chance.randint(5, 50)
        kinds = ("approved", "sent-back", "not-published", "kept", "taken-down")
        month = {
            "month": "2026-10",
            "fingerprint": "",
            "numbers": dict.fromkeys(kinds, number),
        }
        said = {"format": 1, "months": [month]}
        self.site.put_months(self.chance.choice([said, said, {"format": 1}, None]))

    def change_by_hand(self) -> None:
        """A hand-written page comes or changes."""
        page = self.site.by_hand / f"page-{self.chance.randint(1, 2)}.md"
        words = f"Page {self._next()}."
        page.write_text(ABOUT.replace("about", page.stem).replace("What this is.", words))

    def remove_by_hand(self) -> None:
        """A hand-written page goes."""
        for page in sorted(self.site.by_hand.glob("page-*.md"))[:1]:
            page.unlink()

    def change_the_style(self) -> None:
        """A file of the theme that Pelican only copies."""
        css = self.site.folder / "theme" / "static" / "css" / "site.css"
        css.write_text(f"body {{ margin: {self._next()}px }}\n")

    def lose_a_part(self) -> None:
        """A part that differs is not what the manifest says either, in the next print."""
        if up := self._any():
            self.site.put(replace(up, record={**up.record, "title": self._words(20)}))
            part = self.site.posts / "parts" / f"{up.id[:2]}.jsonl"
            self.spoil = lambda: part.write_bytes(b"{}\n")

    def print_whole(self) -> None:
        """The next print makes everything anew."""
        self.given["EDITION_WHOLE"] = True

    def renew_the_search(self) -> None:
        """The next print makes the large index of the search anew."""
        self.given["EDITION_SEARCH"] = True

    def purge(self) -> None:
        """The next print keeps no earlier edition."""
        self.given["EDITION_PURGE"] = True

    def go_back(self) -> None:
        """The operator shows the edition before again."""
        try:
            self.site.editions.roll_back()
        except NothingToGoBackTo:
            return
        self.shown = self.site.shown()

    def strike(self) -> None:
        """The operator takes away every page that names a story."""
        if up := self._any():
            self.site.editions.strike([up.id.encode()])
            self.shown = self.site.shown()

    def start_anew(self) -> None:
        """The editions are lost."""
        self.site.editions.start_anew()
        self.shown = {}

    # What it is made of.

    def _printed(self, apart: bool) -> Record:
        if not apart:
            return self.site.print_as_it_lies(**self.given)
        built = self.site.print_apart(**self.given)
        assert built.code == 0, built.said
        return built.report

    def _next(self) -> int:
        self._born += 1
        return self._born

    def _words(self, longest: int) -> str:
        """A text that is nothing but a mark of its own."""
        return marked(self._next(), longest).decode()

    def _month(self) -> str:
        return f"2026-{self.chance.randint(1, 12):02}"

    def _topics(self) -> list[str]:
        return sorted(self.chance.sample(TOPICS, k=self.chance.randint(0, 3)))

    def _record(self, **given: Any) -> dict[str, Any]:
        number = self._next()
        words = {"title": self._words(20), "body": f"<p>{self._words(60)}</p>"}
        where = {"topics": self._topics(), "stage": self.chance.choice([*STAGES, ""])}
        kind: dict[str, Any] = {
            "findable": self.chance.random() < 0.5,
            "example": self.chance.random() < 0.1,
        }
        if self.chance.random() < 0.3:
            kind["help"] = ["distress"]
        kind |= self._what_it_is_like()
        return make_post(number, **{**words, **where, **kind, **given})

    def _what_it_is_like(self) -> dict[str, Any]:
        """What others lead to it for, and what is shown only where enough stories share it."""
        chance = self.chance
        return {
            "content_notes": sorted(chance.sample(NOTES, k=chance.choice([0, 0, 1, 2]))),
            "about_me": chance.choice([[], ["parent"], ["parent"], ["parent", "rural"]]),
            "arc": chance.choice(["", "upward", "still-in-it"]),
            "helped": chance.choice([[], ["nature"], ["family", "nature"]]),
        }

    def _placed(self, record: dict[str, Any], leap: int = 1) -> Up:
        """At the next free place of each of its lists."""
        slots = {}
        for place in places(record):
            slots[place] = self._free[place] + leap - 1
            self._free[place] += leap
        return Up(record, slots["stories"], self._month(), elsewhere=slots)

    def _by_age(self) -> list[Up]:
        return sorted(self.site.ups.values(), key=lambda up: (up.slots()["stories"], up.id))

    def _any(self) -> Up | None:
        every = self._by_age()
        return self.chance.choice(every) if every else None

    def _take_down(self, ups: Iterable[Up]) -> None:
        for up in list(ups):
            self.site.take_down(up.id)
            self.down.append(replace(up, file=None))


STEPS: dict[str, Callable[[History], None]] = {
    step.__name__: step
    for step in (
        History.add, History.add_many, History.add_far_on, History.add_of_a_retired_word,
        History.add_in_a_taken_place, History.add_long, History.add_bad, History.spoil_an_edit,
        History.mend, History.edit, History.move, History.shift, History.change_findable,
        History.withdraw, History.withdraw_the_newest, History.withdraw_a_bucket,
        History.withdraw_the_front, History.withdraw_a_word, History.restore,
        History.change_a_template, History.change_nothing_seen, History.change_a_setting,
        History.change_the_words,
        History.change_the_help, History.change_the_months, History.change_by_hand,
        History.remove_by_hand, History.change_the_style, History.lose_a_part,
        History.print_whole, History.renew_the_search, History.purge, History.go_back,
        History.strike, History.start_anew,
    )
}  # fmt: skip
OFTEN = (
    "add", "add", "add_far_on", "edit", "edit", "move", "withdraw", "withdraw",
    "withdraw_the_newest", "print_whole",
    "withdraw_a_bucket", "withdraw_a_word", "restore", "restore", "change_findable",
    "add_of_a_retired_word",
)  # fmt: skip
"""What happens more often than the rest."""


@dataclass(frozen=True)
class Differences:
    """The paths of which one has a file and the other has not, or another."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @classmethod
    def told(cls, report: dict[str, Any]) -> Differences:
        """What a report says."""
        return cls(*(tuple(report[name]) for name in ("added", "changed", "removed")))


def differences(before: dict[str, bytes], after: dict[str, bytes]) -> Differences:
    """How files differ from those before."""
    both = before.keys() & after.keys()
    return Differences(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(path for path in both if before[path] != after[path])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def vouched(set_aside: list[Record]) -> list[Record]:
    """What is left out although the manifest names it; only a whole run looks for strange files."""
    return [left for left in set_aside if "does not know" not in left["why"]]
