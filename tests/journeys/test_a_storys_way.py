"""From the form to a reader, and out again when the author takes the story back."""

from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from doors.messages import messages
from tests.journeys.conftest import WITHOUT_SCRIPT, People
from tests.journeys.house import House

TITLE = '<script>alert("title")</script> {{7*7}} 🌱 امروز'
LINES = (
    "Save_as: ../index.html",
    "I lost my mother {{7*7}} {% raise %} ${7*7} {filename}/x.md [a](javascript:alert(1))",
    "Some days 1 < 2 & 3 > 2, “quoted”, 👩‍👩‍👧 and 🏳️‍🌈",
    "می‌خواهم بگویم که تنها نیستی",
)
HOSTILE = "\n".join(LINES)
MARKUP = "<script>alert('body')</script><img src=x onerror=alert(1)><b onclick=alert(2)>bold</b>"
GRIEF = "/feeds/topics/grief.atom.xml"
ATOM = "{http://www.w3.org/2005/Atom}"


def titles_in(feed: str) -> list[str]:
    found = ElementTree.fromstring(feed).iterfind(f"{ATOM}entry/{ATOM}title")
    return [title.text or "" for title in found]


def test_a_story_goes_from_the_form_to_a_reader_to_the_letter(people: People, script: bool) -> None:
    title = f"{TITLE} {'with' if script else 'without'}"
    author = people.visitor(script)
    receipt = author.shares(f"{HOSTILE}\n\n{MARKUP}", title, topic="Grief")
    assert len(receipt.words.split()) == 6
    author.page.goto(f"{author.site}/api/receipt")
    assert " ".join(receipt.words.split()[:2]) not in author.page.content()

    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    typed = robin.pane("As typed").locator(".as-typed").first  # folded away
    assert typed.text_content() == f"{HOSTILE}\n\n{MARKUP}"
    for line in LINES:
        expect(robin.pane("As it will appear")).to_contain_text(line)
    expect(robin.pane("What was taken out")).to_contain_text("tag <script>")
    robin.approves()
    robin.is_at_the_queue()
    robin.publishes()

    reader = people.reader(script)
    path = reader.finds_in_the_list(title)
    assert reader.finds_by_topic("Grief", title) == path
    for line in LINES:
        expect(reader.story).to_contain_text(line)
    expect(reader.page.get_by_text(receipt.pen_name)).to_be_visible()
    for feed in (reader.feed(), reader.feed(GRIEF)):
        assert title in titles_in(feed)
        assert path in feed


@pytest.mark.parametrize(
    ("script", "decision", "stands"),
    [
        (True, "Return with a message", "Sent back to you"),
        (False, "Decline with a message", "Not published"),
    ],
    ids=["returned, with script", "declined, without script"],
)
def test_an_author_reads_what_a_moderator_wrote(
    people: People, script: bool, decision: str, stands: str
) -> None:
    author = people.visitor(script)
    receipt = author.shares("My brother lives in Millfield and drinks too much.")
    author.looks_up(receipt.words.upper().replace(" ", ",\n "))
    expect(author.post(receipt)).to_contain_text("Waiting to be read")

    robin = people.without_script(people.moderator("Robin"))
    robin.holds(receipt.pen_name)
    robin.writes(decision, "Thank you for this.\n<b>Millfield</b> is a small town, isn’t it?")
    robin.decides(decision)
    robin.is_at_the_queue()
    expect(robin.card(receipt.pen_name)).to_have_count(0)

    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text(stands)
    message = author.post(receipt).locator(".message")
    expect(message).to_contain_text("Thank you for this.")
    expect(message).to_contain_text("<b>Millfield</b> is a small town, isn’t it?")


def test_what_an_author_takes_back_is_gone_everywhere_with_no_moderator_near(
    people: People, house: House
) -> None:
    author = people.visitor(script=False)
    receipt = author.shares("I wrote this too soon, and I may want it back.", topic="Grief")
    people.moderator("Robin").approves_and_publishes(receipt.pen_name)
    reader = people.reader(script=False)
    path = reader.finds_untitled(receipt.pen_name)
    post = path.split("/")[2]
    assert post in reader.everywhere("grief")

    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text("On the site")
    author.takes_back(receipt)
    for words in messages()["withdrawn-from-site"].paragraphs:
        expect(author.page.get_by_text(words)).to_be_visible()

    assert reader.waits_until_gone(path) < 60
    assert post not in reader.everywhere("grief")
    assert reader.opens(path) == 404
    expect(reader.page.get_by_role("heading", name="This page is not here")).to_be_visible()
    assert house.get(path) == house.get("/stories/aaaaaaaaaaaaaaaa/")
    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text("Taken back")


@WITHOUT_SCRIPT
def test_words_that_open_nothing_are_asked_for_again_kindly(people: People, script: bool) -> None:
    stranger = people.visitor(script)
    stranger.looks_up("one two three four five six")
    alert = stranger.page.get_by_role("alert")
    expect(alert).to_contain_text("We found nothing")
    stranger.error("receipt").click()
    expect(stranger.page.get_by_label("Your six words")).to_be_focused()
