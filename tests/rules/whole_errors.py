"""Everything that can be wrong with a request, with a canary in all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forum.person import Role
from moderation.app import app as desk_app
from moderation.door.guard import is_guarded, roles_of
from moderation.door.guide import guide_pages
from tests.doors.local_machine import FORM
from tests.rules.whole_desk import DESK, Moderator, filled, reviewed
from tests.rules.whole_people import Author
from tests.rules.whole_product import JSON, Person

PAGES = ("/", "/stories/", "/help/", "/your-privacy/", "/feeds/all.atom.xml", "/robots.txt")
FORGED = (
    *("receipt", "capability", "put_away", "id", "hash", "token", "csrf", "pow", "invitation"),
    *("credential", "seen", "batch", "words", "reason", "body", "title", "act", "result"),
    *("verdict-0", "words-0", "template", "label", "name", "passkey", "session", "roles"),
)
ACTS = ("withdraw", "accept", "refuse", "appeal", "change", "revise", "erase", "typed-back")
BODIES = ("/api/posts", "/api/preview", "/api/receipt", "/api/reports", "/api/receipt/revise")
ALIKE = "/alike/decline"
NOBODYS = "aaaaaaaaaaaaaaaa"
"""An id that no post and no moderator has."""
QUERIES = (
    *("show", "after", "done", "batch", "left", "undone", "id", "topic", "rule", "route"),
    *("language", "kind", "what", "before", "check", "choice", "ring", "along", "then"),
)


def look_around(passer: Person) -> None:
    """Pages, plain and packed, whole and only their heads, and what is not there."""
    for path in (*PAGES, "/how-to-share/", "/stories/examplegardenone/", "/favicon.ico"):
        passer.get(path)
        passer.get(path, Accept_Encoding="identity")
        passer.ask("HEAD", path)
    for path in ("/stories", "/api/share", "/api/receipt", "/moderation", "/moderation/sign-in"):
        passer.get(path)
        passer.get(path, Accept=JSON)
    for path in ("/api/health", "/api/openapi.json", "/api/challenge?token=x", "/api/reports"):
        passer.get(path)


def meet_every_error(passer: Person) -> None:
    """What anybody at all can send."""
    ask_for_nothing(passer)
    send_what_cannot_be_read(passer)
    forge(passer)
    break_the_line(passer)


def ask_for_nothing(passer: Person) -> None:
    """Addresses and methods that lead nowhere."""
    core = passer.core
    for path in ("/", "/api/", "/moderation/", "/moderation/post/", "/stories/", "/theme/", "/."):
        assert passer.get(f"{path}{core('path')}").status in (303, 403, 404)
    assert passer.get(f"/api/share?kind={core('kind')}").status == 404
    assert passer.get(f"/moderation/enrol?invitation={core('invitation')}").status == 410
    for path in ("/", "/api/share", "/api/posts", "/moderation/sign-in"):
        for method in ("PUT", "TRACE", "OPTIONS", core("method").upper()):
            passer.ask(method, path, passer.word("body").encode())


def send_what_cannot_be_read(passer: Person) -> None:
    """Bodies that are broken, too long or too many, of kinds that we take and do not take."""
    core, word = passer.core, passer.word
    kinds = (JSON, FORM, f"text/{core('type')}", f"{FORM}; charset={core('charset')}")
    broken = (f"[{word('broken')}", word("broken") * 9_000, "a=1&" * 300 + core("many"))
    for path in BODIES:
        for kind in kinds:
            for body in broken:
                passer.ask("POST", path, body.encode(), Content_Type=kind)


def forge(passer: Person) -> None:
    """Everything that opens or proves something, made up."""
    forged = {name: passer.word(f"forged {name}") for name in FORGED}
    acts = (f"/api/receipt/{act}" for act in ACTS)
    for path in ("/api/receipt", *acts, "/api/reports", "/api/posts"):
        assert passer.send(path, forged).status >= 400
        assert passer.tell(path, forged).status >= 400
    for path in ("sign-in", "sign-in/options", "enrol", "enrol/options"):
        passer.tell(f"/moderation/{path}", forged, Origin=passer.house.site)
        assert passer.tell(f"/moderation/{path}", forged).status == 403
    be_turned_away(Moderator(passer.house.person("stranger")), 401)


def break_the_line(passer: Person) -> None:
    """What is no HTTP, what stops in the middle, what is too much."""
    core, word = passer.core("raw").encode(), passer.word("raw").encode("latin-1")
    tell = b"User-Agent: %s\r\nX-Forwarded-For: %s\r\n" % (core, passer.address.encode())
    post = b"POST /api/posts HTTP/1.1\r\n"
    for asked, sent in {
        "garbage": word + b"\r\n\r\n",
        "no version": b"GET /" + word + b"\r\n\r\n",
        "a wrong length": post + b"Content-Length: " + word + b"\r\n\r\n",
        "a wrong header": b"GET / HTTP/1.1\r\n" + word + b"\r\n" + tell + b"\r\n",
        "a wrong encoding": post + b"Transfer-Encoding: " + core + b"\r\n" + tell + b"\r\n",
        "wrong chunks": post + b"Transfer-Encoding: chunked\r\n" + tell + b"\r\n" + word,
        "too large a head": b"GET / HTTP/1.1\r\n" + tell + b"X: " + word * 1_000 + b"\r\n\r\n",
        "an escape": b"GET /%ff%00/" + core + b"%zz HTTP/1.1\r\n" + tell + b"\r\n",
    }.items():
        passer.raw(asked, sent)
    head = post + b"Content-Type: %s\r\nContent-Length: 9000\r\n" % FORM.encode() + tell
    passer.hangs_up(head + b"\r\nbody=" + word * 9)
    passer.hangs_up(head)
    passer.hangs_up(post + b"Content-Length: 300000\r\n" + tell + b"\r\n" + word * 4_000)


def be_hasty(hasty: Author) -> None:
    """Everything that a form can come back with, and looking it over before it is sent."""
    person = hasty.person
    form = {"token": hasty.token, **hasty.story()}
    for changed in _wrongly(hasty):
        assert person.tell("/api/posts", {**form, **changed}).status == 422
        assert person.send("/api/posts", {**form, **changed}).status == 422
    assert person.tell("/api/posts", {**form, "body": 5}).status == 422
    risky = f"Write to {person.core('mail')}@example.org, or call 555 0100 199. I will answer."
    for further in ({}, {"accept": ["0", "1"]}, {"go": "back"}):
        looked = person.send("/api/preview", {**form, "body": risky, **further})
        assert looked.status == 200
        person.tell("/api/preview", {**form, "body": risky, **further})


def _wrongly(hasty: Author) -> Iterator[Mapping[str, Any]]:
    word = hasty.person.word
    fresh = hasty.person.get("/api/share").page.would_send("/api/posts")
    yield from ({"token": fresh["token"][0]}, {"body": ""}, {"consent": ""})
    yield from ({"title": [word("title 2"), "b"]}, {"topic": [hasty.person.core("topic")]})
    for name in ("website", "stage", "to", "receipt", "token", "kind", "findable"):
        yield {name: word(name)}


def type_back(author: Author) -> None:
    """Typed back right, wrong and with a slip; and looked up so, as a browser sends it."""
    person = author.person
    first, *rest = author.receipt.split()
    slip, wrong = " ".join([first + "q", *rest]), " ".join([*rest, first])
    for typed in (author.receipt.upper(), wrong, slip, person.word("typed back")):
        fields = {"put_away": author.put_away, "receipt": typed}
        assert person.send("/api/receipt/typed-back", fields).status == 200
        assert person.tell("/api/receipt/typed-back", fields).status == 200
    for typed in (slip, wrong, person.word("looked up")):
        assert person.send("/api/receipt", {"receipt": typed}).status == 404
        assert person.tell("/api/receipt", {"receipt": typed}).status == 404


def send_again(author: Author) -> None:
    """The same form once more, which gets the same answer; and used for something else."""
    form = author.story(token=author.token)
    assert author.person.tell("/api/posts", form).json["receipt"] == author.receipt
    assert author.person.send("/api/posts", {**form, "arc": "upward"}).status == 422


def be_turned_away(who: Moderator, status: int) -> None:
    """Try every guarded route of the desk, as somebody who may not go there."""
    forged = {name: who.person.word(f"forged {name}") for name in FORGED}
    for method, path, needs in guarded_routes():
        if status == 403 and Role.PEER_SUPPORTER in needs:
            continue
        if method == "GET":
            assert who.person.get(f"{DESK}{path}").status == (303 if status == 401 else 403), path
            continue
        assert who.send(path, {**forged, "csrf": who.csrf}).status in (status, 415), path
        assert who.send(path, forged, "https://elsewhere.example").status in (403, 415), path
        heard = who.person.tell(f"{DESK}{path}", forged, Origin=who.site)
        assert heard.status in (status, 415), path


def guarded_routes() -> Iterator[tuple[str, str, frozenset[Role]]]:
    """Method, an address and who gets through, for every route that is guarded."""
    for path, methods in desk_app.routes.items():
        for method, route in methods.items():
            if is_guarded(route.view_function):
                yield method, re.sub(r"\{\w+\}", NOBODYS, path), roles_of(route.view_function)


def meet_the_desks_errors(one: Moderator, post_id: str) -> None:
    """What the desk refuses to somebody who is signed in."""
    ask_the_desk_for_nothing(one)
    send_the_desk_what_is_old(one)
    page = one.holds(post_id)
    _check_wrongly(one, f"/post/{post_id}", filled(page, f"/post/{post_id}/check", "decline"))
    review = {**filled(page, f"/post/{post_id}/check", "approve"), **reviewed(page)}
    _review_wrongly(one, f"/post/{post_id}", review)
    one.does(f"/post/{post_id}/release")


def ask_the_desk_for_nothing(one: Moderator) -> None:
    """Addresses and queries that ask for what is not there."""
    core = one.person.core
    query = "&".join(f"{name}={core(name)}" for name in QUERIES)
    for method, path, _ in guarded_routes():
        if method == "GET":
            assert one.person.get(f"{DESK}{path}?{query}").status in (200, 404), path
    for path in (f"/post/{core('post')}", f"/guide/{core('page')}", f"/practice/{core('number')}"):
        assert one.person.get(f"{DESK}{path}").status == 404, path
    for name in guide_pages():
        one.opens(f"/guide/{name}")


def send_the_desk_what_is_old(one: Moderator) -> None:
    """Every form without this session's token, which gives back what was written."""
    written = {"words": one.person.word("kept"), "title": one.person.word("kept")}
    for method, path, _ in guarded_routes():
        if method == "POST" and path != "/sign-out":
            answer = one.send(path, {**written, "csrf": one.person.word("csrf")})
            assert answer.status in (403, 415), path
            assert one.person.core("kept") in answer.text or answer.status == 415, path


def _check_wrongly(one: Moderator, post: str, form: Mapping[str, Any]) -> None:
    word, core = one.person.word, one.person.core
    for path, changed, status in (
        (f"{post}/check", {"words": "", "template": ""}, 422),
        (f"{post}/check", {"words": word("template"), "template": core("template")}, 422),
        (f"{post}/check", {"words": word("too long") * 200}, 422),
        (f"{post}/check", {"words": word("stale"), "version": "99"}, 409),
        (f"{post}/check", {"words": word("of no act"), "act": core("act")}, 409),
        (f"{post}/decline", {"words": word("stale"), "version": "99"}, 409),
        (f"{post}/conclude", {"words": word("concluded"), "template": core("ending")}, 409),
        (f"{post}/conclude", {"words": word("concluded"), "template": "passed-on"}, 409),
        (f"{post}/take-down", {"words": word("not up"), "template": ""}, 409),
        (f"{post}/offer", {"title": word("line") + "\n2", "body": word("b")}, 422),
        (f"{post}/check", {"act": "offer", "title": word("line") + "\n2", "body": word("b")}, 422),
        (f"{post}/undo", {}, 409),
        (ALIKE, {"post": post[6:], "seen": [core("seen")], "words": word("w")}, 422),
        ("/undo", {"batch": word("batch")}, 409),
        (f"/post/{core('post')}/decline", {"words": word("to nobody")}, 404),
        (f"/post/{core('post')}/check", {"words": word("to nobody")}, 404),
    ):
        assert one.send(path, {**form, **changed}).status == status, (path, changed)
    assert one.send(f"{post}/decline", form, f"https://{core('elsewhere')}.example").status == 403


def _review_wrongly(one: Moderator, post: str, form: Mapping[str, Any]) -> None:
    word, core = one.person.word, one.person.core
    marked = [name for name in form if name.startswith("verdict-")]
    assert marked
    undecided = dict.fromkeys(marked, "")
    long = {marked[0]: "replace", marked[0].replace("verdict", "words"): word("much") * 9}
    for changed, status in (
        (undecided, 422),
        (long, 422),
        ({"topics": [core("topic")]}, 422),
        ({"hash": core("hash")}, 409),
        ({"result": word("result")}, 200),
    ):
        for act in ("check", "approve"):
            given = {**form, "words": word("said in vain"), **changed}
            assert one.send(f"{post}/{act}", given).status == status, (act, changed)
