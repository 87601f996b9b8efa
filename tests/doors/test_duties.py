"""Nobody is let in before somebody answers for the forum, by name and for every day."""

import copy
from datetime import date, timedelta

import pytest

from forum.person import Moderator, Role
from moderation.commands.duties import DAYS, FILE, LASTS, LAWS, read_duties, wanting

TODAY = date(2026, 11, 23)
FULL = {
    "safety-lead": {"name": "Robin", "second": "Sam"},
    "rota": {**dict.fromkeys(DAYS, "Robin"), "closes-the-form": "Sam"},
    "law": {name: {"read-by": "Robin", "on": "2026-11-01"} for name in LAWS},
}


def person(*roles):
    return Moderator("abc", "Robin", TODAY, frozenset(roles))


LEAD = [person(Role.MODERATOR, Role.SAFETY_LEAD)]


def with_(value, *path):
    given = copy.deepcopy(FULL)
    held = given
    for name in path[:-1]:
        held = held[name]
    held[path[-1]] = value
    return given


def test_a_forum_that_somebody_answers_for_wants_nothing():
    assert wanting(FULL, LEAD, TODAY) == []


def test_a_day_may_stand_without_quotes():
    assert wanting(with_(TODAY, "law", "data-protection", "on"), LEAD, TODAY) == []


@pytest.mark.parametrize(
    ("given", "people", "words"),
    [
        (with_(" ", "safety-lead", "name"), LEAD, "who decides when somebody may be in danger"),
        (with_("", "safety-lead", "second"), LEAD, "who stands in for the safety lead"),
        (FULL, [person(Role.MODERATOR)], "enrolled as a safety lead"),
        (FULL, [], "enrolled as a safety lead"),
        (with_("", "rota", "sunday"), LEAD, "Nobody reads on Sunday."),
        (with_("", "rota", "closes-the-form"), LEAD, "who closes the form"),
        (with_("", "law", "duty-to-report", "read-by"), LEAD, "the duty to report danger"),
        (with_("soon", "law", "online-safety", "on"), LEAD, "what others wrote"),
        (with_("2026-11-24", "law", "data-protection", "on"), LEAD, "has not come yet"),
        (
            with_(str(TODAY - LASTS - timedelta(days=1)), "law", "data-protection", "on"),
            LEAD,
            "over a year",
        ),
        (with_(["Robin"], "rota", "monday"), LEAD, "Nobody reads on Monday."),
        (with_("none", "law"), LEAD, "data protection"),
    ],
)
def test_what_is_missing_is_said(given, people, words):
    assert words in " ".join(wanting(given, people, TODAY))


def test_the_file_that_is_shipped_asks_for_every_duty_and_names_nobody():
    shipped = read_duties(FILE)
    assert {name: set(part) for name, part in shipped.items()} == {
        name: set(part) for name, part in FULL.items()
    }
    assert len(wanting(shipped, [], TODAY)) == 5 + len(LAWS)


def test_without_the_file_everything_is_missing(tmp_path):
    assert wanting(read_duties(tmp_path / "none"), [], TODAY) == wanting({}, [], TODAY)
