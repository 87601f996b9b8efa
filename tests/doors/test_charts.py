"""A chart: bars in proportion, their words beside them, a name and a sentence for who sees none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from doors.charts import ROW, Bar, Chart, bar_chart
from tests.doors.seen import Page
from tests.rules.house import ROOT

TEMPLATES = ROOT / "site" / "theme" / "templates"
CSS = Path(ROOT / "site/theme/static/css/desk.css").read_text("utf-8")
BARS = [Bar("Today", 4, 1, "4, 1 in danger"), Bar("1 to 2 days", 8), Bar("7 days or more", 0)]


def made(bars: list[Bar]) -> Chart:
    chart = bar_chart("waiting", "What waits", bars)
    assert chart is not None
    return chart


def drawn(chart: Chart) -> Page:
    """The chart as a page holds it."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    source = '{% from "desk/charts.html" import bars %}<body>{{ bars(chart) }}</body>'
    return Page(environment.from_string(source).render(chart=chart))


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), min_size=1, max_size=20))
def test_bars_are_as_long_as_their_numbers_say(numbers: list[tuple[int, int]]) -> None:
    bars = [Bar("x", max(pair), min(pair)) for pair in numbers]
    chart = bar_chart("c", "Title", bars)
    most = max(bar.number for bar in bars)
    if chart is None:
        assert most == 0
        return
    for bar, one in zip(bars, chart.bars, strict=True):
        assert one.length == pytest.approx(100 * bar.number / most, abs=0.051)
        assert one.part == pytest.approx(100 * bar.part / most, abs=0.051)
        assert 0 <= one.part <= one.length <= 100


def test_no_bar_lies_on_anothers_words() -> None:
    chart = made(BARS)
    tops = [bar.words_down - 1 for bar in chart.bars]
    ends = [bar.bar_down + 1 for bar in chart.bars]
    assert all(end < top for end, top in zip(ends, tops[1:], strict=False))
    assert ends[-1] <= chart.height == ROW * 3


@pytest.mark.parametrize("bars", [[], [Bar("Today", 0)]])
def test_of_nothing_there_is_no_chart(bars: list[Bar]) -> None:
    assert bar_chart("c", "Title", bars) is None


def test_a_chart_is_a_picture_with_a_name_and_a_sentence_that_says_all_of_it() -> None:
    page = drawn(made(BARS))
    svg = page.one("svg")
    assert svg.given["role"] == "img"
    named = [page.by_id(name).text for name in svg.given["aria-labelledby"].split()]
    assert named == [
        "What waits",
        "Today: 4, 1 in danger; 1 to 2 days: 8; 7 days or more: 0.",
    ]
    assert [text.text for text in page.all("text")] == [
        "Today: 4, 1 in danger", "1 to 2 days: 8", "7 days or more: 0",
    ]  # fmt: skip
    assert [rect.given["width"] for rect in page.all("rect")] == [
        "50.0%",
        "12.5%",
        "100.0%",
        "0.0%",
    ]


def test_a_chart_carries_no_style_that_the_policy_of_the_site_would_block() -> None:
    page = drawn(made([Bar('<b>"quoted"</b>', 3, words="<script>")]))
    for element in page.elements:
        assert not {name for name in element.given if name == "style" or name.startswith("on")}
    assert not page.all("b", "script", "style")


def test_a_chart_has_colours_of_the_theme_and_of_forced_colours() -> None:
    rules = re.findall(r"\.chart [^{]*\{([^}]*)\}", CSS)
    fills = {found for rule in rules for found in re.findall(r"fill: ([^;]+);", rule)}
    assert fills == {"var(--ink)", "var(--press)", "var(--care)", "CanvasText", "Highlight"}
