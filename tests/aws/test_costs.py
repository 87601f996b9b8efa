"""The cost model: what the page says is what the model prints, and the model adds up."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from infra.aws.costs import WAITING, Load, bill, read_prices, read_usage, table
from infra.aws.templates import compose

PAGE = Path(__file__).parents[2] / "docs" / "cost-and-scale.md"


def total(load: Load) -> float:
    return sum(item.dollars for item in bill(load, read_prices(), read_usage()))


def test_the_page_shows_what_the_model_prints() -> None:
    _, _, after = PAGE.read_text("utf-8").partition("<!-- costs -->\n")
    shown, _, _ = after.partition("<!-- /costs -->")
    assert shown.strip().splitlines() == list(table(read_prices(), read_usage()))


def test_every_alarm_that_is_set_up_is_reckoned_with() -> None:
    watching = compose()["watch"].body["Resources"].values()
    alarms = [one for one in watching if one["Type"] == "AWS::CloudWatch::Alarm"]
    assert read_usage()["always"]["alarms"] == len(alarms)


def test_more_of_anything_never_costs_less() -> None:
    views = [total(Load(number, 10)) for number in (0, 10_000, 10**6, 10**8)]
    waiting = [total(Load(10**6, number)) for number in WAITING]
    for costs in (views, waiting):
        assert all(less <= more for less, more in pairwise(costs))
    assert views[0] < views[-1]
    assert waiting[0] < waiting[-1]


def test_nothing_is_charged_for_what_is_free() -> None:
    lines = {item.name: item.dollars for item in bill(Load(1_000, 1), read_prices(), read_usage())}
    assert lines["Readers (CloudFront)"] == 0
    assert lines["Functions (Lambda)"] == 0


@pytest.mark.parametrize("name", ["cloudfront_request", "lambda_gb_second", "invalidated_path"])
def test_a_higher_price_makes_a_higher_bill(name: str) -> None:
    dearer = {**read_prices(), "price": {**read_prices()["price"], name: 1.0}}
    much = Load(10**10, 10)
    assert sum(i.dollars for i in bill(much, dearer, read_usage())) > total(much)
