"""What the plugins ask of Pelican: names that it makes public, in the version that is installed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta, nodes
from pelican.generators import Generator
from pelican.plugins import signals

from tests.pages.pelican_runs import ROOT
from tests.pages.posts_folder import Up, lay_out, make_post
from tests.pages.small_site import Site, make_site


def test_the_installed_pelican_is_the_one_that_is_asked_for() -> None:
    asked = re.findall(r"^pelican==(.*)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert asked == [version("pelican")]
    assert re.fullmatch(r"4\.12\.\d+", asked[0]), "read what changed, then change this test"


def test_a_plugin_meets_what_ours_rely_on_in_this_order(tmp_path: Path) -> None:
    site, output = make_site(tmp_path / "site"), tmp_path / "elsewhere"
    given = {
        "PATH": str(site.folder / "content"),
        "THEME": str(site.folder / "theme"),
        "OUTPUT_PATH": str(tmp_path / "output"),
    }
    probe = [sys.executable, "-m", "tests.pages.pelican_probe", str(output), json.dumps(given)]
    done = subprocess.run(probe, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr) == {
        "begun": ["initialized"],
        "met": [
            "initialized", "get_generators", "generator_init", "generate_context",
            "generate_output", "finalized",
        ],
        "has its templates": True,
        "has the settings": True,
        "writes to": str(output),
        "knows the site's name": "Handrail",
    }  # fmt: skip
    assert [path for path in output.rglob("*") if path.is_file()] == []
    assert not (tmp_path / "output").exists()


ROOMS = (ROOT / "site" / "plugins", ROOT / "editions")


def test_nothing_that_makes_a_page_asks_what_time_it_is() -> None:
    """So a clock that was moved can change none."""
    files = [file for room in ROOMS for file in room.rglob("*.py")]
    asking = re.compile(r"^\s*(?:import|from) (?:time|datetime|calendar)\b", re.MULTILINE)
    assert len(files) > 10
    assert [file.name for file in files if asking.search(file.read_text("utf-8"))] == []


# --- What a template may be made of -------------------------------------------------------------

MACHINE_READ = ROOT / "site" / "plugins" / "story_pages" / "machine_read"
OF_STORIES = (
    "story.html", "list.html", "home.html", "vocabulary.html", "not_found.html",
    "feed.atom.xml", "sitemap_index.xml", "robots.txt",
)  # fmt: skip
"""Templates of pages that are made although the hand-written ones are not."""
THEME = Environment(
    loader=FileSystemLoader([ROOT / "site" / "theme" / "templates", MACHINE_READ]), autoescape=True
)
ALWAYS = {"SITEHOST", "help", "help_by_topic", "help_strip", "story_card"}
"""What plugins put in reach of all templates, made of nothing but the frame."""


def parts_of(template: str, known: set[str]) -> Iterator[nodes.Template]:
    """A template and all that it takes in, parsed."""
    if template in known:
        return
    known.add(template)
    assert THEME.loader
    tree = THEME.parse(THEME.loader.get_source(THEME, template)[0])
    yield tree
    for other in meta.find_referenced_templates(tree):
        assert other is not None, f"{template} takes in what only a build can name"
        yield from parts_of(other, known)


@pytest.fixture(scope="module")
def only_sometimes(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What a build has in its context only now and then, or whose change makes no page anew."""
    site: Site = make_site(tmp_path_factory.mktemp("ways") / "site", Up(make_post(1), 1))
    lay_out(site.posts, site.ups.values())
    found: set[str] = set()

    def look(generators: list[Generator]) -> None:
        for generator in generators:
            found.update(generator.context.keys() - generator.settings.keys() - ALWAYS)

    signals.all_generators_finalized.connect(look)
    site.clean()
    return found


@pytest.mark.parametrize("template", OF_STORIES)
def test_a_page_of_stories_takes_nothing_from_what_is_only_sometimes_there(
    template: str, only_sometimes: set[str]
) -> None:
    """Or it would be another page in a run that makes everything."""
    assert {"pages", "months", "articles", "generated_content"} <= only_sometimes
    taken = [meta.find_undeclared_variables(tree) for tree in parts_of(template, set())]
    assert set().union(*taken) & only_sometimes == set()


@pytest.mark.parametrize("template", OF_STORIES)
def test_a_page_of_stories_does_not_say_in_which_slot_a_story_stands(template: str) -> None:
    """A story's page is not made anew when only its slot is another."""
    for tree in parts_of(template, set()):
        assert "slots" not in {one.attr for one in tree.find_all(nodes.Getattr)}
        assert "slots" not in {one.value for one in tree.find_all(nodes.Const)}


def test_these_looks_would_find_what_they_look_for() -> None:
    tree = THEME.parse("{% for page in pages %}{{ page.slots }}{% endfor %}")
    assert meta.find_undeclared_variables(tree) == {"pages"}
    assert [one.attr for one in tree.find_all(nodes.Getattr)] == ["slots"]
