import gzip

import pytest

from infra.local.sheets import Sheets
from tests.doors.local_machine import running

STORY = "<p>" + "a quiet morning " * 200 + "</p>"


@pytest.fixture
def machine(tmp_path):
    with running(tmp_path) as machine:
        yield machine


@pytest.fixture
def site(machine):
    machine.publish(
        "1",
        {
            "index.html": "home",
            "404.html": "not here, but help is",
            "stories/abc/index.html": STORY,
            "theme/css/site.css": "body{}",
            "feeds/stories.atom.xml": "<feed/>",
            ".hidden": "secret",
            "theme/.hidden/index.html": "secret",
        },
    )
    (machine.folder / "outside.txt").write_text("secret", "utf-8")
    (machine.folder / "1" / "escape.txt").symlink_to(machine.folder / "outside.txt")
    (machine.folder / "1" / "escape").symlink_to(machine.folder)
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
        "/escape.txt",
        "/escape/outside.txt",
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
    site.publish("2", {"index.html": "home"})
    assert site.get("/").headers["ETag"] == first
    site.publish("3", {"index.html": "home again"})
    assert site.get("/").headers["ETag"] != first


def test_a_page_is_packed_only_for_who_can_unpack_it(site):
    packed = site.get("/stories/abc/", Accept_Encoding="br, gzip;q=0.8")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body).decode() == STORY
    for refusing in ("identity", "gzip;q=0", ""):
        plain = site.get("/stories/abc/", Accept_Encoding=refusing)
        assert "Content-Encoding" not in plain.headers
        assert plain.text == STORY
        assert plain.headers["ETag"] != packed.headers["ETag"]
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_a_door_is_never_packed(site):
    assert "Content-Encoding" not in site.get("/api/share", Accept_Encoding="gzip").headers


def test_a_new_edition_replaces_the_old_one_whole(site):
    assert site.get("/stories/abc/").status == 200
    site.publish("2", {"index.html": "new home", "404.html": "not here"})
    assert site.get("/").text == "new home"
    assert site.get("/stories/abc/").status == 404


def test_a_page_taken_out_of_the_current_edition_is_gone_at_once(site):
    assert site.get("/stories/abc/", Accept_Encoding="gzip").status == 200
    (site.folder / "1" / "stories" / "abc" / "index.html").unlink()
    assert site.get("/stories/abc/", Accept_Encoding="gzip").status == 404


def test_memory_for_pages_is_bounded_and_holds_only_the_current_edition(tmp_path):
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
        for number in range(50):
            (tmp_path / name / f"{number}.html").write_text(f"{number:01000}", "utf-8")
    current = tmp_path / "current"
    current.symlink_to("1")
    sheets = Sheets(current, room=10_000)
    for number in range(50):
        assert sheets.at(f"/{number}.html") is not None
    assert sum(sheet.weight for sheet in sheets._kept.values()) <= 10_000
    current.unlink()
    current.symlink_to("2")
    assert sheets.at("/gone.html") is None
    assert not sheets._kept
