"""Somebody at the desk for tests of single views and pages: real use cases, no request."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from forum.duty import Care
from forum.people import People
from forum.person import Role, Session
from forum.wellbeing import Rest, Standing, Wellbeing
from moderation.door.at_desk import AtDesk
from moderation.door.guard import Doorway, Person
from tests.builders import NOON, make_keyring
from tests.doors.desk_door import SITE
from tests.forum.desk_office import Office
from tests.forum.duty_kept import KeptDuty, make_duty
from tests.store.people_given import make_moderator


def seated(office: Office, name: str = "robin", *roles: Role, spare: str = "") -> AtDesk:
    """Somebody at the desk who has read nothing today."""
    moderator = make_moderator(
        id=name, name=name.title(), roles=frozenset({Role.MODERATOR, *roles}), opt_outs=(spare,)
    )
    person = Person(moderator, Session("session", moderator, NOON, NOON), "v1.csrf")
    people = People(office.stores.people, office.clock, os.urandom, make_keyring())
    wellbeing = Wellbeing(KeptDuty(), office.clock, Care())
    names = {"robin": "Robin", "sam": "Sam"}
    return AtDesk(office.desk, Doorway(people, SITE), person, wellbeing, standing(), names)


def standing(rest: Rest | None = None, minutes: float = 5, **care: Any) -> Standing:
    """How a day stands at which somebody has read for 45 minutes."""
    wait = timedelta(minutes=minutes) if rest in (Rest.PAUSE, Rest.HARD) else None
    return Standing(make_duty(in_a_row_seconds=2700.0), Care(**care), rest, wait)
