"""Pages go out in an order in which nobody meets one that is not there, whoever dies on the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from editions.reading import Pages
from infra.aws.bucket import NotGone
from infra.aws.edge import A_MONTH, MOST, addresses
from infra.aws.publishing import in_steps
from tests.aws.published import (
    SITEURL,
    Calls,
    Cloud,
    Killed,
    Row,
    dead_links,
    edition,
    linking,
    taken,
)

A, B, C, D = (f"stories/{letter * 16}/index.html" for letter in "abcd")
TO_A, TO_B, TO_C, TO_D = (f"/{path.removesuffix('index.html')}" for path in (A, B, C, D))

BEFORE = {
    "index.html": linking("/stories/", TO_A, "/theme/css/site.css"),
    "stories/index.html": linking(TO_A, TO_B, words="What A says."),
    "feeds/stories.atom.xml": linking(TO_A, TO_B),
    "search/index.json": b"one",
    "search/terms/one.json": b"A B",
    "theme/css/site.css": b"p {}",
    A: linking("/", words="What A says."),
    B: linking("/", TO_A),
}
AFTER = {
    "index.html": linking("/stories/", TO_C, "/theme/css/site.css", "/stories/page/1/"),
    "stories/index.html": linking(TO_B, TO_C, TO_D),
    "stories/page/1/index.html": linking(TO_B),
    "feeds/stories.atom.xml": linking(TO_B, TO_C, TO_D),
    "search/index.json": b"two",
    "search/terms/two.json": b"B C D",
    "theme/css/site.css": b"p { margin: 0 }",
    B: linking("/", TO_C),
    C: linking("/", TO_D),
    D: linking("/", TO_C),
}
MORE = {**AFTER, A: BEFORE[A], "stories/index.html": linking(TO_A, TO_B, TO_C, TO_D)}
"""As after, but nothing was taken down."""


@dataclass(frozen=True)
class Two:
    """The edition before and the one after, each made once."""

    before: Pages
    after: Pages

    def at_first(self) -> tuple[Cloud, Row]:
        """A bucket that was brought in line with the first."""
        cloud, row = Cloud(), Row()
        cloud.publishing().bring_in_line(self.before, taken(row), purge=False)
        return cloud, row

    def go_on(self, cloud: Cloud, row: Row, calls: Calls, purge: bool = True) -> None:
        """One run of a machine that starts afresh, with the second."""
        cloud.publishing(calls).bring_in_line(self.after, taken(row), purge)


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(edition(tmp_path / "before", BEFORE), edition(tmp_path / "after", AFTER))


# --- killed at any step --------------------------------------------------------------------------


def test_killed_after_any_call_nobody_meets_a_dead_end_and_the_next_run_ends_it(two: Two) -> None:
    whole = Calls()
    two.go_on(*two.at_first(), whole)
    assert len(whole.names) > 20
    for made in range(len(whole.names)):
        cloud, row = two.at_first()
        calls, again = Calls(left=made), Calls()
        with pytest.raises(Killed):
            two.go_on(cloud, row, calls)
        pages = cloud.pages()
        assert dead_links(pages) <= {A}, calls.names
        assert A not in pages or "PutObject" not in calls.names
        two.go_on(cloud, row, again)
        assert (cloud.pages(), cloud.earlier()) == (AFTER, [])
        assert row.row["order"]
        touched = {"DeleteObjects", "PutObject"} & set(calls.names)
        assert "/*" in again.addresses or not touched


@pytest.mark.long
def test_where_nothing_was_taken_down_no_prefix_has_a_dead_end_at_all(
    two: Two, tmp_path: Path
) -> None:
    more, whole = Two(two.before, edition(tmp_path / "more", MORE)), Calls()
    more.go_on(*more.at_first(), whole, purge=False)
    for made in range(len(whole.names)):
        cloud, row = more.at_first()
        with pytest.raises(Killed):
            more.go_on(cloud, row, Calls(left=made), purge=False)
        pages = cloud.pages()
        assert dead_links(pages) == set()
        assert f"search/terms/{pages['search/index.json'].decode()}.json" in pages


# --- what goes, goes first, and is gone ----------------------------------------------------------


def test_what_was_taken_down_goes_before_anything_comes(two: Two) -> None:
    cloud, row = two.at_first()
    calls = Calls()
    two.go_on(cloud, row, calls)
    assert calls.names[:4] == ["ListObjectsV2", "DeleteObjects", "HeadObject", "HeadObject"]
    assert calls.names[4] == "CreateInvalidation"
    assert calls.thrown_away[0][1] == sorted([TO_A, f"/{A}", "/search/terms/one.json"])


def test_no_version_of_any_page_stays_that_could_show_it(two: Two, tmp_path: Path) -> None:
    """Not of a page either that showed it once, and was another before it went."""
    cloud, row = two.at_first()
    grown = {**BEFORE, "feeds/stories.atom.xml": linking(TO_B)}
    cloud.publishing().bring_in_line(edition(tmp_path, grown), taken(row), purge=False)
    assert "feeds/stories.atom.xml" in cloud.earlier()
    without = {path: body for path, body in grown.items() if path != A}
    without |= {path: linking() for path in ("index.html", "stories/index.html", B)}
    cloud.publishing().bring_in_line(edition(tmp_path, without), taken(row), purge=True)
    assert cloud.earlier() == []
    assert cloud.pages() == without


def test_a_bucket_that_does_not_let_go_fails_the_run(two: Two, tmp_path: Path) -> None:
    cloud, row = two.at_first()
    publishing = cloud.publishing()

    def refuse(params: dict[str, Any], **_: Any) -> None:
        params["Delete"] = {"Objects": [{"Key": "elsewhere"}], "Quiet": True}

    publishing._bucket._s3.meta.events.register("provide-client-params.s3.DeleteObjects", refuse)
    with pytest.raises(NotGone, match="can still be read"):
        publishing.bring_in_line(edition(tmp_path, AFTER), taken(row), purge=True)
    assert row.row["order"] == ""


# --- only what differs ---------------------------------------------------------------------------


def test_a_warm_machine_sends_what_differs_and_asks_for_nothing_else(tmp_path: Path) -> None:
    cloud, row, calls = Cloud(), Row(), Calls()
    publishing = cloud.publishing(calls)
    publishing.bring_in_line(edition(tmp_path, BEFORE), taken(row), purge=False)
    calls.clear()
    more = {**BEFORE, C: linking(), "index.html": linking(TO_C), "help/index.html": b"help"}
    publishing.bring_in_line(edition(tmp_path, more), taken(row), purge=False)
    assert calls.names == ["PutObject"] * 3 + ["CreateInvalidation"]
    assert calls.addresses == ["/", "/index.html"]
    assert cloud.pages() == more
    publishing.bring_in_line(edition(tmp_path, more), taken(row), purge=False)
    assert len(calls.names) == 4


def test_a_machine_that_starts_afresh_looks_and_sends_nothing_that_is_there(
    two: Two,
    tmp_path: Path,
) -> None:
    cloud, row = two.at_first()
    calls = Calls()
    cloud.publishing(calls).bring_in_line(edition(tmp_path, BEFORE), taken(row), purge=False)
    assert calls.names == ["ListObjectsV2"]


def test_what_another_machine_did_meanwhile_is_not_forgotten(tmp_path: Path) -> None:
    cloud, row = Cloud(), Row()
    first, second = cloud.publishing(), cloud.publishing()
    first.bring_in_line(edition(tmp_path, BEFORE), taken(row), purge=False)
    second.bring_in_line(edition(tmp_path / "two", AFTER), taken(row), purge=True)
    first.bring_in_line(edition(tmp_path, BEFORE), taken(row), purge=False)
    assert cloud.pages() == BEFORE


def test_the_pages_that_came_with_the_distribution_stay(tmp_path: Path) -> None:
    cloud, row = Cloud(), Row()
    cloud.put("errors/503.html", b"Back soon.")
    cloud.publishing().bring_in_line(edition(tmp_path, BEFORE), taken(row), purge=True)
    assert cloud.pages() == {**BEFORE, "errors/503.html": b"Back soon."}


def test_a_page_has_its_type_and_how_long_it_keeps_and_nothing_else(two: Two) -> None:
    cloud, _ = two.at_first()
    found = cloud.s3.head_object(Bucket=cloud.name, Key=A)
    assert found["ContentType"] == "text/html; charset=utf-8"
    assert found["CacheControl"] == "public, max-age=0, must-revalidate"
    assert found["Metadata"] == {}
    feed = cloud.s3.head_object(Bucket=cloud.name, Key="feeds/stories.atom.xml")
    assert feed["ContentType"] == "application/atom+xml; charset=utf-8"


# --- the way there fails -------------------------------------------------------------------------


def test_an_upload_that_is_cut_short_is_sent_again_whole(tmp_path: Path) -> None:
    cloud, row = Cloud(), Row()
    publishing, cut = cloud.publishing(), iter([True])

    def cut_short(request: Any, **_: Any) -> None:
        if next(cut, False):
            raise ConnectionClosedError(endpoint_url=request.url)

    publishing._bucket._s3.meta.events.register("before-send.s3.PutObject", cut_short)
    publishing.bring_in_line(edition(tmp_path, BEFORE), taken(row), purge=False)
    assert cloud.pages() == BEFORE


def test_bytes_that_were_changed_on_their_way_are_refused(tmp_path: Path) -> None:
    cloud, row = Cloud(), Row()
    publishing = cloud.publishing()

    def change(request: Any, **_: Any) -> None:
        request.body = b"p"
        request.headers["Content-Length"] = "1"

    publishing._bucket._s3.meta.events.register("before-send.s3.PutObject", change)
    with pytest.raises(ClientError, match="BadDigest"):
        publishing.bring_in_line(edition(tmp_path, BEFORE), taken(row), purge=False)
    assert cloud.pages() == {}
    assert row.row["order"] == ""


# --- when no edition can be made -----------------------------------------------------------------


def test_a_machine_that_never_made_an_edition_can_still_take_a_story_down(
    two: Two, tmp_path: Path
) -> None:
    cloud, row = two.at_first()
    calls, nothing = Calls(), edition(tmp_path / "new", {})
    publishing = cloud.publishing(calls)
    publishing.strike(["a" * 16], SITEURL, nothing, taken(row))
    kept = {"search/index.json": b"one", "theme/css/site.css": b"p {}"}
    assert cloud.pages() == kept
    assert cloud.earlier() == []
    leads = ["", "stories/", B.removesuffix("index.html")]
    both = [f"/{path}{end}" for path in leads for end in ("", "index.html")]
    feeds = ["/feeds/stories.atom.xml", "/search/terms/one.json"]
    assert calls.addresses == sorted([*both, *feeds, TO_A, f"/{A}"])
    before = len(calls.names)
    publishing.strike(["a" * 16], SITEURL, nothing, taken(row))
    assert len(calls.names) == before, "a build that goes on failing looks for it once"


def test_pages_that_are_as_they_were_made_are_not_read(two: Two, tmp_path: Path) -> None:
    cloud, row = two.at_first()
    calls = Calls()
    left = {path: BEFORE[path] for path in ("search/index.json", "theme/css/site.css", B)}
    cloud.publishing(calls).strike(["a" * 16], SITEURL, edition(tmp_path, left), taken(row))
    assert calls.count("GetObject") == 3
    assert B in cloud.pages(), "it is as the printer left it after it had struck its own"


# --- addresses and order -------------------------------------------------------------------------


def test_a_folders_page_has_two_addresses() -> None:
    assert addresses(["help/index.html", "index.html", "robots.txt"]) == [
        *("/", "/help/", "/help/index.html", "/index.html", "/robots.txt")
    ]


def test_many_addresses_are_thrown_away_as_one() -> None:
    calls = Calls()
    edge = Cloud().publishing(calls)._edge
    assert edge.forget([f"theme/{number}.svg" for number in range(MOST)]) == MOST
    assert edge.forget([f"theme/{number}.svg" for number in range(MOST + 1)]) == 1
    assert [len(items) for _, items in calls.thrown_away] == [MOST, 1]
    assert calls.thrown_away[1][1] == ["/*"]


def test_what_a_month_gives_for_nothing_is_counted_and_then_everything_counts_as_one(
    two: Two,
) -> None:
    cloud, row = two.at_first()
    row.row = {**row.row, "thrown": A_MONTH - 1}
    calls = Calls()
    two.go_on(cloud, row, calls)
    assert calls.addresses == ["/*", "/*"]
    assert row.row["thrown"] == A_MONTH + 1
    assert taken(row, month_later=True).thrown == 0


def test_a_page_goes_after_whatever_it_can_lead_to() -> None:
    new = {C, "stories/page/1/index.html", "theme/img/new.svg"}
    changed = {B, "index.html", "theme/css/site.css"}
    assert list(in_steps(new, changed)) == [
        ["theme/css/site.css", "theme/img/new.svg"],
        [C],
        ["stories/page/1/index.html"],
        ["index.html"],
        [B],
    ]
