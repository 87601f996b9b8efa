"""Rest at the desk: why nothing heavy is served now, when it will be again, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalice.app import Response

from doors.answers import page
from forum.duty import Duty
from forum.route import Route
from forum.rows import Asked
from forum.wellbeing import OnDuty, Rest, Standing, Stop, Wanted, Wellbeing, is_heavy
from moderation.door.at_desk import AtDesk

ONLY_LIGHT = frozenset({Rest.ENOUGH_TODAY, Rest.ENOUGH_IN_A_ROW})
"""What keeps heavy posts away and no others."""


def take(at: AtDesk, wellbeing: Wellbeing, on_duty: OnDuty, wanted: Wanted) -> Response | None:
    """Claim the post and count it; the page that says why not now, if something says so.

    Raises what `Desk.claim` raises. A post that was claimed while another window brought its
    reader to a limit goes back to the queue.
    """
    post_id = wanted.post.id
    stop = wellbeing.may_open(on_duty, wanted)
    if stop is None:
        at.desk.claim(post_id, at.who)
        stop = wellbeing.opened(on_duty, wanted)
        if stop:
            at.desk.release(post_id, at.who)
    return show(at, stop, post_id) if stop else None


def show(at: AtDesk, stop: Stop, post_id: str) -> Response:
    """Why this post is not served now, and what is there instead."""
    return page(
        "desk/rest.html",
        409,
        person=at.person,
        reason=stop.rest.value,
        care=stop.care,
        wait=_until(stop.wait),
        anyway=stop.anyway,
        post_id=post_id,
        light=stop.rest in ONLY_LIGHT and _light_ones_wait(at),
    )


def pause(at: AtDesk, standing: Standing, undoable: str = "", escalated: str = "") -> Response:
    """A few minutes after an urgent post. `undoable` is the id of a post whose decision the
    moderator can still take back, `escalated` of one that has just been escalated."""
    resting = standing.rest is Rest.PAUSE
    return page(
        "desk/pause.html",
        person=at.person,
        resting=resting,
        wait=_until(standing.wait),
        debrief_url=standing.care.debrief_url,
        undoable=undoable,
        escalated=escalated,
    )


def banner(standing: Standing) -> Mapping[str, Any] | None:
    """What desk/break.html says, as `banner`; None while nothing is suggested."""
    if standing.rest is not Rest.SOFT:
        return None
    sitting = timedelta(seconds=standing.duty.in_a_row_seconds)
    return {"sitting": _spelled(sitting), "minutes": standing.care.break_minutes}


def my_day(duty: Duty) -> Mapping[str, Any]:
    """What desk/my_day.html says, as `my_day`, to the person whose day it is."""
    spent = timedelta(seconds=duty.seconds)
    return {"heavy": duty.heavy, "spent": _spelled(spent)}


def _light_ones_wait(at: AtDesk) -> bool:
    """Whether a light one waits that is free and not spared them; nobody looks far for it."""
    return any(
        not is_heavy(card.post)
        and not at.on_duty.spared(card.post)
        and (card.claim is None or card.claim.moderator == at.who)
        for card in at.desk.queue(Asked(route=Route.NOTE))
    )


def _until(wait: timedelta | None) -> str:
    """How long to wait, rounded up so that nobody comes back too early; empty for no time."""
    return _spelled(wait + timedelta(seconds=59)) if wait else ""


def _spelled(length: timedelta) -> str:
    """A length of time as people say it, in whole minutes."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    named = ((hours, "hour"), (minutes, "minute"))
    told = [f"{number} {name}{'' if number == 1 else 's'}" for number, name in named if number]
    return " ".join(told) or "less than a minute"
