import gzip
import sqlite3
from collections import Counter
from hashlib import sha256

import brotli
import pytest

from editions.press import FILE, Editions
from infra.local.sheets import Damaged, Sheets
from tests.doors.local_machine import running

STORY = "<p>" + "a quiet morning " * 200 + "</p>"
PICTURE = bytes(range(256)) * 4


@pytest.fixture
def machine(tmp_path):
    with running(tmp_path) as machine:
        yield machine


@pytest.fixture
def site(machine):
    machine.publish(
        {
            "index.html": "home",
            "404.html": "not here, but help is",
            "stories/abc/index.html": STORY,
            "theme/css/site.css": "body{}",
            "theme/images/heron.png": PICTURE,
            "feeds/stories.atom.xml": "<feed/>",
            ".hidden": "secret",
            "theme/.hidden/index.html": "secret",
        },
    )
    (machine.folder / "outside.txt").write_text("secret", "utf-8")
    return machine


def test_before_the_first_edition_a_kind_page_asks_for_patience(machine):
    heard = machine.get("/")
    assert (heard.status, heard.headers["Retry-After"]) == (503, "10")
    assert "emergency number" in heard.text


def test_a_folder_is_its_index_and_is_named_with_a_slash(site):
    assert site.get("/stories/abc/").text == STORY
    moved = site.get("/stories/abc")
    assert (moved.status, moved.headers["Location"]) == (308, "/stories/abc/")


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/nowhere/",
        "/stories",
        "/stories/",
        "/stories/abc/index.html/",
        "/../outside.txt",
        "/stories/../../outside.txt",
        "/%2e%2e/outside.txt",
        "/stories/%2e%2e/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/..%5coutside.txt",
        "/stories\\..\\..\\outside.txt",
        "/.hidden",
        "/%2ehidden",
        "/theme/.hidden/",
        "/outside.txt",
        "/editions.sqlite",
        "/index.html%00.txt",
        "/index.html%0a",
        "/stories//abc/",
        "/stories/abc//",
        "/./index.html",
        "/%ff",
        "/st%C3%B8ries/",
        "//evil.example/",
        "/" + "a" * 5000,
        "/" + "a/" * 2000,
    ],
)
def test_every_other_address_is_one_and_the_same_page(site, path):
    heard = site.get(path)
    assert (heard.status, heard.text) == (404, "not here, but help is")
    assert "ETag" not in heard.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_the_site_is_only_ever_read(site, method):
    heard = site.ask(method, "/")
    assert (heard.status, heard.headers["Allow"]) == (405, "GET, HEAD")


def test_types_and_caches_come_from_the_table(site):
    style = site.get("/theme/css/site.css")
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    assert style.headers["Cache-Control"] == "public, max-age=3600"
    feed = site.get("/feeds/stories.atom.xml")
    assert feed.headers["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_who_has_the_page_already_is_not_sent_it_again(site):
    tag = site.get("/").headers["ETag"]
    again = site.get("/", If_None_Match=f'"other", W/{tag}')
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Content-Security-Policy"]
    assert site.get("/", If_None_Match='"other"').status == 200


def test_the_tag_depends_on_the_words_and_on_no_clock(site):
    first = site.get("/").headers["ETag"]
    site.publish({"index.html": "home"})
    assert site.get("/").headers["ETag"] == first
    site.publish({"index.html": "home again"})
    assert site.get("/").headers["ETag"] != first


def unpacked(heard):
    coding = heard.headers["Content-Encoding"]
    return {"br": brotli.decompress, "gzip": gzip.decompress}[coding](heard.body).decode()


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br, gzip", "br"),
        ("gzip, br", "br"),
        ("br;q=0.2, gzip;q=0.8", "br"),
        ("GZIP , BR ; q=1", "br"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("br; q=0.000, gzip", "gzip"),
        ("gzip", "gzip"),
        ("deflate, gzip;q=0.1", "gzip"),
    ],
)
def test_a_page_is_packed_as_well_as_the_other_side_can_unpack_it(site, accepted, coding):
    heard = site.get("/stories/abc/", Accept_Encoding=accepted)
    assert heard.headers["Content-Encoding"] == coding
    assert heard.headers["Vary"] == "Accept-Encoding"
    assert unpacked(heard) == STORY


@pytest.mark.parametrize("refusing", ["identity", "gzip;q=0", "br;q=0, gzip;q=0.0", "", "zstd"])
def test_who_can_unpack_nothing_gets_the_page_as_it_is(site, refusing):
    plain = site.get("/stories/abc/", Accept_Encoding=refusing)
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == "Accept-Encoding"
    assert plain.text == STORY


def test_each_way_of_packing_has_its_own_tag(site):
    plain, *packed = (
        site.get("/", Accept_Encoding=one).headers["ETag"] for one in ("", "br", "gzip")
    )
    assert packed == [f'{plain[:-1]}-br"', f'{plain[:-1]}-gz"']
    assert site.get("/", Accept_Encoding="br", If_None_Match=packed[0]).status == 304
    assert site.get("/", Accept_Encoding="gzip", If_None_Match=packed[0]).status == 200


def test_a_picture_is_sent_as_it_is(site):
    heard = site.get("/theme/images/heron.png", Accept_Encoding="br, gzip")
    assert heard.body == PICTURE
    assert heard.headers["Content-Encoding"] is None
    assert heard.headers["Vary"] is None


def test_the_page_for_what_is_not_there_is_packed_too(site):
    heard = site.get("/nowhere/", Accept_Encoding="br")
    assert (heard.status, unpacked(heard)) == (404, "not here, but help is")


def test_a_door_is_never_packed(site):
    assert "Content-Encoding" not in site.get("/api/share", Accept_Encoding="gzip").headers


def test_a_new_edition_replaces_the_old_one_whole(site):
    assert site.get("/stories/abc/").status == 200
    site.publish({"index.html": "new home", "404.html": "not here"})
    assert site.get("/").text == "new home"
    assert site.get("/stories/abc/").status == 404


def test_a_page_that_is_struck_is_gone_at_once(site):
    assert site.get("/stories/abc/", Accept_Encoding="gzip").status == 200
    Editions(site.folder).strike([b"a quiet morning"])
    assert site.get("/stories/abc/", Accept_Encoding="gzip").status == 404
    assert site.get("/").text == "home"


def test_editions_that_are_begun_anew_are_seen(site):
    assert site.get("/").text == "home"
    Editions(site.folder).start_anew()
    assert site.get("/").status == 503
    site.publish({"index.html": "home again"})
    assert site.get("/").text == "home again"


def test_editions_that_cannot_be_read_are_a_kind_page_until_they_are_made_anew(site):
    file = site.folder / FILE
    file.write_bytes(b"garbage " * (file.stat().st_size // 8))
    for path in ("/", "/stories/abc/", "/nowhere"):
        heard = site.get(path)
        assert (heard.status, heard.headers["Retry-After"]) == (503, "10")
        assert "emergency number" in heard.text
    Editions(site.folder).start_anew()
    site.publish({"index.html": "home again"})
    assert site.get("/").text == "home again"


class Shelf:
    """Pages in memory; how often each was fetched."""

    def __init__(self, pages):
        self.pages = pages
        self.now = (1, 1)
        self.damaged = False
        self.fetched = Counter()

    def edition(self):
        if self.damaged:
            raise sqlite3.DatabaseError
        return self.now

    def read(self, path):
        if self.damaged:
            raise sqlite3.DatabaseError
        self.fetched[path] += 1
        body = self.pages.get(path)
        return (sha256(body).hexdigest(), body) if body is not None else None


def test_a_page_is_fetched_and_packed_once_in_an_edition():
    shelf = Shelf({"index.html": b"home"})
    sheets = Sheets(shelf)
    assert sheets.at("/", "br") is sheets.at("/", "br")
    assert shelf.fetched == {"index.html": 1}
    shelf.now = (1, 2)
    assert sheets.at("/", "br") is not None
    assert shelf.fetched == {"index.html": 2}


def test_while_the_editions_cannot_be_read_what_is_in_memory_is_served():
    shelf = Shelf({"index.html": b"home", "help/index.html": b"help"})
    sheets = Sheets(shelf)
    assert sheets.at("/").body == b"home"
    shelf.damaged = True
    assert sheets.at("/").body == b"home"
    assert sheets.any()
    with pytest.raises(Damaged):
        sheets.at("/help/")
    shelf.damaged, shelf.now = False, (2, 1)
    shelf.pages["index.html"] = b"home again"
    assert sheets.at("/").body == b"home again"


def test_a_page_read_while_the_edition_changed_is_not_kept_for_the_new_one():
    shelf = Shelf({"index.html": b"old"})
    sheets = Sheets(shelf)

    class Slow(dict):
        def get(self, path):
            if shelf.now == (1, 1):
                shelf.now = (1, 2)
                assert sheets.at("/").body == b"new"  # somebody else, meanwhile
                return b"old"
            return b"new"

    shelf.pages = Slow()
    assert sheets.at("/").body == b"old"
    assert sheets.at("/").body == b"new"


def test_memory_for_pages_is_bounded_and_holds_only_the_edition_in_place():
    shelf = Shelf({f"{number}.html": b"%01000d" % number for number in range(50)})
    sheets = Sheets(shelf, room=10_000)
    for number in range(50):
        assert sheets.at(f"/{number}.html") is not None
    assert sum(len(sheet.body) for sheet in sheets._kept.values()) == sheets._weight
    assert 8_000 < sheets._weight <= 10_000
    shelf.now = (2, 1)
    assert sheets.at("/gone.html") is None
    assert not sheets._kept
    assert sheets._weight == 0
