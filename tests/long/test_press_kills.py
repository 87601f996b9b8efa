"""Hundreds of killed presses: readers see one edition or the next, and nothing is left behind."""

from __future__ import annotations

import random
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.pages.press_machine import (
    ROOT,
    Machine,
    copy_of_the_house,
    kill,
    said,
    survive_a_kill,
)

LONGEST = 1.2
"""Seconds in which a press has surely begun and, mostly, ended."""
STORY = "site/theme/templates/story.html"


@pytest.mark.parametrize("seed", range(5))
def test_a_press_killed_at_any_moment_is_finished_by_the_next(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    machine = Machine(tmp_path)
    machine.put_up(*range(10))
    machine.publish()
    killed = [
        survive_a_kill(machine, number, chance.uniform(0, LONGEST)) for number in range(10, 90, 2)
    ]
    assert any(killed)


def test_a_press_killed_while_it_makes_everything_anew_is_finished_by_the_next(
    tmp_path: Path,
) -> None:
    """The theme changes each time, so that the page of every story is another."""
    chance = random.Random(9)
    home = copy_of_the_house(tmp_path / "home")
    machine = Machine(tmp_path / "var", home)
    one, *_ = machine.put_up(*range(60))
    machine.publish()
    text = (ROOT / STORY).read_text("utf-8")
    for number in range(40):
        old, mark = machine.digest(), f"<p>{number}</p>"
        (home / STORY).write_text(text.replace("{% block main %}", f"{{% block main %}}{mark}"))
        process = machine.start()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=chance.uniform(0.3, 2 * LONGEST))
        kill(process)
        seen = machine.digest()
        assert "error" not in machine.publish()
        assert seen in (old, machine.digest()), "readers saw an edition that was not whole"
        assert mark in machine.page(f"stories/{one}/index.html")
        assert machine.litter() == []


def test_of_presses_that_begin_at_once_the_one_that_lives_does_it_all(tmp_path: Path) -> None:
    chance = random.Random(5)
    machine = Machine(tmp_path)
    for number in range(20):
        machine.put_up(number)
        presses = [machine.start() for _ in range(3)]
        survivor = presses.pop(chance.randrange(3))
        for process in presses:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=chance.uniform(0, LONGEST))
            kill(process)
        assert "error" not in said(survivor)
        assert len(machine.stories() & machine.store.up().keys()) == len(machine.store.up())
        assert machine.litter() == []
