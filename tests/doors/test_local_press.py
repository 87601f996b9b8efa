"""The press beside the server: when it runs, how it is asked, and what becomes of a bad one."""

import io
import os
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from infra.local.jobs import Job, Outcome
from infra.local.settings import PASSED_ON, bare_environment, passed_on
from infra.local.waking import Waking
from infra.local.warm import WarmPress
from infra.local.worker import Worker, each
from moderation.commands.staying import Code, answer_all
from tests.doors.local_machine import FORM, running

DAY = 86_400
Q, W, P = Job.QUICK, Job.EVERYTHING, Job.PURGE


class Days:
    """A clock and a pause in one: every wait is written down, and time passes by it."""

    def __init__(self, waits: int) -> None:
        self.waited: list[tuple[float, bool]] = []
        self.tidied: list[float] = []
        self.time = 0.0
        self._waits = waits

    def wait(self, seconds: float, *, until_woken: bool = False) -> bool:
        if seconds:
            self.waited.append((seconds, until_woken))
            self.time += seconds
        return len(self.waited) > self._waits

    def now(self) -> float:
        return self.time


def keep(days: Days, wanted, answers=None) -> tuple[list[tuple[float, Job]], list[str]]:
    """Let the worker work; when it asked for what, and what it told the operator."""
    asked: list[tuple[float, Job]] = []
    told: list[str] = []

    def press(job: Job) -> Outcome:
        asked.append((days.time, job))
        return answers(job) if answers else Outcome.DONE

    def tidy() -> None:
        days.tidied.append(days.time)

    Worker(wanted, press, days.wait, days.now, told.append, tidy).work()
    return asked, told


def answering(**said: Outcome):
    """A press that answers each kind of job so, and is done with all others."""
    return lambda job: said.get(job.value, Outcome.DONE)


def never() -> bool:
    return False


def test_the_press_runs_as_soon_as_it_is_wanted():
    wishes = iter([False, True])
    assert keep(Days(6), lambda: next(wishes, False)) == ([(1, W), (3, Q)], [])


def test_somebody_who_acts_wakes_it_and_a_failing_press_is_woken_by_nobody():
    days = Days(3)
    keep(days, never, lambda job: Outcome.FAILED)
    assert days.waited == [(1, True), (2, False), (4, False), (8, False)]


def test_it_looks_at_everything_at_the_start_and_then_once_a_day():
    asked, _ = keep(Days(2 * DAY + 5), never)
    assert [one for one in asked if one[1] is not P] == [(1, W), (DAY + 1, W), (2 * DAY + 1, W)]


def test_what_has_run_out_is_erased_within_a_minute_of_the_start_and_then_once_a_day():
    asked, _ = keep(Days(DAY + 100), never)
    assert [at for at, job in asked if job is P] == [60, DAY + 60]


def test_after_something_came_down_the_clocks_run_within_a_minute_and_never_in_its_way():
    wishes = iter([False] * 99 + [True] * 3)
    asked, _ = keep(
        Days(400),
        lambda: next(wishes, False),
        answering(quick=Outcome.CLEARED),
    )
    assert asked == [(1, W), (60, P), (101, Q), (102, Q), (103, Q), (120, P)]


def test_clocks_that_cannot_run_are_tried_again_in_an_hour_and_keep_no_page_up():
    wishes = iter([False] * 199 + [True])
    asked, told = keep(
        Days(3700),
        lambda: next(wishes, False),
        answering(purge=Outcome.FAILED),
    )
    assert asked == [(1, W), (60, P), (201, Q), (3660, P)]
    assert told == []


def test_the_store_is_tidied_every_minute():
    days = Days(200)
    keep(days, never)
    assert days.tidied == [60, 120, 180]


def test_a_press_that_fails_is_tried_again_more_and_more_slowly():
    wishes = iter([True])
    asked, told = keep(Days(10), lambda: next(wishes, False), answering(quick=Outcome.FAILED))
    at = [at for at, job in asked if job is Q]
    assert [later - earlier for earlier, later in pairwise(at)] == [2, 4, 8, 16, 32, 60, 60, 60]
    assert told == ["The press could not print; it will try again by itself."] * len(at)


def test_a_look_at_everything_that_fails_stands_in_no_removals_way():
    asked, _ = keep(Days(3700), never, answering(everything=Outcome.FAILED))
    assert [one for one in asked if one[1] is not P] == [(1, W), (3, Q), (3601, W), (3603, Q)]


def test_a_store_that_cannot_be_asked_does_not_end_the_press():
    def locked() -> bool:
        raise OSError("database is locked")

    asked, _ = keep(Days(3), locked)
    assert asked == [(1, W), (2, Q), (3, Q)]


def test_one_chore_that_fails_keeps_no_other_from_being_done():
    done = []
    each(lambda: 1 / 0, lambda: done.append("second"))()
    assert done == ["second"]


def test_a_waking_ends_the_wait_once_and_a_stop_ends_all():
    waking = Waking()
    waking.wake()
    waking.wake()
    assert not waking.wait(600, until_woken=True)
    assert not waking.wait(0, until_woken=True)
    waking.wake()
    waking.stop()
    assert waking.wait(600)
    assert waking.wait(600, until_woken=True)
    assert waking.stopped


def test_a_wake_or_a_stop_from_another_thread_ends_a_wait_that_has_begun():
    waking = Waking()
    heard = []
    waiter = threading.Thread(
        target=lambda: heard.extend(waking.wait(until_woken=woken) for woken in (True, False))
    )
    waiter.start()
    waking.wake()
    waking.stop()
    waiter.join(timeout=10)
    assert heard[-1] is True
    assert len(heard) == 2


def test_whoever_posts_to_a_door_wakes_the_press_and_no_reader_does(tmp_path):
    woken = []
    with running(tmp_path, acted=lambda: woken.append(1)) as machine:
        for path in ("/", "/api/share", "/moderation/"):
            machine.get(path)
        machine.ask("POST", "/", "x", Content_Type=FORM)
        assert woken == []
        machine.ask("POST", "/api/echo/x", "x", Content_Type=FORM)
        assert woken == [1]
        machine.ask("POST", "/moderation/broken", "x", Content_Type=FORM)
        assert woken == [1, 1]


ECHO = """
import os, sys
told = open(sys.argv[1], "a", buffering=1)
for line in sys.stdin:
    told.write(f"{os.getpid()} {line}")
    exec(sys.argv[2])
"""


class Told:
    """A press process that answers as it is told to; what it was asked, and by which process."""

    def __init__(self, folder: Path, answer: str, **patience: float) -> None:
        self._file = folder / "told"
        self._file.touch()
        self.stop = False
        command = [sys.executable, "-c", ECHO, str(self._file), answer]
        self.press = WarmPress(lambda: self.stop, command, **patience)

    def heard(self) -> list[str]:
        return [line.split()[1] for line in self._file.read_text().splitlines()]

    def processes(self) -> list[int]:
        """Each press process in turn."""
        pids = [int(line.split()[0]) for line in self._file.read_text().splitlines()]
        return list(dict.fromkeys(pids))


@pytest.fixture
def told(tmp_path):
    made = []

    def make(answer: str, **given) -> Told:
        made.append(Told(tmp_path, answer, **given))
        return made[-1]

    yield make
    for one in made:
        one.press.close()
        for pid in one.processes():
            assert not Path(f"/proc/{pid}").exists(), "a press was left behind"


def test_one_process_does_job_after_job_and_ends_when_it_is_let_go(told):
    one = told("print('done', flush=True)")
    assert [one.press.run(job) for job in (Q, Q, P)] == [Outcome.DONE] * 3
    assert one.heard() == ["quick", "quick", "purge"]
    assert len(one.processes()) == 1


def test_after_the_look_at_everything_a_fresh_process_stands_ready(told):
    one = told("print('cleared' if line == 'everything\\n' else 'done', flush=True)")
    assert one.press.run(W) is Outcome.CLEARED
    assert one.heard() == ["everything", "quick"]
    assert len(one.processes()) == 2


def test_one_that_was_started_from_other_code_is_replaced_and_the_job_is_done(told):
    first = "told.tell() < 20"
    one = told(f"print('old' if {first} else 'done', flush=True); {first} and sys.exit()")
    assert one.press.run(Q) is Outcome.DONE
    assert one.heard() == ["quick", "quick"]
    assert len(one.processes()) == 2


def test_one_that_dies_at_a_job_has_failed_and_the_next_job_starts_another(told):
    one = told("os._exit(1) if line == 'everything\\n' else print('done', flush=True)")
    assert [one.press.run(job) for job in (Q, W, Q)] == [Outcome.DONE, Outcome.FAILED, Outcome.DONE]
    assert len(one.processes()) == 2


def test_one_that_died_between_two_jobs_is_replaced(told):
    one = told("print('done', flush=True); os._exit(1)")
    assert one.press.run(Q) is Outcome.DONE
    (pid,) = one.processes()
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert one.press.run(Q) is Outcome.DONE
    assert len(one.processes()) == 2


@pytest.mark.parametrize(
    "answer",
    [
        "__import__('time').sleep(600)",
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()",
    ],
)
def test_one_that_hangs_is_ended(told, answer):
    one = told(answer, longest=0.5, soon=0.2)
    assert one.press.run(Q) is Outcome.FAILED


@pytest.mark.parametrize("word", ["", "I am done", "done done", "x" * 1000, "\\xff\\x00"])
def test_one_that_answers_nonsense_has_failed(told, word):
    assert told(f"print({word!r}, flush=True)").press.run(Q) is Outcome.FAILED


def test_a_run_that_is_under_way_when_the_machine_stops_may_finish(told):
    one = told("__import__('time').sleep(0.5); print('done', flush=True)")
    one.stop = True
    assert one.press.run(Q) is Outcome.DONE


def test_a_press_that_cannot_be_started_has_failed():
    assert WarmPress(lambda: False, ["/nowhere"]).run(Q) is Outcome.FAILED


def test_the_press_inherits_no_secret(told, monkeypatch):
    monkeypatch.setenv("HANDRAIL_KEY_RECEIPTS", "v1:secret")
    monkeypatch.setenv("HANDRAIL_NOTIFY", "ses:robin@example.org")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("HANDRAIL_SITEURL", "https://forum.example.org")
    one = told("told.write('0 ' + ','.join(os.environ) + chr(10)); print('done', flush=True)")
    assert one.press.run(Q) is Outcome.DONE
    _, names = one.heard()
    given = set(names.split(","))
    assert "HANDRAIL_SITEURL" in given
    assert given <= {*PASSED_ON, "LC_CTYPE"}  # Python sets that one by itself
    assert passed_on({"HANDRAIL_KEY_FORMS": "v1:secret", "PORT": "1"}) == {"PORT": "1"}


def test_no_secret_is_among_what_the_press_may_read():
    assert not [name for name in PASSED_ON if "KEY" in name or "NOTIFY" in name]


def test_a_bare_environment_is_exactly_what_is_given_and_ends(monkeypatch):
    monkeypatch.setenv("HANDRAIL_KEY_RECEIPTS", "v1:secret")
    before = dict(os.environ)
    with bare_environment({"A": "1"}):
        assert dict(os.environ) == {"A": "1"}
    assert dict(os.environ) == before
    with pytest.raises(ZeroDivisionError), bare_environment({}):
        1 / 0  # noqa: B018
    assert dict(os.environ) == before


# The other end of the line.


def answers(lines: list[str], run, changed=never) -> list[str]:
    """What the press that stays says to these lines."""
    said = io.StringIO()
    answer_all(lines, said, run, changed)
    return said.getvalue().splitlines()


def test_each_job_is_answered_and_what_goes_wrong_is_only_that():
    def run(job: Job) -> Outcome:
        if job is W:
            raise ValueError("somebody's words")
        return Outcome.CLEARED if job is Q else Outcome.DONE

    lines = ["quick\n", "everything\n", "purge\n", "nonsense\n"]
    assert answers(lines, run) == ["cleared", "failed", "done", "failed"]


def test_once_the_code_is_another_no_job_is_done():
    changes = iter([False, False, True])
    done = []

    def run(job: Job) -> Outcome:
        done.append(job)
        return Outcome.DONE

    said = answers(["quick\n"] * 3, run, lambda: next(changes))
    assert said == ["done", "old"]
    assert done == [Q]


def test_a_change_of_loaded_code_is_seen_and_so_is_its_end(tmp_path, monkeypatch):
    file = tmp_path / "leaflet.py"
    file.write_text("WORDS = 'before'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    code = Code()
    import leaflet  # noqa: PLC0415

    assert leaflet.WORDS == "before"
    try:
        assert not code.changed()
        os.utime(file, (time.time(), time.time() + 10))
        assert code.changed()
        assert code.changed()
        again = Code()
        assert not again.changed()
        file.unlink()
        assert again.changed()
    finally:
        del sys.modules["leaflet"]
