"""The build job as Lambda calls it: from its environment alone, and without a word in its log."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from infra.aws.upkeep_job import do_all
from tests.aws.published import Cloud, CloudRoom, distribution
from tests.builders import FakeClock
from tests.rules.house import ROOT
from tests.store.dynamodb_given import emulator

TICKS = """
from infra.aws.build_job import handler
for event in ({}, {}, {"everything": True}):
    print(handler(event, None)["press"])
"""


def run(home: Path, script: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A machine that runs this and knows nothing but these settings."""
    environment = {
        "PATH": os.environ["PATH"],
        "HANDRAIL_DATA": str(home),
        "HANDRAIL_POSTS": str(home / "posts"),
        "HANDRAIL_DISTRIBUTION": distribution(),
        **emulator().environment(),
        **settings,
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_prints_once_and_says_nothing_even_where_it_fails(tmp_path: Path) -> None:
    cloud = Cloud()
    room = CloudRoom(tmp_path / "store", clock=FakeClock(datetime.now(UTC)))
    (one,) = room.put_up(1)
    store = {"HANDRAIL_STORE": f"dynamodb://{room.tables}"}
    done = run(tmp_path / "machine", TICKS, HANDRAIL_BUCKET=cloud.name, **store)
    assert done.stdout.split() == ["printed", "nothing", "printed"], done.stderr
    assert done.stderr == ""
    assert b"Story 101" in cloud.read(f"stories/{one}/index.html")

    (two,) = room.put_up(2)
    failed = run(tmp_path / "machine", TICKS, HANDRAIL_BUCKET="no-such-bucket", **store)
    assert failed.returncode == 1
    assert "PressFailed: The press could not print" in failed.stderr
    for words in (one, two, "Story 10", "no-such-bucket", room.tables):
        assert words not in failed.stderr


def test_a_chore_that_fails_keeps_no_other_from_being_done() -> None:
    done: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError("What somebody wrote.")

    assert not do_all([fail, lambda: done.append("the next")])
    assert done == ["the next"]
    assert do_all([lambda: None])
