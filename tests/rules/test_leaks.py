"""Nothing that identifies: the whole product is walked through with a canary in everything, and
then every byte at rest and every answer is searched, in every reading.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from api.app import app as api_app
from moderation.app import app as desk_app
from tests.rules.exact_times import Span
from tests.rules.house import HOUSE, ROOT
from tests.rules.sieve import Sieve
from tests.rules.whereabouts import (
    MOMENTS,
    ROLES,
    TABLE,
    Found,
    at_rest,
    faults_at_rest,
    faults_heard,
    heard,
    missing,
    row_for,
    values_of,
)
from tests.rules.whole_product import ADDRESS_HEADERS, HEADERS, Whole
from tests.rules.whole_walk import Walk

KINDS = {200, 201, 303, 304, 308, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503}
"""Every status that the product answers with."""
SHORT_LIVED = {"claims", "undos", "sessions", "challenges", "invitations"}
"""Moderators' rows, the only ones with an exact time."""
TAKEN_BACK = ("withdrawn", "unread", "broken", "returned then withdrawn", "erased", "expired")
REPLACED = ("revised", "accepted")
MAY_SPOOL = {
    *("forum.mirror", "forum.settings", "infra.local.checks"),
    "moderation.commands.helpline_file",
}
"""What puts a file in place whole (a published post, a new key, the help lines), and what tries
whether a folder can be written to."""
LARGE = 5_000_000
"""Bytes of a file that is somebody else's."""
NOT_OURS = {".git", ".venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
"""Folders of the checkout in which nothing of ours ever writes."""


@dataclass(frozen=True)
class Search:
    """A walk that was walked to its end, and the sieve for all that was put down on the way."""

    walk: Walk
    sieve: Sieve

    @property
    def house(self) -> Whole:
        return self.walk.house

    @cached_property
    def files(self) -> dict[str, Found]:
        """What was found at rest, by moment."""
        return {moment: at_rest(self.walk.copies[moment], self.sieve) for moment in MOMENTS}

    @cached_property
    def heard(self) -> Found:
        """What was found in answers."""
        return heard(self.house.told, self.sieve, ROLES)

    def names(self, ending: str) -> set[str]:
        """The canaries and addresses whose name ends like this."""
        every = {*self.house.canaries.words.values(), *self.house.canaries.addresses.values()}
        return {name for name in every if name.endswith(f": {ending}")}


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    """The one walk of all these tests."""
    folder = tmp_path_factory.mktemp("walk") / "run"
    folder.mkdir()
    walk = Walk(Whole(folder / "var"))
    try:
        walk.walk()
    finally:
        walk.house.kill()
    keys = [path.read_text("ascii") for path in sorted((folder / "var/keys").iterdir())]
    assert len(keys) == 4
    return Search(walk, Sieve(walk.house.canaries, [walk.start.date()], keys))


# --- the walk went everywhere -----------------------------------------------------------------


def test_the_walk_met_every_kind_of_answer(search: Search) -> None:
    statuses = {
        int(found[1])
        for answer in search.house.told
        if (found := re.match(rb"(?:HTTP/1.\d )?(\d{3}) ", answer.raw))
    }
    assert sorted(KINDS - statuses) == []


def test_the_walk_went_to_every_route_of_both_doors(search: Search) -> None:
    asked = {re.sub(r"\?.*", "", answer.asked) for answer in search.house.told}
    assert [
        route
        for prefix, app in (("/api", api_app), ("/moderation", desk_app))
        for path, methods in app.routes.items()
        for route in (f"{method} {prefix}{path}" for method in methods)
        if not any(re.fullmatch(re.sub(r"\{\w+\}", "[a-z0-9]+", route), one) for one in asked)
    ] == []


def test_everybody_gave_away_all_they_could(search: Search) -> None:
    """Each header, each address that a header claims, the query and a field that nobody asked for
    carried a canary of its own; so did every device's own address."""
    people = len(search.house.people) - 1  # the operator sends no request
    for header in (*HEADERS, "Host", "Origin", "Accept", "Accept-Encoding", "Cookie", "query"):
        assert len(search.names(header)) == people, header
    for header in (*ADDRESS_HEADERS, "Forwarded"):
        assert len(search.names(header)) == 2, header
    devices = [name for name in search.house.canaries.addresses.values() if ":" not in name]
    assert len(devices) == people
    assert len(search.names("field's value")) > 15


# --- at rest ----------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_lies_where_the_table_does_not_say(search: Search, moment: str) -> None:
    assert faults_at_rest(search.files[moment], moment, TABLE) == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_everything_lies_where_the_table_says(search: Search, moment: str) -> None:
    names = search.house.canaries.words.values()
    assert missing(search.files[moment], moment, TABLE, names) == []


def test_every_row_of_the_table_is_about_something(search: Search) -> None:
    found = {*search.heard, *(name for files in search.files.values() for name in files)}
    about = {id(row) for name in found if (row := row_for(name, TABLE))}
    assert [row.name.pattern for row in TABLE if id(row) not in about] == []


def test_no_header_address_query_or_strange_field_is_kept(search: Search) -> None:
    others = (
        "Forwarded",
        "Forwarded host",
        "Host",
        "Origin",
        "Accept",
        "Accept-Encoding",
        "Cookie",
    )
    given_away = (*HEADERS, *ADDRESS_HEADERS, *others, "query", "query name", "field")
    kept = {name for files in search.files.values() for name in files}
    assert [n for ending in given_away for n in search.names(ending) if n in kept] == []
    assert [name for name in kept if "address" in name] == []


def test_what_was_taken_back_replaced_or_not_wanted_is_in_no_byte(search: Search) -> None:
    """It provably lay there before: in the database's own file, after the crash and after that."""
    gone = [f"{name}: {part}" for name in (*TAKEN_BACK, *REPLACED) for part in ("words", "title")]
    assert [name for name in gone if "store" not in search.files["crashed"][name]] == []
    gone += ["moderator: offer to refused", "moderator: return of erased"]
    gone += ["moderator: return of returned then withdrawn"]
    assert [name for name in gone if "store" not in search.files["published"][name]] == []
    assert [name for name in gone if name in search.files["end"]] == []


def test_no_typed_secret_is_kept(search: Search) -> None:
    """Receipts, tokens, capabilities, cookies; the link for a moderator was printed, as it must."""
    canaries = search.house.canaries
    assert len(canaries.receipts) > 15
    assert len(canaries.secrets) > 60
    secret = {*canaries.receipts.values(), *canaries.secrets.values()}
    kept = [name for files in search.files.values() for name in files if name in secret]
    assert {re.sub(r".*: (\w+) \d+", r"\1", name) for name in kept} == {"invitation"}


def test_nobody_made_a_temporary_file(search: Search) -> None:
    """The folder for those, which is the home folder too, was never changed; and what is made
    without a name, which changes no folder, only these few places could make."""
    home = search.house.home
    assert list(home.iterdir()) == []
    assert home.stat().st_mtime_ns == search.house.made_home
    assert {name for name in HOUSE if "tempfile" in HOUSE[name].imports(HOUSE)} == MAY_SPOOL


def test_nothing_was_left_anywhere_else(search: Search) -> None:
    """Not in shared memory, nor beside the product's own files, nor where programs put things."""
    for path in strangers(search.walk.start.timestamp()):
        with suppress(OSError):  # others work beside us: it may be gone already
            assert search.sieve.search(path.read_bytes()) == {}, path


def strangers(since: float) -> Iterator[Path]:
    """Files that came or changed since then, outside of the house's own folder."""
    near = [path for place in ("/dev/shm", "/tmp", "/var/tmp") for path in Path(place).glob("*")]
    ours = [
        path
        for room in ROOT.iterdir()
        if room.name not in NOT_OURS
        for path in (room.rglob("*") if room.is_dir() else [room])
        if NOT_OURS.isdisjoint(path.parts)
    ]
    for path in (*near, *ours):
        with suppress(OSError):
            seen = path.lstat()
            if stat.S_ISREG(seen.st_mode) and seen.st_mtime >= since and seen.st_size < LARGE:
                yield path


# --- in answers -------------------------------------------------------------------------------


def test_nobody_hears_what_is_not_for_them(search: Search) -> None:
    assert faults_heard(search.heard, TABLE) == []


def test_an_author_does_not_hear_what_readers_reported(search: Search) -> None:
    for reporter in ("first", "second", "third"):
        assert set(search.heard[f"{reporter} reporter: words"]) == {"own", "desk"}


def test_nobody_hears_of_a_story_that_is_gone(search: Search) -> None:
    after = heard(search.house.told[search.walk.gone :], search.sieve, ROLES)
    assert "kept: words" in after
    gone = [f"{name}: {part}" for name in (*TAKEN_BACK, *REPLACED) for part in ("words", "title")]
    assert [name for name in gone if name in after] == []
    assert after.get("taken down: words", {}).keys() <= {"desk"}


def test_no_answer_to_a_visitor_sets_a_cookie(search: Search) -> None:
    made = {
        answer.asked.partition("?")[0]: line
        for answer in search.house.told
        for line in re.findall(rb"^Set-Cookie: (.*)$", answer.raw, re.M | re.I)
    }
    assert made
    assert [asked for asked in made if not asked.startswith("POST /moderation/")] == []
    assert [line for line in made.values() if b"; Path=/moderation;" not in line] == []


def test_an_answer_tells_its_own_date_and_no_other_time(search: Search) -> None:
    for answer in search.house.told:
        head, _, body = answer.raw.partition(b"\n\n" if b"\r\n" not in answer.raw else b"\r\n\r\n")
        assert len(re.findall(rb"^Date: ", head, re.M)) <= 1
        names = {name.lower() for name in re.findall(rb"^([\w-]+):", head, re.M)}
        assert names.isdisjoint({b"last-modified", b"expires", b"age", b"server", b"via"})
        assert span(search).moments(re.sub(rb"(?m)^Date: .*$", b"", head) + b"\n" + body) == set()


# --- times ------------------------------------------------------------------------------------


def span(search: Search, spared: frozenset[int] = frozenset()) -> Span:
    return Span(search.walk.start, search.walk.end, spared)


def test_no_exact_time_is_kept_but_in_moderators_short_lived_rows(search: Search) -> None:
    house = search.house
    values = list(values_of(house.store))
    assert {table for table, _ in values} >= {"posts", "texts", "reports", "decisions", "spent"}
    short = [v for table, v in values if table in SHORT_LIVED and isinstance(v, float)]
    when = span(search, frozenset(int(value) for value in short))
    for table, value in values:
        if table not in SHORT_LIVED:
            assert when.moments(f" {value} ".encode("utf-8", "replace")) == set(), table
    for path in sorted(house.folder.parent.rglob("*")):
        if path.is_file():
            read = path.read_bytes().replace(b"T00:00:00Z", b"")  # the feeds' only hour
            assert when.moments(read) == set(), path
    assert when.reals(house.store.read_bytes()) == set()


def test_every_file_of_the_edition_bears_one_date_and_feeds_tell_the_month(search: Search) -> None:
    current = search.house.folder / "editions" / "current"
    files = [path for path in current.resolve().rglob("*") if path.is_file()]
    assert len({path.stat().st_mtime_ns for path in files}) == 1
    feeds = [path.read_text("utf-8") for path in files if path.suffix == ".xml"]
    told = {when for feed in feeds for when in re.findall(r"\d{4}-\d\d-\d\dT[^<\"]*", feed)}
    assert f"{search.walk.start:%Y-%m-01T00:00:00Z}" in told
    assert [when for when in told if not when.endswith("-01T00:00:00Z")] == []
