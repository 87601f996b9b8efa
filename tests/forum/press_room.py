"""A press with everything around it: a real store and desk in a folder, and a printer of paper."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from forum.approving import Approver
from forum.deciding import Seen
from forum.desk import Desk
from forum.edition import BatchRule, Candidate, Shuffle, lists_of
from forum.mirror import Mirror
from forum.parts import MANIFEST
from forum.post import Act, Post, Record, Text, fingerprint, moved, record_of
from forum.press import Press
from forum.press_report import Summary
from forum.printing import Printed, Printer
from forum.review import Choice, all_kept
from forum.rows import Decision, Verdict
from forum.settling import Review
from forum.store.sqlite import Database
from forum.store.sqlite_desk import SqliteDesk
from forum.store.sqlite_holders import SqliteHolders
from forum.store.sqlite_press import SqlitePress
from forum.store.sqlite_reports import SqliteSweep
from forum.store.sqlite_visitors import SqliteVisitors
from forum.sweep import BY_READERS
from forum.texts import check
from tests.builders import FakeClock, keep, make_fields, make_id, make_post, make_text

AT_ONCE = BatchRule(enough=1, rest_days=0)
WHO = "robin"


def as_they_come(batch: list[str]) -> None:
    """A shuffle that leaves everything where it is."""


def backwards(batch: list[str]) -> None:
    """A shuffle that can be foreseen."""
    batch.reverse()


def make_candidate(post: Post, text: Text | None = None) -> Candidate:
    """An approved post as an edition knows it."""
    record = record_of(post, text or make_text())
    return Candidate(fingerprint(record), tuple(lists_of(record)), (post.day, post.state_day))


@dataclass
class PaperPrinter:
    """A printer in memory: an edition is a copy of every file that the mirror holds."""

    posts: Path
    readers: dict[str, bytes] = field(default_factory=dict)
    """What readers see, by file name."""
    earlier: list[dict[str, bytes]] = field(default_factory=list)
    printed: int = 0
    jam: Exception | None = None
    """What goes wrong in the next build, if anything."""
    everything: list[bool] = field(default_factory=list)
    """Of each build, whether it was to make what may be behind for a day, too."""
    anew: list[bool] = field(default_factory=list)
    """Of each build, whether it was to make every page anew."""

    @contextmanager
    def lock(self) -> Iterator[None]:
        yield

    def strike(self, post_ids: Collection[str]) -> None:
        for post_id in post_ids:
            self.readers.pop(f"{post_id}.json", None)
        self.earlier = []

    def print_edition(self, purge: bool, everything: bool = False, anew: bool = False) -> Printed:
        self.everything.append(everything)
        self.anew.append(anew)
        if self.jam:
            raise self.jam
        before = self.readers
        self.earlier = [] if purge else [*self.earlier, before]
        self.readers = {p.name: p.read_bytes() for p in self.posts.iterdir() if p.is_file()}
        self.printed += 1
        now = self.readers
        return Printed(
            added=tuple(sorted(now.keys() - before.keys())),
            changed=tuple(sorted(n for n in now.keys() & before.keys() if now[n] != before[n])),
            removed=tuple(sorted(before.keys() - now.keys())),
            anew=anew,
        )

    def stories(self) -> set[str]:
        """The ids that readers see."""
        return {name.removesuffix(".json") for name in self.readers if name != MANIFEST}


@dataclass
class Picky(PaperPrinter):
    """A printer that leaves some posts out, for reasons of its own."""

    aside: set[str] = field(default_factory=set)

    def print_edition(self, purge: bool, everything: bool = False, anew: bool = False) -> Printed:
        printed = super().print_edition(purge, everything, anew)
        left = {post_id for post_id in self.aside if self.readers.pop(f"{post_id}.json", None)}
        return replace(printed, set_aside=tuple((post_id, "odd") for post_id in sorted(left)))


@dataclass
class PressRoom:
    """One installation in a folder. Decisions are made at a real desk."""

    folder: Path
    rule: BatchRule = AT_ONCE
    shuffle: Shuffle = as_they_come
    examples: Sequence[Record] = ()
    clock: FakeClock = field(default_factory=FakeClock)
    printer: PaperPrinter = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.database = Database(self.folder / "handrail.sqlite3")
        self.visitors = SqliteVisitors(self.database)
        self.holders = SqliteHolders(self.database)
        self.sweep = SqliteSweep(self.database)
        self.desk = Desk(SqliteDesk(self.database), self.clock)
        self.store = SqlitePress(self.database)
        self.mirror = Mirror(self.folder / "posts")
        self.printer = PaperPrinter(self.mirror.folder)

    def press(self, printer: Printer | None = None) -> Press:
        """The press as it stands now."""
        return Press(
            store=self.store,
            mirror=self.mirror,
            printer=printer or self.printer,
            clock=self.clock,
            rule=self.rule,
            shuffle=self.shuffle,
            examples=self.examples,
        )

    def run(self, *, everything: bool = False, anew: bool = False) -> Summary:
        """One run of the press."""
        return self.press().run(lambda words: None, everything=everything, anew=anew)

    def receive(self, number: int, **given: object) -> str:
        """A story comes in; its id."""
        today = self.clock.now().date()
        post = make_post(number, day=today, state_day=today, fields=make_fields(**given))
        return keep(self.visitors, post, make_text(title=f"Story {100 + number}")).id

    def submit(self, number: int, body: str) -> str:
        """A story with this text comes in, checked and screened as everybody's; its id."""
        checked = check("Walks", body)
        screened = {"marks": checked.marks, "route": checked.route, "language": checked.language}
        return keep(self.visitors, make_post(number, **screened), checked.text).id

    def review(self, post_id: str, *replaced: str, who: str = WHO) -> Post:
        """These words in place of the first marked stretches; all others are kept."""
        reading = self.desk.read(post_id)
        assert reading.text is not None
        choices = dict(all_kept(reading.text))
        choices |= {n: Choice(Verdict.REPLACE, words) for n, words in enumerate(replaced)}
        seen = Seen(post_id, reading.post.version, reading.hash)
        return self.desk.review(seen, Approver(who), Review(choices)).post

    def approve(self, post_id: str, who: str = WHO) -> None:
        """A moderator reads it and approves what they read."""
        self._decide_as_read(Act.APPROVE, post_id, who)

    def keep(self, post_id: str) -> None:
        """A moderator reads it again and leaves it on the site as they read it."""
        self._decide_as_read(Act.KEEP, post_id, WHO)

    def _decide_as_read(self, act: Act, post_id: str, who: str) -> None:
        reading = self.desk.read(post_id)
        self.desk.decide(act, Seen(post_id, reading.post.version, reading.hash), who)

    def put_up(self, *numbers: int) -> list[str]:
        """Stories come in and are approved; their ids."""
        ids = [self.receive(number) for number in numbers]
        for post_id in ids:
            self.approve(post_id)
        return ids

    def withdraw(self, post_id: str) -> None:
        """The author takes it back."""
        self.holders.withdraw(moved(self.post(post_id), Act.WITHDRAW, self.clock.now().date()))

    def hide(self, post_id: str) -> None:
        """Readers' reports take it off the site until somebody has read it again."""
        post, today = self.post(post_id), self.clock.now().date()
        decision = Decision(today, BY_READERS, Act.HIDE, post_id, post.approved_hash)
        self.sweep.hide(moved(post, Act.HIDE, today), decision, 1_000)

    def appeal(self, post_id: str) -> None:
        """Its author asks that somebody else decides."""
        self.holders.move(moved(self.post(post_id), Act.APPEAL, self.clock.now().date()))

    def decide(self, act: Act, post_id: str) -> None:
        """A moderator decides, with a word to the author."""
        seen = Seen(post_id, self.post(post_id).version)
        self.desk.decide(act, seen, WHO, "Because of the town's name.")

    def post(self, post_id: str) -> Post:
        """The post as stored."""
        post = self.visitors.post(post_id)
        assert post is not None
        return post

    def edit(self, post_id: str, html: str) -> None:
        """Change the stored text, as an agreed edit would, or somebody with the database."""
        self.sql("UPDATE texts SET html = ? WHERE post_id = ?", html, post_id)

    def lose(self, *post_ids: str) -> None:
        """Posts vanish from the store and leave no reason."""
        for post_id in post_ids:
            self.sql("DELETE FROM posts WHERE id = ?", post_id)

    def add(self, post: Post) -> None:
        """Put a post straight into the store, in whatever state."""
        keep(self.visitors, replace(post, version=1))

    def sql(self, statement: str, *values: object) -> None:
        """Act on the database behind everyone's back."""
        with self.database.write() as connection:
            connection.execute(statement, values)

    def files(self) -> dict[str, bytes]:
        """Everything in the folder that Pelican reads, by name."""
        folder = self.mirror.folder
        files = (path for path in sorted(folder.rglob("*")) if not path.is_dir())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    def up(self) -> dict[str, dict[str, int]]:
        """The slots of everything that is up."""
        return {post_id: dict(row.slots) for post_id, row in self.store.up().items()}


ids = [make_id(number) for number in range(100)]
"""The ids of the numbered posts."""
