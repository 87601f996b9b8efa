"""Whatever is erased is in the ledger, and nothing that the ledger names comes back from a copy."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from forum.archive import Entry, Head
from forum.erasures import KEPT_DAYS, Erasure, Replay, TooOld, must_reach, replayed_from
from forum.person import OPERATOR, By, Role
from forum.post import Act, Post, State, moved
from forum.rows import Unavailable
from forum.store.ledger_folder import BEGAN, LedgerFolder
from forum.store.on_sqlite import OnSqlite
from forum.store.sqlite import LEDGER, Database
from forum.store.sqlite_archive import SqliteArchive
from forum.store.sqlite_ledger import SqliteLedger
from forum.store.sqlite_people import SqlitePeople
from tests.builders import TODAY, days, decide, keep, make_author, make_post, make_report, tell
from tests.store.adapters import Stores
from tests.store.dumps import dump
from tests.store.older_files import NAME

STAYS, TAKEN_BACK, TAKEN_DOWN, WAITS = (make_post(number) for number in range(4))


class Kept:
    """A store, its ledger, and the day it is there."""

    def __init__(self, folder: Path, day: date = TODAY) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.day = folder, day
        self.database = Database(folder / NAME, ledger=folder / "kept", today=lambda: self.day)
        self.stores: Stores = Stores(OnSqlite(self.database), lambda: self.stores)
        self.archive = SqliteArchive(self.database)

    @property
    def ledger(self) -> LedgerFolder:
        return self.database.ledger

    def named(self) -> set[tuple[str, str]]:
        return {(one.what, one.id) for one in self.ledger.since(date.min)}

    def approve(self, post: Post) -> Post:
        return decide(self.stores.desk, post, Act.APPROVE)

    def after(self, backup: list[Entry], folder: Path) -> Kept:
        """What a store is like that is made of a backup of this one, with this one's ledger."""
        fresh = Kept(folder, self.day)
        fresh.archive.put_rows(Replay(self.ledger.since(replayed_from(TODAY))).over(backup))
        return fresh


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A store with four posts: three of them approved, one of these reported."""
    kept = Kept(tmp_path / "before")
    for number, post in enumerate((STAYS, TAKEN_BACK, TAKEN_DOWN, WAITS)):
        keep(kept.stores.visitors, post, number=number)
        if post is not WAITS:
            kept.approve(post)
    return kept


def post(kept: Kept, which: Post) -> Post:
    found = kept.stores.desk.post(which.id)
    assert found
    return found


def mend(kept: Kept, which: Post) -> None:
    """Somebody takes a phone number out of what is up, and leaves it up."""
    after = replace(moved(post(kept, which), Act.KEEP, kept.day), approved_hash="b" * 64)
    assert decide(kept.stores.desk, post(kept, which), Act.KEEP, post=after).state is State.APPROVED


def take_back(kept: Kept, which: Post) -> None:
    kept.stores.holders.withdraw(moved(post(kept, which), Act.WITHDRAW, kept.day))


# --- what is written down -----------------------------------------------------------------------


def test_only_what_was_erased_or_taken_off_the_site_is_written_down(kept: Kept) -> None:
    assert kept.named() == set()
    take_back(kept, TAKEN_BACK)
    decide(kept.stores.desk, post(kept, TAKEN_DOWN), Act.TAKE_DOWN)
    assert kept.named() == {("post", TAKEN_BACK.id), ("off", TAKEN_DOWN.id)}
    assert dump(kept.folder)["erasures"] == [], "what is in the ledger is nowhere else"


def test_a_row_that_runs_out_and_one_that_its_holder_erases_are_written_down(kept: Kept) -> None:
    tell(kept.stores.reports, make_report(post_id=STAYS.id))
    kept.stores.retention.erase_posts(State.RECEIVED, days(1))
    take_back(kept, STAYS)
    kept.stores.retention.erase_reports(days(1))
    author = make_author(7)
    with kept.database.write() as connection:
        connection.execute("INSERT INTO authors VALUES (?, ?)", (author.lookup, author.sealed))
    kept.stores.holders.forget(author.lookup, author.sealed)
    named = kept.named()
    assert ("post", WAITS.id) in named
    assert ("author", author.lookup.hex()) in named
    assert ("report", make_report().id) in named


def test_somebody_who_was_removed_and_their_passkeys_are_written_down(kept: Kept) -> None:
    with kept.database.write() as connection:
        for who in ("robin", "sam"):
            connection.execute(
                "INSERT INTO moderators (id, name, folded, day, roles) VALUES (?, ?, ?, ?, ?)",
                (who, who, who, "2026-11-01", f'["{Role.COORDINATOR.value}"]'),
            )
            connection.execute(
                "INSERT INTO passkeys VALUES (?, ?, x'00', 1, '', '')", (who.encode(), who)
            )
    SqlitePeople(kept.database).remove("sam", By("robin", TODAY))
    assert kept.named() == {("moderator", "sam"), ("passkey", b"sam".hex())}


def test_a_role_that_somebody_lost_is_written_down_and_none_that_they_got(kept: Kept) -> None:
    both = [Role.COORDINATOR.value, Role.MODERATOR.value]
    with kept.database.write() as connection:
        connection.execute(
            "INSERT INTO moderators (id, name, folded, day, roles) VALUES (?, ?, ?, ?, ?)",
            ("sam", "Sam", "sam", "2026-11-01", json.dumps(both)),
        )
    people = SqlitePeople(kept.database)
    people.set_roles("sam", {Role.MODERATOR, Role.SAFETY_LEAD}, By(f"{OPERATOR}test", TODAY))
    people.set_choices("sam", (), collapsed=False)
    assert kept.named() == {("role", "sam/coordinator")}


def test_that_something_up_was_approved_with_other_words_is_written_down(kept: Kept) -> None:
    decide(kept.stores.desk, post(kept, TAKEN_DOWN), Act.KEEP)
    assert kept.named() == set(), "its words are the same"
    mend(kept, STAYS)
    assert kept.named() == {("off", STAYS.id)}


def test_the_order_in_the_ledger_is_not_that_in_which_things_were_erased(kept: Kept) -> None:
    for which in (STAYS, TAKEN_BACK, WAITS):
        take_back(kept, which)
    lines = (kept.folder / "kept" / TODAY.isoformat()).read_text().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 3


def test_nobody_else_can_read_the_ledger(kept: Kept) -> None:
    take_back(kept, STAYS)
    folder = kept.folder / "kept"
    assert [path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())] == [0, 0, 0]


def test_days_are_kept_apart_and_the_old_ones_go(kept: Kept) -> None:
    take_back(kept, STAYS)
    kept.day = days(KEPT_DAYS)
    take_back(kept, TAKEN_BACK)
    assert set(kept.ledger.since(date.min)) == {
        Erasure(TODAY, "post", STAYS.id),
        Erasure(kept.day, "post", TAKEN_BACK.id),
    }
    kept.day = days(KEPT_DAYS + 1)
    take_back(kept, WAITS)
    assert {one.id for one in kept.ledger.since(date.min)} == {TAKEN_BACK.id, WAITS.id}
    assert (kept.folder / "kept" / BEGAN).read_text() == f"{TODAY}\n{kept.ledger.name()}\n"


# --- a ledger that cannot be written ------------------------------------------------------------


def test_nobody_is_kept_from_taking_a_story_back_by_a_ledger_that_cannot_be_written(
    kept: Kept,
) -> None:
    folder = kept.folder / "kept"
    folder.rename(kept.folder / "away")
    folder.write_text("where the folder was there is a file")
    take_back(kept, STAYS)
    assert post(kept, STAYS).state is State.WITHDRAWN
    assert kept.database.unwritten() == 1
    folder.unlink()
    (kept.folder / "away").rename(folder)
    take_back(kept, TAKEN_BACK)
    assert kept.named() == {("post", STAYS.id), ("post", TAKEN_BACK.id)}
    assert kept.database.unwritten() == 0


def test_what_a_crash_left_unwritten_is_written_at_the_next_start(kept: Kept) -> None:
    with sqlite3.connect(kept.folder / NAME) as connection:
        connection.execute("INSERT INTO erasures VALUES ('post', 'left')")
    again = Kept(kept.folder)
    assert again.named() == {("post", "left")}
    assert again.database.unwritten() == 0


def test_the_ledger_lies_beside_the_database_when_nothing_else_was_said(tmp_path: Path) -> None:
    Database(tmp_path / NAME)
    assert (tmp_path / LEDGER / BEGAN).exists()


def test_a_ledger_that_cannot_be_read_is_no_empty_one(kept: Kept) -> None:
    (kept.folder / "kept" / TODAY.isoformat()).write_bytes(b"post \xff\n")
    with pytest.raises(Unavailable):
        list(kept.ledger.since(TODAY))


# --- coming back from a backup ------------------------------------------------------------------


def test_a_story_that_was_taken_back_since_does_not_come_back(kept: Kept, tmp_path: Path) -> None:
    backup = list(kept.archive.rows())
    take_back(kept, TAKEN_BACK)
    after = kept.after(backup, tmp_path / "after")
    assert after.stores.desk.post(TAKEN_BACK.id) is None
    assert post(after, STAYS).state is State.APPROVED
    assert post(after, WAITS) == WAITS
    left = {table for table, rows in dump(after.folder).items() if TAKEN_BACK.id in repr(rows)}
    assert left <= {"record", "spent"}
    about = [row for row in dump(after.folder)["record"] if TAKEN_BACK.id in row]
    assert about
    assert all(row[5:9] == ("", "[]", None, None) for row in about)


def test_a_story_that_was_taken_down_since_is_read_again_before_it_is_up(
    kept: Kept, tmp_path: Path
) -> None:
    backup = list(kept.archive.rows())
    down = decide(kept.stores.desk, post(kept, TAKEN_DOWN), Act.TAKE_DOWN)
    assert down.state is State.TAKEN_DOWN
    after = kept.after(backup, tmp_path / "after")
    assert post(after, TAKEN_DOWN).state is State.HIDDEN
    assert TAKEN_DOWN.id not in {found.id for found, _ in after.stores.press.approved()}
    kept_up = decide(after.stores.desk, post(after, TAKEN_DOWN), Act.KEEP)
    assert kept_up.state is State.APPROVED


def test_what_was_taken_out_of_a_story_since_does_not_come_back_where_readers_see_it(
    kept: Kept, tmp_path: Path
) -> None:
    backup = list(kept.archive.rows())
    mend(kept, STAYS)
    after = kept.after(backup, tmp_path / "after")
    assert post(after, STAYS).state is State.HIDDEN


def test_a_backup_by_a_clock_that_is_ahead_brings_nothing_back(kept: Kept) -> None:
    backup, tomorrow = list(kept.archive.rows()), days(1)
    take_back(kept, TAKEN_BACK)
    replay = Replay(kept.ledger.since(replayed_from(tomorrow)))
    assert TAKEN_BACK.id not in {
        row["id"] for table, row in replay.over(backup) if table == "posts"
    }


def test_the_press_takes_down_the_page_of_what_did_not_come_back(
    kept: Kept, tmp_path: Path
) -> None:
    with kept.database.write() as connection:
        for which in (STAYS, TAKEN_BACK):
            connection.execute(
                "INSERT INTO editions VALUES (?, ?, '2026-11', '{}')", (which.id, "a" * 64)
            )
    backup = list(kept.archive.rows())
    take_back(kept, TAKEN_BACK)
    after = kept.after(backup, tmp_path / "after")
    assert TAKEN_BACK.id in after.stores.press.up()
    assert TAKEN_BACK.id in after.stores.press.unpressed()
    assert [found.id for found, _ in after.stores.press.approved([TAKEN_BACK.id])] == []


def test_an_author_a_report_and_a_moderator_that_went_do_not_come_back() -> None:
    author = make_author()
    gone = [
        Erasure(TODAY, "author", author.lookup.hex()),
        Erasure(TODAY, "report", "r"),
        Erasure(TODAY, "moderator", "sam"),
        Erasure(TODAY, "passkey", b"old".hex()),
        Erasure(TODAY, "something newer", "x"),
    ]
    rows: list[Entry] = [
        ("authors", {"lookup": author.lookup, "sealed": b"s"}),
        ("authors", {"lookup": b"other", "sealed": b"s"}),
        ("reports", {"id": "r", "post_id": "p"}),
        ("moderators", {"id": "sam"}),
        ("moderators", {"id": "robin"}),
        ("passkeys", {"credential_id": b"new", "moderator": "sam"}),
        ("passkeys", {"credential_id": b"old", "moderator": "robin"}),
        ("passkeys", {"credential_id": b"new", "moderator": "robin"}),
        ("recoveries", {"moderator": "robin", "asked_by": "sam"}),
    ]
    replay = Replay(gone)
    assert list(replay.over(rows)) == [rows[1], rows[4], rows[7]]
    assert (replay.erased, replay.hidden) == (5, 0)


def test_a_role_that_was_taken_away_does_not_come_back() -> None:
    lost = [Erasure(TODAY, "role", f"sam/{role}") for role in ("coordinator", "safety-lead")]
    rows: list[Entry] = [
        ("moderators", {"id": "sam", "roles": '["coordinator", "moderator", "safety-lead"]'}),
        ("moderators", {"id": "robin", "roles": '["coordinator"]'}),
        ("invitations", {"digest": b"1", "moderator": "", "invited_by": "sam"}),
        ("invitations", {"digest": b"2", "moderator": "", "invited_by": "robin"}),
    ]
    replay = Replay(lost)
    left = ("moderators", {"id": "sam", "roles": '["moderator"]'})
    assert list(replay.over(rows)) == [left, rows[1], rows[3]]
    assert replay.without_roles == 1


def test_what_somebody_approved_first_who_was_removed_begins_anew() -> None:
    row = {
        "id": "p",
        "state": "second",
        "version": 3,
        "first_reader": "sam",
        "approved_hash": "a" * 64,
    }
    ((_, after),) = Replay([Erasure(TODAY, "moderator", "sam")]).over([("posts", row)])
    assert after == {**row, "version": 4, "first_reader": "", "approved_hash": None}


@pytest.mark.parametrize("noted", ["", "another"])
def test_a_ledger_that_was_not_beside_the_store_does_not_reach_back_to_its_backup(
    noted: str, tmp_path: Path
) -> None:
    ledger = SqliteLedger(Kept(tmp_path, days(-KEPT_DAYS)).database)
    with pytest.raises(TooOld, match="--ledger-lost"):
        must_reach(ledger, Head(TODAY, noted), TODAY)
    (tmp_path / "kept" / BEGAN).unlink()
    with pytest.raises(TooOld, match="--ledger-lost"):
        must_reach(ledger, Head(TODAY, noted), TODAY)


@pytest.mark.parametrize("began", [TODAY, days(-99)])
def test_the_ledger_that_was_there_reaches_back_as_far_as_entries_are_kept(
    began: date, tmp_path: Path
) -> None:
    ledger = SqliteLedger(Kept(tmp_path, began).database)
    name = ledger.name()
    Kept(tmp_path, days(1))
    must_reach(ledger, Head(TODAY, name), TODAY)
    must_reach(ledger, Head(days(1 - KEPT_DAYS), name), TODAY)
    with pytest.raises(TooOld, match="34 days"):
        must_reach(ledger, Head(days(-KEPT_DAYS), name), TODAY)


def test_a_ledger_of_an_earlier_version_keeps_its_day_and_gets_a_name(tmp_path: Path) -> None:
    (tmp_path / BEGAN).write_text(f"{days(-3)}\n")
    ledger = LedgerFolder(tmp_path)
    ledger.begin(TODAY)
    assert len(ledger.name()) == 20
    assert (tmp_path / BEGAN).read_text() == f"{days(-3)}\n{ledger.name()}\n"
