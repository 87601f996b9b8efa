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
from editions.press import Editions
from moderation.app import app as desk_app
from moderation.commands.table import COMMANDS
from tests.rules.exact_times import Span
from tests.rules.house import HOUSE, ROOT
from tests.rules.sieve import Sieve
from tests.rules.whereabouts import (
    MOMENTS,
    ROLES,
    TABLE,
    Found,
    at_rest,
    cells_of,
    faults_at_rest,
    faults_heard,
    heard,
    missing,
    row_for,
)
from tests.rules.whole_desk import DESK
from tests.rules.whole_product import ADDRESS_HEADERS, HEADERS, Told, Whole
from tests.rules.whole_team import LOOKED_AT
from tests.rules.whole_walk import Walk

KINDS = {200, 201, 303, 304, 308, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503}
"""Every status that the product answers with."""
TIMES = {
    **{name: {"until"} for name in ("claims", "undos", "invitations", "recoveries", "challenges")},
    "sessions": {"until", "seen"},
    "duty": {"seen", "rest_until"},
}
"""The only columns with an exact time, all of moderators' rows that are gone within a day."""
TAKEN_BACK = (
    *("withdrawn", "unread", "broken", "returned then withdrawn", "edited then withdrawn"),
    *("erased", "expired"),
)
REPLACED = ("revised", "accepted")
TAKEN_OUT = ("edited long ago: mail", "edited then withdrawn: mail", "agreed: mail")
"""What is nowhere any more, although the story that it stood in may be."""
WORDLESS = (
    *("record", "standing", "facets", "tallies", "counters", "duty", "claims", "editions"),
    *("next_slots", "runs", "posts", "authors", "spent", "recoveries", "challenges"),
)
"""Tables in which no word of anybody's ever lies."""
MAY_SPOOL = {
    *("forum.settings", "infra.local.checks", "infra.aws.bundles"),
    "moderation.commands.helpline_file",
}
"""What puts a file in place whole (a new key, the help lines), what tries whether a folder can be
written to, and what makes bundles of code: nothing of a visitor is near any of them."""
SEALED = {"withdrawn: approved hash", "withdrawn: salt of the seal"}
"""What the record keeps of an approval, until its author takes the story back; typed by nobody."""
DETAILS = ("reason", "rules", "approved_hash", "salt")
NO_DETAILS = (None, "", "[]")
OPEN = ["sign-in", "sign-in", "enrol", "enrol", "sign-in/options", "enrol/options"]
"""Addresses within the desk's door that are for nobody in particular."""
AT_THE_DESK = ("moderator", "colleague", "lead", "leaver")
ON_THESE_PAGES = {
    *(f"{name}: name" for name in AT_THE_DESK),
    *(f"{name}: csrf" for name in AT_THE_DESK),
    *(f"a hash of {name}: invitation" for name in AT_THE_DESK),
    *("moderator: label", "moderator: second label", "a hash of moderator: session"),
    *SEALED,
}
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


def status_of(answer: Told) -> int:
    """0 for what was no HTTP."""
    found = re.match(rb"(?:HTTP/1.\d )?(\d{3}) ", answer.raw)
    return int(found[1]) if found else 0


def routes() -> Iterator[str]:
    """Every route of both doors, as the doors write it."""
    for prefix, app in (("/api", api_app), (DESK, desk_app)):
        for path, methods in app.routes.items():
            yield from (f"{method} {prefix}{path}" for method in methods)


def never_walked(asked: set[str]) -> list[str]:
    """The routes that nobody went to."""
    ways = {route: re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route)) for route in routes()}
    return [route for route, way in ways.items() if not any(re.fullmatch(way, a) for a in asked)]


def test_the_walk_met_every_kind_of_answer(search: Search) -> None:
    assert sorted(KINDS - {status_of(answer) for answer in search.house.told}) == []


def test_somebody_got_what_they_wanted_at_every_route_of_both_doors(search: Search) -> None:
    asked = {
        answer.asked.partition("?")[0]
        for answer in search.house.told
        if 200 <= status_of(answer) < 400
    }
    assert never_walked(asked) == []


def test_every_guarded_route_turned_a_stranger_and_somebody_who_had_left_away(
    search: Search,
) -> None:
    for who in ("stranger", "leaver"):
        turned = {
            answer.asked.partition("?")[0]
            for answer in search.house.told
            if answer.who == who and status_of(answer) in (303, 401)
        }
        left = [route for route in never_walked(turned) if f" {DESK}" in route]
        assert [route.partition(f"{DESK}/")[2] for route in left] == OPEN, who


def test_a_route_that_nobody_walked_is_named() -> None:
    walked = {route.replace("{post_id}", "abc") for route in routes() if "/post/" in route}
    missed = never_walked(walked)
    assert f"GET {DESK}/numbers" in missed
    assert not [route for route in missed if "/post/" in route]
    alone = f"POST {DESK}/post/{{post_id}}/check"
    assert never_walked(walked - {alone.replace("{post_id}", "abc")}) == sorted(
        [*missed, alone], key=list(routes()).index
    )


def test_the_operator_typed_every_command_and_took_what_programs_are_told(search: Search) -> None:
    typed = {words[0] for words in search.house.commanded if "--json" in words}
    assert sorted(set(COMMANDS) - typed) == []


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
    gone += TAKEN_OUT
    assert [name for name in gone if "texts" not in search.files["crashed"][name]] == []
    gone += ["moderator: offer to refused", "moderator: return of erased"]
    gone += ["moderator: return of returned then withdrawn", "withdrawn: approved hash"]
    gone += ["moderator: approval of withdrawn", "moderator: instead in edited then withdrawn"]
    assert [name for name in gone if "store" not in search.files["published"][name]] == []
    assert [name for name in gone if name in search.files["end"]] == []


def test_what_a_moderator_took_out_is_on_no_page_from_then_on(search: Search) -> None:
    """It stays beside the story for a month, for its author alone to compare; and a minute in the
    undo, which the clocks erase.
    """
    assert search.files["published"]["edited: mail"].keys() == {"store", "originals", "undos"}
    assert search.files["end"]["edited: mail"].keys() == {"store", "originals"}
    assert search.files["published"]["kept: mail"].keys() >= {"texts", "mirror", "edition"}
    assert search.files["end"]["kept: mail"].keys() == {"store", "originals"}
    late = heard(search.house.told[search.walk.erased :], search.sieve, ROLES)
    assert [name for name in late if name.endswith((": mail", ": friend"))] == []


def test_an_author_sees_what_was_taken_out_and_what_stands_there_now(search: Search) -> None:
    """On the page that their receipt opens, and as a program is told."""
    late = search.house.told[search.walk.published :]
    opened = [one for one in late if one.who == "edited" and one.asked == "POST /api/receipt"]
    assert len(opened) == 2
    for answer in opened:
        found = search.sieve.search(answer.raw)
        assert {"edited: mail", "moderator: instead in edited"} <= found.keys()


def test_tables_for_which_no_words_are_meant_hold_none(search: Search) -> None:
    """Secrets' own hashes aside: what is looked for here is what somebody wrote."""
    written = set(search.house.canaries.words.values())
    found = {
        f"{name} in {table}"
        for files in search.files.values()
        for name in files.keys() & written
        for table in files[name].keys() & set(WORDLESS)
    }
    assert found == set()


def test_what_is_told_of_the_team_and_of_all_posts_holds_no_word_of_a_visitors(
    search: Search,
) -> None:
    """The queue, the record and its copy, the numbers, the notices: moderators' names at most."""
    pages = {f"GET {DESK}{path}" for path in LOOKED_AT}
    shown = [answer for answer in search.house.told if answer.asked in pages]
    assert {answer.asked for answer in shown} == pages
    names = {re.sub(r" \d+$", "", name) for name in heard(shown, search.sieve, ROLES)}
    assert names <= ON_THESE_PAGES
    notices = list((search.walk.copies["end"] / "var" / "notices").iterdir())
    assert "urgent posts wait" in notices[0].read_text("utf-8")


# --- the record -------------------------------------------------------------------------------


def test_why_a_story_was_approved_is_gone_from_the_record_once_its_author_took_it_back(
    search: Search,
) -> None:
    """And which bytes, by which rules, and the salt that would let somebody try them."""
    withdrawn, kept = (search.walk.author(name).id for name in ("withdrawn", "edited"))
    for moment in ("published", "end"):
        assert set(details(search, moment, kept)) == set(DETAILS)
    assert set(details(search, "published", withdrawn)) == set(DETAILS)
    assert details(search, "end", withdrawn) == []


def details(search: Search, moment: str, about: str) -> list[str]:
    """Which details of its decisions the record holds of one post."""
    store = search.walk.copies[moment] / "var" / search.house.store.name
    cells = [cell for cell in cells_of(store) if cell.table == "record"]
    rows = {cell.row for cell in cells if cell.column == "about" and cell.value == about}
    assert rows
    return [
        cell.column
        for cell in cells
        if cell.row in rows and cell.column in DETAILS and cell.value not in NO_DETAILS
    ]


def test_the_record_holds_what_was_noted_of_it_after_all_that_was_erased(search: Search) -> None:
    """The link that was noted as the stories went up: the chain begins with the same rows."""
    noted = search.walk.link
    cells = [cell for cell in cells_of(search.house.store) if cell.table == "record"]
    links = [cell.value for cell in cells if cell.column == "link"]
    assert noted in links[:-1]
    assert ("record", "--noted", noted, "--json") in search.house.commanded


def test_the_record_names_nobody_and_outlives_whoever_leaves(search: Search) -> None:
    cells = [cell for cell in cells_of(search.house.store) if cell.table == "record"]
    leaver = search.walk.shift.leaver.id
    assert leaver in {cell.value for cell in cells if cell.column == "who"}
    assert leaver not in {c.value for c in cells_of(search.house.store) if c.table == "moderators"}


def test_no_typed_secret_is_kept(search: Search) -> None:
    """Receipts, tokens, capabilities, cookies; the link for a moderator was printed, as it must."""
    canaries = search.house.canaries
    assert len(canaries.receipts) > 15
    assert len(canaries.secrets) > 60
    secret = {*canaries.receipts.values(), *canaries.secrets.values()} - SEALED
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
    gone += SEALED
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
    cells = list(cells_of(house.store))
    assert {cell.table for cell in cells} >= {
        "posts",
        "texts",
        "reports",
        "record",
        "spent",
        "duty",
    }
    short = [cell for cell in cells if cell.column in TIMES.get(cell.table, ())]
    seconds = frozenset(int(cell.value) for cell in short if isinstance(cell.value, float))
    when = span(search, seconds)
    for cell in cells:
        if cell not in short:
            read = f" {cell.value} ".encode("utf-8", "replace")
            assert when.moments(read) == set(), (cell.table, cell.column)
    for path in sorted(house.folder.parent.rglob("*")):
        if path.is_file():
            read = path.read_bytes().replace(b"T00:00:00Z", b"")  # the feeds' only hour
            assert when.moments(read) == set(), path
    assert when.reals(house.store.read_bytes()) == set()


def test_no_other_column_holds_a_number_that_could_be_a_time(search: Search) -> None:
    copy = search.walk.copies["published"] / "var" / search.house.store.name
    timed = {(cell.table, cell.column) for cell in cells_of(copy) if isinstance(cell.value, float)}
    lengths = {("duty", "seconds"), ("duty", "in_a_row_seconds")}
    assert timed - lengths <= {(table, name) for table in TIMES for name in TIMES[table]}
    assert timed >= {("duty", "seen"), ("sessions", "seen"), ("undos", "until")}


def test_no_page_of_the_edition_bears_a_date_and_feeds_tell_the_month(search: Search) -> None:
    folder = search.house.folder / "editions"
    columns = {(cell.table, cell.column) for cell in cells_of(folder / "editions.sqlite")}
    assert {column for table, column in columns if table == "page"} <= {
        *("path", "since", "until", "sheet")
    }, "an edition has a number and no time"
    with Editions(folder).printing() as edition:
        pages = {path: edition.read(path) or b"" for path in edition.paths()}
    feeds = [body.decode() for path, body in pages.items() if path.endswith(".xml")]
    told = {when for feed in feeds for when in re.findall(r"\d{4}-\d\d-\d\dT[^<\"]*", feed)}
    assert f"{search.walk.start:%Y-%m-01T00:00:00Z}" in told
    assert [when for when in told if not when.endswith("-01T00:00:00Z")] == []
