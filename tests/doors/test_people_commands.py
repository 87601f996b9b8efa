"""The people of the desk from the command line: the operator acts alone, and the record says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forum import wiring
from forum.people import People
from forum.person import FIRST_ROLES, Role
from forum.store.sqlite import Database
from forum.store.sqlite_record import SqliteRecord
from moderation.__main__ import main
from tests.store.people_given import make_passkey

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HANDRAIL_DATA", str(tmp_path))
    monkeypatch.delenv("HANDRAIL_STORE", raising=False)
    return tmp_path


@pytest.fixture
def people(folder: Path) -> People:
    """What the commands work on."""
    return wiring.open_people(wiring.settings())


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command and reads the JSON it prints."""

    def run(*words: str, status: int = 0) -> dict[str, Any]:
        assert main([*words, "--json"]) == status
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return run


def enrol(people: People, link: str, name: str) -> str:
    """Come in by this link; the id is made of the name."""
    made = make_passkey(credential_id=name.encode(), moderator=name.lower())
    return people.enrol(token_of(link), name, made).id


def token_of(link: str) -> str:
    return link.partition("invitation=")[2]


def recorded(folder: Path) -> list[tuple[str, str, str]]:
    entries = SqliteRecord(Database(folder / "handrail.sqlite3")).entries()
    return [(one.who, one.what, one.about) for one in entries]


def test_the_first_comes_in_with_every_role_and_who_is_invited_as_a_moderator(
    people: People, run: Run
) -> None:
    enrol(people, run("invite", "--first")["link"], "Robin")
    enrol(people, run("invite")["link"], "Sam")
    roles = {one.name: one.roles for one in people.moderators()}
    assert roles == {"Robin": FIRST_ROLES, "Sam": {Role.MODERATOR}}
    assert run("invite", "--first")["link"] is None


def test_the_list_names_roles_for_people_and_for_programs(
    people: People, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    enrol(people, run("invite", "--first")["link"], "Robin")
    (robin,) = run("moderators")["moderators"]
    assert robin["roles"] == ["coordinator", "moderator", "safety-lead"]
    assert main(["moderators"]) == 0
    assert capsys.readouterr().out.endswith(": coordinator, moderator, safety-lead\n")


def test_the_record_names_the_operator(people: People, run: Run, folder: Path) -> None:
    enrol(people, run("invite", "--first", "--as", "mara")["link"], "Robin")
    run("moderators", "--remove", "robin", "--as", "mara")
    changes = [(who, what) for who, what, _ in recorded(folder)]
    assert changes == [
        ("operator:mara", "invited"),
        ("robin", "enrolled"),
        ("operator:mara", "removed"),
    ]


def test_the_operator_may_take_off_the_last_coordinator(people: People, run: Run) -> None:
    enrol(people, run("invite", "--first")["link"], "Robin")
    assert run("moderators", "--remove", "robin") == {"moderators": []}
    assert run("invite", "--first")["link"]


def test_somebody_who_is_not_there_is_told_plainly(run: Run) -> None:
    assert "no moderator" in str(run("moderators", "--remove", "nobody", status=1))


def test_the_operator_gives_roles_to_who_is_invited_and_to_who_is_there(
    people: People, run: Run, folder: Path
) -> None:
    enrol(people, run("invite", "--roles", "peer-supporter, moderator")["link"], "Robin")
    assert people.moderator("robin").roles == {Role.PEER_SUPPORTER, Role.MODERATOR}
    (robin,) = run("moderators", "--roles", "robin=coordinator")["moderators"]
    assert robin["roles"] == ["coordinator"]
    assert recorded(folder)[-1] == ("operator:operator", "roles-changed", "robin")


@pytest.mark.parametrize("roles", ["robin", "robin=", "robin=boss", "robin=moderator,,", "=", "=x"])
def test_roles_that_nobody_has_are_refused(people: People, run: Run, roles: str) -> None:
    enrol(people, run("invite", "--first")["link"], "Robin")
    assert "Roles are moderator, safety-lead" in str(run("moderators", "--roles", roles, status=1))
    assert people.moderator("robin").roles == FIRST_ROLES


def test_roles_for_nobody_are_refused(run: Run) -> None:
    told = run("moderators", "--roles", "nobody=moderator", status=1)
    assert "There is no moderator with this id." in str(told)


def test_the_first_moderators_roles_are_not_chosen(run: Run) -> None:
    assert "leave --roles out" in str(run("invite", "--first", "--roles", "moderator", status=1))


def test_the_operator_alone_replaces_a_lost_passkey(people: People, run: Run, folder: Path) -> None:
    enrol(people, run("invite", "--first")["link"], "Robin")
    link = run("moderators", "--replace-passkey", "robin", "--as", "mara")["link"]
    assert recorded(folder)[-1] == ("operator:mara", "recovery-agreed", "robin")
    people.recover(token_of(link), make_passkey(credential_id=b"new", moderator="robin"))
    assert people.passkey(b"Robin") is None
    assert people.passkey(b"new")
    run("moderators", "--replace-passkey", "nobody", status=1)
