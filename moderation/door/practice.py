"""Practice at the desk: a card, a text, a choice, and what we think of it; nothing of it is kept.

A choice comes in the address and leaves with the answer: it is not stored and not counted.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from chalice.app import Request, Response

from doors.answers import page
from doors.forms import read_query
from forum import care, texts
from forum.given import first
from forum.practice import Choice, PracticePost, Verdict, practice_posts
from forum.route import Route, gravest
from forum.screening import RULES
from forum.texts import Checked
from forum.vocabulary import label
from moderation.door.at_desk import AtDesk
from moderation.door.guide import grey_area
from moderation.door.highlights import name_of, notes, parts
from moderation.door.wording import ROUTES

CHOICES = {
    Choice.APPROVE: "Approve",
    Choice.EDIT: "Approve with edits",
    Choice.RETURN: "Return",
    Choice.DECLINE: "Decline",
    Choice.ESCALATE: "Escalate",
    Choice.NOT_FOR_ME: "Not for me today",
}

VERDICTS = {
    Verdict.OURS: "This is what we would do.",
    Verdict.GREY: "This could be right.",
    Verdict.WORRY: "This would worry us.",
    Verdict.ALWAYS: "This is always right.",
}


def show_list(at: AtDesk) -> Response:
    """All practice posts as cards, lightest first."""
    return _list(at)


def show_one(request: Request, at: AtDesk, number: str) -> Response:
    """One practice post, with the answers to all choices once one of them is made."""
    posts = practice_posts()
    place = next((place for place, post in enumerate(posts) if post.number == number), None)
    if place is None:
        return _list(at, missing=True)
    post = posts[place]
    text = _looked_through(post.title, post.body).text
    chosen = _chosen(first(read_query(request), "choice"))
    return page(
        "desk/practice_post.html",
        person=at.person,
        post=_card(post),
        title=text.title,
        parts=parts(text),
        notes=notes(text),
        choices=[{"slug": choice.value, "label": words} for choice, words in CHOICES.items()],
        chosen=_answer(post, chosen) if chosen else None,
        others=[_answer(post, choice) for choice in Choice if choice is not chosen],
        lesson=post.lesson,
        rules=[{"name": RULES[rule].name, "address": grey_area(rule)} for rule in post.teaches],
        after=_card(posts[place + 1]) if place + 1 < len(posts) else None,
    )


def _list(at: AtDesk, missing: bool = False) -> Response:
    cards = [_card(post) for post in practice_posts()]
    status = 404 if missing else 200
    return page("desk/practice.html", status, person=at.person, posts=cards, missing=missing)


@cache
def _looked_through(title: str, body: str) -> Checked:
    """A practice post as intake would take it: sanitized, and screened by the rules of today."""
    return texts.check(title, body)


def _card(post: PracticePost) -> dict[str, Any]:
    """What the queue would show of it, and never a word of the text."""
    marks = [mark for mark in _looked_through(post.title, post.body).marks if mark in RULES]
    route = gravest(RULES[mark].route for mark in marks)
    return {
        "number": post.number,
        "name": post.name,
        "route": ROUTES[route],
        "urgent": route is Route.HOLD2,
        "worrying": care.worrying(marks),
        "topics": [label("topics", slug) for slug in post.fields.topics],
        "notes": [label("content_notes", slug) for slug in post.fields.content_notes],
        "contains": [name_of(mark) for mark in marks],
        "stage": label("stages", post.fields.stage),
        "arc": label("arcs", post.fields.arc),
        "words": round(len(post.body.split()), -1),
    }


def _chosen(value: str) -> Choice | None:
    return next((choice for choice in Choice if choice.value == value), None)


def _answer(post: PracticePost, choice: Choice) -> dict[str, str]:
    answer = post.answers[choice]
    return {
        "slug": choice.value,
        "label": CHOICES[choice],
        "verdict": VERDICTS[answer.verdict],
        "why": answer.why,
    }
