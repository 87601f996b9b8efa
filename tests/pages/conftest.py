"""The plugins where the tests of the pages find them, and one build for all that only look."""

import sys
from pathlib import Path

import pytest

from tests.pages.pelican_runs import ROOT, Built, build
from tests.pages.posts_folder import lay_out, many_posts
from tests.pages.small_site import MARKED, Site, make_site, marked_story

sys.path.insert(0, str(ROOT / "site" / "plugins"))  # where Pelican finds them


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One real build of many posts, shared by every test that only looks."""
    folder = tmp_path_factory.mktemp("edition")
    return build(lay_out(folder / "posts", many_posts()), folder / "site")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site of a few stories, printed once, for a test that changes it."""
    made = make_site(tmp_path / "site", *map(marked_story, range(MARKED)))
    made.print()
    return made
