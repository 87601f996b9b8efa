"""Settling a post by command: marked words, reason codes, endings, and who approves last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forum import wiring
from forum.approving import Approver
from forum.deciding import Seen
from forum.post import Act, Post, State
from forum.review import all_kept
from forum.settings import Purpose
from forum.settling import Review
from forum.texts import check
from tests.builders import STORY, FakeClock, keep, make_post
from tests.doors.marked import DANGER, NAMED
from tests.doors.terminal import Terminal, database, open_terminal
from tests.forum.desk_office import Office
from tests.store.adapters import Stores


@pytest.fixture
def terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    return open_terminal(tmp_path, monkeypatch, capsys, STORY)


@pytest.fixture
def stores(terminal: Terminal) -> Stores:
    return terminal.stores


def share(stores: Stores, body: str, number: int = 1, **given: Any) -> Post:
    """A post as it comes in, with what screening marks."""
    came = check("A walk", body)
    marks = {"marks": came.marks, "route": came.route}
    return keep(stores.visitors, make_post(number, **marks, **given), came.text)


def test_marked_words_are_approved_by_command_only_as_a_whole_and_knowingly(
    terminal: Terminal, stores: Stores
) -> None:
    post = share(stores, NAMED)
    status, said = terminal.run("approve", post.id)
    assert status == 1
    assert "--keep-marked" in said
    assert terminal.told("show", post.id)["state"] == State.RECEIVED.value
    html = terminal.told("show", post.id)["html"]
    assert terminal.told("approve", post.id, "--keep-marked")["state"] == State.APPROVED.value
    assert terminal.told("show", post.id)["html"] == html


def test_a_reason_is_on_record_beside_the_decision(terminal: Terminal, stores: Stores) -> None:
    reason = ("--reason", "advert")
    terminal.run("decline", terminal.post_id, "--message", "Sorry.", *reason)
    (decision,) = stores.desk.decisions(terminal.post_id)
    assert (decision.act, decision.reason) == (Act.DECLINE, "advert")


@pytest.mark.parametrize("ending", ["passed-on", "no-means-of-contact"])
def test_how_care_ended_is_written_down_by_command(
    terminal: Terminal, stores: Stores, ending: str
) -> None:
    assert terminal.run("conclude", terminal.post_id, "--reason", ending)[0] == 1
    terminal.run("escalate", terminal.post_id, "--message", "We are worried about you.")
    answer = terminal.told("conclude", terminal.post_id, "--reason", ending)
    assert (answer["status"], answer["state"]) == (0, State.ESCALATED.value)
    assert stores.desk.decisions(terminal.post_id)[-1].reason == ending
    assert terminal.told("show", terminal.post_id)["message"] == "We are worried about you."


@pytest.mark.parametrize("words", [(), ("--reason", "she lives in Ludlow")])
def test_an_ending_that_is_none_is_not_written_down(
    terminal: Terminal, stores: Stores, words: tuple[str, ...]
) -> None:
    terminal.run("escalate", terminal.post_id)
    status, said = terminal.run("conclude", terminal.post_id, *words)
    assert status == 1
    assert "no-means-of-contact" in said
    assert len(stores.desk.decisions(terminal.post_id)) == 1


@pytest.mark.parametrize("words", ["she lives in Ludlow", "x" * 41, "=1+1"])
def test_a_reason_is_a_code_and_never_a_sentence(
    terminal: Terminal, stores: Stores, words: str
) -> None:
    status, said = terminal.run(
        "decline", terminal.post_id, "--message", "Sorry.", f"--reason={words}"
    )
    assert status == 1
    assert "reason" in said
    assert stores.desk.decisions(terminal.post_id) == []


@pytest.mark.parametrize(("env", "last"), [("development", True), ("production", False)])
def test_a_command_is_never_the_second_approval_in_production(
    terminal: Terminal, stores: Stores, monkeypatch: pytest.MonkeyPatch, env: str, last: bool
) -> None:
    monkeypatch.setenv("HANDRAIL_ENV", env)
    for purpose in Purpose:
        monkeypatch.setenv(purpose.value, f"v1:{'ab' * 32}")
    monkeypatch.setenv("HANDRAIL_SITEURL", "https://handrail.example")
    Office(stores, FakeClock(), wiring.open_desk(wiring.settings()), database().parent).enrol(
        "sam", "kim", "lee"
    )
    post = share(stores, DANGER)
    desk = wiring.open_desk(wiring.settings())
    reading = desk.read(post.id)
    assert reading.text
    review = Review(all_kept(reading.text))
    desk.review(Seen(post.id, post.version, reading.hash), Approver("sam"), review)
    status, said = terminal.run("approve", post.id, "--keep-marked", "--as", "Kim")
    stands = terminal.told("show", post.id)["state"]
    assert (status == 0, stands) == (last, (State.APPROVED if last else State.SECOND).value)
    assert last or "That takes somebody else" in said
