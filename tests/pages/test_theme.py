"""The theme's promises: small, nothing from elsewhere, nothing inline, help first, readable."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

THEME = Path(__file__).parents[2] / "site" / "theme"
TEMPLATES = THEME / "templates"
CSS = (THEME / "static" / "css" / "site.css").read_text(encoding="utf-8")
DESK_CSS = (THEME / "static" / "css" / "desk.css").read_text(encoding="utf-8")
FONTS = THEME / "static" / "fonts"
ALL_TEMPLATES = sorted(TEMPLATES.rglob("*.html"))
DRAWINGS = sorted((THEME / "static" / "img").glob("*.svg"))
IN_FRAME = ('{% extends "base.html" %}', '{% extends "resource.html" %}')
PAGES = [path for path in ALL_TEMPLATES if any(e in path.read_text("utf-8") for e in IN_FRAME)]

# (what is drawn, what it stands on): WCAG 2.2 AA asks 4.5 of text and 3 of edges and marks.
TEXT_PAIRS = [
    *((text, ground) for text in ("ink", "soft", "link") for ground in ("paper", "card", "lamp")),
    *((text, ground) for text in ("brass", "care") for ground in ("paper", "card")),
    ("care", "care-wash"),
    ("ink", "care-wash"),
    ("ink", "mark"),
    ("press-ink", "press"),
]
EDGE_PAIRS = [("edge", "paper"), ("edge", "card"), ("press", "paper"), ("link", "lamp")]

LINE = SimpleNamespace(
    name="A line", country_name="Somewhere", phone="116 123", tel="116123", also=(), sms_to="",
    sms_word="", hours="24 hours a day", always_open=True, url="https://example.org/",
)  # fmt: skip
TEXT_LINE = SimpleNamespace(
    **{**vars(LINE), "phone": "", "tel": "", "sms_to": "741741", "sms_word": "HOME"}
)
HELP = SimpleNamespace(
    strip=[LINE, TEXT_LINE], emergency="In danger? Call 112.", directory=LINE, own=None,
    unverified=True, countries=[SimpleNamespace(code="ZZ", name="Somewhere", lines=[LINE])],
)  # fmt: skip
TOPIC = SimpleNamespace(slug="alcohol", label="Alcohol", sentence="For anyone.")
SUICIDE = SimpleNamespace(slug="suicide", label="Suicide", sentence="")


def make_story(**given: object) -> SimpleNamespace:
    """A story as the generator hands it to the templates."""
    defaults: dict[str, object] = {
        "id": "a" * 16, "title": "The <b> title", "body": "<p>Word.</p>", "pen_name": "Quiet Heron",
        "month": "2026-11", "topics": [TOPIC], "helped": [TOPIC], "about_me": [],
        "content_notes": [], "stage": TOPIC, "arc": None, "minutes": 3, "findable": True,
        "help": (), "example": False, "url": "/stories/aaaaaaaaaaaaaaaa/", "excerpt": "Word.",
        "heavy": False,
    }  # fmt: skip
    return SimpleNamespace(**{**defaults, **given})


def render(template: str, **context: object) -> str:
    """The page as Pelican and the doors make it: autoescape on."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(template).render(help=HELP, **context)


def render_strict(source: str, **context: object) -> str:
    """A page as the doors make it: a name that is not there is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return environment.from_string(source).render(**context)


def render_list(stories: list[SimpleNamespace], **context: object) -> str:
    """A list as the build makes it, which hands it the cards."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    macros: Any = environment.get_template("cards.html").module
    shown = {"heading": "Stories", "sentence": "", "is_front": True, "newer_url": "", **context}
    return environment.get_template("list.html").render(
        help=HELP, stories=stories, story_card=macros.story_card, **shown
    )


def render_form(body: str, **context: object) -> str:
    """A door's fields, made with the form macros."""
    return render_strict('{% import "macros.html" as m %}' + body, **context)


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def themes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    return {"light": colours(light), "dark": {**colours(light), **colours(dark)}}


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of "#rrggbb" (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


class Tags(HTMLParser):
    """Every opening tag of a page with its attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def having(self, **wanted: str) -> list[dict[str, str | None]]:
        return [a for _, a in self.found if all(a.get(k) == v for k, v in wanted.items())]


def test_the_stylesheet_stays_under_six_kilobytes() -> None:
    assert len(gzip.compress(CSS.encode(), 9, mtime=0)) <= 6 * 1024


def test_a_story_and_all_its_style_stay_under_fourteen_kilobytes() -> None:
    page = render("story.html", story=make_story(body="<p>A few plain words.</p>" * 400))
    assert sum(len(gzip.compress(part.encode(), 9, mtime=0)) for part in (page, CSS)) <= 14 * 1024


@pytest.mark.parametrize("sheet", [CSS, DESK_CSS], ids=["site", "desk"])
def test_a_stylesheet_loads_nothing_from_elsewhere(sheet: str) -> None:
    assert "@import" not in sheet
    named = re.findall(r"url\(\s*[\"']?([^\"')]+)", sheet)
    assert all(re.match(r"\.\./(img|fonts)/[\w-]+\.(svg|woff2)$", url) for url in named)
    assert all((THEME / "static" / "css" / url).is_file() for url in named)


def test_the_one_font_is_small_comes_with_its_licence_and_never_moves_what_is_read() -> None:
    (font,) = FONTS.glob("*.woff2")
    assert font.stat().st_size <= 35_000
    assert CSS.count("@font-face") == 1
    assert f"../fonts/{font.name}" in CSS
    assert f"/theme/fonts/{font.name}" in (TEMPLATES / "base.html").read_text("utf-8")
    assert "font-display: optional" in CSS
    assert "SIL Open Font License" in (FONTS / "OFL.txt").read_text("utf-8")


def test_only_the_desk_loads_the_style_of_the_desk() -> None:
    frame = '{% extends "base.html" %}{% set page_class = given %}'
    assert "desk.css" in render_strict(frame, help=HELP, given="desk")
    assert "desk.css" not in render_strict(frame, help=HELP, given="story")


@pytest.mark.parametrize("image", DRAWINGS, ids=lambda path: path.name)
def test_a_drawing_is_only_a_drawing(image: Path) -> None:
    drawing = image.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"<script|<style|style=|href|url\(|https?:|data:|\son\w+=", drawing)


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_anything_inline(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(
        r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|[\"'(]data:", source
    )
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", source, re.DOTALL):
        assert re.search(r'src="/theme/js/[\w-]+\.js"', attributes)
        assert not body.strip()


def test_no_template_loads_anything_from_elsewhere() -> None:
    elsewhere = re.compile(r"(src|action)=\"(https?:)?//|<link[^>]*https?:")
    for path in ALL_TEMPLATES:
        assert not elsewhere.search(path.read_text(encoding="utf-8"))


def test_the_frame_includes_the_help_strip_before_the_main_content() -> None:
    frame = (TEMPLATES / "base.html").read_text(encoding="utf-8")
    assert frame.index('{% include "help_strip.html" %}') < frame.index('<main id="main"')
    assert "{% block" not in frame[frame.index("<body") : frame.index("<main")]


def test_the_way_out_stands_before_all_else_and_is_a_link_without_script() -> None:
    page = render("not_found.html")
    way_out = Tags(page).having(**{"class": "leave-now"})[0]
    assert str(way_out["href"]).startswith("https://")
    assert page.index("leave-now") < page.index("<header")


def test_help_stands_at_the_same_places_in_every_frame() -> None:
    """The strip, the link in the main row and the link in the foot (WCAG 2.2, 3.2.6)."""
    page = render("not_found.html")
    top, foot = page[: page.index("<main")], page[page.index("<footer") :]
    assert top.count('href="/help/"') == 2
    assert foot.count('href="/help/"') == 1


def test_every_page_stands_in_the_frame() -> None:
    parts = {
        "base.html",
        "cards.html",
        "changes.html",
        "guide_groups.html",
        "help_blocks.html",
        "help_lines.html",
        "help_strip.html",
        "leave.html",
        "macros.html",
        "message.html",
    }
    whole = {path.name for path in TEMPLATES.glob("*.html")} - parts
    assert whole == {path.name for path in PAGES if path.parent == TEMPLATES}
    for path in PAGES:
        source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert source.lstrip().startswith(IN_FRAME)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_words_can_be_read_on_their_ground(theme: str, text: str, ground: str) -> None:
    palette = themes()[theme]
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_and_focus_rings_can_be_seen(theme: str, edge: str, ground: str) -> None:
    palette = themes()[theme]
    assert contrast(palette[edge], palette[ground]) >= 3


def test_the_strip_shows_numbers_as_text_and_as_links() -> None:
    page = render("not_found.html")
    links = [attributes.get("href") for _, attributes in Tags(page).found]
    assert {"tel:116123", "sms:741741?body=HOME", "/help/"} <= set(links)
    assert "116 123" in page
    assert 'text HOME to <bdi dir="ltr">741741</bdi>' in page
    assert "have not yet been checked by us" in page


def test_a_number_keeps_its_order_on_a_right_to_left_page() -> None:
    assert Tags(render("not_found.html")).having(href="tel:116123", dir="ltr")


def test_a_story_is_out_of_search_engines_unless_its_author_asked() -> None:
    assert 'name="robots"' in render("story.html", story=make_story(findable=False))
    assert 'name="robots"' in render("story.html", story=make_story(example=True))
    assert 'name="robots"' not in render("story.html", story=make_story())


def test_home_holds_no_words_of_a_story_kept_from_search_engines() -> None:
    hidden = make_story(excerpt="A quiet sentence.", findable=False)
    page = render("home.html", newest=[hidden], topics=[TOPIC], stages=[TOPIC])
    assert "A quiet sentence." not in page


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"topics": [TOPIC, SUICIDE]}, "About alcohol, suicide"),
        ({"topics": [], "stage": SimpleNamespace(label="First year")}, "First year"),
        ({"topics": [], "stage": None}, "A story"),
    ],
)
def test_a_card_without_a_title_says_what_the_story_is_about(
    given: dict[str, object], named: str
) -> None:
    link = f'<a href="/stories/aaaaaaaaaaaaaaaa/">{named}</a>'
    hidden = make_story(findable=False, **given)
    assert link in render("home.html", newest=[hidden], topics=[], stages=[])
    assert link in render_list([make_story(title="", **given)])


def test_on_a_narrow_screen_the_strip_holds_what_can_be_called_at_once() -> None:
    page = render("not_found.html")
    strip = page[page.index("<aside") : page.index("</aside>")]
    narrow = re.sub(r'<(p|span) class="on-wide">.*?</\1>', "", strip, flags=re.DOTALL)
    assert narrow != strip
    assert HELP.emergency in narrow
    assert {"tel:116123", "/help/"} <= {a.get("href") for _, a in Tags(narrow).found}
    assert "A line</a>" not in narrow


@pytest.mark.parametrize(("settled", "begins"), [(True, "<p>"), (False, '<p class="on-wide">')])
def test_the_own_line_is_in_every_strip_once_its_hours_are_known(
    settled: bool, begins: str
) -> None:
    own = {**vars(LINE), "name": "Our own", "answered_by": "peers", "settled": settled}
    shown = SimpleNamespace(**{**vars(HELP), "own": SimpleNamespace(**own)})
    strip = render_strict('{% include "help_strip.html" %}', help=shown)
    assert f"{begins}Our own: " in strip


def test_where_no_line_may_show_the_strip_leads_to_the_directory_on_every_screen() -> None:
    bare = SimpleNamespace(**{**vars(HELP), "strip": []})
    strip = render_strict('{% include "help_strip.html" %}', help=bare)
    assert 'class="on-wide">Anywhere else' not in strip
    assert "<span>Anywhere else" in strip


def test_a_story_about_suicide_has_help_above_and_below() -> None:
    page = render("story.html", story=make_story(content_notes=[SUICIDE], heavy=True))
    assert page.count('<aside class="help"') == 2
    assert page.index("This story mentions: suicide.") < page.index("<h1")
    assert render("story.html", story=make_story()).count('<aside class="help"') == 1


def test_a_list_can_leave_out_what_is_heavy_and_stays_so_from_page_to_page() -> None:
    stories = [make_story(content_notes=[SUICIDE], heavy=True), make_story(title="Light")]
    page = render_list(stories, older_url="/stories/page/1/")
    tags = Tags(page)
    assert [a["class"] for tag, a in tags.found if tag == "article"] == ["card heavy", "card"]
    assert tags.having(id="without")
    assert tags.having(href="#without")
    assert tags.having(href="#all")
    assert tags.having(href="/stories/page/1/")
    assert tags.having(href="/stories/page/1/#without")
    for hidden in ("#without:target .heavy", "#without:not(:target) .in-without"):
        assert re.search(rf"{re.escape(hidden)}[^{{}}]*{{ display: none; }}", CSS)


def test_a_card_says_to_its_readers_device_what_it_is_about() -> None:
    (card,) = Tags(render_list([make_story(content_notes=[SUICIDE])])).having(**{"class": "card"})
    assert card["data-notes"] == "suicide"
    assert card["data-topics"] == "alcohol"


def test_an_example_says_so_before_its_title() -> None:
    page = render("story.html", story=make_story(example=True))
    assert page.index("This is an example") < page.index("<h1")


def test_a_story_without_a_title_is_named_by_its_pen_name() -> None:
    assert "A story by Quiet Heron" in render("story.html", story=make_story(title=""))
    assert "The &lt;b&gt; title" in render("story.html", story=make_story())


def test_an_error_leads_to_its_field_and_the_field_to_its_error() -> None:
    page = render_form(
        '{{ m.error_summary({"body": "Too short."}, {"body": "Your story"}) }}'
        '{{ m.text_area("body", "Your story", "Plain words.", typed, "Too short.") }}',
        typed="\n</textarea><b>",
    )
    tags = Tags(page)
    assert tags.having(href="#field-body")
    assert tags.having(role="alert")
    (field,) = tags.having(id="field-body")
    assert field["aria-describedby"] == "hint-body error-body"
    assert field["aria-invalid"] == "true"
    assert ">\n\n&lt;/textarea&gt;&lt;b&gt;</textarea>" in page


def test_choices_keep_what_was_chosen_and_allow_saying_nothing() -> None:
    page = render_form(
        '{{ m.checkboxes("topic", "Topics", options, ["grief"]) }}'
        '{{ m.radios("arc", "Arc", options) }}',
        options=[{"slug": "alcohol", "label": "Alcohol"}, {"slug": "grief", "label": "Grief"}],
    )
    tags = Tags(page)
    checked = [(a["name"], a["value"]) for _, a in tags.found if "checked" in a]
    assert checked == [("topic", "grief"), ("arc", "")]
    assert tags.having(id="field-topic", value="alcohol")


def test_the_frame_stands_in_a_door_that_forgives_no_missing_name() -> None:
    frame = '{% extends "base.html" %}{% block main %}<h1>Here</h1>{% endblock %}'
    page = render_strict(frame, help=HELP)
    assert page.index('<aside class="help"') < page.index("<h1>Here</h1>")


def test_a_month_is_said_in_words() -> None:
    assert render_form('{{ m.month_name("2026-11") }}') == "November 2026"
