"""`publish`: what it says, what it shows meanwhile, going back; and the press that stays."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from infra.local.settings import passed_on
from infra.local.warm import COMMAND
from moderation.__main__ import main
from moderation.commands.progress import OnTerminal
from tests.pages.press_machine import ROOT, Machine


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path / "var")
    monkeypatch.setenv("HANDRAIL_DATA", str(machine.folder))
    monkeypatch.setenv("HANDRAIL_POSTS", str(machine.mirror.folder))
    return machine


def published(capsys: pytest.CaptureFixture[str], *given: str) -> dict[str, Any]:
    """Run it in this process; the JSON that it printed."""
    assert main(["publish", "--json", *given]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def refused(capsys: pytest.CaptureFixture[str], *given: str) -> str:
    assert main(["publish", *given]) == 1
    return capsys.readouterr().err


def test_a_run_ends_with_a_paragraph_and_shows_no_bar_where_there_is_no_terminal(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    published(capsys)
    gone, _ = machine.put_up(1, 2)
    published(capsys)
    machine.withdraw(gone)
    machine.put_up(3)
    assert main(["publish"]) == 0
    said, wrong = capsys.readouterr()
    (paragraph,) = said.splitlines()
    assert paragraph.startswith("1 story went up and 1 story came down.")
    assert "seconds" in paragraph
    assert wrong == ""


def test_for_programs_it_names_every_post_and_every_page(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    published(capsys)
    (come,) = machine.put_up(1)
    told = published(capsys)
    assert told["went_up"] == [come]
    assert told["came_down"] == told["changed"] == told["removed_pages"] == told["set_aside"] == []
    assert told["waiting"] == 0
    assert f"stories/{come}/index.html" in told["added_pages"]
    assert "stories/index.html" in told["changed_pages"]
    assert told["pages"] == len(told["added_pages"]) + len(told["changed_pages"])
    assert told["seconds"] > 0
    assert not told["anew"]


def test_it_says_when_the_collection_is_out_of_balance(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.put_up(*range(20))
    assert main(["publish"]) == 0
    assert "find nobody like them." in capsys.readouterr().out
    machine.put_up(21)
    health = published(capsys)["health"]
    assert health["in_it"] < 0.2
    assert [text for text in health["warnings"] if "after a setback" in text]


def test_the_guide_explains_all_that_it_tells_programs(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    guide = (ROOT / "docs" / "operators-guide.md").read_text()
    _, _, table = guide.partition("prints the same for programs:")
    explained = set(re.findall("`([a-z_]+)`", table.partition("somebody should look")[0]))
    assert explained - {"id", "why"} == set(published(capsys))


def test_what_somebody_should_look_at_stands_below(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    (unfit,) = machine.put_up(1)
    machine.edit(unfit, "<p>Nobody approved this.</p>")
    assert main(["publish"]) == 0
    _, amiss = capsys.readouterr().out.splitlines()
    assert amiss == f"{unfit} is left out: the stored text is not what was approved."


def test_everything_can_be_made_anew_and_nothing_is_other_than_before(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.put_up(1, 2)
    published(capsys)
    before = machine.digest()
    told = published(capsys, "--full")
    assert told["anew"]
    assert told["pages"] == 0
    assert machine.digest() == before


def test_going_back_says_what_will_end_it(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    published(capsys)
    before = machine.digest()
    machine.put_up(1)
    published(capsys)
    after = machine.digest()
    assert main(["publish", "--back"]) == 0
    said = capsys.readouterr().out
    assert "Readers see the edition before again" in said
    assert "The next run of the press brings the newest again." in said
    assert machine.digest() == before
    published(capsys)
    assert machine.digest() == after


def test_with_nothing_to_go_back_to_it_says_so(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "There is no edition to go back to." in refused(capsys, "--back")
    published(capsys)
    assert "There is no edition to go back to." in refused(capsys, "--back")
    assert machine.page("index.html")


@pytest.mark.parametrize(
    "given",
    [("--full", "--back"), ("--stay", "--back"), ("--stay", "--full")],
)
def test_what_makes_no_sense_together_is_refused(
    machine: Machine, capsys: pytest.CaptureFixture[str], given: tuple[str, ...]
) -> None:
    assert "at a time" in refused(capsys, *given)
    assert not machine.editions.exists()


def test_a_run_that_takes_long_shows_how_far_it_is() -> None:
    terminal = io.StringIO()
    shown = OnTerminal(terminal, patience=0)
    shown.step("Building the pages")
    shown.pages(300, 0)
    shown.pages(600, 11_377)
    shown.end()
    assert "Building the pages" in terminal.getvalue()
    assert "600/11377" in terminal.getvalue()


def test_a_run_that_is_soon_over_shows_nothing() -> None:
    terminal = io.StringIO()
    shown = OnTerminal(terminal, patience=600)
    shown.step("Building the pages")
    shown.pages(600, 11_377)
    shown.end()
    assert terminal.getvalue() == ""


class Staying:
    """The press as the server starts it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            COMMAND,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def does(self, job: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{job}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def end(self) -> str:
        """Let it go; what it said besides."""
        out, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        return out + err


@contextmanager
def staying(machine: Machine, **environment: str) -> Iterator[Staying]:
    """It must end well and have nothing to say but its answers."""
    given = {
        "HANDRAIL_DATA": str(machine.folder),
        "HANDRAIL_POSTS": str(machine.mirror.folder),
        **environment,
    }
    it = Staying({**passed_on(), **given})
    try:
        yield it
        assert it.end() == ""
    finally:
        it.process.kill()


def test_the_press_that_stays_does_what_it_is_told_and_says_nothing_else(machine: Machine) -> None:
    with staying(machine) as press:
        (first,) = machine.put_up(1)
        assert press.does("quick") == "done"
        assert first in machine.stories()
        machine.put_up(2)
        assert press.does("quick") == "done"
        machine.withdraw(first)
        assert press.does("quick") == "cleared"
        assert first not in machine.stories()
        assert machine.traces("Story 101<") == []
        assert press.does("sing") == "failed"
        assert press.does("purge") == "done"


def test_in_production_it_needs_no_key(machine: Machine) -> None:
    (post_id,) = machine.put_up(1)
    machine.sql("UPDATE posts SET day = '2020-01-01', state_day = '2020-01-01'")
    site = {"HANDRAIL_ENV": "production", "HANDRAIL_SITEURL": "https://forum.example.org"}
    with staying(machine, **site) as press:
        assert press.does("quick") == "done"
        assert machine.stories() == {post_id}
        assert press.does("everything") == "done"
        assert press.does("purge") == "done"
    assert not (machine.folder / "keys").exists()


def test_once_a_day_it_mends_a_page_that_is_not_what_was_put(machine: Machine) -> None:
    with staying(machine) as press:
        machine.put_up(1)
        assert press.does("quick") == "done"
        before = machine.digest()
        machine.harm("UPDATE sheet SET body = x'00' WHERE number = 1")
        assert press.does("everything") == "done"
        assert machine.digest() == before


def test_a_press_that_cannot_print_says_only_that(machine: Machine) -> None:
    machine.editions.write_text("a file where the folder should be")
    with staying(machine) as press:
        assert press.does("quick") == "failed"
        machine.editions.unlink()
        assert press.does("quick") == "done"


def test_a_line_is_all_that_a_server_of_any_age_must_understand() -> None:
    """The words between the two are fixed: each may be newer than the other."""
    from infra.local.jobs import Job, Outcome  # noqa: PLC0415

    assert [job.value for job in Job] == ["quick", "everything", "purge"]
    assert [outcome.value for outcome in Outcome] == ["done", "cleared", "failed", "old"]
    assert (sys.executable, "-m", "moderation", "publish", "--stay") == COMMAND
