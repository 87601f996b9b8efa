"""Make the pictures of docs/images from the running product, so that they show what there is.

Run it by hand: `.venv/bin/python tests/journeys/pictures.py`.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, FloatRect, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.journeys import desk_tour, tour  # noqa: E402 - the root has to be on the path first
from tests.journeys.compact_png import compact  # noqa: E402
from tests.journeys.conftest import CHROMIUM, PATIENCE, QUIET, People, gathered  # noqa: E402
from tests.journeys.house import House  # noqa: E402

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1120, 800
"""CSS pixels of the pictures of a whole window."""
DESK_WIDTH, PHONE_WIDTH, TALLEST = 1040, 360, 1500
"""CSS pixels of the desk's pictures, which show what stands under the help lines."""
PHONE_HEIGHT = 780
DESK = {
    "enrol": "desk-enrol",
    "queue, reported": "desk-queue",
    "queue, filtered": "desk-filters",
    "queue, done": "desk-undo",
    "keys": "desk-keys",
    "card": "desk-card",
    "opened": "desk-folded",
    "opened, marked words in sight": "desk-read",
    "opened, undecided": "desk-undecided",
    "check, with changes": "desk-check",
    "check, return": "desk-message",
    "check, suggestion": "desk-suggestion",
    "card, second reading": "desk-second",
    "conflict, held": "desk-conflict",
    "turned away, signed out": "desk-signed-out",
    "opened, reported": "desk-reported",
    "opened, an appeal": "desk-appeal",
    "alike": "desk-alike",
    "runbook": "desk-runbook",
    "escalated": "desk-escalated",
    "pause": "desk-pause",
    "rest, in a row": "desk-rest",
    "queue, time for a break": "desk-break",
    "practice, an answer": "desk-practice",
    "guide": "desk-guide",
    "publish, done": "desk-publish",
    "numbers, full": "desk-numbers",
    "record, checked": "desk-record",
    "team": "desk-team",
    "link": "desk-link",
    "removal": "desk-removal",
    "you": "desk-you",
}
"""The desk's pictures: where on the way through the desk each is taken, and its file."""
AT_NIGHT = {"queue, reported": "desk-queue-dark", "check, with changes": "desk-check-dark"}
ON_A_PHONE = {"queue, reported": "desk-queue-phone", "opened": "desk-folded-phone"}
SITE = ("home", "list", "story", "guide", "help", "search", "share")
"""What readers see: the pages of which each has a picture in every frame."""
FRAMES: Mapping[str, tuple[int, int, Literal["light", "dark"]]] = {
    "": (WIDTH, HEIGHT, "light"),
    "-dark": (WIDTH, HEIGHT, "dark"),
    "-phone": (PHONE_WIDTH, PHONE_HEIGHT, "light"),
    "-phone-dark": (PHONE_WIDTH, PHONE_HEIGHT, "dark"),
}
"""Width, height and theme, by how the name of the picture ends."""
LOOKED_FOR = "soup on long days"


def pages(people: People) -> dict[str, Page]:
    """What readers and authors see, in the middle of an evening."""
    author, robin, reader = people.visitor(), people.moderator("Robin"), people.reader()
    up = author.shares(tour.STORY, tour.TITLE)
    robin.approves_and_publishes(up.pen_name)
    path = reader.finds_in_the_list(tour.TITLE)
    visitors = tour.of_a_visitor(author, up)
    reads = tour.of_a_reader(reader, path)
    reads["search"].get_by_label("Words to look for").fill(LOOKED_FOR)
    reads["search"].get_by_role("button", name="Search").click()
    expect(reads["search"].get_by_role("link", name=tour.TITLE)).to_be_visible()
    return {
        "home": reads["home"],
        "list": reads["stories"],
        "story": reads["story"],
        "guide": reads["guide"],
        "help": reads["help"],
        "search": reads["search"],
        "share": visitors["share"],
        "preview": visitors["looked over"],
        "receipt": visitors["sent"],
    }


def outside_the_desk(people: People) -> None:
    """Save the pictures of the site and the form."""
    for name, page in pages(people).items():
        if name in SITE:
            framed(page, name)
        else:
            page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            page.evaluate("scrollTo(0, 0)")
            saves(name, page.screenshot())


def framed(page: Page, name: str) -> None:
    """Save the page's beginning in every frame."""
    for ending, (width, height, scheme) in FRAMES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.evaluate("scrollTo(0, 0)")
        saves(f"site-{name}{ending}", page.screenshot())


def at_the_desk(people: People) -> None:
    """Save the pictures of the desk, all on one way through it."""
    for name, page in desk_tour.whole_way(people):
        if name in DESK:
            shows(page, DESK[name], DESK_WIDTH)
        if name in ON_A_PHONE:
            shows(page, ON_A_PHONE[name], PHONE_WIDTH)
        if name in AT_NIGHT:
            page.emulate_media(color_scheme="dark")
            shows(page, AT_NIGHT[name], DESK_WIDTH)
            page.emulate_media(color_scheme="light")


def shows(page: Page, name: str, width: int) -> None:
    """Save the page from the desk's own links down, as far as a picture goes."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    if page.get_by_role("dialog").count():
        saves(name, page.screenshot())
        return
    place = page.locator("main").bounding_box()
    assert place
    height = min(place["height"], TALLEST)
    top = place["y"] + page.evaluate("scrollY")
    clip = FloatRect(x=0, y=top, width=width, height=height)
    saves(name, page.screenshot(full_page=True, clip=clip))


def saves(name: str, picture: bytes) -> None:
    """Keep a picture, as small as it can be."""
    (IMAGES / f"{name}.png").write_bytes(compact(picture))
    print(f"docs/images/{name}.png", flush=True)


def take(
    browser: Browser, folder: Path, settings: Mapping[str, str], walk: Callable[[People], None]
) -> None:
    """Start the product in `folder`, and walk through it."""
    house = House(folder, settings)
    house.start()
    try:
        with gathered(browser, house) as people:
            people.by_plain_name = True
            walk(people)
    finally:
        house.stop()


def main() -> None:
    """All of the pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    place = Path(tempfile.mkdtemp())
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            take(browser, place / "site", {}, outside_the_desk)
            take(browser, place / "desk", desk_tour.SETTINGS, at_the_desk)
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
