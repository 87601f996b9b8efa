"""The people of the journeys, each in a browser of their own, in front of the running product."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.house import House
from tests.journeys.moderator import Moderator
from tests.journeys.reader import Reader
from tests.journeys.visitor import Visitor
from tests.journeys.witness import Witness

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""What keeps the browser from speaking with anybody but us."""
PATIENCE = 15_000
"""Milliseconds until something counts as not happening, on a machine that may be busy."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One real browser, shared; every person has a profile of their own in it."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The whole product, running, for every journey of a file; a file may set its `SETTINGS`."""
    settings = getattr(request.module, "SETTINGS", {})
    house = House(tmp_path_factory.mktemp("house"), settings)
    house.start()
    yield house
    assert house.stop() == 0, house.log.read_text()


@dataclass
class People:
    """Whoever takes part in a journey."""

    browser: Browser
    house: House
    witness: Witness
    by_plain_name: bool = False
    """For pictures: whoever is called Robin is called Robin, and no other Robin may come."""
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, **wishes: object) -> Page:
        """A new page in a new profile, watched."""
        context = self.browser.new_context(**wishes)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        self.witness.watch(context)
        self.contexts.append(context)
        return context.new_page()

    def visitor(self, script: bool = True, **wishes: object) -> Visitor:
        """Somebody who shares."""
        page = self.page(java_script_enabled=script, **wishes)
        return Visitor(page, self.house.site)

    def reader(self, script: bool = True, **wishes: object) -> Reader:
        """Somebody who reads."""
        return Reader(self.page(java_script_enabled=script, **wishes), self.house.site)

    def newcomer(self, name: str, **wishes: object) -> Moderator:
        """Somebody with a device and a name of their own, who is no moderator yet."""
        own = name if self.by_plain_name else f"{name} {secrets.token_hex(4)}"
        newcomer = Moderator(self.page(**wishes), self.house.site, own)
        newcomer.has_a_device()
        return newcomer

    def moderator(self, name: str, roles: str = "moderator", **wishes: object) -> Moderator:
        """Somebody who has just enrolled; the first of all has every role."""
        moderator = self.newcomer(name, **wishes)
        moderator.enrols(self.house.invitation(roles))
        return moderator

    def without_script(self, moderator: Moderator, **wishes: object) -> Moderator:
        """The same person, signed in, in a browser with script off."""
        page = self.page(java_script_enabled=False, **wishes)
        page.context.add_cookies(moderator.page.context.cookies())  # type: ignore[arg-type]
        return Moderator(page, self.house.site, moderator.name)


@contextmanager
def gathered(chromium: Browser, house: House) -> Iterator[People]:
    """People who leave at the end; nothing they were not meant to meet may have happened."""
    witness = Witness(f"localhost:{house.port}")
    people = People(chromium, house, witness)
    yield people
    for context in people.contexts:
        context.close()
    assert witness.seen == []


@pytest.fixture
def people(chromium: Browser, house: House) -> Iterator[People]:
    """The people of one journey."""
    with gathered(chromium, house) as people:
        yield people


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether this person's browser runs script."""
    return bool(request.param)


WITHOUT_SCRIPT = pytest.mark.parametrize(
    "script",
    [
        pytest.param(True, id="with script", marks=pytest.mark.long),
        pytest.param(False, id="without script"),
    ],
)
"""For a way on which script has nothing to do: `make test-long` walks it with script as well."""
