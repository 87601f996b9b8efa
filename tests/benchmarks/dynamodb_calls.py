"""How many calls of DynamoDB a use case makes, and what they consume and cost.

The use cases run as both doors and the press run them, on the emulated cloud, in a forum where a
hundred posts wait and some are up. `consumed.py` weighs each call by DynamoDB's published
rules: the emulator does not tell what `BatchGetItem` consumes.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from consumed import Scales

from forum.edition import BatchRule
from forum.intake import Intake
from forum.lanes import Lanes, Rate
from forum.mirror import Mirror
from forum.post import Act, State, fingerprint, record_of
from forum.press import Press
from forum.route import GRAVITY
from forum.store.dynamodb import Dynamo
from forum.store.on_dynamodb import OnDynamo
from forum.visitors import Sent
from tests import builders as given
from tests.builders import FakeClock
from tests.forum.press_room import PaperPrinter
from tests.forum.visitors_door import Door, leave
from tests.store.adapters import Stores
from tests.store.dynamodb_bad_days import door_over
from tests.store.dynamodb_given import CARD_COLUMNS, create_tables, emulator

TABLES: Final = "calls"
WAITING, DAYS, UP = 100, 6, 200
"""Posts that wait, the days over which they came, and posts that are up."""
NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
PRICES: Final = Path(__file__).parents[2] / "infra" / "aws" / "prices.toml"
WIDE: Final = Rate(10**6, 10**6)


@dataclass
class Day:
    """A forum, and a day in it."""

    door: Door
    press: Press
    scales: Scales
    shared: Callable[[], Sent]

    def uses(self) -> Sequence[tuple[str, Callable[[], Any], Callable[[Any], object]]]:
        """Name, what is there before, and what is weighed."""
        return (
            ("open the form", int, self._form),
            ("share", self.door.form, self.door.visitors.submit),
            ("look up", self.shared, lambda sent: self.door.holders.look_up(leave(sent))),
            ("withdraw", self.shared, self._withdraw),
            ("withdraw, while it is up", self._up, self._withdraw),
            ("report", self._to_report, self.door.reports.report),
            ("queue page", int, self._queue),
            ("open and claim", self.shared, self._open),
            ("decide", self._opened, lambda post: self.door.decide(Act.APPROVE, post)),
            ("press run of one story", self._approved, self._run),
        )

    def _form(self, _: int) -> None:
        self.door.visitors.closed()
        self.door.visitors.usual_wait()

    def _withdraw(self, sent: Sent) -> None:
        self.door.holders.withdraw(sent.post.id, leave(sent))

    def _up(self) -> Sent:
        sent = self.shared()
        self.door.put_up(self.door.decide(Act.APPROVE, sent.post))
        return sent

    def _to_report(self) -> Any:
        return self.door.report_form(self._up().post)

    def _queue(self, _: int) -> None:
        self.door.desk.counts()
        self.door.desk.reported()
        self.door.desk.queue()
        self.door.desk.closed()

    def _open(self, sent: Sent) -> None:
        self.door.desk.claim(sent.post.id, "robin")
        self.door.desk.read(sent.post.id)

    def _opened(self) -> Any:
        sent = self.shared()
        self._open(sent)
        return sent.post

    def _approved(self) -> None:
        self._run(None)  # what came before
        self.door.decide(Act.APPROVE, self.shared().post)

    def _run(self, _: None) -> None:
        self.press.run(lambda words: None)


def measure(tell: Callable[[str], None]) -> dict[str, Any]:
    """Calls, read units, write units and dollars a thousand times, by use case."""
    prices = tomllib.loads(PRICES.read_text("utf-8"))["price"]
    figures: dict[str, Any] = {}
    with TemporaryDirectory() as folder:
        day = _day(Path(folder))
        for name, prepare, act in day.uses():
            prepared = prepare()
            day.scales.clear()
            act(prepared)
            figures[name] = told = _told(day.scales, prices)
            calls = ", ".join(f"{number} {call}" for call, number in told["calls"].items())
            units = f"{told['read_units']:g} read and {told['write_units']:g} write units"
            tell(f"{name}: {calls}; {units}; ${told['dollars_a_thousand']} for a thousand")
    return figures


def _told(scales: Scales, prices: Mapping[str, float]) -> dict[str, Any]:
    units = {"read": 0.0, "write": 0.0}
    for (_, _, kind), number in scales.units.items():
        units[kind] += number
    cost = units["read"] * prices["dynamodb_read_unit"]
    cost += units["write"] * prices["dynamodb_write_unit"]
    return {
        "calls": dict(sorted(Counter(scales.calls).items())),
        "read_units": units["read"],
        "write_units": units["write"],
        "dollars_a_thousand": round(1_000 * cost, 4),
    }


def _day(folder: Path) -> Day:
    client, plain = emulator().client("dynamodb"), emulator().client("dynamodb")
    create_tables(plain, TABLES)
    dynamo = Dynamo(client, TABLES, clock=NOON.timestamp)
    on = OnDynamo(dynamo)
    stores = Stores(on, NotImplemented)
    for number in range(WAITING):
        day, route = given.days(-(number % DAYS)), GRAVITY[number % len(GRAVITY)]
        given.keep(stores.visitors, given.make_post(number, day=day, state_day=day, route=route))
    _put_up(stores)
    scales = Scales(client, plain, frozenset(CARD_COLUMNS))
    door = door_over(stores, FakeClock(NOON), folder)
    lanes = Lanes(*(on.lane(name, WIDE) for name in ("proven", "unproven", "reports")))
    door = replace(
        door,
        visitors=replace(door.visitors, intake=Intake(lanes, 10**6)),
        reports=replace(door.reports, lane=lanes.reports),
    )
    mirror = Mirror(folder / "posts")
    printer = PaperPrinter(mirror.folder)
    rule = BatchRule(enough=1, rest_days=0)
    press = Press(stores.press, mirror, printer, door.clock, rule, lambda some: None)
    return Day(door, press, scales, partial(_share, door, count(1)))


def _put_up(stores: Stores) -> None:
    """Stories that are up already, with what says so."""
    for number in range(10**6, 10**6 + UP):
        sent = given.make_post(number, state=State.APPROVED)
        hash = fingerprint(record_of(sent, given.make_text()))
        post = given.keep(stores.visitors, replace(sent, approved_hash=hash))
        row = given.make_edition_row(number, hash=hash, slots={"stories": number - 10**6})
        stores.press.record([row], [], {post.id: row.hash})


def _share(door: Door, numbers: Any) -> Sent:
    """One more story, in words of its own."""
    return door.share(body=f"{given.STORY} This is the {next(numbers)}th that I write.")
