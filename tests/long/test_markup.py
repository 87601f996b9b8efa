"""What is sent is valid: every page by two checkers, every sheet and drawing by one or two."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.journeys.conftest import gathered
from tests.journeys.crawl import Crawl
from tests.journeys.house import House
from tests.journeys.whole_tour import opened_by
from tests.long.checkers import INSTALLED, PINNED, ROOT, by_node, by_nu

THEME = ROOT / "site" / "theme" / "static"
SHEETS = sorted(THEME.glob("css/*.css"))
DRAWINGS = sorted(THEME.glob("img/*.svg"))
FAULTY = '<!doctype html><html><title>No language</title><p id="a"><p id="a"><img src="/a.png">'


class Sent:
    """The pages that came to some people's browsers, as they were sent."""

    def __init__(self) -> None:
        self.came: dict[Page, Response] = {}

    def listen(self, context: BrowserContext) -> None:
        """Keep what comes to this one."""
        context.on("response", self._keep)

    def of(self, page: Page) -> str:
        """The source of what a tab shows."""
        return self.came[page].text()

    def _keep(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.status != 303:
            self.came[response.frame.page] = response


@pytest.fixture(scope="module")
def pages(chromium: Browser, house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of every page that the front page leads to, and of those that answer a form."""
    folder = tmp_path_factory.mktemp("pages")
    for number, page in enumerate(Crawl(house.site, house.get).walk("/").pages().values()):
        (folder / f"{number}.html").write_text(page, "utf-8")
    sent = Sent()
    with gathered(chromium, house) as people:
        watch = people.witness.watch

        def watch_and_listen(context: BrowserContext) -> None:
            watch(context)
            sent.listen(context)

        people.witness.watch = watch_and_listen  # type: ignore[method-assign]  # one pair of eyes more
        for name, tab in opened_by(people).items():
            (folder / f"{name.replace(' ', '-')}.html").write_text(sent.of(tab), "utf-8")
    assert len(list(folder.iterdir())) > 100
    return folder


def by_html_validate(*files: Path) -> str:
    """What html-validate finds."""
    settings = PINNED / "htmlvalidate.json"
    words = ("--config", settings, "--formatter", "text")
    return by_node("html-validate", "bin/html-validate.mjs", *words, *files)


def by_stylelint(*files: Path) -> str:
    """What stylelint finds."""
    words = ("--config", PINNED / "stylelint.config.mjs", "--config-basedir", INSTALLED)
    return by_node("stylelint", "bin/stylelint.mjs", *words, "--formatter", "unix", *files)


def test_the_nu_checker_finds_nothing_on_any_page(pages: Path) -> None:
    assert by_nu("--Werror", pages) == ""


def test_html_validate_finds_nothing_on_any_page(pages: Path) -> None:
    assert by_html_validate(*sorted(pages.iterdir())) == ""


def test_the_sheets_are_valid_and_kept_to_their_rules() -> None:
    assert len(SHEETS) == 2
    assert by_nu("--Werror", "--css", *SHEETS) == ""
    assert by_stylelint(*SHEETS) == ""


def test_the_drawings_are_valid() -> None:
    assert DRAWINGS
    assert by_nu("--Werror", "--svg", *DRAWINGS) == ""


def test_each_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    page, sheet = tmp_path / "faulty.html", tmp_path / "faulty.css"
    page.write_text(FAULTY)
    sheet.write_text("a { colour: red }\n")
    assert "Duplicate ID" in by_nu("--Werror", page)
    assert "element-required-attributes" in by_html_validate(page)
    assert "colour" in by_nu("--css", sheet)
    assert "property-no-unknown" in by_stylelint(sheet)
