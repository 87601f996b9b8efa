"""Through hundreds of steps, and presses killed on the way, a site is always a clean build."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from tests.editions.churn import churn
from tests.editions.kills import begin, survive_a_kill
from tests.editions.on_disk import marks, marks_on_disk
from tests.pages.site_history import OFTEN, STEPS, Differences, History, differences
from tests.pages.small_site import make_site

STEPS_OF_A_LIFE = 250


def life(folder: Path, chance: random.Random) -> History:
    """A site that has just begun."""
    history = History(make_site(folder / "site"), chance)
    history.add(number=30)
    history.press()
    return history


@pytest.mark.parametrize("seed", range(4))
def test_through_a_long_life_every_edition_is_a_clean_build(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    history = life(tmp_path, chance)
    for _ in range(STEPS_OF_A_LIFE):
        history.do(chance.choice((*STEPS, *OFTEN, *OFTEN)))
        if chance.random() < 0.7:
            history.press(apart=chance.random() < 0.1)
        if len(history.site.ups) > 150:
            history.do("withdraw_the_front")
    history.press()


def kill(history: History) -> bool:
    """A press is killed on the way: nobody sees anything between. Whether it was in time."""
    before = history.shown
    history.lie()
    process = history.site.start()
    time.sleep(history.chance.uniform(0.1, 0.8))
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    history.shown = history.site.shown()
    if differences(before, history.shown) != Differences():
        clean, _ = history.site.clean()
        assert differences(clean, history.shown) == Differences(), history.done
        assert marks_on_disk(history.site.editions.folder) == marks(*history.shown.values())
    return alive


@pytest.mark.parametrize("seed", range(3))
def test_a_press_killed_at_any_moment_is_finished_by_the_next(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    history = life(tmp_path, chance)
    killed = []
    for _ in range(40):
        for step in chance.choices((*STEPS, *OFTEN, "print_whole"), k=chance.randint(1, 4)):
            history.do(step)
        killed.append(kill(history))
        history.press()
        assert list(history.site.editions.folder.glob("building-*")) == []
    assert any(killed)


@pytest.mark.parametrize("seed", range(40))
def test_no_scrap_of_what_went_is_left_after_hundreds_of_changes(seed: int) -> None:
    chance = random.Random(seed)
    sizes = chance.choices([10, 50, 300, 900, 1_500, 4_000, 4_096, 20_000, 60_000], k=4)
    churn(chance, pages=chance.choice([20, 60, 150, 400]), editions=25, sizes=sizes)


@pytest.mark.parametrize("seed", range(10))
def test_editions_outlive_hundreds_of_kills(tmp_path: Path, seed: int) -> None:
    editions, chance = begin(tmp_path), random.Random(f"long {seed}")
    for _ in range(40):
        survive_a_kill(editions, chance)
