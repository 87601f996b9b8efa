"""At what rate would a partition of DynamoDB be hot? Simulated with its published limits.

Every use case runs on the emulated cloud, many times over, and what its calls consume of each
partition is weighed. Then operations are drawn one after another until some partition's second is
full: with rows spread over eight partitions as they are, and as if they all lay in one. Some rows
are guarded by each change of them, so that changes come one after another; what that allows is
simulated beside it.
"""

import heapq
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import mean, median
from typing import Any, Final

from consumed import Scales
from partition_uses import NOON, Plenty

from forum.store.dynamodb import FIRST_WAIT, LONGEST_WAIT, PATIENCE, Dynamo
from forum.store.on_dynamodb import OnDynamo
from tests.store.dynamodb_given import CARD_COLUMNS, create_tables, emulator

WRITES, READS = 1_000, 3_000
"""Units a second that one partition gives, whatever the table has:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html,
as it stood in November 2026. A partition that is hot for long may be split; one row never is."""
READ_TAKES, COMMIT_TAKES = 0.005, 0.015
"""Seconds for one read and one transaction within a region. Assumed: AWS promises no figure, and
says "single-digit milliseconds" of a read."""
SAMPLES: Final = 32
"""Times that each use case is weighed, each with posts of its own."""
ROUNDS: Final = 25
FAR: Final = 20_000
"""Operations a second beyond which nothing is looked for."""
LOST: Final = 0.01
"""Share of changes that may give up before a guarded row counts as too slow."""
ONES_OWN: Final = (
    *("post", "name", "text", "original", "offer", "message", "undo", "claim", "author", "spent"),
    *("done", "batch", "told", "claimed", "off", "report"),
)
"""Rows that no two people share: a partition for every post, author or form."""
SHARD: Final = "#SHARD"
IN_TURNS: Final = ("record", "bell", "lane#")
"""Rows that many share and that each change of them guards."""
SHARDED: Final = re.compile(r"^(?P<name>.+)#\d$")

Touches = Sequence[tuple[str, str, float]]
"""What one operation takes: partition, "read" or "write", units."""


@dataclass(frozen=True)
class Weighed:
    """A use case as it was weighed, once for each sample."""

    name: str
    samples: Sequence[Touches]
    calls: float
    reads: float
    writes: float
    guarded: Mapping[str, int]
    """Rows that every change of them guards: calls between looking and committing."""


def measure(tell: Callable[[str], None]) -> dict[str, Any]:
    """Units of each use case, and the rate at which each shared key first bites."""
    figures: dict[str, Any] = {}
    tell(f"one partition gives {WRITES} write and {READS} read units a second (November 2026)")
    for use in weigh():
        units = f"{use.reads:.1f} read and {use.writes:.1f} write units"
        tell(f"{use.name}: {use.calls:.1f} calls, {units}; in a second there is room for")
        figures[f"{use.name}_units"] = [round(use.reads, 1), round(use.writes, 1)]
        rates = dict(_rates(use))
        for name, rate in sorted(rates.items(), key=lambda found: found[1]):
            tell(f"  {_spelled(rate)} until {name} is full")
        figures |= {f"{use.name}: {name}": rate for name, rate in rates.items()}
    return figures


def _rates(use: Weighed) -> Iterator[tuple[str, int]]:
    """The operations a second that each shared key allows, and those that guard it in turns."""
    for name in sorted(
        {_family(partition) for sample in use.samples for partition, _, _ in sample}
    ):
        yield name, _fills(use, name, spread=True)
        if name.endswith(SHARD):
            yield f"{name.removesuffix(SHARD)} without shards", _fills(use, name, spread=False)
    for name, calls in sorted(use.guarded.items()):
        yield f"{name} in turns ({calls} calls from look to commit)", guarded_rate(calls)


def guarded_rate(calls: int) -> int:
    """Changes a second of one guarded row at which one in a hundred gives up."""
    low, high = 1, 512
    while low < high:
        rate = (low + high + 1) // 2
        low, high = (rate, high) if _lost(rate, calls) <= LOST else (low, rate - 1)
    return low


def weigh() -> Iterator[Weighed]:
    """Every use case on tables of its own, with a month of posts waiting."""
    client, plain = emulator().client("dynamodb"), emulator().client("dynamodb")
    create_tables(plain, "partitions")
    dynamo = Dynamo(client, "partitions", clock=NOON.timestamp)
    plenty = Plenty(OnDynamo(dynamo), dynamo)
    plenty.fill()
    scales = Scales(client, plain, frozenset(CARD_COLUMNS))
    numbers = count(10_000)
    for name, prepare, act in plenty.uses():
        samples, calls, units = [], [], []
        guarded: dict[str, int] = {}
        for _ in range(SAMPLES):
            prepared = prepare(next(numbers))
            scales.clear()
            act(prepared)
            samples.append(_touches(scales))
            calls.append(len(scales.calls))
            units.append([_total(scales, kind) for kind in ("read", "write")])
            guarded |= {_family(pk): trips for pk, trips in scales.guarded.items()}
        shared = {key: trips for key, trips in guarded.items() if key.startswith(IN_TURNS)}
        reads, writes = (mean(column) for column in zip(*units, strict=True))
        yield Weighed(name, samples, mean(calls), reads, writes, shared)


def _touches(scales: Scales) -> Touches:
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (table, pk, kind), units in scales.units.items():
        if pk.partition("#")[0] not in ONES_OWN and not re.match(r"record#", pk):
            name = f"index {pk}" if table == "index" else pk
            found[name, kind] += units
    return [(name, kind, units) for (name, kind), units in found.items()]


def _total(scales: Scales, kind: str) -> float:
    return sum(units for (_, _, what), units in scales.units.items() if what == kind)


def _family(partition: str) -> str:
    """The key's name without its shard or its day."""
    sharded = SHARDED.match(partition)
    if sharded:
        return sharded["name"] + SHARD
    return re.sub(r"\d{4}-\d\d-\d\d", "DAY", partition)


def _fills(use: Weighed, name: str, *, spread: bool) -> int:
    """Operations in one second until a partition of this name is full: the median of many tries."""
    mine = [
        [(key if spread else name, *of) for key, *of in sample if _family(key) == name]
        for sample in use.samples
    ]
    return round(median(_fill(mine, random.Random(seed)) for seed in range(ROUNDS)))


def _fill(samples: Sequence[Touches], chance: random.Random) -> int:
    taken: dict[tuple[str, str], float] = defaultdict(float)
    for number in range(FAR):
        for partition, kind, units in chance.choice(samples):
            taken[partition, kind] += units
            if taken[partition, kind] > (WRITES if kind == "write" else READS):
                return number
    return FAR


def _lost(rate: int, calls: int, seconds: int = 40) -> float:
    """Share of changes that give up when so many a second guard one row, as `Dynamo` tries."""
    chance = random.Random(rate)
    number = rate * seconds
    begun = sorted(chance.uniform(0, seconds) for _ in range(number))
    looks = [(begin, begin, 0) for begin in begun]
    heapq.heapify(looks)
    commits, lost = [-1.0], 0
    while looks:
        look, begin, tries = heapq.heappop(looks)
        commit = look + calls * READ_TAKES + COMMIT_TAKES
        if commits[-1] <= look:
            commits.append(commit)  # nobody who looked before can still come first
            continue
        again = commit + chance.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2**tries))
        if again - begin > PATIENCE:
            lost += 1
        else:
            heapq.heappush(looks, (again, begin, tries + 1))
    return lost / number


def _spelled(rate: int) -> str:
    return f"{rate:>7,}" if rate < FAR else f"over {FAR:,}"


if __name__ == "__main__":
    measure(print)
