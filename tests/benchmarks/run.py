"""All benchmarks, one after the other: printed as they come, and kept in .bench/figures.json.

`make bench` runs it; names of benchmarks after the script run only those. The figures and what
they mean are in docs/benchmarks.md.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import accepted_posts
import cloud_publish
import cold_start
import desk
import dynamodb_calls
import first_page
import flood
import hostile
import partitions
import publish_big
import publish_cold
import publish_desk
import publish_full
import publish_warm
import reading
import receipts
import screening
import search
import story_page
import team_numbers
from servers import BENCH

BENCHMARKS: Final[dict[str, Callable[[Callable[[str], None]], Mapping[str, Any]]]] = {
    "hostile": lambda tell: told(hostile.measure(), tell),
    "receipts": lambda tell: told(receipts.measure(), tell),
    "screening": lambda tell: told(screening.measure(), tell),
    "story_page": story_page.measure,
    "reading": reading.measure,
    "search": search.measure,
    "accepted_posts": accepted_posts.measure,
    "flood": flood.measure,
    "desk": desk.measure,
    "team_numbers": lambda tell: told(team_numbers.measure(), tell),
    "publish_full": publish_full.measure,
    "publish_cold": publish_cold.measure,
    "publish_warm": publish_warm.measure,
    "publish_desk": publish_desk.measure,
    "publish_big": publish_big.measure,
    "first_page": first_page.measure,
    "cloud_publish": cloud_publish.measure,
    "cold_start": cold_start.measure,
    "dynamodb_calls": dynamodb_calls.measure,
    "partitions": partitions.measure,
}


def tell(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


def told(figures: Mapping[str, Any], tell: Callable[[str], None]) -> Mapping[str, Any]:
    """The figures, each printed."""
    for name, figure in figures.items():
        tell(f"{name}: {figure}")
    return figures


def machine() -> dict[str, object]:
    """What the figures were taken on; a high load says how far to trust them."""
    return {
        "processor": processor(),
        "cpus": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_average": [round(load, 2) for load in os.getloadavg()],
    }


def processor() -> str:
    """The processor's name, where the system gives one."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def main(chosen: list[str]) -> None:
    """Run the chosen benchmarks, or all."""
    BENCH.mkdir(exist_ok=True)
    figures: dict[str, Any] = {"day": f"{datetime.now(UTC):%Y-%m-%d}", "before": machine()}
    for name in chosen or BENCHMARKS:
        began = time.monotonic()
        tell(f"--- {name}")
        figures[name] = BENCHMARKS[name](tell)
        tell(f"({time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f})")
    figures["after"] = machine()
    kept = BENCH / "figures.json"
    kept.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    tell(f"Kept in {kept}")


if __name__ == "__main__":
    main(sys.argv[1:])
