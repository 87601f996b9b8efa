"""Everything that can be wrong with a request, with a canary in all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.doors.local_machine import FORM
from tests.rules.whole_people import Author, Moderator
from tests.rules.whole_product import JSON, Person

PAGES = ("/", "/stories/", "/help/", "/your-privacy/", "/feeds/all.atom.xml", "/robots.txt")
FORGED = (
    *("receipt", "capability", "put_away", "id", "hash", "token", "csrf", "pow", "invitation"),
    *("credential", "seen", "batch", "words", "reason", "body", "title"),
)
ACTS = ("withdraw", "accept", "refuse", "appeal", "change", "revise", "erase", "typed-back")
BODIES = ("/api/posts", "/api/preview", "/api/receipt", "/api/reports", "/api/receipt/revise")
ALIKE = "/moderation/alike/decline"


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
    for path in ("/moderation/sign-out", "/moderation/publish", "/moderation/undo", ALIKE):
        assert passer.send(path, forged).status == 403
        ours = {"Origin": "null", "Sec_Fetch_Site": "same-origin"}
        assert passer.send(path, forged, **ours).status == 401
    for path in ("sign-in", "sign-in/options", "enrol", "enrol/options"):
        passer.tell(f"/moderation/{path}", forged, Origin=passer.house.site)
        assert passer.tell(f"/moderation/{path}", forged).status == 403


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


def meet_the_desks_errors(one: Moderator, post_id: str) -> None:
    """What the desk refuses to somebody who is signed in."""
    word, core, post = one.person.word, one.person.core, f"/moderation/post/{post_id}"
    for page in (
        f"post/{core('post')}",
        f"?show={core('show')}&after={core('after')}&done={core('done')}",
        f"?batch={core('batch')}&left={core('left')}",
        f"publish?ring={core('ring')}",
    ):
        one.person.get(f"/moderation/{page}")
    form = one.holds(post_id).would_send(f"{post}/decline")
    for path, changed, status in (
        (f"{post}/decline", {"words": ""}, 422),
        (f"{post}/decline", {"words": word("too long") * 200}, 422),
        (f"{post}/decline", {"words": word("stale"), "version": "99"}, 409),
        (f"{post}/approve", {"hash": word("hash")}, 409),
        (f"{post}/offer", {"title": word("line") + "\n2", "body": word("b")}, 422),
        (f"{post}/undo", {}, 409),
        (ALIKE, {"post": post_id, "seen": [core("seen")], "words": word("w")}, 422),
        ("/moderation/undo", {"batch": word("batch")}, 409),
        (f"/moderation/post/{core('post')}/decline", {"words": word("to nobody")}, 404),
        (f"{post}/decline", {"csrf": word("csrf"), "words": word("kept")}, 403),
    ):
        assert one.send(path, {**form, **changed}).status == status, path
    elsewhere = f"https://{core('elsewhere')}.example"
    assert one.send(f"{post}/decline", form, elsewhere).status == 403
    assert one.send(f"{post}/release").status == 303
