"""Publishing in the cloud: what is sent and thrown away for one story, warm and from an empty disk.

The bucket and CloudFront are the emulated cloud's, so counts and bytes are what the cloud would
see, and seconds are not: there each call takes longer, and sixteen go side by side. Editions are
of 10,000 stories over a store in SQLite; the round trip from sharing to a page is over DynamoDB.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, Final

from publish_corpus import STORE
from publish_cost import Cost, Costs, spent
from publish_house import House, house
from publish_rounds import SIZE, Tell

from forum.intake import Intake
from forum.lanes import Lane, Lanes, Rate
from forum.mirror import Mirror
from forum.press import Press
from forum.store.dynamodb_press import DynamoPress
from forum.store.sqlite import Database
from forum.store.sqlite_press import SqlitePress
from forum.visitors import VisitorKeys, Visitors
from forum.wiring import CLOCK, DEVELOPMENT_RULE
from infra.aws.bucket import AT_ONCE
from infra.aws.build_job import BuildJob
from infra.aws.cloud_printer import CloudPrinter
from infra.aws.lease import Lease
from infra.aws.publishing import Publishing
from infra.local.printer import LocalPrinter
from tests.aws.published import SITEURL, Calls, Cloud, CloudRoom, Row
from tests.builders import FakeClock, make_given, make_keyring

TURNS: Final = 5
WIDE: Final = Rate(10**6, 10**6)


@dataclass
class Weighed:
    """What runs of one kind took, and what they asked of the cloud."""

    costs: list[Cost] = field(default_factory=list)
    asked: list[Counter[str]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    addresses: list[int] = field(default_factory=list)

    def take(self, calls: Calls, run: Callable[[], object]) -> None:
        """One more run."""
        calls.clear()
        self.costs.append(spent(run))
        self.asked.append(Counter(calls.names))
        self.sizes.append(sum(calls.sent.values()))
        self.addresses.append(len(calls.addresses))

    def figures(self) -> dict[str, object]:
        """Medians, fit for JSON."""
        names = sorted({name for asked in self.asked for name in asked})
        return {
            **Costs.of(self.costs).plain,
            "calls": {name: median(asked[name] for asked in self.asked) for name in names},
            "bytes sent": median(self.sizes),
            "addresses thrown away": median(self.addresses),
        }


@dataclass
class Site:
    """A store with very many stories, a bucket, and machines that press."""

    house: House
    home: Path
    cloud: Cloud = field(default_factory=Cloud)
    row: Row = field(default_factory=Row)
    calls: Calls = field(default_factory=Calls)
    weighed: dict[str, Weighed] = field(default_factory=dict)

    def machine(self) -> BuildJob:
        """One that starts with an empty disk."""
        store = SqlitePress(Database(self.house.data / STORE))
        printer_home = Path(mkdtemp(dir=self.home))
        return job(printer_home, store, self.cloud.publishing(self.calls, AT_ONCE), self.row)

    def press(self, what: str, machine: BuildJob) -> None:
        """Let it press, and weigh that."""
        self.weighed.setdefault(what, Weighed()).take(self.calls, machine.tick)

    def hold(self, post_id: str, shown: bool) -> None:
        """See that readers find the story, or do not; raise `RuntimeError` otherwise."""
        if (f"stories/{post_id}/index.html" in self.cloud.paths(post_id)) is not shown:
            raise RuntimeError(f"{post_id}: that is not what readers see")


def job(home: Path, store: SqlitePress | DynamoPress, out: Publishing, row: Row) -> BuildJob:
    """A machine whose disk is this folder."""
    posts = home / "posts"
    local = LocalPrinter(home / "editions", posts, SITEURL, production=False)
    printer = CloudPrinter(local, Lease(row), out)
    press = Press(store, Mirror(posts), printer, CLOCK, DEVELOPMENT_RULE, lambda batch: None)
    return BuildJob(press, printer, store)


def measure(tell: Tell) -> dict[str, Any]:
    """One story more and one less at ten thousand; and from sharing to a page."""
    return {"published": published(SIZE, tell), "round trip": round_trip(tell)}


def published(size: int, tell: Tell) -> dict[str, Any]:
    """The first time; then on a machine that stays warm, and on ones with an empty disk."""
    with house(size) as opened, TemporaryDirectory() as folder:
        site = Site(opened, Path(folder))
        warm = site.machine()
        site.press("the whole site, the first time", warm)
        on_disk = size_of(Path(folder))
        for turn in range(TURNS):
            come = opened.add()
            site.press("one more, warm", warm)
            site.hold(come, shown=True)
            gone = opened.withdraw(size * (turn + 1) // (TURNS + 2))
            site.press("one less, warm", warm)
            site.hold(gone, shown=False)
        come = opened.add()
        site.press("one more, from an empty disk", site.machine())
        site.hold(come, shown=True)
        figures = {what: weighed.figures() for what, weighed in site.weighed.items()}
        for what, figure in figures.items():
            tell(f"{size} stories, {what}: {json.dumps(figure)}")
        tell(f"{size} stories, on the disk of the function: {on_disk / 1e6:.0f} MB")
        return {**figures, "on disk, bytes": on_disk}


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@dataclass(frozen=True)
class Trip:
    """The times of one story, in seconds."""

    share: float
    approve: float
    press: float
    read: float

    @property
    def whole(self) -> float:
        """All together; the wait for a moderator and for the clock that starts the press is not
        in it."""
        return self.share + self.approve + self.press + self.read


def round_trip(tell: Tell) -> dict[str, Any]:
    """A story is shared, read and approved, pressed by a warm machine, and read in the bucket."""
    with TemporaryDirectory() as folder:
        room = CloudRoom(Path(folder) / "store", clock=FakeClock(CLOCK.now()))
        cloud, row = Cloud(), Row()
        machine = job(Path(folder), room.store, cloud.publishing(at_once=AT_ONCE), row)
        room.put_up(1)
        machine.tick()
        trips = [_trip(room, machine, cloud, number) for number in range(TURNS)]
    parts = ("share", "approve", "press", "read", "whole")
    told = {part: round(median(getattr(trip, part) for trip in trips), 3) for part in parts}
    tell(f"from sharing to a page in the bucket, seconds: {told}")
    return told


def _trip(room: CloudRoom, machine: BuildJob, cloud: Cloud, number: int) -> Trip:
    visitors = _door(room)
    token = visitors.form_token()
    room.clock.advance(minutes=1)
    title = f"Walks by the sea, {number}"
    moments = [time.perf_counter()]
    sent = visitors.submit({**make_given(title=title), "token": [token]})
    moments.append(time.perf_counter())
    room.review(sent.post.id)
    moments.append(time.perf_counter())
    machine.tick()
    moments.append(time.perf_counter())
    page = cloud.read(f"stories/{sent.post.id}/index.html")
    moments.append(time.perf_counter())
    if title.encode() not in page:
        raise RuntimeError("the page is not the story's")
    return Trip(*(late - early for early, late in pairwise(moments)))


def _door(room: CloudRoom) -> Visitors:
    keys = VisitorKeys(*(make_keyring(purpose=one) for one in ("receipts", "forms", "words")))
    lanes = Lanes(*(Lane(WIDE) for _ in range(3)))
    return Visitors(room.visitors, keys, Intake(lanes, 10**6), room.clock)


if __name__ == "__main__":
    measure(print)
