"""The record from the command line, and what the doctor says of it and of second readers."""

from __future__ import annotations

import csv
import json
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from forum.record_csv import COLUMNS
from forum.route import Route
from moderation.__main__ import main
from tests.builders import keep, make_post
from tests.pages.press_machine import Machine


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path / "var")
    monkeypatch.setenv("HANDRAIL_DATA", str(machine.folder))
    monkeypatch.setenv("HANDRAIL_POSTS", str(machine.mirror.folder))
    return machine


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The first thing that a command said; one that fails adds why."""
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[0])
    return found


def record(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert main(["record", "--json"]) == 0
    rows: list[dict[str, Any]] = said(capsys)["record"]
    return rows


def test_an_empty_record_says_so(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record"]) == 0
    assert capsys.readouterr().out == "Nothing is on record.\n"
    assert record(capsys) == []


def test_the_record_is_printed_row_by_row(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = machine.put_up(1, 2)
    assert main(["record"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.split()[:1] == ["1"]
    assert (one in first, two in second) == (True, True)
    assert [row["about"] for row in record(capsys)] == [one, two]


def test_a_table_goes_into_a_new_file_that_only_its_owner_can_read(
    machine: Machine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.put_up(1)
    file = tmp_path / "record.csv"
    assert main(["record", "--csv", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    head, row = csv.reader(StringIO(file.read_bytes().decode(), newline=""), strict=True)
    assert (head, row[0]) == (list(COLUMNS), "1")
    capsys.readouterr()
    before = file.read_bytes()
    assert main(["record", "--csv", str(file), "--json"]) == 1
    assert "already" in said(capsys)["error"]
    assert file.read_bytes() == before


def test_a_table_that_cannot_be_written_is_told_in_a_sentence(
    machine: Machine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", "--csv", str(tmp_path / "no" / "record.csv"), "--json"]) == 1
    assert "cannot be written" in said(capsys)["error"]


def test_a_table_without_a_name_goes_to_standard_output(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.put_up(1)
    assert main(["record", "--csv"]) == 0
    head, row = csv.reader(StringIO(capsys.readouterr().out, newline=""), strict=True)
    assert (head, row[0]) == (list(COLUMNS), "1")


def test_a_link_that_was_noted_is_found_again_until_the_end_is_cut_off(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.put_up(1, 2)
    noted = record(capsys)[-1]["link"]
    machine.put_up(3)
    assert main(["record", "--noted", noted, "--json"]) == 0
    assert said(capsys)["row"] == 2
    machine.sql("DELETE FROM record WHERE number >= 2")
    assert main(["record", "--noted", noted, "--json"]) == 1
    assert "No row has this link" in said(capsys)["error"]
    machine.sql("UPDATE record SET who = 'kim' WHERE number = 1")
    assert main(["record", "--noted", noted, "--json"]) == 1
    assert said(capsys)["error"] == "Row 1 does not follow from the row before it."


def doctor(capsys: pytest.CaptureFixture[str], name: str) -> tuple[str, str]:
    """What the doctor finds amiss in one check, and what it warns of."""
    main(["doctor", "--json"])
    found = said(capsys)
    return found["checks"][name], found["warnings"][name]


def test_the_doctor_finds_a_record_that_was_changed(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.put_up(1, 2)
    assert doctor(capsys, "record") == ("", "")
    machine.sql("UPDATE record SET day = '2020-01-01' WHERE number = 1")
    amiss, _ = doctor(capsys, "record")
    assert amiss == "Row 1 does not follow from the row before it."


def test_in_production_the_doctor_tells_the_link_to_note(
    machine: Machine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.put_up(1, 2)
    link = record(capsys)[-1]["link"]
    monkeypatch.setenv("HANDRAIL_ENV", "production")
    assert doctor(capsys, "record") == ("", f"Note it elsewhere: row 2 has the link {link}.")


def test_the_doctor_says_when_too_few_can_read_and_that_posts_wait_for_that(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    few = "0 can read, and it takes 3 where somebody may be in danger."
    assert doctor(capsys, "second readers") == ("", f"{few} Such posts would wait.")
    keep(machine.visitors, make_post(1))
    assert doctor(capsys, "second readers") == ("", f"{few} Such posts would wait.")
    keep(machine.visitors, make_post(2, route=Route.HOLD2))
    amiss, _ = doctor(capsys, "second readers")
    assert amiss == f"{few} Such posts wait: 1. Invite more people."
    for number in range(3):
        machine.sql(
            "INSERT INTO moderators (id, name, folded, day) VALUES (?, ?, ?, '2026-11-23')",
            *[f"m{number}"] * 3,
        )
    assert doctor(capsys, "second readers") == ("", "")
