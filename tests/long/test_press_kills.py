"""A hundred killed presses: readers see one edition or the next, and nothing is left behind."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.pages.press_machine import Machine, survive_a_kill


@pytest.mark.parametrize("seed", range(5))
def test_a_press_killed_at_any_moment_is_finished_by_the_next(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    machine = Machine(tmp_path)
    machine.put_up(1)
    machine.publish()
    killed = [
        survive_a_kill(machine, number, chance.uniform(0, 0.6), family=chance.random() < 0.5)
        for number in range(2, 42, 2)
    ]
    assert any(killed)
