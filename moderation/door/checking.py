"""Check before it is sent: what a decision comes to, and the message as its author will see it.

The page carries everything that was typed, so that going back loses nothing; what is then done is
worked out anew and refused if it is not what was shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalice.app import Request, Response
from markupsafe import Markup

from doors.answers import page
from doors.forms import Given, read_texts
from doors.messages import messages, paragraphs
from doors.own_words import changed_words
from forum.curation import SINGLE, NotOnTheList
from forum.deciding import Words, WordsNeeded
from forum.desk import Reading
from forum.given import first
from forum.post import Act, Fields, NotAllowed, State, fingerprint, record_of
from forum.review import BadReplacement, Undecided
from forum.settling import Settled, Unchanged
from forum.texts import Refused
from forum.vocabulary import label
from moderation.door.at_desk import REFUSALS, AtDesk
from moderation.door.messages import Unsaid, said
from moderation.door.reading import CameBack, seen, show, typed
from moderation.door.review_form import FIELD_NAMES, errors_of, read_review
from moderation.door.roles import QUEUE
from moderation.door.wording import COMES_TO, ENDINGS, UNCHANGED

RESULT = "result"
"""Hidden field of the check page: what it said would be done, and the hash of what it showed."""
NOT_CARRIED = ("csrf", RESULT)
ON_THE_SITE = (
    "This stands on the site, so its author cannot be asked about other words first. Keep these "
    "words, or take it down with a message that says what to change."
)
WITH_A_MESSAGE = {act.value: act for act in (Act.RETURN, Act.DECLINE, Act.TAKE_DOWN, Act.ESCALATE)}
OFFERED = Act.OFFER.value

Doing = Callable[[], Response]


def check(request: Request, at: AtDesk, post_id: str) -> Response:
    """Show what the form would do; nothing is stored."""
    given = read_texts(request)
    return _or_back(at, post_id, given, lambda: _checked(at, post_id, given))


def edit(request: Request, at: AtDesk, post_id: str) -> Response:
    """Back to the post's page with everything that was typed."""
    return show(at, post_id, CameBack(first(read_texts(request), "act"), read_texts(request)))


def settle(request: Request, at: AtDesk, post_id: str) -> Response:
    """Do what a reviewed form was shown to come to; what would be another thing is shown anew."""
    given = read_texts(request)
    return _or_back(at, post_id, given, lambda: _settled(at, post_id, given))


def decide(act: Act, request: Request, at: AtDesk, post_id: str) -> Response:
    """Make the decision that the form asks for; if nothing was done, its words come back."""
    given = read_texts(request)

    def done() -> Response:
        words = _said(act, given)
        at.desk.decide(act, seen(given, post_id), at.who, words.words, words.reason)
        return at.done(post_id)

    return _or_back(at, post_id, {**given, "act": [act.value]}, done)


def offer(request: Request, at: AtDesk, post_id: str) -> Response:
    """Suggest the whole text as the form holds it; if that cannot be done, all of it comes back."""
    given = read_texts(request)

    def done() -> Response:
        words = said(Act.OFFER, given, _usual(Act.OFFER))
        title, body = first(given, "title"), first(given, "body")
        at.desk.offer(seen(given, post_id), at.approver, title, body, words)
        return at.done(post_id)

    return _or_back(at, post_id, {**given, "act": [OFFERED]}, done)


def _or_back(at: AtDesk, post_id: str, given: Given, doing: Doing) -> Response:
    """Do it; or show the post's page with what is wrong and everything that was typed."""
    try:
        return doing()
    except (Undecided, BadReplacement, NotOnTheList) as error:
        errors = errors_of(error)
    except (Refused, Unsaid) as error:
        errors = dict(error.errors)
    except Unchanged:
        errors = {"body": UNCHANGED}
    except WordsNeeded:
        errors = {"words": "Please make this message shorter: 2,000 characters at most."}
    except REFUSALS as refusal:
        return at.refused(refusal, post_id, *typed(given))
    return show(at, post_id, CameBack(first(given, "act"), given, errors))


def _checked(at: AtDesk, post_id: str, given: Given) -> Response:
    reading = at.desk.read(post_id)
    asked = first(given, "act")
    if asked in WITH_A_MESSAGE:
        act = WITH_A_MESSAGE[asked]
        words = said(act, given, _usual(act))
        at.desk.deciding.decided(act, seen(given, post_id), at.who, words)
        return _page(at, reading, given, act, words, f"{QUEUE}post/{post_id}/{act.value}")
    if asked == OFFERED:
        words = said(Act.OFFER, given, _usual(Act.OFFER))
        settled = at.desk.plan_offer(
            seen(given, post_id), at.approver, first(given, "title"), first(given, "body")
        )
        return _page(at, reading, given, Act.OFFER, words, f"{QUEUE}post/{post_id}/offer", settled)
    settled, words = _planned(at, reading, given)
    where = f"{QUEUE}post/{post_id}/approve"
    return _page(at, reading, given, settled.act, words, where, settled)


def _settled(at: AtDesk, post_id: str, given: Given) -> Response:
    reading = at.desk.read(post_id)
    settled, words = _planned(at, reading, given)
    if first(given, RESULT) != _result(settled):
        return _checked(at, post_id, given)
    at.desk.settle(settled, at.who, words)
    return at.done(post_id)


def _planned(at: AtDesk, reading: Reading, given: Given) -> tuple[Settled, Words]:
    review = read_review(given, reading.post)
    try:
        settled = at.desk.plan(seen(given, reading.post.id), at.approver, review)
    except NotAllowed:
        if reading.post.state is State.APPROVED:
            raise Unsaid("review", ON_THE_SITE) from None
        raise
    if settled.act is Act.ASK_SECOND:
        return settled, Words()
    if settled.act is Act.KEEP and not settled.edited:  # it stays where it is: that is no news
        return settled, said(Act.KEEP, given)
    told = Act.OFFER if settled.act is Act.OFFER else Act.APPROVE
    return settled, said(told, given, _usual_for(settled, reading))


def _said(act: Act, given: Given) -> Words:
    """What the form says to the author; how care ended is a reason alone."""
    if act is Act.CONCLUDE:
        ending = first(given, "template")
        if ending not in ENDINGS:
            raise Unsaid("template", "Please say how it ended.")
        return Words("", ending)
    return Words() if act is Act.ASK_SECOND else said(act, given, _usual(act))


def _usual(act: Act) -> str:
    """The message that goes with a decision where nobody chose one."""
    return {Act.OFFER: "changes-offered", Act.ESCALATE: "worried"}.get(act, "")


def _usual_for(settled: Settled, reading: Reading) -> str:
    if settled.act is Act.OFFER:
        return _usual(Act.OFFER)
    if settled.edited or reading.original:
        return "edited-kept" if settled.act is Act.KEEP else "edited-told"
    return "appeal-published" if reading.post.appealed else "published"


def _page(
    at: AtDesk,
    reading: Reading,
    given: Given,
    act: Act,
    words: Words,
    where: str,
    settled: Settled | None = None,
) -> Response:
    text = settled.text if settled else None
    return page(
        "desk/check.html",
        person=at.person,
        post={"id": reading.post.id, "pen_name": reading.post.pen_name},
        act=act.value,
        comes_to=COMES_TO[act],
        message=paragraphs(words.words),
        changed=_changes(reading, settled) if settled else None,
        title=text.title if text else "",
        body=Markup(text.html) if text else "",  # noqa: S704 - sanitized on entry
        fields=_filed(settled.post.fields) if settled else [],
        refiled=_refiled(settled) if settled else [],
        result=_result(settled) if settled else "",
        carried=_carried(given),
        second_look=_second_look(act, reading),
        where=where,
    )


def _second_look(act: Act, reading: Reading) -> str:
    """What the receipt page adds while somebody else can still be asked."""
    once = act in (Act.DECLINE, Act.TAKE_DOWN) and not reading.post.appealed
    return messages()["second-look"].text if once else ""


def _result(settled: Settled) -> str:
    """What is to be done and the hash of what would be read then: what "Do it" agrees to."""
    return f"{settled.act.value}.{fingerprint(record_of(settled.post, settled.text))}"


def _changes(reading: Reading, settled: Settled) -> Mapping[str, Any] | None:
    """How the text differs from the author's own words."""
    own = reading.original or settled.was
    return None if own == settled.text else changed_words(own, settled.text)


def _filed(fields: Fields) -> list[tuple[str, str]]:
    return [(FIELD_NAMES[name], _words(name, getattr(fields, name))) for name in FIELD_NAMES]


def _refiled(settled: Settled) -> list[str]:
    """What around the text is other than it was, by name."""
    before, after = settled.before.fields, settled.post.fields
    return [FIELD_NAMES[n] for n in FIELD_NAMES if getattr(before, n) != getattr(after, n)]


def _words(name: str, held: str | tuple[str, ...]) -> str:
    slugs = (held,) if isinstance(held, str) else held
    return ", ".join(label(SINGLE.get(name, name), slug) for slug in slugs if slug)


def _carried(given: Given) -> list[tuple[str, str]]:
    return [(n, value) for n, values in given.items() if n not in NOT_CARRIED for value in values]
