"""The desk by keyboard alone, by touch alone, and with script off: the same way through."""

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import People
from tests.journeys.crowd import share_all
from tests.journeys.house import House
from tests.journeys.moderator import AS_IT_IS, HELD, OTHERWISE, Moderator

SETTINGS = {"HANDRAIL_UNPROVEN_A_MINUTE": "60"}
PLAIN = "A plain story that stands beside it, with nothing in it that a rule would mark."
STORY = "walker@example.org was my address.\n\nIt was 14 March 2019, and it got lighter."
EMAIL = "walker@example.org"
LETTERS = "jkocsafrdteuq?"
"""Every key of the desk."""
RETURN = "Return with a message"
TEMPLATE = "It gives or asks for a way to get in touch"
SENTENCE = "The rest of it stays with me. Thank you."
PHONE = {"width": 360, "height": 740}
MOST_STOPS = 80
"""Presses of Tab in which something must be reached from where the work just went."""


def has_focus(where: Locator) -> bool:
    return bool(where.evaluate("element => element === document.activeElement"))


def goes_by_tab(page: Page, where: Locator) -> None:
    """Press Tab until this has the focus."""
    for _ in range(MOST_STOPS):
        if has_focus(where):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {where}")


def goes_by_j_and_k(robin: Moderator, pen_name: str) -> None:
    """Down through all the cards with j, and up again with k to the one that is wanted."""
    cards = robin.page.locator("[data-card] a")
    for place in range(cards.count()):
        robin.page.keyboard.press("j")
        expect(cards.nth(place)).to_be_focused()
    for place in reversed(range(cards.count())):
        expect(cards.nth(place)).to_be_focused()
        if pen_name in cards.nth(place).inner_text():
            return
        robin.page.keyboard.press("k")
    raise AssertionError(f"no card of {pen_name}")


def test_by_keyboard_alone_a_volunteer_takes_a_post_decides_and_undoes(
    people: People, house: House
) -> None:
    receipt, _ = share_all(house, STORY, PLAIN)
    robin = people.moderator("Robin")
    robin.signs_out()
    page, keys = robin.page, robin.page.keyboard
    goes_by_tab(page, page.get_by_role("button", name="Sign in with a passkey"))
    keys.press("Enter")
    robin.is_at_the_queue()
    goes_by_j_and_k(robin, receipt.pen_name)
    keys.press("o")
    robin.sees(f"Story by {receipt.pen_name}")
    expect(robin.heading()).to_be_focused()
    keys.press("c")
    expect(page.get_by_text(HELD)).to_be_visible()
    expect(robin.heading()).to_be_focused()

    keys.press("a")
    email, day = robin.marked(1), robin.marked(2)
    expect(email.get_by_text("Show these words")).to_be_focused()
    keys.press("Enter")
    expect(email.get_by_text(EMAIL)).to_be_visible()
    goes_by_tab(page, email.get_by_label(OTHERWISE))
    keys.press("Space")
    expect(email.get_by_label(OTHERWISE)).to_be_checked()
    instead = email.get_by_label("What to put there")
    goes_by_tab(page, instead)
    keys.press("Control+a")
    keys.type(LETTERS)
    expect(instead).to_be_focused()
    expect(instead).to_have_value(LETTERS)
    keys.press("Control+a")
    keys.type("me")
    goes_by_tab(page, day.get_by_label(OTHERWISE))
    keys.press("ArrowDown")
    expect(day.get_by_label(AS_IT_IS)).to_be_focused()
    expect(day.get_by_label(AS_IT_IS)).to_be_checked()
    keys.press("Enter")

    robin.sees("Check before you send")
    expect(robin.heading()).to_be_focused()
    expect(robin.pane("What changes").locator("del")).to_contain_text(EMAIL)
    goes_by_tab(page, page.get_by_role("button", name="Do it"))
    keys.press("Enter")
    robin.is_at_the_queue()
    expect(page.get_by_role("status")).to_contain_text("now Approved")
    expect(page.get_by_role("status")).to_be_focused()
    keys.press("u")
    robin.sees(f"Story by {receipt.pen_name}")
    expect(page.get_by_text(HELD)).to_be_visible()
    expect(robin.heading()).to_be_focused()


def test_keys_lead_to_each_form_and_never_disturb_who_is_typing(
    people: People, house: House
) -> None:
    (receipt,) = share_all(house, STORY)
    robin = people.moderator("Robin")
    robin.holds(receipt.pen_name)
    page, keys, here = robin.page, robin.page.keyboard, robin.page.url
    keys.press("a")
    goes_by_tab(page, robin.marked(1).get_by_label(OTHERWISE))
    keys.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Please choose what becomes of these words.")
    expect(alert).to_be_focused()
    goes_by_tab(page, alert.get_by_role("link").first)
    keys.press("Enter")
    expect(robin.marked(1).get_by_label(OTHERWISE)).to_be_focused()

    page.goto(here)
    decisions = {"r": RETURN, "d": "Decline with a message", "f": "Suggest changes"}
    for key, name in {**decisions, "e": "Escalate: this can never be published"}.items():
        keys.press(key)
        box = robin.form(name).locator("textarea").first
        expect(box).to_be_focused()
        before = box.input_value()
        keys.type(LETTERS)
        assert len(box.input_value()) == len(before) + len(LETTERS)
        assert page.url == here
        page.evaluate("document.activeElement.blur()")

    keys.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("Escalate")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    keys.press("s")
    expect(dialog).to_be_visible()
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text(HELD)).to_be_visible()
    keys.press("q")
    robin.is_at_the_queue()


def test_a_leads_into_the_form_of_a_post_without_marked_words_too(
    people: People, house: House
) -> None:
    (receipt,) = share_all(house, PLAIN, topic="grief")
    robin = people.moderator("Robin")
    robin.holds(receipt.pen_name)
    robin.page.keyboard.press("a")
    expect(robin.page.locator("#review details > summary").first).to_be_focused()
    robin.goes_to("you")
    expect(robin.heading()).to_be_focused()


def test_keys_that_were_turned_off_do_nothing(people: People, house: House) -> None:
    share_all(house, PLAIN)
    robin = people.moderator("Robin")
    page, keys = robin.page, robin.page.keyboard
    robin.goes_to("you")
    page.get_by_label("Single letters act at the desk").uncheck()
    page.get_by_role("button", name="Keep my choices").click()
    expect(page.locator(".notice[role=status]")).to_contain_text("Your choices are kept.")
    robin.opens_the_queue()
    for key in "jou?":
        keys.press(key)
    expect(robin.heading()).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
    robin.is_at_the_queue()
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("link", name="Turn the keys on")).to_be_visible()


def test_script_off_a_message_is_chosen_checked_and_found_again_on_the_way_back(
    people: People, house: House
) -> None:
    (receipt,) = share_all(house, STORY)
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    robin.writes(RETURN, SENTENCE, TEMPLATE)
    robin.checks(RETURN)
    robin.sees("Check before you send")
    seen = robin.page.locator(".message")
    expect(seen).to_contain_text("It has a way to get in touch in it.")
    expect(seen).to_contain_text(SENTENCE)

    robin.page.get_by_role("button", name="Back, and change something").click()
    form = robin.form(RETURN)
    expect(form.get_by_label(TEMPLATE)).to_be_checked()
    sentence = form.get_by_label("A sentence of your own")
    expect(sentence).to_have_value(SENTENCE)
    sentence.fill(f"{SENTENCE} Really.")
    robin.decides(RETURN)
    robin.is_at_the_queue()
    expect(robin.page.get_by_role("status")).to_contain_text("now Returned")
    author = people.visitor(script=False)
    author.looks_up(receipt.words)
    expect(author.post(receipt).locator(".message")).to_contain_text(f"{SENTENCE} Really.")


def test_script_off_marked_words_and_what_stands_around_them_are_found_again_too(
    people: People, house: House
) -> None:
    (receipt,) = share_all(house, STORY)
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    robin.settles(1, OTHERWISE, "This site")
    robin.settles(2, AS_IT_IS)
    notes = robin.around().get_by_role("group", name="Content notes")
    notes.get_by_label("Death or grief").check()
    robin.checks_the_review()
    expect(robin.pane("As it will appear")).to_contain_text("This site was my address.")
    robin.page.get_by_role("button", name="Back, and change something").click()

    marked = robin.marked(1)
    expect(marked.get_by_label(OTHERWISE)).to_be_checked()
    expect(marked.get_by_label("What to put there")).to_have_value("This site")
    expect(notes.get_by_label("Death or grief")).to_be_checked()
    robin.checks_the_review()
    robin.does_it()
    robin.is_at_the_queue()
    robin.undoes()
    expect(robin.page.get_by_text(HELD)).to_be_visible()
    robin.gives_it_back()
    expect(robin.card(receipt.pen_name)).to_have_count(1)


def test_by_touch_alone_a_post_is_approved_on_a_phone(people: People, house: House) -> None:
    (receipt,) = share_all(house, STORY)
    robin = people.moderator("Robin", has_touch=True, is_mobile=True, viewport=PHONE)
    page = robin.page
    robin.card(receipt.pen_name).get_by_role("link").tap()
    robin.sees(f"Story by {receipt.pen_name}")
    fits(page)
    page.get_by_role("button", name="Hold this to decide").tap()
    expect(page.get_by_text(HELD)).to_be_visible()
    for marked in page.locator(".stretch").all():
        marked.get_by_text(AS_IT_IS, exact=True).tap()
    fits(page)
    page.get_by_role("button", name="Check before approving").tap()
    robin.sees("Check before you send")
    fits(page)
    page.get_by_role("button", name="Do it").tap()
    robin.is_at_the_queue()
    expect(page.get_by_role("status")).to_contain_text("now Approved")
    fits(page)


def fits(page: Page) -> None:
    """Nothing of the page stands beside the screen."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_script_off_the_queue_is_filtered_and_turned_page_by_page(
    people: People, house: House
) -> None:
    grief = share_all(house, *[f"{PLAIN} Number {n}." for n in range(22)], topic="grief")
    robin = people.without_script(people.moderator("Robin"))
    robin.opens_the_queue()
    robin.page.get_by_text("Find some of them").click()
    robin.page.get_by_label("Topic").select_option("Grief")
    robin.page.get_by_role("button", name="Show these").click()
    assert len(names(robin)) == 20
    seen = names(robin)
    robin.page.get_by_role("link", name="Next ones").click()
    seen |= names(robin)
    assert seen >= {one.pen_name for one in grief}
    expect(robin.page.get_by_label("Topic")).to_have_value("grief")
    robin.page.get_by_role("link", name="Back to the first").click()
    robin.page.get_by_role("link", name="Show all").click()
    expect(robin.page.get_by_role("link", name="Show all")).to_have_count(0)

    robin.opens_the_queue()
    robin.page.get_by_text("Find some of them").click()
    robin.page.get_by_label("The end of its address").fill("nothinglikethis")
    robin.page.get_by_role("button", name="Show these").click()
    expect(robin.page.get_by_text("There is no post with this address.")).to_be_visible()


def names(robin: Moderator) -> set[str]:
    """The pen names on the cards of this page."""
    cards = robin.page.locator("[data-card] a").all_inner_texts()
    return {card.removeprefix("Story by ") for card in cards}
