"""Reading and deciding from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from doors.messages import messages
from forum import wiring
from forum.approving import Approver, TooFew
from forum.deciding import (
    APPROVING,
    ENDINGS,
    HeldByAnother,
    NeedsAnother,
    NoSuchPost,
    Seen,
    Stale,
    Words,
    WordsNeeded,
)
from forum.desk import Desk, Reading
from forum.post import WAITING, Act, NotAllowed, Post, State
from forum.review import Undecided, all_kept
from forum.rows import Asked, Card, Offer, Report
from forum.settling import AS_IT_IS, Review
from moderation.commands.arguments import Arguments, Failed

MOST = 500
"""Posts that `queue` lists at most."""


def queue(asked: Arguments) -> None:
    """Print what waits."""
    desk = _desk()
    states: Sequence[State] = (State(asked.state),) if asked.state else WAITING
    cards = desk.queue(Asked(states), limit=MOST)
    if not asked.state:
        cards = _reported_first(desk, cards)
    counts = [
        {"kind": kind.value, "state": state.value, "number": number}
        for (kind, state), number in desk.counts().items()
    ]
    lines = [_line(card) for card in cards]
    content = {"posts": [_card(card) for card in cards], "counts": counts}
    asked.say(content, "\n".join(lines) or "Nothing waits.")


def show(asked: Arguments) -> None:
    """Print one post."""
    reading = _read(_desk(), asked.post)
    content = _reading(reading)
    asked.say(content, "\n".join(f"{name}: {value}" for name, value in content.items()))


def decide(asked: Arguments) -> None:
    """Make the decision that the command is named for."""
    desk = _desk()
    reading = _read(desk, asked.post)
    if asked.hash and asked.hash != reading.hash:
        raise Failed(
            "The post is not what you read: its hash is another. Nothing was changed; "
            "look at it again with show."
        )
    _check_reason(Act(asked.command), asked.reason)
    post = _decided(desk, Act(asked.command), reading, asked)
    asked.say({"id": post.id, "state": post.state.value}, f"{post.id} is now {post.state.value}.")


def _check_reason(act: Act, code: str) -> None:
    """What stands in the record for good is a code, and nothing that anybody could type."""
    known = sorted(ENDINGS) if act is Act.CONCLUDE else ["", *messages().keys]
    if code not in known:
        named = ", ".join(filter(None, known))
        raise Failed(f"There is no reason {code!a}. It must be one of {named}.")


def _decided(desk: Desk, act: Act, reading: Reading, asked: Arguments) -> Post:
    seen = Seen(asked.post, reading.post.version, reading.hash)
    try:
        if act in APPROVING and act in reading.acts and reading.text:
            review = Review(all_kept(reading.text)) if asked.keep_marked else AS_IT_IS
            said = Words(asked.message, asked.reason)
            return desk.review(seen, Approver(asked.who), review, said).post
        return desk.decide(act, seen, asked.who, asked.message, asked.reason)
    except Undecided:
        raise Failed(
            "Words in it are marked. Read them with show; if all of them may stay as they are, "
            "say so with --keep-marked."
        ) from None
    except TooFew:
        raise Failed(
            "Two people must approve this post, and fewer than three are enrolled: it waits."
        ) from None
    except HeldByAnother:
        raise Failed("A moderator is reading this post now. Nothing was changed.") from None
    except NeedsAnother:
        raise Failed(
            "That takes somebody else: an appeal, or the second of two readers. In production "
            "a decision from the command line is never the second."
        ) from None
    except Stale:
        raise Failed("The post changed at this moment. Nothing was changed; try again.") from None
    except NotAllowed:
        state = desk.read(seen.post_id).post.state.value
        raise Failed(f"A post that is {state} cannot take this decision: {act.value}.") from None
    except WordsNeeded:
        raise Failed("Give the author a message with --message, up to 2,000 characters.") from None
    except NoSuchPost:
        raise Failed("The text of this post is erased.") from None


def _reported_first(desk: Desk, cards: Sequence[Card]) -> list[Card]:
    """What readers reported, and then what else waits."""
    reported = {card.post.id: card for card in desk.reported(MOST)}
    return [*reported.values(), *(card for card in cards if card.post.id not in reported)]


def _read(desk: Desk, post_id: str) -> Reading:
    try:
        return desk.read(post_id)
    except NoSuchPost:
        raise Failed(f"There is no post {post_id!a}.") from None


def _desk() -> Desk:
    return wiring.open_desk(wiring.settings())


def _post(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "kind": post.kind.value,
        "state": post.state.value,
        "day": post.day.isoformat(),
        "pen_name": post.pen_name,
        **asdict(post.fields),
        "marks": post.marks,
    }


def _card(card: Card) -> dict[str, Any]:
    held_by = card.claim.moderator if card.claim else None
    return {**_post(card.post), "held_by": held_by, "reports": card.reports}


def _line(card: Card) -> str:
    post = card.post
    reports = f"  reports: {card.reports}" if card.reports else ""
    return f"{post.id}  {post.state.value:10} {post.day}{reports}"


def _offer(offer: Offer) -> dict[str, Any]:
    text = offer.text
    return {"hash": offer.hash, "title": text.title, "typed": text.typed, "html": text.html}


def _report(report: Report) -> dict[str, Any]:
    return {
        "reason": report.reason.value,
        "words": report.words,
        "day": report.day.isoformat(),
        "state": report.state.value,
        "answered": report.state_day.isoformat() if report.state_day else None,
    }


def _reading(reading: Reading) -> dict[str, Any]:
    text = reading.text
    return {
        **_post(reading.post),
        "published": reading.is_up,
        "hash": reading.hash,
        "title": text.title if text else None,
        "typed": text.typed if text else None,
        "html": text.html if text else None,
        "removed": text.removed if text else [],
        "message": reading.message.words if reading.message else None,
        "offer": _offer(reading.offer) if reading.offer else None,
        "reports": [_report(report) for report in reading.reports],
        "reread": reading.post.reread,
        "appealed": reading.post.appealed,
        "decisions": [
            {"day": d.day.isoformat(), "act": d.act.value, "by": d.moderator}
            for d in reading.decisions
        ],
    }
