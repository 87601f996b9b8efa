"""What a forum in the cloud costs a month: prices and usage are data, and this only multiplies.

`python -m infra.aws.costs` prints the table of docs/cost-and-scale.md. Who moderates for money is
not in it: reading every word is the dear part, and this forum is built on people who give it.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
VIEWS = (10_000, 1_000_000, 100_000_000)
WAITING = (10, 1_000, 100_000)
STORIES = 10_000

Prices = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Load:
    """How much a forum is used in a month."""

    views: int
    """Pages looked at."""
    waiting: int
    """Posts that wait to be read."""
    stories: int = STORIES
    """Stories that are up."""


@dataclass(frozen=True)
class Item:
    """One line of the bill."""

    name: str
    dollars: float


def read_prices() -> Prices:
    """The prices, and what is free of them."""
    return tomllib.loads((HERE / "prices.toml").read_text("utf-8"))


def read_usage() -> Prices:
    """What one of each thing uses."""
    return tomllib.loads((HERE / "usage.toml").read_text("utf-8"))


def bill(load: Load, prices: Prices, usage: Prices) -> list[Item]:
    """Every line of a month's bill, in dollars, after what is free."""
    price, free = prices["price"], prices["free_a_month"]
    used = _used(load, usage)

    def of(name: str, *uses: tuple[str, str]) -> Item:
        """A line: each use by its price, less what is free of it."""
        return Item(name, sum(max(0.0, used[use] - free.get(use, 0)) * price[p] for use, p in uses))

    return [
        of(
            "Readers (CloudFront)",
            ("cloudfront_requests", "cloudfront_request"),
            ("cloudfront_functions", "cloudfront_function"),
            ("cloudfront_gb", "cloudfront_gb"),
            ("invalidated_paths", "invalidated_path"),
        ),
        of("Pages (S3)", ("gets", "s3_get"), ("puts", "s3_put"), ("page_gb", "s3_gb_month")),
        of("Doors (API Gateway)", ("api_requests", "api_request")),
        of(
            "Functions (Lambda)",
            ("lambda_requests", "lambda_request"),
            ("lambda_gb_seconds", "lambda_gb_second"),
        ),
        of(
            "Store (DynamoDB)",
            ("write_units", "dynamodb_write_unit"),
            ("read_units", "dynamodb_read_unit"),
            ("dynamodb_gb", "dynamodb_gb_month"),
            ("row_gb", "dynamodb_recovery_gb_month"),
        ),
        of("Alarms, logs, DNS", ("alarms", "alarm_month"), ("zones", "zone_month")),
    ]


def _used(load: Load, usage: Prices) -> dict[str, float]:
    """How much of everything a month uses."""
    reader, sharing, deciding = usage["reader"], usage["sharing"], usage["deciding"]
    press, always, guessed = usage["publishing"], usage["always"], usage["guessed"]
    posts = load.views / guessed["views_a_post"]
    runs = min(posts / guessed["posts_a_batch"], guessed["most_runs_a_month"])
    rows = (load.waiting + load.stories) * guessed["kilobytes_a_post"] / 1e6
    door_requests = posts * (sharing["requests"] + deciding["requests"])

    def sums(what: str) -> float:
        return posts * (sharing[what] + deciding[what]) + runs * press[what]

    return {
        "cloudfront_requests": load.views * reader["requests"] + door_requests,
        "cloudfront_functions": load.views * reader["requests"],
        "cloudfront_gb": load.views * reader["kilobytes"] / 1e6,
        "invalidated_paths": min(runs * press["paths"], guessed["most_paths"] + runs),
        "gets": load.views * reader["asked_of_bucket"],
        "puts": runs * press["puts"],
        "page_gb": load.stories * guessed["kilobytes_a_page"] / 1e6,
        "api_requests": door_requests,
        "lambda_requests": door_requests + always["ticks"],
        "lambda_gb_seconds": sums("gb_seconds") + always["ticks"] * always["gb_seconds_a_tick"],
        "write_units": sums("write_units"),
        "read_units": sums("read_units") + always["ticks"] * always["read_units_a_tick"],
        "dynamodb_gb": rows,
        "row_gb": rows,
        "alarms": always["alarms"],
        "zones": 1,
    }


def table(prices: Prices, usage: Prices) -> Iterator[str]:
    """The costs as rows of a Markdown table: a column for each load."""
    loads = [Load(views, waiting) for views in VIEWS for waiting in WAITING]
    named = (f"{one.views:,} views, {one.waiting:,} wait |" for one in loads)
    yield "| a month | " + " ".join(named)
    yield "|---|" + "--:|" * len(loads)
    bills = [bill(load, prices, usage) for load in loads]
    for lines in zip(*bills, strict=True):
        yield f"| {lines[0].name} | " + " | ".join(f"{one.dollars:,.2f}" for one in lines) + " |"
    totals = (sum(one.dollars for one in lines) for lines in bills)
    yield "| **all, in US dollars** | " + " | ".join(f"**{total:,.2f}**" for total in totals) + " |"


def main() -> None:
    """Print the table."""
    sys.stdout.write("\n".join(table(read_prices(), read_usage())) + "\n")


if __name__ == "__main__":
    main()
