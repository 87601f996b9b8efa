"""Help on paper: all countries fit on one sheet, front and back; one country on one side of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.doors.help_rows import Row, checked, write_rows
from tests.pages.pelican_runs import ROOT, SITEURL, Built, build
from tests.pages.posts_folder import Up, lay_out, make_post

MARGIN = "10mm"
OWN = {"answered_by": "trained peers", "hours": "every day, 6 pm to 10 pm"}


def every_line_checked() -> list[Row]:
    """The file as it stands, once a person has checked all of it: as long as it can get."""
    with (ROOT / "content" / "helplines.csv").open(encoding="utf-8", newline="") as file:
        rows = [checked(row) for row in csv.DictReader(file)]
    return [row | OWN if row["id"] == "own-line" else row for row in rows]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A site for real visitors with every line of help."""
    folder = tmp_path_factory.mktemp("paper")
    posts = lay_out(folder / "posts", [Up(make_post(1), 0)])
    lines = str(write_rows(folder, *every_line_checked()))
    return build(posts, folder / "site", HELPLINES=lines, HANDRAIL_ENV="production")


@pytest.fixture
def page(chromium: Browser, built: Built) -> Iterator[Page]:
    """A browser that has this site and nothing else."""
    context = chromium.new_context(base_url=SITEURL)

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITEURL).partition("#")[0]
        file = built.folder / Path(path.strip("/") + ("/index.html" if path[-1] == "/" else ""))
        route.fulfill(path=file)

    context.route("**/*", answer)
    yield context.new_page()
    context.close()


def sides(page: Page, address: str) -> int:
    """How many sides of A4 a page takes."""
    page.goto(address)
    margins = dict.fromkeys(("top", "right", "bottom", "left"), MARGIN)
    printed = page.pdf(format="A4", margin=margins)
    return len(re.findall(rb"/Type\s*/Page\b", printed))


def test_all_countries_fit_on_one_sheet_front_and_back(page: Page) -> None:
    assert sides(page, "/help/") <= 2


@pytest.mark.parametrize("country", ["GB", "US", "AU"])
def test_one_country_fits_on_one_side_and_stands_there_alone(page: Page, country: str) -> None:
    assert sides(page, f"/help/#country-{country}") == 1
    page.emulate_media(media="print")
    shown = [heading for heading in page.locator(".country h3").all() if heading.is_visible()]
    assert [heading.get_attribute("id") for heading in shown] == [f"country-{country}"]


def test_paper_has_the_emergency_number_and_no_menu(page: Page) -> None:
    page.goto("/help/")
    page.emulate_media(media="print")
    assert page.get_by_text("Call your emergency number").last.is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()
    assert not page.get_by_role("heading", name="Numbers, by what it is about").is_visible()
