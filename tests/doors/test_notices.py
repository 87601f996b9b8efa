"""Telling moderators on one machine: the file, the settings, the worker beside the doors, the
operator's commands."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forum.digest import NotTold, Told
from forum.intake import Intake
from forum.lanes import Lane, Lanes, Rate
from forum.post import State
from forum.route import Route
from forum.settings import MOST_TOLD, BadSetting, Notices, NotifyBy, read_settings
from forum.telling import Telling
from infra.local import worker
from infra.local.jobs import Job, Outcome
from infra.local.notices import FileNotifier
from infra.local.start import tell_what_waits
from moderation.__main__ import main
from moderation.commands.doctor import CHECKS
from tests.builders import NOON, FakeClock, keep, make_post, make_text
from tests.store.adapters import Stores, open_sqlite

SUBJECT, BODY = "What waits at the desk today", "3 posts wait in all.\n"
SITE = "https://forum.example"

# --- the file ---------------------------------------------------------------------------------


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def notifier(tmp_path: Path, clock: FakeClock) -> FileNotifier:
    return FileNotifier(tmp_path / "notices", clock)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_each_digest_is_a_paragraph_of_this_months_file(notifier: FileNotifier) -> None:
    notifier.tell(SUBJECT, BODY)
    notifier.tell("Something urgent waits at the desk", BODY)
    assert (notifier.folder / "2026-11.txt").read_text("utf-8") == (
        f"2026-11-23: {SUBJECT}\n\n{BODY}\n\n"
        f"2026-11-23: Something urgent waits at the desk\n\n{BODY}\n\n"
    )


def test_the_file_is_for_its_owner_alone_also_one_that_was_not(notifier: FileNotifier) -> None:
    before = os.umask(0o022)
    try:
        notifier.tell(SUBJECT, BODY)
        file = notifier.folder / "2026-11.txt"
        assert (mode(notifier.folder), mode(file)) == (0o700, 0o600)
        file.chmod(0o644)
        notifier.tell(SUBJECT, BODY)
        assert mode(file) == 0o600
    finally:
        os.umask(before)


def test_a_new_month_has_a_new_file_and_the_one_before_last_goes(
    notifier: FileNotifier, clock: FakeClock
) -> None:
    months = [(2026, 11), (2026, 12), (2027, 1), (2027, 2)]
    for year, month in months:
        clock.moment = NOON.replace(year=year, month=month)
        notifier.tell(SUBJECT, BODY)
    assert sorted(path.name for path in notifier.folder.iterdir()) == ["2027-01.txt", "2027-02.txt"]


def test_nothing_else_in_the_folder_is_touched(notifier: FileNotifier) -> None:
    notifier.folder.mkdir()
    for name in ("2020-01.txt.kept", "mine.txt", "12020-01.txt"):
        (notifier.folder / name).write_text("mine")
    notifier.tell(SUBJECT, BODY)
    assert len(list(notifier.folder.iterdir())) == 4


def test_a_folder_that_cannot_be_made_is_told_as_not_told(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotTold, match="cannot be written to"):
        FileNotifier(tmp_path / "file" / "notices", clock).tell(SUBJECT, BODY)


@pytest.mark.parametrize("kind", ["a folder", "a link"])
def test_a_file_that_is_none_is_told_as_not_told(
    notifier: FileNotifier, tmp_path: Path, kind: str
) -> None:
    notifier.folder.mkdir()
    file, other = notifier.folder / "2026-11.txt", tmp_path / "other.txt"
    if kind == "a folder":
        file.mkdir()
    else:
        other.write_text("somebody else's")
        file.symlink_to(other)
    with pytest.raises(NotTold):
        notifier.tell(SUBJECT, BODY)
    assert kind == "a folder" or other.read_text() == "somebody else's"


# --- settings ---------------------------------------------------------------------------------

ROBIN, SAM = "robin@people.example", "sam.o'neil+desk@mail.people.example"
FROM = {"HANDRAIL_NOTIFY_FROM": "desk@forum.example"}


def notices(**given: str) -> Notices:
    return read_settings({f"HANDRAIL_{name}": value for name, value in given.items()}).notices


def test_without_a_word_from_the_operator_a_file_is_written_at_six_in_the_evening() -> None:
    assert notices() == Notices(NotifyBy.FILE, (), "", 18)
    assert notices(NOTIFY="", NOTIFY_FROM="", DIGEST_HOUR="") == notices()


@pytest.mark.parametrize(
    ("written", "by", "to"),
    [
        ("off", NotifyBy.NOBODY, ()),
        ("file", NotifyBy.FILE, ()),
        (f"ses:{ROBIN}", NotifyBy.SES, (ROBIN,)),
        (f"ses:{ROBIN},{SAM}", NotifyBy.SES, (ROBIN, SAM)),
        (f"ses: {ROBIN} , {SAM}", NotifyBy.SES, (ROBIN, SAM)),
    ],
)
def test_there_are_three_ways_to_be_told(written: str, by: NotifyBy, to: tuple[str, ...]) -> None:
    found = notices(NOTIFY=written, NOTIFY_FROM="desk@forum.example", DIGEST_HOUR="7")
    assert found == Notices(by, to, "desk@forum.example", 7)


NO_ADDRESSES = [
    *("robin", "@people.example", "robin@", "robin@people", "robin@people..example"),
    *("robin@people.example,", ",robin@people.example", "Robin <robin@people.example>"),
    *("robin@people.example\nBcc: a@b.example", "röbin@people.example"),
    *("robin@people.example;sam@people.example", f"{'r' * 65}@people.example"),
]
BAD = {
    "NOTIFY": [
        *("on", "mail", "FILE", "file:notices", "off:a@b.example", "ses", "ses:"),
        *(f"ses:{listed}" for listed in NO_ADDRESSES),
        f"ses:{','.join(f'robin{n}@people.example' for n in range(MOST_TOLD + 1))}",
    ],
    "NOTIFY_FROM": [*NO_ADDRESSES, "desk@forum.example\n", " desk@forum.example"],
    "DIGEST_HOUR": ["24", "-1", "1.5", "noon", "٣", "018", " 7"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BAD.items() for value in values]
)
def test_what_makes_no_sense_is_named_in_one_sentence_without_its_value(
    name: str, value: str
) -> None:
    given = {"NOTIFY": "file", "NOTIFY_FROM": "desk@forum.example", name: value}
    with pytest.raises(BadSetting) as caught:
        notices(**given)
    words = str(caught.value)
    assert words.startswith(f"HANDRAIL_{name} ")
    assert words.count(".") == 1
    assert "@" not in words


def test_letters_need_a_sender() -> None:
    with pytest.raises(BadSetting, match="HANDRAIL_NOTIFY_FROM"):
        notices(NOTIFY=f"ses:{ROBIN}")


def test_addresses_are_in_no_description_of_the_settings() -> None:
    found = read_settings({"HANDRAIL_NOTIFY": f"ses:{ROBIN}", **FROM})
    assert "@" not in repr(found)


# --- beside the doors -------------------------------------------------------------------------


class Minutes:
    """A pause that moves the clock on the wall, and ends after so many minutes."""

    def __init__(self, clock: FakeClock, minutes: int) -> None:
        self._clock = clock
        self._begun = clock.moment
        self._end = clock.moment + timedelta(minutes=minutes)

    def stopped_within(self, seconds: float) -> bool:
        self._clock.advance(seconds=seconds)
        return self._clock.moment > self._end

    def now(self) -> float:
        return (self._clock.moment - self._begun).total_seconds()


class Broken:
    """Fails at its first calls, then is somebody else."""

    def __init__(self, inner: FileNotifier, times: int) -> None:
        self._inner, self.left = inner, times

    def tell(self, subject: str, body: str) -> None:
        if self.left:
            self.left -= 1
            raise NotTold("the disk is full")
        self._inner.tell(subject, body)


def make_telling(stores: Stores, clock: FakeClock, notifier: FileNotifier | Broken) -> Telling:
    lane = Lane(Rate(1, 1))
    return Telling(stores.digest, notifier, Intake(Lanes(lane, lane, lane), 300), clock, SITE, 18)


def work(clock: FakeClock, telling: Telling, minutes: int, *before: object) -> int:
    """The real worker for so many minutes of a wanted press; how often that ran."""
    pressed: list[None] = []

    def press(job: Job) -> Outcome:
        pressed.append(None)
        return Outcome.DONE

    def wait(seconds: float, *, until_woken: bool = False) -> bool:
        return time.stopped_within(seconds)

    def stuck() -> None:
        raise OSError("the database is locked")

    time = Minutes(clock, minutes)
    chores = worker.each(stuck, lambda: tell_what_waits(telling))
    worker.Worker(lambda: True, press, wait, time.now, lambda words: None, chores).work()
    return len(pressed)


def entries(notifier: FileNotifier) -> list[str]:
    """The subjects of what stands in the files."""
    texts = (path.read_text("utf-8") for path in sorted(notifier.folder.glob("*.txt")))
    return [
        line.partition(": ")[2] for text in texts for line in text.splitlines() if line[:3] == "202"
    ]


def test_the_worker_tells_of_an_urgent_post_within_the_hour_and_no_word_of_it(
    tmp_path: Path, clock: FakeClock, notifier: FileNotifier, capsys: pytest.CaptureFixture[str]
) -> None:
    stores = open_sqlite(tmp_path)
    stores.digest.put_told(Told(day=NOON.date().toordinal() - 1))
    text = make_text(title="A title of my own", typed="words of my own")
    keep(stores.visitors, make_post(1, route=Route.HOLD2), text)
    assert work(clock, make_telling(stores, clock, notifier), 25) > 1000
    assert not notifier.folder.exists()
    work(clock, make_telling(stores, clock, notifier), 20)
    assert entries(notifier) == ["Something urgent waits at the desk"]
    said = (notifier.folder / "2026-11.txt").read_text("utf-8")
    post = make_post(1)
    assert [word for word in ("own", post.id, post.pen_name) if word in said] == []
    assert f"{SITE}/moderation/" in said
    assert capsys.readouterr().out == ""


def test_a_notifier_that_fails_stops_no_press_and_is_tried_again_each_minute(
    tmp_path: Path, clock: FakeClock, notifier: FileNotifier, capsys: pytest.CaptureFixture[str]
) -> None:
    stores, broken = open_sqlite(tmp_path), Broken(notifier, times=4)
    keep(stores.visitors, make_post(1, route=Route.HOLD2, state=State.SECOND))
    assert work(clock, make_telling(stores, clock, broken), 40) > 1000
    assert broken.left == 0
    assert entries(notifier) == ["Something urgent waits at the desk"]
    assert stores.digest.told().failed == 0
    said = capsys.readouterr().out.splitlines()
    assert (
        said
        == [
            "The moderators could not be told what waits: the disk is full. It will be tried again."
        ]
        * 4
    )


def test_chores_are_done_in_their_order_whichever_of_them_fails() -> None:
    done: list[str] = []

    def fails() -> None:
        done.append("fails")
        raise OSError

    worker.each(lambda: done.append("first"), fails, lambda: done.append("last"))()
    assert done == ["first", "fails", "last"]


# --- the operator's commands ------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stores:
    monkeypatch.setenv("HANDRAIL_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("HANDRAIL_SITEURL", SITE)
    (tmp_path / "var").mkdir(mode=0o700)
    return open_sqlite(tmp_path / "var")


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(list(arguments))
    return capsys.readouterr().out


def test_the_command_prints_what_would_be_said_and_tells_nobody(
    house: Stores, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(capsys, "digest") == "Nothing waits, so nobody would be told anything.\n"
    assert json.loads(printed(capsys, "digest", "--json")) == {"why": None}
    day = datetime.now(UTC).date()
    keep(house.visitors, make_post(1, route=Route.HOLD2, day=day, state_day=day))
    said = printed(capsys, "digest")
    assert said.startswith("Something urgent waits at the desk\n\n1 urgent post waits.\n")
    found = json.loads(printed(capsys, "digest", "--json"))
    assert found["why"] == "urgent"
    assert f"{found['subject']}\n\n{found['body']}" == said
    assert found["waiting"] == {
        "urgent": 1,
        "reported": 0,
        "posts": 1,
        "second": 0,
        "oldest_days": 0,
        "form": "open",
    }
    assert house.digest.told() == Told()
    assert not (tmp_path / "var" / "notices").exists()


def doctors_word() -> str:
    """What the doctor warns of; nothing about notices is ever amiss."""
    found = CHECKS["notices"](read_settings(os.environ))
    assert found.amiss == ""
    return found.warns


@pytest.mark.parametrize("env", ["development", "production"])
@pytest.mark.parametrize("way", ["off", "file", f"ses:{ROBIN}"])
def test_the_doctor_warns_where_nobody_would_learn_of_an_urgent_post(
    house: Stores, monkeypatch: pytest.MonkeyPatch, env: str, way: str
) -> None:
    monkeypatch.setenv("HANDRAIL_ENV", env)
    monkeypatch.setenv("HANDRAIL_NOTIFY", way)
    monkeypatch.setenv("HANDRAIL_NOTIFY_FROM", "desk@forum.example")
    expected = {"off": "HANDRAIL_NOTIFY is off", "file": "somebody must look there"}
    warns = doctors_word()
    assert "@" not in warns
    assert bool(warns) == (env == "production" and way in expected)
    assert expected.get(way, "") in warns or env == "development"


def test_the_doctor_warns_when_the_last_tries_reached_nobody(
    house: Stores,
) -> None:
    assert doctors_word() == ""
    house.digest.put_told(Told(failed=3))
    assert "3 times" in doctors_word()
