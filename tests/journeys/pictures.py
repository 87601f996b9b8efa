"""Make the pictures of docs/images from the running product, so that they show what there is.

Run it by hand: `.venv/bin/python tests/journeys/pictures.py`.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.journeys import tour  # noqa: E402 - the root has to be on the path first
from tests.journeys.conftest import CHROMIUM, QUIET, People, gathered  # noqa: E402
from tests.journeys.house import House  # noqa: E402

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT, TALL = 1120, 800, 1300
"""CSS pixels; the page of one post is tall, so that its decisions show."""


def pages(people: People) -> dict[str, Page]:
    """The seven pages, as they are in the middle of an evening."""
    author, robin, reader = people.visitor(), people.newcomer("Robin"), people.reader()
    robin.name = "Robin"
    robin.enrols(people.house.first_link)
    up = author.shares(tour.STORY, tour.TITLE)
    robin.approves_and_publishes(up.pen_name)
    waiting = author.shares(tour.SECOND, "The dog, the radio")
    path = reader.finds_on_home(tour.TITLE)
    visitors, desk = tour.of_a_visitor(author, up), tour.of_a_moderator(robin, waiting)
    desk["queue"].reload()
    return {
        "site": tour.of_a_reader(reader, path)["home"],
        "story": reader.page,
        "share": visitors["share"],
        "preview": visitors["looked over"],
        "receipt": visitors["sent"],
        "desk": desk["queue"],
        "read": desk["read"],
    }


def take(folder: Path) -> None:
    """Start the product in `folder`, walk through it, and save what is seen."""
    house = House(folder)
    house.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            with gathered(browser, house) as people:
                for name, page in pages(people).items():
                    height = TALL if name == "read" else HEIGHT
                    page.set_viewport_size({"width": WIDTH, "height": height})
                    page.evaluate("scrollTo(0, 0)")
                    page.screenshot(path=IMAGES / f"{name}.png")
                    print(f"docs/images/{name}.png")
    finally:
        house.stop()


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp())
    try:
        take(place / "house")
    finally:
        shutil.rmtree(place)
