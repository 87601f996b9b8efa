"""The printer on one machine: a reader sees one edition or the next, whole, whatever dies."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from forum.press import PrintFailed
from infra.local.printer import KEPT, LocalPrinter
from infra.local.sheets import Sheets
from tests.forum.press_room import ids
from tests.pages.press_machine import ROOT, Machine, kill, said, shortly, survive_a_kill

HOUSE = ("forum", "doors", "infra", "moderation", "site", "content")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "var")


def test_an_approved_story_has_a_page_after_one_run(machine: Machine) -> None:
    (post_id,) = machine.put_up(1)
    told = machine.publish()
    assert post_id in told["went_up"]
    assert "Story 1" in (machine.current / "stories" / post_id / "index.html").read_text("utf-8")
    assert told["pages"] == len(list(machine.current.resolve().rglob("*.html")))
    assert machine.litter() == []


@contextmanager
def reading(machine: Machine, post_id: str) -> Iterator[list[str]]:
    """Somebody reads without pause, by the link and as the server does; what they missed."""
    missed: list[str] = []
    done = threading.Event()

    def read() -> None:
        sheets = Sheets(machine.current)
        while not done.is_set():
            for page in ("/", f"/stories/{post_id}/", "/theme/css/site.css"):
                if sheets.at(page) is None:
                    missed.append(page)
            try:
                (machine.current / "index.html").read_bytes()
            except OSError as error:
                missed.append(f"{type(error).__name__} by the link")

    reader = threading.Thread(target=read)
    reader.start()
    yield missed
    done.set()
    reader.join()


def test_readers_never_miss_a_page_while_editions_change(machine: Machine) -> None:
    stays, *_ = machine.put_up(1, 2)
    machine.print()
    with reading(machine, stays) as missed:
        for number in (3, 4, 5):
            machine.put_up(number)
            machine.print()
    assert missed == []
    assert len(machine.stories()) == 5


def test_one_earlier_edition_is_kept_while_nothing_is_taken_down(machine: Machine) -> None:
    for number in range(4):
        machine.put_up(number)
        machine.print()
    assert len(list(machine.editions.glob("edition-*"))) == 1 + KEPT


def test_after_a_removal_no_trace_of_the_words_is_left_anywhere(machine: Machine) -> None:
    stays, goes = machine.put_up(1, 2)
    machine.edit(goes, "<p>The canary sang in Saltmarsh Lane.</p>")
    machine.sql("UPDATE posts SET state = 'received', version = version + 1 WHERE id = ?", goes)
    machine.approve(goes)
    machine.print()
    machine.put_up(3)
    machine.print()
    assert len([t for t in machine.traces("Saltmarsh") if t.startswith("editions")]) > 2
    machine.withdraw(goes)
    machine.print()
    assert machine.traces("Saltmarsh") == []
    assert machine.traces(goes) == ["handrail.sqlite3"]
    assert stays in machine.stories()


def test_a_removal_reaches_earlier_editions_even_if_the_first_run_died(machine: Machine) -> None:
    _, goes = machine.put_up(1, 2)
    machine.print()
    machine.print()
    machine.withdraw(goes)
    dying = machine.press(Dying(machine.editions, machine.mirror.folder, "http://localhost", False))
    with pytest.raises(KeyboardInterrupt):
        dying.run(lambda words: None)
    assert machine.traces("Story 102<") != []
    machine.print()
    assert machine.traces("Story 102<") == []


class Dying(LocalPrinter):
    """Dies when the new edition is in place and the old ones are still there."""

    def _put_in_place(self, building: Path) -> None:
        super()._put_in_place(building)
        raise KeyboardInterrupt


def test_a_press_killed_anywhere_is_finished_by_the_next(machine: Machine) -> None:
    chance = random.Random(2)
    machine.put_up(1)
    machine.publish()
    for number in range(2, 14, 2):
        survive_a_kill(machine, number, chance.uniform(0.1, 0.5), family=chance.random() < 0.5)


def test_a_build_that_outlives_its_press_is_waited_for(machine: Machine) -> None:
    machine.put_up(1)
    machine.publish()
    machine.put_up(2)
    process = machine.start()
    build = build_of(machine, process)
    os.kill(build, signal.SIGSTOP)
    kill(process, family=False)
    following = machine.start()
    with pytest.raises(subprocess.TimeoutExpired):
        following.wait(timeout=1.5)
    os.kill(build, signal.SIGCONT)
    assert "error" not in said(following)
    assert len(machine.stories() & set(ids)) == 2
    assert machine.litter() == []


def build_of(machine: Machine, press: subprocess.Popen[str]) -> int:
    """The process id of Pelican at work for this press."""
    for _ in shortly(30):
        if list(machine.editions.glob("building-*/*")):
            break
    children = Path(f"/proc/{press.pid}/task/{press.pid}/children").read_text()
    return int(children.split()[0])


def test_two_presses_at_once_take_turns(machine: Machine) -> None:
    machine.put_up(*range(6))
    told = [said(process) for process in (machine.start(), machine.start())]
    assert all("error" not in one for one in told)
    went_up = [post_id for one in told for post_id in one["went_up"]]
    assert sorted(went_up) == sorted(machine.stories())
    assert machine.litter() == []


def test_a_broken_theme_keeps_the_last_edition_and_names_the_template(tmp_path: Path) -> None:
    home = copy_of_the_house(tmp_path / "home")
    machine = Machine(tmp_path / "var", home)
    machine.put_up(1)
    machine.publish()
    before = machine.digest()
    machine.put_up(2)
    story = home / "site" / "theme" / "templates" / "story.html"
    story.write_text(story.read_text("utf-8") + "{% if %}", "utf-8")
    told = machine.publish()
    assert "The last edition stays" in told["error"]
    assert "story.html" in told["error"]
    assert machine.digest() == before
    assert machine.litter() == []
    shutil.copy(ROOT / "site" / "theme" / "templates" / "story.html", story)
    assert "error" not in machine.publish()
    assert machine.digest() != before


def test_not_even_a_broken_theme_keeps_a_withdrawn_story_up(tmp_path: Path) -> None:
    home = copy_of_the_house(tmp_path / "home")
    machine = Machine(tmp_path / "var", home)
    gone, stays = machine.put_up(1, 2)
    machine.publish()
    story = home / "site" / "theme" / "templates" / "story.html"
    story.write_text(story.read_text("utf-8") + "{% if %}", "utf-8")
    machine.withdraw(gone)
    assert "The last edition stays" in machine.publish()["error"]
    assert machine.traces(f"/stories/{gone}/") == []
    assert gone not in machine.stories()
    assert stays in machine.stories()
    assert (machine.current / "help" / "index.html").is_file()
    shutil.copy(ROOT / "site" / "theme" / "templates" / "story.html", story)
    assert "error" not in machine.publish()
    assert (machine.current / "index.html").is_file()


@contextmanager
def nailed_down(folder: Path) -> Iterator[None]:
    """Nothing in this folder can be removed, not even by root."""
    folder.chmod(0o500)
    nailed = subprocess.run(["chattr", "+i", str(folder)], capture_output=True, check=False)
    if os.geteuid() == 0 and nailed.returncode:
        pytest.skip("root can remove anything here")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", str(folder)], capture_output=True, check=False)
        folder.chmod(0o700)


def test_what_cannot_be_removed_stops_no_build_and_is_told(machine: Machine) -> None:
    (post_id,) = machine.put_up(1)
    left = machine.editions / "building-of-another"
    left.mkdir(parents=True)
    (left / "page.html").write_text("half")
    with nailed_down(left):
        machine.print()
    assert post_id in machine.stories()
    last = machine.desk.last_run()
    assert last is not None
    assert last.words == "building-of-another could not be removed from the editions."
    machine.print()
    assert machine.litter() == []


def test_a_page_that_cannot_be_struck_keeps_no_other_up(machine: Machine) -> None:
    nailed, struck, stays = (machine.editions / "edition-1" / "stories" / i for i in ids[:3])
    for story in (nailed, struck, stays):
        story.mkdir(parents=True)
        (story / "index.html").write_text("a story")
    (machine.editions / "edition-1" / "index.html").write_text(f'href="/stories/{struck.name}/"')
    with nailed_down(nailed):
        with pytest.raises(PrintFailed, match="cannot be removed"):
            machine.local_printer().strike([nailed.name, struck.name])
        pages = [path for path in machine.editions.rglob("*") if path.is_file()]
        assert set(pages) == {nailed / "index.html", stays / "index.html"}


def copy_of_the_house(home: Path) -> Path:
    """A checkout of its own, to break something in."""
    skip = shutil.ignore_patterns("__pycache__", "posts", "vendor", "words")
    for room in HOUSE:
        shutil.copytree(ROOT / room, home / room, symlinks=True, ignore=skip)
    shutil.copy(ROOT / "pelicanconf.py", home)
    return home


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(machine: Machine) -> None:
    machine.put_up(1)
    machine.editions.write_text("a file where the folder should be")
    with pytest.raises(PrintFailed, match=r"editions cannot be written: File exists\."):
        machine.print()
    told = machine.publish()
    assert "cannot be written" in told["error"]


def test_the_build_reads_no_secret_and_no_stranger_setting(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the operator's shell holds has no way into a page."""
    machine.put_up(1)
    machine.print()
    before = machine.digest()
    monkeypatch.setenv("HANDRAIL_KEY_RECEIPTS", "v1:secret")
    monkeypatch.setenv("HANDRAIL_SITEURL", "https://elsewhere.example")
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    machine.print()
    assert machine.digest() == before
