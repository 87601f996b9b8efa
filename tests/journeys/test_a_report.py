"""A reader reports a story: three hide it, a person keeps it or not, and each is answered."""

from playwright.sync_api import expect

from tests.journeys.conftest import WITHOUT_SCRIPT, People

UNSAFE = "It could hurt someone"
WORDS = "The last line says how much."


def places(feed: str) -> list[str]:
    """The addresses of the stories in a list, in their order."""
    return [part.split('"')[0] for part in feed.split('href="/stories/')[1:]]


def test_three_reports_hide_a_story_and_reading_it_again_puts_it_back_where_it_was(
    people: People,
) -> None:
    author, robin = people.visitor(), people.without_script(people.moderator("Robin"))
    title = "A story that three readers worry about"
    receipt = author.shares("I stopped counting days, and started counting walks.", title)
    robin.approves_and_publishes(receipt.pen_name)
    readers = [people.reader(script) for script in (True, False, False)]
    path = readers[0].finds_in_the_list(title)
    before = places(readers[0].feed("/stories/"))

    words = [reader.reports(path, UNSAFE, WORDS) for reader in readers]
    assert len(set(words)) == 3
    readers[0].waits_until_gone(path)
    assert path.split("/")[2] not in readers[0].everywhere("alcohol")
    author.looks_up(receipt.words)
    expect(author.post(receipt)).to_contain_text("Off the site for now")
    expect(author.post(receipt)).to_contain_text("Sharing it was not wrong.")
    expect(author.page.get_by_text(WORDS)).to_have_count(0)

    robin.opens(receipt.pen_name)
    expect(robin.page.get_by_text(WORDS)).to_have_count(3)
    robin.holds(receipt.pen_name)
    robin.approves()
    robin.is_at_the_queue()
    robin.publishes()
    assert readers[0].opens(path) == 200
    assert places(readers[0].feed("/stories/")) == before

    asker = people.visitor(script=False)
    asker.looks_up(words[0])
    expect(asker.page.get_by_role("article")).to_contain_text("It stays on the site. Thank you.")


@WITHOUT_SCRIPT
def test_an_unfinished_report_keeps_its_words_and_a_sent_one_is_answered(
    people: People, script: bool
) -> None:
    author, robin = people.visitor(script), people.without_script(people.moderator("Robin"))
    title = f"A story that comes down {'with' if script else 'without'}"
    receipt = author.shares("I wrote too much of where I live.", title)
    robin.approves_and_publishes(receipt.pen_name)
    reader = people.reader(script)
    path = reader.finds_in_the_list(title)
    reader.begins_a_report(path)
    reader.words.fill(WORDS)
    reader.sends_the_report()
    alert = reader.page.get_by_role("alert")
    expect(alert).to_contain_text("Please choose what comes closest.")
    alert.get_by_role("link").click()
    expect(reader.page.get_by_label("It shows who I am")).to_be_focused()
    expect(reader.words).to_have_value(WORDS)
    reader.page.get_by_label("It shows who somebody else is").check()
    reader.sends_the_report()
    words = reader.six_words()

    author.looks_up(receipt.words)
    author.takes_back(receipt)
    reader.waits_until_gone(path)
    asker = people.visitor(script)
    asker.looks_up(words)
    expect(asker.page.get_by_role("article")).to_contain_text("Thank you for looking out")
