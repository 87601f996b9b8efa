"""What a real Pelican build gives readers, and what it keeps from them."""

import html
import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.pages.pelican_runs import ROOT, Built, LoggedError, build, build_apart
from tests.pages.posts_folder import (
    GONE,
    TROUBLE,
    Up,
    canonical,
    id_of,
    lay_out,
    lines_of,
    make_post,
    many_posts,
    sha256,
    vouch,
)
from tests.pages.search_answers import settled

ATOM = "{http://www.w3.org/2005/Atom}"
VOCABULARY = json.loads((ROOT / "content" / "vocabulary.json").read_text("utf-8"))
TOPICS = [word["slug"] for word in VOCABULARY["topics"]]
STAGES = [word["slug"] for word in VOCABULARY["stages"]]
BY_HAND = {
    f"/{path.stem}/"
    for room in ("pages", "resources")
    for path in (ROOT / "content" / room).glob("*.md")
}


def story(number: int) -> str:
    """The address of a numbered story."""
    return f"/stories/{id_of(number)}/"


def linked_stories(page: str) -> list[str]:
    """The stories a page links to, in its order."""
    return re.findall(r'href="(/stories/[a-z2-7]{16}/)"', page)


def test_every_address_is_there(edition: Built) -> None:
    wanted = {"/", "/stories/", "/topics/", "/stages/", "/sitemap.xml", "/404.html", "/robots.txt"}
    wanted |= BY_HAND | {"/theme/css/site.css", "/feeds/stories.atom.xml"}
    wanted |= {f"/topics/{slug}/" for slug in TOPICS} | {f"/stages/{slug}/" for slug in STAGES}
    wanted |= {f"/feeds/topics/{slug}.atom.xml" for slug in TOPICS}
    wanted |= {story(up.slot) for up in many_posts()}
    wanted |= {f"/stories/page/{bucket}/" for bucket in (1, 3, 4, 5)}
    wanted |= {f"/topics/alcohol/page/{bucket}/" for bucket in (1, 3, 4, 5)}
    wanted |= {"/sitemaps/site.xml", f"/sitemaps/stories-{id_of(5)[0]}.xml"}
    assert wanted <= edition.addresses()


def test_nothing_is_there_that_nobody_asked_for(edition: Built) -> None:
    known = r"/404\.html|/(stories|topics|stages|arcs|helped|feeds|theme|search)/.*|/robots\.txt"
    known += r"|/sitemap\.xml|/sitemaps/(site|stories-[a-z2-7])\.xml"
    strange = {a for a in edition.addresses() - BY_HAND - {"/"} if not re.fullmatch(known, a)}
    assert strange == set()
    assert not any(a.endswith((".jsonl", ".md", ".csv")) for a in edition.addresses())


def test_the_report_says_what_was_built(edition: Built) -> None:
    built = {"set_aside": [], "stories": len(many_posts()), "leftovers": [], "whole": True}
    nothing_before = {"added": [], "changed": [], "removed": []}
    health = edition.report["health"]
    assert edition.report == built | nothing_before | {"health": health}


def test_help_stands_before_the_main_content_of_every_page(edition: Built) -> None:
    for address, page in edition.pages().items():
        before = page.partition("<main")[0]
        assert '<aside class="help"' in before, address
        assert "tel:" in before or "sms:" in before, address


class Strict(HTMLParser):
    """Notes whatever the site's content security policy would block, and any outside resource."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.blocked: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        inline = [name for name in given if name == "style" or name.startswith("on")]
        fetched = given.get("src") or (given.get("href") if tag == "link" else None)
        outside = fetched is not None and not re.match(r"/(?!/)", fetched)
        scheme = (given.get("href") or "").partition(":")[0].lower() in ("javascript", "data")
        if inline or outside or scheme or tag in ("style", "iframe", "object", "embed", "base"):
            self.blocked.append(f"<{tag} {given}>")
        if tag == "script" and "src" not in given:
            self.blocked.append("<script> with a body")


def test_nothing_is_inline_and_nothing_comes_from_outside(edition: Built) -> None:
    blocked = {address: Strict(page).blocked for address, page in edition.pages().items()}
    assert {address: found for address, found in blocked.items() if found} == {}


def test_markup_and_template_syntax_in_a_story_are_shown_to_the_letter(edition: Built) -> None:
    page = edition.read(story(3))
    title = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert title
    assert html.unescape(title[1]) == TROUBLE
    assert "<b>bold</b>" not in page
    assert "<p>{{ 7*7 }} {filename}x Save_as: y</p>" in page
    assert TROUBLE in html.unescape(edition.read("/stories/page/1/"))


# The pages by hand may name days (when a number was checked); stories and their lists may not.
A_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2} (?:January|May|November) \d{4}|\d\d:\d\d|lastmod")


def test_no_time_finer_than_the_month_is_in_anything_made_of_stories(edition: Built) -> None:
    for address in edition.addresses() - BY_HAND:
        if address.startswith("/theme/"):
            continue
        main = edition.read(address).rpartition("</aside>")[2]
        text = re.sub(r"<updated>\d{4}-\d\d-01T00:00:00Z</updated>", "", main)
        assert not A_DAY.search(text), address
    assert "November 2026" not in edition.read(story(5))
    assert "January 2026" in edition.read(story(5))


def test_no_files_date_tells_when_it_came(edition: Built) -> None:
    times = {path.stat().st_mtime for path in edition.folder.rglob("*") if path.is_file()}
    assert times == {946_684_800}


def test_examples_say_so_on_page_list_and_feed(edition: Built, tmp_path: Path) -> None:
    words = re.compile(r">(?:This is an e|E)xample[^<]*<")
    assert len(words.findall(edition.read(story(6)))) == 1
    assert not words.search(edition.read(story(5)))
    assert len(words.findall(edition.read("/stories/page/1/"))) == 1
    posts = lay_out(tmp_path / "posts", [Up(make_post(6, example=True), 0)])
    feed = build(posts, tmp_path / "site").read("/feeds/stories.atom.xml")
    assert "<title>Example: Story number 6</title>" in feed


def test_a_story_without_a_title_is_named_by_its_pen_name(edition: Built) -> None:
    assert "A story by Slow River" in edition.read(story(7))
    assert "A story by Slow River" in edition.read("/feeds/topics/grief.atom.xml")


def test_an_excerpt_is_short_and_shorter_where_the_matter_is_hard(edition: Built) -> None:
    listed = edition.read("/stories/page/1/")
    excerpts = re.findall(r'<p class="excerpt"[^>]*>(.*?)</p>', listed)
    assert max(len(excerpt.split()) for excerpt in excerpts) == 40
    assert any(excerpt.endswith("five…") for excerpt in excerpts)
    assert "10 min read" in edition.read(story(8))


def located(built: Built, address: str) -> list[str]:
    """The addresses that a sitemap gives, in its order."""
    return re.findall(r"<loc>https://stories\.example(.*?)</loc>", built.read(address))


def indexed(built: Built) -> list[str]:
    """What search engines are told of: every address of every sitemap of the index."""
    return [found for one in located(built, "/sitemap.xml") for found in located(built, one)]


def test_the_sitemaps_are_those_that_hold_anything(edition: Built) -> None:
    there = {a for a in edition.addresses() if a.startswith("/sitemaps/")}
    assert located(edition, "/sitemap.xml") == sorted(there)
    assert all(located(edition, address) for address in there)


def test_only_findable_stories_may_be_indexed(edition: Built) -> None:
    numbers = [up.slot for up in many_posts()]
    open_ones = [n for n in numbers if 'content="noindex' not in edition.read(story(n))]
    assert open_ones == [5]
    ways_in = {"/", "/topics/", "/stages/", "/arcs/", "/helped/"}
    assert set(indexed(edition)) == {*ways_in, story(5), *BY_HAND}
    for page in ("/stories/", "/stories/page/1/", "/topics/alcohol/", "/404.html"):
        assert 'content="noindex' in edition.read(page)
    for page in ("/", "/topics/", *BY_HAND):
        assert 'content="noindex' not in edition.read(page)


def test_the_front_of_a_list_is_its_two_newest_buckets(edition: Built) -> None:
    front = edition.read("/stories/")
    assert linked_stories(front) == [story(n) for n in range(89, 59, -1)]
    assert 'href="/stories/page/3/">Older stories' in front
    assert "Newer stories" not in front


def test_links_between_buckets_pass_over_the_empty_one(edition: Built) -> None:
    third, first = edition.read("/stories/page/3/"), edition.read("/stories/page/1/")
    assert linked_stories(third) == [story(n) for n in range(59, 39, -1)]
    assert 'href="/stories/page/1/">Older stories' in third
    assert 'href="/stories/">Newer stories' in third
    assert 'href="/stories/page/3/">Newer stories' in first
    assert "Older stories</a>" not in first
    assert f"/stories/page/{GONE[0] // 20 + 1}/" not in edition.addresses()


def test_a_list_without_stories_still_has_a_kind_page(edition: Built) -> None:
    page = edition.read("/topics/gambling/")
    assert linked_stories(page) == []
    assert "/api/share" in page.partition("<main")[2].partition("</main")[0]


def test_a_feed_gives_the_newest_twenty_with_months_for_times(edition: Built) -> None:
    feed = ElementTree.fromstring(edition.read("/feeds/stories.atom.xml"))
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert ids == [f"tag:stories.example,2026:stories/{id_of(n)}" for n in range(89, 69, -1)]
    assert feed.findtext(f"{ATOM}updated") == "2026-09-01T00:00:00Z"
    assert entries[-1].findtext(f"{ATOM}updated") == "2026-08-01T00:00:00Z"
    assert entries[0].findtext(f"{ATOM}author/{ATOM}name") == "Quiet Heron"
    content = entries[0].find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert content.text == make_post(89)["body"]


def test_an_empty_feed_has_a_fixed_date(edition: Built) -> None:
    feed = ElementTree.fromstring(edition.read("/feeds/topics/gambling.atom.xml"))
    assert feed.findtext(f"{ATOM}updated") == "2026-01-01T00:00:00Z"
    assert feed.findall(f"{ATOM}entry") == []


def test_robots_txt_asks_training_crawlers_to_stay_out(edition: Built) -> None:
    training, _, others = edition.read("/robots.txt").partition("User-agent: *")
    for crawler in ("GPTBot", "ClaudeBot", "Google-Extended", "CCBot", "PerplexityBot"):
        assert f"User-agent: {crawler}\n" in training
    assert "\nDisallow: /\n" in training
    assert {"Disallow: /api/", "Disallow: /moderation/"} <= set(others.splitlines())


def test_the_same_posts_make_the_same_bytes(edition: Built, tmp_path: Path) -> None:
    again = build(lay_out(tmp_path / "posts", reversed(many_posts())), tmp_path / "site")
    assert again.files() == edition.files()


def test_a_withdrawn_story_leaves_its_lists_and_nothing_else_moves(
    edition: Built, tmp_path: Path
) -> None:
    kept = [up for up in many_posts() if up.slot != 45]
    without = build(lay_out(tmp_path / "posts", kept), tmp_path / "site")
    before, after = settled(edition.files()), settled(without.files())
    assert before.keys() - after.keys() == {story(45)[1:] + "index.html"}
    assert after.keys() <= before.keys()
    changed = {name for name in after if after[name] != before[name]}
    lists = ("stories", "topics/alcohol", "stages/first-year", "arcs/upward", "helped/nature")
    led_there = {
        name for name in before.keys() & after.keys()
        if re.fullmatch(r"stories/\w{16}/index.html", name) and id_of(45).encode() in before[name]
    }  # fmt: skip
    found = {"search/told/3.txt", "search, what it finds"}
    assert changed == found | led_there | {f"{name}/page/3/index.html" for name in lists}
    assert not any(id_of(45).encode() in content for content in after.values())


def test_a_second_build_into_the_same_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    posts = lay_out(tmp_path / "posts", [Up(make_post(1), 0), Up(make_post(2), 1)])
    assert story(1) in build(posts, tmp_path / "site").addresses()
    shutil.rmtree(posts)
    lay_out(posts, [Up(make_post(2), 1)])
    assert story(1) not in build(posts, tmp_path / "site").addresses()


Spoil = Callable[[Path], object]
SPOILED: dict[str, tuple[Spoil, str]] = {
    "edited": (lambda f: f.write_bytes(f.read_bytes().replace(b"how", b"now")), "SHA-256"),
    "truncated": (lambda f: f.write_bytes(f.read_bytes()[:50]), "SHA-256"),
    "missing": (Path.unlink, "missing"),
    "a folder": (lambda f: (f.unlink(), f.mkdir()), "cannot be read"),
}
"""What may happen to a file after the press wrote it, and what is said of it."""

UNFIT: dict[str, tuple[object, str]] = {
    "not a record": (["not a record"], "not a record"),
    "extra field": ({**make_post(12), "email": "a@b.example"}, "unknown: ['email']"),
    "path in the id": (make_post(13, id="../../../../x"), "may not be so: ['id']"),
    "script": (make_post(14, body="<p>x</p><script>alert(1)</script>"), "other than text"),
}
"""What the manifest may vouch for and still is not shown."""


def test_bad_files_are_set_aside_by_name_and_the_rest_is_built(tmp_path: Path) -> None:
    posts = lay_out(tmp_path / "posts", [Up(make_post(n), n) for n in range(12)])
    reasons = {}
    for number, (spoil, why) in enumerate(SPOILED.values()):
        spoil(posts / f"{id_of(number)}.json")
        reasons[id_of(number)] = why
    for number, (record, why) in enumerate(UNFIT.values(), start=11):
        vouch_for(posts, id_of(number), canonical(record))
        reasons[id_of(number)] = why
    (posts / "stranger.json").write_bytes(canonical(make_post(99)))
    reasons["stranger"] = "does not know"
    built = build(posts, tmp_path / "site")
    assert {left["id"] for left in built.report["set_aside"]} == set(reasons)
    for left in built.report["set_aside"]:
        assert reasons[left["id"]] in left["why"]
        assert left["id"] in built.said
    shown = {a for a in built.addresses() if re.fullmatch(r"/stories/[a-z2-7]{16}/", a)}
    assert shown == {story(n) for n in range(len(SPOILED), 11)}


def vouch_for(posts: Path, id: str, content: bytes) -> None:
    """Write a file, and a line for it that has the right hash."""
    (posts / f"{id}.json").write_bytes(content)
    part = posts / "parts" / f"{id[:2]}.jsonl"
    lines = part.read_bytes().splitlines(keepends=True) if part.exists() else []
    own = lines_of({**Up(make_post(0), 50).line(), "id": id, "hash": sha256(content)})
    kept = [line for line in lines if json.loads(line)["id"] != id]
    part.write_bytes(b"".join(sorted([*kept, own])))
    vouch(posts)


def test_every_example_that_ships_can_be_published(tmp_path: Path) -> None:
    files = sorted((ROOT / "content" / "examples").glob("*.json"))
    records = [json.loads(path.read_text("utf-8")) for path in files]
    posts = lay_out(tmp_path / "posts", [Up(record, n) for n, record in enumerate(records)])
    built = build(posts, tmp_path / "site")
    assert built.report["set_aside"] == []
    assert built.report["stories"] == len(records) > 0
    assert all(record["example"] for record in records)


@pytest.mark.parametrize("there", ["nothing", "an empty folder"])
def test_without_posts_the_rest_of_the_site_is_built(tmp_path: Path, there: str) -> None:
    if there == "an empty folder":
        (tmp_path / "posts").mkdir()
    built = build(tmp_path / "posts", tmp_path / "site")
    assert "There are no stories here yet" in built.read("/")
    assert built.addresses() >= BY_HAND


def test_posts_without_a_manifest_fail_the_build_with_a_clear_sentence(tmp_path: Path) -> None:
    posts = lay_out(tmp_path / "posts", [Up(make_post(1), 0)])
    (posts / "manifest.jsonl").unlink()
    built = build_apart(posts, tmp_path / "site")
    assert built.code == 1
    assert "ManifestError: cannot read" in " ".join(built.said.split())


def test_pelican_alone_builds_the_same_site(edition: Built, tmp_path: Path) -> None:
    built = build_apart(lay_out(tmp_path / "posts", many_posts()), tmp_path / "site")
    assert built.code == 0, built.said
    assert built.files() == edition.files()
    assert built.report == edition.report


def test_a_plugin_that_cannot_be_imported_fails_the_build(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "broken_strip.py").write_text("import no_such_module\n")
    paths = [str(tmp_path / "plugins"), str(ROOT / "site" / "plugins")]
    plugins = ["help_strip", "story_pages", "even_times", "broken_strip"]
    with pytest.raises(LoggedError, match="broken_strip"):
        build(tmp_path / "posts", tmp_path / "site", PLUGIN_PATHS=paths, PLUGINS=plugins)


def test_a_slug_that_the_vocabulary_has_dropped_keeps_its_page(tmp_path: Path) -> None:
    record = make_post(1, topics=["old-word"], stage="lost-stage")
    built = build(lay_out(tmp_path / "posts", [Up(record, 0)]), tmp_path / "site")
    assert linked_stories(built.read("/topics/old-word/")) == [story(1)]
    assert ">Old word</a>" in built.read("/topics/")
    assert "/feeds/topics/old-word.atom.xml" in built.addresses()
    assert "/stages/lost-stage/page/1/" in built.addresses()


def test_in_production_no_unverified_number_is_shown(tmp_path: Path) -> None:
    built = build(tmp_path / "posts", tmp_path / "site", HANDRAIL_ENV="production")
    assert "have not yet been checked" not in "".join(built.pages().values())
    assert all('<aside class="help"' in page for page in built.pages().values())
