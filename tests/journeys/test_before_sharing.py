"""Before sharing: authors see what their words give away, and decide about each by themselves."""

from playwright.sync_api import expect

from tests.journeys.conftest import WITHOUT_SCRIPT, People
from tests.journeys.house import House

TITLE = "One walk at a time"
TELLING = (
    "My sister Priya drove me to the hospital in Dundee on 14 March 2019.\n\n"
    "<b>It got better</b>, slowly, and she never said a word about it."
)
DANGER = "I have decided to kill myself tonight and I have the pills here. Goodbye, all of you."


def test_an_author_looks_their_words_over_and_shares_what_is_left(
    people: People, house: House, script: bool
) -> None:
    before = house.waiting()
    author = people.visitor(script)
    author.opens_the_form()
    author.writes(TELLING, TITLE, topic="Grief")
    author.looks_it_over()
    words = author.page.get_by_role("region", name="Your words")
    for telling in ("Priya", "Dundee", "14 March 2019"):
        expect(words.locator("mark").filter(has_text=telling)).to_have_count(1)
    expect(words).to_contain_text("<b>It got better</b>, slowly")
    expect(author.page.get_by_text("Nothing is sent yet.")).to_be_visible()

    author.ticks("Priya")
    author.ticks("Dundee")
    author.page.get_by_role("button", name="Change what I ticked").click()
    expect(author.page.get_by_text("Changed in 2 places.")).to_be_visible()
    expect(words).not_to_contain_text("Priya")
    expect(words).not_to_contain_text("Dundee")
    expect(words.locator("mark")).to_contain_text("14 March 2019")
    assert house.waiting() == before

    author.page.get_by_role("button", name="Back to the form").click()
    expect(author.title).to_have_value(TITLE)
    expect(author.page.get_by_label("Grief", exact=True)).to_be_checked()
    expect(author.consent).to_be_checked()
    left = author.story.input_value()
    assert "14 March 2019" in left
    assert "Priya" not in left

    author.looks_it_over()
    receipt = author.sends()
    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    typed = robin.pane("As typed").locator(".as-typed").first  # folded away
    assert (typed.text_content() or "").replace("\r\n", "\n") == left


def test_who_ticks_and_sends_in_one_breath_sends_nothing_they_did_not_see(
    people: People, house: House
) -> None:
    before = house.waiting()
    author = people.visitor(script=False)
    author.opens_the_form()
    author.writes(TELLING, TITLE)
    author.looks_it_over()
    author.ticks("Priya")
    author.presses_send()
    expect(author.page.get_by_text("Changed in 1 place. Here is your story now.")).to_be_visible()
    assert house.waiting() == before
    author.sends()
    assert len(house.waiting() - before) == 1


def test_a_look_keeps_the_receipt_of_somebody_who_has_shared_before(people: People) -> None:
    author = people.visitor(script=False)
    first = author.shares("I wrote this a year ago, and I am still here.")
    author.opens_the_form()
    author.writes("A later chapter, a year on from the first one.")
    author.page.get_by_label("Shared here before?").fill(first.words)
    author.looks_it_over()
    assert " ".join(first.words.split()[:2]) not in author.page.content()
    author.presses_send()
    expect(author.page.get_by_text("It is kept under your receipt")).to_be_visible()
    author.looks_up(first.words)
    expect(author.page.get_by_role("article")).to_have_count(2)


@WITHOUT_SCRIPT
def test_help_comes_first_on_every_page_for_who_may_be_in_danger(
    people: People, script: bool
) -> None:
    author = people.visitor(script)
    author.opens_the_form()
    author.writes(DANGER)
    author.looks_it_over()
    worried = author.page.get_by_role("heading", level=1)
    for _ in range(2):
        expect(worried).to_have_text("We’re worried about you")
        expect(author.page.get_by_text("We cannot send anyone to you.")).to_be_visible()
        if author.send_button.count():
            author.presses_send()
    expect(author.page.get_by_text("Your receipt: please keep these six words")).to_be_visible()
