"""Deciding by command: nothing a visitor wrote acts on a terminal; approved is what was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from forum import wiring
from forum.approving import Approver
from forum.deciding import Seen
from forum.post import Act, State, moved
from moderation.commands.arguments import harmless
from tests.builders import TODAY, keep, make_post, make_report, tell
from tests.doors.terminal import Terminal, open_terminal
from tests.store.adapters import Stores

HOSTILE = "one\x1b[2Jtwo\x9b31m\rthree\u202efour\u200b\x07\tfive\nsix"
HARMLESS = "one\\x1b[2Jtwo\\x9b31m\\rthree\\u202efour\\u200b\\x07\tfive\nsix"


@pytest.fixture
def terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    return open_terminal(tmp_path, monkeypatch, capsys, HOSTILE)


def test_words_are_spelled_out_where_a_terminal_would_obey_them() -> None:
    assert harmless(HOSTILE) == HARMLESS
    assert harmless("Zoë’s “café” 🌱 سلام") == "Zoë’s “café” 🌱 سلام"


def test_what_a_visitor_typed_does_nothing_to_a_terminal(terminal: Terminal) -> None:
    status, shown = terminal.run("show", terminal.post_id)
    assert status == 0
    assert HARMLESS in shown
    assert "\x1b" not in shown
    assert terminal.told("show", terminal.post_id)["typed"] == HOSTILE
    assert terminal.told("queue")["posts"][0]["id"] == terminal.post_id


def test_an_approval_with_a_hash_is_of_what_was_shown(terminal: Terminal) -> None:
    shown = terminal.told("show", terminal.post_id)["hash"]
    terminal.edit("<p>Other words, that nobody read.</p>")
    status, said = terminal.run("approve", terminal.post_id, "--hash", shown)
    assert status == 1
    assert "not what you read" in said
    assert terminal.told("show", terminal.post_id)["state"] == State.RECEIVED.value
    shown = terminal.told("show", terminal.post_id)["hash"]
    answer = terminal.told("approve", terminal.post_id, "--hash", shown)
    assert (answer["status"], answer["state"]) == (0, State.APPROVED.value)


def test_an_approval_without_a_hash_is_of_what_is_stored(terminal: Terminal) -> None:
    assert terminal.told("approve", terminal.post_id)["state"] == State.APPROVED.value


def test_the_operator_escalates_what_a_moderator_holds(terminal: Terminal) -> None:
    wiring.open_desk(wiring.settings()).claim(terminal.post_id, "sam")
    assert terminal.told("approve", terminal.post_id)["status"] == 1
    assert terminal.told("escalate", terminal.post_id)["state"] == State.ESCALATED.value


# What readers reported, what was offered, what was appealed.


@pytest.fixture
def stores(terminal: Terminal) -> Stores:
    return terminal.stores


def test_the_queue_begins_with_what_readers_reported(terminal: Terminal, stores: Stores) -> None:
    once = keep(stores.visitors, make_post(1, state=State.APPROVED))
    twice = keep(stores.visitors, make_post(2, state=State.HIDDEN))
    for number, post in enumerate((once, twice, twice)):
        tell(stores.reports, make_report(number, post_id=post.id))
    listed = [(post["id"], post["reports"]) for post in terminal.told("queue")["posts"]]
    assert listed == [(twice.id, 2), (once.id, 1), (terminal.post_id, 0)]
    assert f"{twice.id}  hidden" in terminal.run("queue")[1]
    assert "reports: 2" in terminal.run("queue")[1]
    (listed_alone,) = terminal.told("queue", "--state", "approved")["posts"]
    assert (listed_alone["id"], listed_alone["reports"]) == (once.id, 1)


def test_a_post_is_shown_with_its_reports_and_kept_as_it_was_shown(
    terminal: Terminal, stores: Stores
) -> None:
    post = keep(stores.visitors, make_post(1, state=State.HIDDEN))
    report = tell(stores.reports, make_report(post_id=post.id, words=HOSTILE))
    shown = terminal.told("show", post.id)
    assert not shown["reread"]
    assert shown["reports"] == [
        {
            "reason": report.reason.value,
            "words": HOSTILE,
            "day": report.day.isoformat(),
            "state": "open",
            "answered": None,
        }
    ]
    assert terminal.told("keep", post.id, "--hash", "0" * 64)["status"] == 1
    kept = terminal.told("keep", post.id, "--hash", shown["hash"], "--as", "Kim")
    assert kept["state"] == State.APPROVED.value
    shown = terminal.told("show", post.id)
    assert shown["reread"]
    assert shown["reports"][0]["state"] == "kept"
    assert shown["reports"][0]["answered"]
    assert shown["decisions"][-1]["by"] == "operator:Kim"


def test_what_was_offered_is_shown(terminal: Terminal) -> None:
    desk = wiring.open_desk(wiring.settings())
    reading = desk.read(terminal.post_id)
    assert terminal.told("show", terminal.post_id)["offer"] is None
    seen = Seen(terminal.post_id, reading.post.version, reading.hash)
    desk.offer(seen, Approver("sam"), "Walks", "I counted walks, and it helped.")
    offer = terminal.told("show", terminal.post_id)["offer"]
    assert offer["title"] == "Walks"
    assert offer["typed"] == "I counted walks, and it helped."
    assert offer["html"] == "<p>I counted walks, and it helped.</p>"


def test_whoever_decided_by_command_does_not_decide_the_appeal(
    terminal: Terminal, stores: Stores
) -> None:
    terminal.run("decline", terminal.post_id, "--message", "Sorry.", "--as", "Kim")
    declined = wiring.open_desk(wiring.settings()).read(terminal.post_id).post
    stores.holders.move(moved(declined, Act.APPEAL, TODAY))
    assert terminal.told("show", terminal.post_id)["appealed"]
    status, said = terminal.run("approve", terminal.post_id, "--as", "Kim")
    assert status == 1
    assert "That takes somebody else" in said
    assert terminal.told("approve", terminal.post_id, "--as", "Lee")["status"] == 0
