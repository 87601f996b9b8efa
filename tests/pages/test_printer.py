"""The printer on one machine: a reader sees one edition or the next, whole, whatever dies."""

from __future__ import annotations

import gc
import locale
import logging
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pelican.contents import Content

from editions.links import UNLINKED
from editions.press import Editions, NothingToGoBackTo
from forum.printing import Printed, PrintFailed
from infra.local.printer import LocalPrinter
from infra.local.sheets import Sheets
from tests.forum.press_room import ids
from tests.pages.press_machine import Machine, copy_of_the_house, kill, said, survive_a_kill

STORY = Path("site/theme/templates/story.html")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "var")


@pytest.fixture
def apart(tmp_path: Path) -> Machine:
    """A machine with a checkout of its own, to break something in."""
    return Machine(tmp_path / "var", copy_of_the_house(tmp_path / "home"))


def test_an_approved_story_has_a_page_after_one_run(machine: Machine) -> None:
    (post_id,) = machine.put_up(1)
    told = machine.publish()
    assert post_id in told["went_up"]
    assert "Story 101" in machine.page(f"stories/{post_id}/index.html")
    assert told["pages"] == len(machine.paths())
    assert sorted(told["added_pages"]) == machine.paths()
    assert machine.litter() == []


def test_what_did_not_change_is_not_touched(machine: Machine) -> None:
    machine.put_up(*range(45))
    machine.print()
    machine.put_up(45)
    machine.publish()
    before = machine.digest()
    (come,) = machine.put_up(46)
    told = machine.publish()
    assert told["added_pages"] == [f"stories/{come}/index.html"]
    assert told["removed_pages"] == []
    assert 0 < len(told["changed_pages"]) < 20
    assert not told["anew"]
    machine.withdraw(come)
    told = machine.publish()
    assert told["removed_pages"] == [f"stories/{come}/index.html"]
    assert machine.digest() == before
    assert machine.publish()["pages"] == 0


@contextmanager
def reading(machine: Machine, post_id: str) -> Iterator[list[str]]:
    """Somebody reads without pause, as the server does; what they missed."""
    missed: list[str] = []
    done = threading.Event()

    def read() -> None:
        sheets = Sheets(machine.reader)
        while not done.is_set():
            for page in ("/", f"/stories/{post_id}/", "/theme/css/site.css"):
                if sheets.at(page) is None:
                    missed.append(page)

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


def test_the_edition_before_can_be_shown_again_until_the_next_run(machine: Machine) -> None:
    machine.put_up(1)
    machine.print()
    machine.put_up(2)
    machine.print()
    before = machine.digest()
    (third,) = machine.put_up(3)
    machine.print()
    after = machine.digest()
    told = machine.publish("--back")
    assert told == {"back": True, "pages": told["pages"]}
    assert machine.digest() == before
    assert third not in machine.stories()
    machine.print()
    assert machine.digest() == after


def test_nobody_goes_back_past_what_was_taken_down_or_to_nothing(machine: Machine) -> None:
    with pytest.raises(NothingToGoBackTo):
        machine.local_printer().go_back()
    gone, _ = machine.put_up(1, 2)
    machine.print()
    machine.put_up(3)
    machine.print()
    machine.withdraw(gone)
    machine.print()
    now = machine.digest()
    with pytest.raises(NothingToGoBackTo):
        machine.local_printer().go_back()
    assert "There is no edition to go back to." in machine.publish("--back")["error"]
    assert machine.digest() == now


def test_after_a_removal_no_trace_of_the_words_is_left_anywhere(machine: Machine) -> None:
    stays, goes = machine.put_up(1, 2)
    machine.edit(goes, "<p>The canary sang in Saltmarsh Lane.</p>")
    machine.sql("UPDATE posts SET state = 'received', version = version + 1 WHERE id = ?", goes)
    machine.approve(goes)
    machine.print()
    machine.put_up(3)
    machine.print()
    assert "editions/editions.sqlite" in machine.traces("Saltmarsh")
    machine.withdraw(goes)
    machine.print()
    assert machine.traces("Saltmarsh") == []
    assert [
        trace
        for trace in machine.traces(goes)
        if not trace.startswith(("handrail.sqlite", "ledger/"))
    ] == []
    assert stays in machine.stories()


def test_a_process_that_prints_again_holds_no_site_that_it_has_built(machine: Machine) -> None:
    machine.put_up(1)
    for _ in range(2):
        machine.press(machine.local_printer()).run(lambda words: None, anew=True)
    gc.collect()
    ours = str(machine.editions)
    pages = [one for one in gc.get_objects() if isinstance(one, Content)]
    assert [page for page in pages if page.settings["EDITIONS"] == ours] == []


class Dying(LocalPrinter):
    """Dies when the new edition is in place, and the press has not heard of it."""

    def print_edition(self, purge: bool, everything: bool = False, anew: bool = False) -> Printed:
        super().print_edition(purge, everything, anew)
        raise KeyboardInterrupt


def test_a_removal_is_whole_even_if_the_first_run_died(machine: Machine) -> None:
    _, goes = machine.put_up(1, 2)
    machine.print()
    machine.put_up(3)
    machine.print()
    assert machine.traces("Story 102<") != []
    machine.withdraw(goes)
    dying = machine.press(Dying(machine.editions, machine.mirror.folder, "http://localhost", False))
    with pytest.raises(KeyboardInterrupt):
        dying.run(lambda words: None)
    machine.print()
    assert machine.traces("Story 102<") == []
    assert goes not in machine.stories()


class Forgetful(LocalPrinter):
    """Believes that something else came down."""

    def _build(self, purge: bool, everything: bool, anew: bool) -> Printed:
        super()._build(purge, everything, anew)
        return Printed(removed=("index.html",))


def test_what_was_taken_away_and_can_still_be_read_is_told(machine: Machine) -> None:
    machine.put_up(1)
    machine.print()
    printer = Forgetful(machine.editions, machine.mirror.folder, "http://localhost:8000", False)
    with pytest.raises(PrintFailed, match=r"index\.html was taken away and can still be read"):
        printer.print_edition(purge=True)


def test_a_press_killed_anywhere_is_finished_by_the_next(machine: Machine) -> None:
    chance = random.Random(2)
    machine.put_up(1)
    machine.publish()
    for number in range(2, 14, 2):
        survive_a_kill(machine, number, chance.uniform(0.3, 0.9))


def test_a_press_that_is_stopped_keeps_the_next_waiting_and_readers_reading(
    machine: Machine,
) -> None:
    machine.put_up(1)
    machine.publish()
    before = machine.digest()
    machine.put_up(2)
    with machine.local_printer().lock():
        stopped = machine.start()
        with pytest.raises(subprocess.TimeoutExpired):
            stopped.wait(timeout=1.5)
        os.killpg(stopped.pid, signal.SIGSTOP)
        following = machine.start()
    assert machine.digest() == before
    os.killpg(stopped.pid, signal.SIGCONT)
    told = [said(process) for process in (stopped, following)]
    assert sorted(len(one["went_up"]) for one in told) == [0, 1]
    assert len(machine.stories() & set(ids)) == 2
    assert machine.litter() == []


def test_a_press_that_is_killed_lets_the_next_one_in(machine: Machine) -> None:
    machine.put_up(1)
    with machine.local_printer().lock():
        waiting = machine.start()
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=1.5)
        assert kill(waiting)
    assert "error" not in machine.publish()


def test_two_presses_at_once_take_turns(machine: Machine) -> None:
    machine.put_up(*range(6))
    told = [said(process) for process in (machine.start(), machine.start())]
    assert all("error" not in one for one in told)
    went_up = [post_id for one in told for post_id in one["went_up"]]
    assert sorted(went_up) == sorted(machine.stories())
    assert machine.litter() == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("story.html", "{% if %}"),
        ("story.html", "{{ nowhere.to.be.found }}"),
        ("list.html", "{% include 'nowhere.html' %}"),
        ("page.html", "{{ nowhere.to.be.found }}"),
        ("page.html", "{% if %}"),
    ],
)
def test_a_broken_theme_keeps_the_last_edition_and_names_template_and_line(
    apart: Machine, name: str, fault: str
) -> None:
    apart.put_up(1)
    apart.publish()
    before = apart.digest()
    template = apart.home / "site/theme/templates" / name
    good = template.read_text("utf-8")
    place = "{% block main %}\n"
    line = good[: good.index(place)].count("\n") + 2
    template.write_text(good.replace(place, f"{place}{fault}\n"), "utf-8")
    apart.put_up(2)
    told = apart.publish()
    assert "The last edition stays" in told["error"]
    assert re.search(rf"{name}, line {line}\b|{name}:{line}\b", told["error"])
    assert apart.digest() == before
    assert apart.litter() == []
    template.write_text(good, "utf-8")
    assert "error" not in apart.publish()
    assert apart.digest() != before


@contextmanager
def broken(file: Path, more: str) -> Iterator[None]:
    """Something stands at the end of the file that should not."""
    text = file.read_text("utf-8")
    file.write_text(text + more, "utf-8")
    yield
    file.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("name", "more", "told"),
    [
        ("pelicanconf.py", "\nPLUGINS = [*PLUGINS, 'no_such_plugin']\n", "no_such_plugin"),
        ("pelicanconf.py", "\n1 / 0\n", "pelicanconf.py: division by zero"),
        ("pelicanconf.py", "\nTHEME = 'nowhere'\n", "nowhere"),
        ("site/plugins/even_times.py", "\nfrom nowhere import nothing\n", "even_times"),
        ("site/plugins/story_pages/words.py", "\nthis is no Python\n", "words.py"),
    ],
)
def test_what_builds_the_site_may_break_and_the_last_edition_stays(
    apart: Machine, name: str, more: str, told: str
) -> None:
    apart.put_up(1)
    apart.publish()
    before = apart.digest()
    apart.put_up(2)
    with broken(apart.home / name, more):
        error = apart.publish()["error"]
    assert "The last edition stays" in error
    assert told in error
    assert apart.digest() == before
    assert apart.litter() == []


def test_not_even_a_broken_theme_keeps_a_withdrawn_story_up(apart: Machine) -> None:
    gone, stays = apart.put_up(1, 2)
    apart.publish()
    apart.withdraw(gone)
    with broken(apart.home / STORY, "{% if %}"):
        assert "The last edition stays" in apart.publish()["error"]
    assert apart.traces(f"/stories/{gone}/") == apart.traces("Story 101<") == []
    assert gone not in apart.stories()
    assert stays not in apart.stories()  # its page led to the one that is gone
    unlinked = tuple(f"{folder}/" for folder in UNLINKED)
    assert not [path for path in apart.paths() if path.startswith(unlinked)]
    assert apart.page("help/index.html")
    assert "error" not in apart.publish()
    assert apart.page("index.html")
    assert stays in apart.stories()


@contextmanager
def nailed_down(folder: Path) -> Iterator[None]:
    """Nothing in this folder can be made or removed, not even by root."""
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


def test_editions_of_an_earlier_version_are_swept_away(machine: Machine) -> None:
    earlier = machine.editions / "edition-0a1b" / "stories" / ids[0]
    earlier.mkdir(parents=True)
    (earlier / "index.html").write_text("Saltmarsh Lane")
    (machine.editions / "current").symlink_to("edition-0a1b")
    machine.put_up(1)
    machine.print()
    assert machine.traces("Saltmarsh") == []
    assert machine.litter() == []


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(machine: Machine) -> None:
    machine.put_up(1)
    machine.editions.write_text("a file where the folder should be")
    with pytest.raises(PrintFailed, match=r"editions cannot be used: File exists\."):
        machine.print()
    told = machine.publish()
    assert "cannot be used" in told["error"]


def test_on_a_read_only_disk_the_last_edition_stays(machine: Machine) -> None:
    machine.put_up(1)
    machine.print()
    before = machine.digest()
    machine.put_up(2)
    with nailed_down(machine.editions):
        subprocess.run(["chattr", "+i", str(machine.file)], capture_output=True, check=False)
        told = machine.publish()
        subprocess.run(["chattr", "-i", str(machine.file)], capture_output=True, check=False)
    assert "The last edition stays" in told["error"]
    assert "cannot be used" in told["error"]
    assert machine.digest() == before
    assert "error" not in machine.publish()
    assert machine.digest() != before


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9])
def test_when_the_disk_is_full_the_last_edition_stays(machine: Machine, share: float) -> None:
    (gone,) = machine.put_up(1)
    machine.print()
    before = machine.digest()
    machine.put_up(*range(2, 60))
    Machine(machine.folder / "other").publish()
    room = round(machine.file.stat().st_size * (0.3 + share))
    told = machine.publish(room=room)
    assert "error" in told
    assert machine.digest() == before
    assert "error" not in machine.publish()
    assert len(machine.stories() & set(ids)) == 59
    assert machine.litter() == []
    assert gone in machine.stories()


def test_a_clock_that_was_moved_back_takes_nothing_down(machine: Machine) -> None:
    stays, goes = machine.put_up(1, 2)
    machine.print()
    machine.clock.advance(days=-400)
    (come,) = machine.put_up(3)
    machine.withdraw(goes)
    machine.print()
    assert machine.stories() == {stays, come}
    assert machine.traces("Story 102<") == []


def garbage(machine: Machine) -> None:
    machine.file.write_bytes(b"garbage " * 999)


def cut(machine: Machine) -> None:
    os.truncate(machine.file, machine.file.stat().st_size // 3)


def holed(machine: Machine) -> None:
    """A block in the middle is gone."""
    with machine.file.open("r+b") as opened:
        opened.seek(8192)
        opened.write(bytes(8192))


def emptied(machine: Machine) -> None:
    os.truncate(machine.file, 0)


@pytest.mark.parametrize(
    "harm",
    [
        garbage,
        cut,
        holed,
        emptied,
        "ALTER TABLE page RENAME COLUMN since TO come",
        "DELETE FROM edition",
        "UPDATE edition SET made_of = 'another version'",
        "PRAGMA user_version = 99",
    ],
    ids=lambda harm: getattr(harm, "__name__", harm),
)
def test_editions_that_cannot_be_used_are_made_anew_in_the_same_run(
    machine: Machine, harm: Callable[[Machine], None] | str
) -> None:
    gone, stays = machine.put_up(1, 2)
    machine.print()
    machine.withdraw(gone)
    machine.harm(harm) if isinstance(harm, str) else harm(machine)
    told = machine.publish()
    assert "error" not in told, told
    assert stays in machine.stories()
    assert gone not in machine.stories()
    assert machine.traces("Story 101<") == []
    assert machine.litter() == []
    before = machine.digest()
    Editions(machine.editions).start_anew()
    machine.publish()
    assert machine.digest() == before


def test_editions_that_cannot_be_read_stay_as_they_are_when_no_other_can_be_made(
    apart: Machine,
) -> None:
    apart.put_up(1)
    apart.publish()
    garbage(apart)
    before = apart.file.read_bytes()
    with broken(apart.home / STORY, "{% if %}"):
        assert "story.html" in apart.publish()["error"]
    assert apart.file.read_bytes() == before
    assert "error" not in apart.publish()


def test_a_file_that_cannot_be_read_keeps_no_withdrawn_story_up(apart: Machine) -> None:
    gone, _ = apart.put_up(1, 2)
    apart.publish()
    apart.withdraw(gone)
    with apart.file.open("r+b") as opened:
        opened.seek(100)
        opened.write(b"garbage")
    with broken(apart.home / STORY, "{% if %}"):
        assert "error" in apart.publish()
    assert [trace for trace in apart.traces(gone) if trace.startswith("editions")] == []
    assert "error" not in apart.publish()


def test_once_a_day_a_page_that_is_not_what_was_put_is_found(machine: Machine) -> None:
    machine.put_up(1)
    machine.print()
    assert machine.local_printer().look_over() == ()
    before = machine.digest()
    of_home = "WHERE number = (SELECT sheet FROM page WHERE path = 'index.html')"
    machine.harm(f"UPDATE sheet SET body = x'00' {of_home}")
    assert machine.local_printer().look_over() == ("index.html",)
    assert machine.page("index.html") == ""
    machine.print()
    assert machine.digest() == before
    machine.harm(f"DELETE FROM sheet {of_home}")
    assert machine.local_printer().look_over() == ("index.html",)
    machine.print()
    assert machine.digest() == before
    garbage(machine)
    assert machine.local_printer().look_over() == (machine.file.name,)


def test_a_fault_in_a_storys_card_is_told_by_its_place_and_never_by_what_it_shows(
    apart: Machine,
) -> None:
    apart.put_up(1)
    card = "{% macro story_card(story) %}{{ {}[story.title].nothing }}{% endmacro %}"
    with broken(apart.home / "site/theme/templates/cards.html", card):
        told = apart.publish()
    assert re.search(r"cards\.html, line \d+: UndefinedError", told["error"])
    assert "Story 101" not in told["error"]


SPY = """
import json
(ROOT / "seen.json").write_text(json.dumps(dict(os.environ)))
"""


def test_the_build_reads_no_secret_and_no_stranger_setting(apart: Machine) -> None:
    """What the operator's shell holds has no way into a page."""
    apart.put_up(1)
    apart.publish()
    before = apart.digest()
    with broken(apart.home / "pelicanconf.py", SPY):
        apart.publish(
            HANDRAIL_KEY_RECEIPTS="v1:" + "s" * 44,
            HANDRAIL_NOTIFY="ses:robin@example.org",
            HANDRAIL_NOTIFY_FROM="robin@example.org",
            AWS_SECRET_ACCESS_KEY="secret",
        )
    seen = (apart.home / "seen.json").read_text()
    assert seen == (
        f'{{"HANDRAIL_POSTS": "{apart.mirror.folder}", '
        '"HANDRAIL_SITEURL": "http://localhost:8000", "HANDRAIL_LEAVE_URL": "", '
        '"HANDRAIL_ENV": "development", "HANDRAIL_SEARCH": ""}'
    )
    apart.publish()
    assert apart.digest() == before


def state_of_the_process() -> Mapping[str, Any]:
    root = logging.getLogger()
    return {
        "environment": dict(os.environ),
        "locale": locale.setlocale(locale.LC_ALL),
        "path": sys.path[:],
        "logging": (logging.getLoggerClass(), type(root), root.handlers[:], root.manager.disable),
        "out": (sys.stdout, sys.stderr),
        "folder": Path.cwd(),
    }


def test_a_build_leaves_the_process_as_it_was_and_prints_nothing(
    machine: Machine, capfd: pytest.CaptureFixture[str]
) -> None:
    machine.put_up(1)
    before = state_of_the_process()
    machine.print()
    assert state_of_the_process() == before
    (machine.mirror.folder / "manifest.jsonl").write_text("nonsense")
    with pytest.raises(PrintFailed):
        machine.local_printer().print_edition(purge=False)
    assert state_of_the_process() == before
    assert capfd.readouterr() == ("", "")


def test_what_may_be_behind_for_a_day_is_asked_for_by_looks_at_everything_alone(
    apart: Machine,
) -> None:
    conf = apart.home / "pelicanconf.py"
    heard = apart.folder / "heard"
    told = f"open({str(heard)!r}, 'a').write(os.environ['HANDRAIL_SEARCH'] + ';')"
    conf.write_text(f"{conf.read_text()}\n{told}\n")
    for given in ((), (), ("--full",), ()):
        apart.put_up(10 + len(apart.stories()))
        assert "error" not in apart.publish(*given)
    assert heard.read_text() == "1;;1;;"


def test_a_build_can_be_followed(machine: Machine) -> None:
    machine.put_up(*range(30))
    machine.print()
    heard: list[tuple[int, int]] = []
    printer = machine.local_printer()
    follower = LocalPrinter(
        printer.folder, printer.posts, printer.siteurl, False, lambda *told: heard.append(told)
    )
    printed = follower.print_edition(purge=False, anew=True)
    assert printed.anew
    assert heard
    assert all(done <= total for done, total in heard if total)
