"""Leaving quickly: by a link or three presses of Shift, with nothing of the page left behind."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import tour
from tests.journeys.conftest import CHROMIUM, PATIENCE, QUIET, People, gathered
from tests.journeys.house import House
from tests.journeys.leaver import (
    ELSEWHERE,
    answer_elsewhere,
    expect_left,
    expect_still_there,
    forgive,
    leave_now,
    presses_shift,
    reading,
)
from tests.journeys.reader import Reader
from tests.journeys.visitor import Visitor

SETTINGS = {"HANDRAIL_LEAVE_URL": ELSEWHERE}
"""For the house of this file: one setting leads from the readers' pages and from both doors."""
THEME = Path(__file__).parents[2] / "site" / "theme"
NOT_QUITE = 3_500
"""Milliseconds that a person may take from one press to the next."""
TOO_LONG = 5_100
LEAST = "/theme/js/leave.js"
MOST_BYTES = 2 * 1024
"""Of leave.js, compressed: every page carries it."""


@pytest.fixture
def people(people: People) -> Iterator[People]:
    """People who may go to the one page elsewhere."""
    yield people
    forgive(people.witness)


@pytest.fixture(scope="module")
def plain(chromium: Browser, house: House) -> Iterator[Page]:
    """One page without script, for those who only look."""
    with gathered(chromium, house) as people:
        yield people.page(java_script_enabled=False)


@pytest.fixture(scope="module")
def stayers(chromium: Browser, house: House) -> Iterator[Visitor]:
    """One browser for those who never leave: the tab remembers nothing of them."""
    with gathered(chromium, house) as people:
        yield people.visitor()


@pytest.fixture
def author(stayers: Visitor) -> Visitor:
    """Somebody at an empty form, opened anew."""
    stayers.page.goto(stayers.site + "/api/share")
    stayers.page.wait_for_load_state()
    return stayers


# --- the link -----------------------------------------------------------------------------------


def test_the_link_leaves_and_says_nothing_of_where_from(people: People, script: bool) -> None:
    page = people.page(java_script_enabled=script)
    asked = answer_elsewhere(page.context)
    reader = Reader(page, people.house.site)
    reader.opens("/stories/")
    leave_now(page).click()
    expect_left(page)
    (request,) = asked
    assert request.method == "GET"
    assert request.post_data is None
    assert not {"referer", "origin", "cookie"} & set(request.all_headers())


@pytest.mark.parametrize("path", [*tour.PATHS.values(), "/api/share"])
def test_every_page_can_be_left_in_two_ways(plain: Page, house: House, path: str) -> None:
    plain.goto(house.site + path)
    links = plain.locator("a[data-leave]")
    assert links.all_inner_texts() == ["Leave this site now", "Leave now"]
    for link in links.all():
        assert link.get_attribute("href") == ELSEWHERE
        assert set(str(link.get_attribute("rel")).split()) == {"noreferrer", "noopener", "nofollow"}
    expect(plain.locator(f'script[src="{LEAST}"]')).to_have_attribute("defer", "")


def test_the_pages_that_the_server_makes_by_itself_lead_there_too(
    plain: Page, house: House
) -> None:
    answer = plain.request.post(f"{house.site}/api/posts", data="x" * 300_000)
    assert answer.status == 413
    assert answer.text().count(f'href="{ELSEWHERE}"') == 2


def test_where_nobody_chose_another_page_it_is_one_of_the_weather() -> None:
    source = (THEME / "templates" / "leave.html").read_text("utf-8")
    assert re.findall(r'"(https?://[^"]+)"', source) == ["https://www.bbc.co.uk/weather"]


def test_the_second_stop_of_the_tab_key_leaves(people: People, script: bool) -> None:
    reader = reading(people, script)
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Tab")
    skip = reader.page.get_by_role("link", name="Leave this site now")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    expect_left(reader.page)


@pytest.mark.long
def test_it_stays_in_reach_at_the_end_of_a_long_page(people: People, script: bool) -> None:
    reader = reading(people, script, viewport={"width": 360, "height": 640})
    reader.page.get_by_role("contentinfo").scroll_into_view_if_needed()
    reader.page.evaluate("scrollTo(0, document.body.scrollHeight)") if script else None
    expect(leave_now(reader.page)).to_be_in_viewport(ratio=1)


@pytest.mark.long
def test_nothing_that_has_the_focus_is_hidden_behind_it(people: People) -> None:
    """WCAG 2.2, 2.4.11."""
    reader = reading(people, viewport={"width": 320, "height": 400})
    hidden = []
    for _ in range(reader.page.locator("a, button, summary").count()):
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate(
            """() => {
              const [at, over] = [document.activeElement, document.querySelector(".leave-now")]
                .map((element) => element.getBoundingClientRect());
              const itself = document.activeElement.matches("[data-leave], .skip");
              return !itself && at.left >= over.left && at.right <= over.right
                && at.top >= over.top && at.bottom <= over.bottom;
            }"""
        ):
            hidden.append(reader.page.locator(":focus").inner_text())
    assert hidden == []


@pytest.mark.long
def test_it_is_not_printed(people: People) -> None:
    reader = reading(people)
    reader.page.emulate_media(media="print")
    expect(leave_now(reader.page)).to_be_hidden()


# --- three presses of Shift ---------------------------------------------------------------------


def test_three_presses_leave_and_the_page_is_not_in_the_history(people: People) -> None:
    reader = reading(people)
    before = reader.page.evaluate("history.length")
    presses_shift(reader.page)
    expect_left(reader.page)
    assert reader.page.evaluate("history.length") == before


def test_each_press_is_counted_aloud(author: Visitor) -> None:
    said = author.page.locator(".leave [aria-live]")
    presses_shift(author.page, 1)
    expect(said).to_have_text("Press Shift two more times to leave.")
    presses_shift(author.page, 1)
    expect(said).to_have_text("Press Shift once more to leave.")
    author.page.keyboard.press("Escape")
    expect(said).to_be_empty()
    expect_still_there(author.page)


@pytest.mark.long
def test_five_seconds_may_pass_between_one_press_and_the_next(people: People) -> None:
    reader = reading(people)
    reader.page.clock.install()
    reader.page.reload()
    for _ in range(2):
        presses_shift(reader.page, 1)
        reader.page.clock.fast_forward(NOT_QUITE)
    presses_shift(reader.page, 1)
    expect_left(reader.page)


@pytest.mark.long
def test_after_more_than_five_seconds_the_count_begins_again(people: People) -> None:
    reader = reading(people)
    reader.page.clock.install()
    reader.page.reload()
    presses_shift(reader.page, 2)
    reader.page.clock.fast_forward(TOO_LONG)
    said = reader.page.locator(".leave [aria-live]")
    expect(said).to_have_text("You are still on this page.")
    presses_shift(reader.page, 2)
    expect_still_there(reader.page)


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(["Shift+I", "Shift+A", "Shift+M"], id="capitals"),
        pytest.param(["Shift", "Shift", "x", "Shift", "Shift"], id="another key between"),
        pytest.param(["Shift+Tab"] * 4, id="going backwards"),
        pytest.param(["Control+Shift", "Control+Shift", "Control+Shift"], id="with Control"),
        pytest.param(["Alt+Shift", "Alt+Shift", "Alt+Shift"], id="with Alt, another keyboard"),
        pytest.param(["Control+Alt+Shift"] * 3, id="as VoiceOver's keys"),
        pytest.param(["Shift+ArrowLeft"] * 3, id="choosing words"),
    ],
)
def test_shift_for_anything_else_is_not_counted(author: Visitor, keys: list[str]) -> None:
    author.story.focus()
    for key in keys:
        author.page.keyboard.press(key)
    expect_still_there(author.page)


@pytest.mark.long
@pytest.mark.parametrize(
    "moves",
    [
        pytest.param(
            "+Control +Shift -Shift +Shift -Shift +Shift -Shift -Control", id="held Control"
        ),
        pytest.param("+x +Shift -x -Shift " * 3, id="a letter let go late"),
        pytest.param("+Shift +x -x +Shift -Shift " * 3, id="Shift that goes on after a letter"),
    ],
)
def test_shift_is_alone_only_from_its_going_down_to_its_coming_up(
    author: Visitor, moves: str
) -> None:
    keyboard = author.page.keyboard
    for move in moves.split():
        (keyboard.down if move[0] == "+" else keyboard.up)(move[1:])
    expect_still_there(author.page)


def test_shift_held_down_is_one_press(author: Visitor) -> None:
    for _ in range(6):
        author.page.keyboard.down("Shift")
    author.page.keyboard.up("Shift")
    expect(author.page.get_by_text("two more times")).to_have_count(1)
    expect_still_there(author.page)


def test_a_story_in_capitals_is_typed_as_it_is(author: Visitor) -> None:
    author.story.focus()
    for letter in "AND THEN I CALLED":
        author.page.keyboard.press(f"Shift+{letter}" if letter != " " else "Space")
    expect(author.story).to_have_value("AND THEN I CALLED")


# --- nothing is left behind ---------------------------------------------------------------------


def test_nothing_of_the_page_is_left_while_the_next_one_does_not_come(people: People) -> None:
    author = people.visitor()
    page = author.page
    page.context.route(ELSEWHERE + "**", lambda route: route.fulfill(status=204))  # never comes
    author.opens_the_form()
    author.writes("Words that nobody else should see.", "A title")
    shown = page.evaluate_handle("[...document.querySelectorAll('input, textarea')]")
    presses_shift(page)
    expect(page.get_by_role("alert")).to_have_text("Leaving this site.")
    assert page.locator("body").inner_text() == "Leaving this site."
    assert page.title() == "Loading"
    assert page.locator("input, textarea, select, form, a").count() == 0
    assert page.evaluate("fields => fields.some((one) => one.value || one.checked)", shown) is False


@pytest.mark.parametrize("by", ["the link", "Shift"])
def test_back_leads_neither_to_the_page_nor_to_those_before_it(people: People, by: str) -> None:
    reader = reading(people)
    reader.page.wait_for_load_state()
    presses_shift(reader.page) if by == "Shift" else leave_now(reader.page).click()
    expect_left(reader.page)
    reader.page.go_back()
    expect_left(reader.page)


def test_the_tab_remembers_that_somebody_left_and_nothing_else(people: People) -> None:
    reader = reading(people)
    held = "() => [{...sessionStorage}, {...localStorage}, document.cookie]"
    assert reader.page.evaluate(held) == [{}, {}, ""]
    leaving = reader.page.context.new_page()
    leaving.goto(reader.page.url)
    leaving.evaluate("document.querySelector('a[data-leave]').href = '#main'")
    presses_shift(leaving)
    expect(leaving.get_by_role("alert")).to_have_text("Leaving this site.")
    assert leaving.evaluate(held) == [{"handrail.left": "yes"}, {}, ""]
    assert reader.page.evaluate(held) == [{}, {}, ""], "it is for that tab alone"


def test_back_from_a_form_brings_no_typed_word_again(people: People) -> None:
    author = people.visitor()
    answer_elsewhere(author.page.context)
    author.opens_the_form()
    author.writes("", "A title that nobody else should see")
    author.presses_send()
    expect(author.page.get_by_role("alert")).to_be_visible()
    expect(author.title).to_have_value("A title that nobody else should see")
    presses_shift(author.page)
    expect_left(author.page)
    author.page.go_back()  # to the form as it was before it came back with an error
    expect_left(author.page)
    author.opens_the_form()
    expect(author.title).to_have_value("")


@pytest.mark.long
def test_whoever_comes_again_by_the_address_is_let_in(people: People) -> None:
    reader = reading(people)
    path = reader.page.url.removeprefix(reader.site)
    presses_shift(reader.page)
    expect_left(reader.page)
    reader.opens(path)
    expect(reader.story).to_be_visible()
    reader.page.goto(reader.site + "/stories/")
    reader.page.go_back()
    expect(reader.story).to_be_visible()


def test_a_page_that_the_browser_kept_alive_goes_away_again(
    chromium: Browser, house: House
) -> None:
    """Browsers keep the last pages as they were, to show them at once on Back."""
    alive = chromium.browser_type.launch(
        executable_path=CHROMIUM,
        args=list(QUIET),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    context = alive.new_context()
    context.set_default_timeout(PATIENCE)
    answer_elsewhere(context)
    context.add_init_script(
        "addEventListener('pageshow', ({persisted}) => persisted && console.info('kept alive'))"
    )
    told: list[str] = []
    context.on("console", lambda message: told.append(message.text))
    page = context.new_page()
    for path in ("/help/", "/stories/"):
        page.goto(house.site + path)
    page.go_back(wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert told == ["kept alive"], "this browser keeps no page, so the rest shows nothing"
    page.goto(house.site + "/stories/")
    presses_shift(page)
    expect_left(page)
    page.go_back(wait_until="commit")
    expect_left(page)
    alive.close()


@pytest.mark.long
def test_a_browser_that_keeps_nothing_can_be_left_as_well(people: People) -> None:
    page = people.page()
    answer_elsewhere(page.context)
    page.add_init_script(
        "for (const name of ['sessionStorage', 'localStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('no') }})"
    )
    Reader(page, people.house.site).opens("/stories/")
    presses_shift(page)
    expect_left(page)


@pytest.mark.long
def test_leaving_depends_on_no_other_script(people: People) -> None:
    page = people.page()
    answer_elsewhere(page.context)
    empty = {"body": "", "content_type": "text/javascript"}
    page.context.route(
        lambda url: url.endswith(".js") and not url.endswith(LEAST),
        lambda route: route.fulfill(**empty),
    )
    Reader(page, people.house.site).opens("/yours/")
    presses_shift(page)
    expect_left(page)


def test_the_script_that_every_page_carries_is_small() -> None:
    script = (THEME / "static" / "js" / "leave.js").read_bytes()
    assert len(gzip.compress(script, 9, mtime=0)) <= MOST_BYTES


def test_the_page_about_leaving_says_what_it_does_and_what_it_cannot_do(
    plain: Page, house: House
) -> None:
    plain.goto(house.site + "/leaving-quickly/")
    for heading in ("What it does", "What it can't do", "Calls and texts"):
        expect(plain.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    traces = ("clear your history", "private window", "Tor Browser", "on the bill")
    for words in ("On a phone, use the button", *traces):
        expect(plain.get_by_role("main").get_by_text(words).first).to_be_visible()
