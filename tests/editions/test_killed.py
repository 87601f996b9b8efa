"""Whatever happens to a press, readers see the old edition or the new one, whole."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from editions.press import Editions
from tests.editions.kills import begin, survive_a_kill
from tests.editions.on_disk import log_is_cut, marks, marks_on_disk
from tests.editions.printed import print_edition, served, shown
from tests.editions.writer import GONE, NEW, OLD, start

AFTER = {path: body for path, body in NEW.items() if path != GONE}
STEPS = 60
"""More than the statements of one edition of that size."""


def test_a_press_killed_at_any_statement_has_done_all_or_nothing(tmp_path: Path) -> None:
    editions = Editions(tmp_path)
    outcomes = []
    for step in range(1, STEPS):
        print_edition(editions, OLD, keep=0)
        process = start(tmp_path, "killed_at", str(step))
        process.communicate()
        seen = served(tmp_path, *OLD, *NEW)
        assert seen in (OLD, AFTER), step
        assert shown(editions) == seen, step
        assert editions.unsound() == []
        assert log_is_cut(editions.folder)
        assert marks_on_disk(tmp_path) == marks(*seen.values()), step
        outcomes.append((process.returncode == -signal.SIGKILL, seen == AFTER))
        if not outcomes[-1][0]:
            break
    assert outcomes[-1] == (False, True)
    assert (True, False) in outcomes
    assert (True, True) in outcomes  # after the commit, before the log was cut


@pytest.mark.parametrize("seed", range(3))
def test_a_press_killed_at_any_moment_leaves_one_whole_edition(tmp_path: Path, seed: int) -> None:
    editions, chance = begin(tmp_path), random.Random(seed)
    for _ in range(4):
        survive_a_kill(editions, chance)


def test_of_two_presses_at_once_each_sees_what_the_other_did(tmp_path: Path) -> None:
    presses = [start(tmp_path / "editions", "add_one", "15") for _ in range(3)]
    assert [press.wait(60) for press in presses] == [0, 0, 0]
    for press in presses:
        press.communicate()
    assert served(tmp_path / "editions", "page") == {"page": b"45"}
