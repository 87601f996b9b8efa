"""By keyboard alone, and with script off: the whole way from the front page and out again."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import People

THERE = "<!doctype html><html lang=en><title>Weather</title><h1>Dry and calm</h1>"
MOST_STOPS = 30
"""Presses of Tab from the top of the front page to its first story; about twelve are in the way."""
HEAVY = "Example: A stranger on the line"
IS_SEEN = """element => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const inside = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
    return inside && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}"""


def goes_by_tab(page: Page, where: Locator, key: str = "Tab") -> None:
    """Press Tab until this has the focus; whatever has it on the way can be seen to have it."""
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        held = page.locator(":focus")
        assert held.evaluate(IS_SEEN), held.evaluate("element => element.outerHTML")
        if where.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{key} does not lead to {where}")


def test_by_keyboard_alone_a_story_is_found_read_and_left(people: People) -> None:
    reader = people.reader(reduced_motion="reduce")  # nothing is still on its way to be seen
    page, keys = reader.page, reader.page.keyboard
    reader.opens("/")
    leave = page.get_by_role("link", name="Leave now")
    away = str(leave.get_attribute("href"))
    page.context.route(away, lambda route: route.fulfill(body=THERE, content_type="text/html"))
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    first = page.get_by_role("article").first.get_by_role("link")
    title = first.inner_text()
    goes_by_tab(page, first)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)

    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    goes_by_tab(page, page.locator(".facts a").first)
    goes_by_tab(page, leave, "Shift+Tab")
    keys.press("Enter")
    expect(page).to_have_title("Weather")
    people.witness.seen.remove(f"request to elsewhere: {away}")


def test_script_off_somebody_finds_help_then_someone_like_them_then_the_form(
    people: People,
) -> None:
    reader = people.reader(script=False)
    page, main = reader.page, reader.page.get_by_role("main")
    reader.opens("/")
    page.get_by_role("link", name="Help now").first.click()
    expect(main.locator('a[href^="tel:"]').first).to_be_visible()

    reader.opens("/stories/")
    expect(page.get_by_role("link", name=HEAVY)).to_be_visible()
    page.get_by_role("link", name="Leave out stories that mention suicide").click()
    expect(page.get_by_role("link", name=HEAVY)).to_be_hidden()
    page.get_by_role("link", name="Show all stories").click()
    page.get_by_role("link", name=HEAVY).click()
    expect(reader.story).to_be_visible()
    expect(page.get_by_role("complementary", name="Help now, after this story")).to_be_visible()
    page.get_by_role("link", name="All stories").click()
    page.get_by_role("link", name="Example: Two lists").click()
    page.get_by_role("region", name="Stories like this one").get_by_role("link").first.click()
    expect(reader.story).to_be_visible()
    page.get_by_role("link", name="Share your own story").click()
    expect(page.get_by_label("Your story")).to_be_editable()


def test_script_off_pages_that_need_it_say_so_and_lead_on(people: People) -> None:
    reader = people.reader(script=False)
    main = reader.page.get_by_role("main")
    reader.opens("/search/")
    expect(main.get_by_text("For that it needs script")).to_be_visible()
    expect(main.get_by_label("Words to look for")).to_be_hidden()
    main.get_by_role("link", name="Alcohol", exact=True).click()
    expect(main.get_by_role("article").first).to_be_visible()
    reader.opens("/yours/")
    expect(main.get_by_text("script").first).to_be_visible()
    expect(main.get_by_role("button")).to_have_count(0)
