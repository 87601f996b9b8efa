"""The whole product walked through once, from the first page to the stop: what was heard on the
way, and copies of everything at rest at the moments that matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.rules.whole_errors import (
    PAGES,
    be_hasty,
    look_around,
    meet_every_error,
    meet_the_desks_errors,
    send_again,
    type_back,
)
from tests.rules.whole_people import Author, Moderator, first_link, proof_for
from tests.rules.whole_product import Whole, until

SINGLE = (
    *("kept", "taken down", "withdrawn", "unread", "revised", "accepted", "refused", "waiting"),
    *("broken", "returned then withdrawn", "erased", "undone", "escalated", "expired"),
)
"""The authors of one story each, by what becomes of it."""
OTHERS = ("proven", "hasty", "second of erased", "flood", "refused at the door")
MOST = 30
"""Posts that no lane takes at once."""
SWEEP = "from forum import wiring; wiring.open_sweep(wiring.settings()).hide()"


@dataclass
class Walk:
    """One walk through one house."""

    house: Whole
    start: datetime = field(default_factory=lambda: datetime.now(UTC))
    authors: dict[str, Author] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)
    """Open forms for a flood."""
    copies: dict[str, Path] = field(default_factory=dict)
    """Everything at rest, by moment: `crashed`, `published`, `end`."""
    published: int = 0
    """How many answers had been heard when the stories went up."""
    gone: int = 0
    """How many when they were taken back."""
    end: datetime = field(init=False)

    def author(self, name: str) -> Author:
        return self.authors.setdefault(name, Author(self.house.person(name)))

    def walk(self) -> None:
        """All of it."""
        self.house.start()
        for name in (*SINGLE, *OTHERS):
            self.author(name).opens_the_form()
        for _ in range(MOST):
            self.author("flood").opens_the_form()
            self.forms.append(self.author("flood").token)
        passer = self.house.person("passer-by")
        look_around(passer)
        meet_every_error(passer)
        self.share()
        be_hasty(self.author("hasty"))
        self.flood()
        self.crash()
        self.moderate()
        self.answer()
        self.report()
        self.take_back()
        self.stop()

    def share(self) -> None:
        """Every story comes in; one under a receipt that was there before, one with a proof."""
        for name in SINGLE:
            assert self.author(name).shares().status == 201
        erased, second = self.author("erased"), self.author("second of erased")
        assert second.shares(receipt=erased.receipt).json["receipt"] == erased.receipt
        proven = self.author("proven")
        assert proven.shares(pow=proof_for(proven)).status == 201
        type_back(self.author("waiting"))
        send_again(self.author("kept"))

    def flood(self) -> None:
        """One text often, until no more is taken; the form closed and opened."""
        flood = self.author("flood")
        statuses = []
        while 429 not in statuses:
            flood.token = self.forms.pop()
            statuses.append(flood.shares().status)
        assert set(statuses) == {201, 429}
        assert len(statuses) > 3
        self.house.operator("close")
        late = self.author("refused at the door")
        assert late.person.get("/api/share").status == 503
        assert late.person.send("/api/posts", late.story(token=late.token)).status == 503
        self.house.operator("open")

    def crash(self) -> None:
        """A press that fails, a press that dies as it builds, and a house that dies."""
        with a_press_that_fails(self.house):
            self.house.operator("publish", status=1)
        self.house.idle()
        self.house.kill()
        self.copies["crashed"] = self.house.snapshot("crashed")
        self.house.start()
        broken = self.author("broken")
        self.house.sql("UPDATE posts SET state = 'nonsense' WHERE id = ?", broken.id)
        for path in ("", "/withdraw", "/change", "/appeal"):
            fields = {"receipt": broken.receipt, "id": broken.id}
            assert broken.person.send(f"/api/receipt{path}", fields).status == 500
            assert broken.person.tell(f"/api/receipt{path}", fields).status == 500
        self.house.sql("UPDATE posts SET state = 'received' WHERE id = ?", broken.id)

    def moderate(self) -> None:
        """Two moderators come in and decide; what is approved goes up."""
        self.one, self.two = (Moderator(self.house.person(n)) for n in ("moderator", "colleague"))
        self.one.enrols(first_link(self.house))
        self.two.enrols(json.loads(self.house.operator("invite", "--json"))["link"])
        self.one.signs_out()
        late = {"words": self.one.person.word("signed out")}
        waiting = self.author("waiting").id
        assert self.one.send(f"/moderation/post/{waiting}/decline", late).status == 401
        self.one.signs_in()
        for name in ("kept", "taken down", "withdrawn"):
            self.one.decides("approve", self.author(name).id)
        for name in ("revised", "returned then withdrawn", "erased"):
            self.say("return", name)
        for name in ("accepted", "refused"):
            self.offer(name)
        self.say("escalate", "escalated")
        self.say("decline", "expired")
        self.say("decline", "undone")
        undone = self.author("undone").id
        assert self.one.send(f"/moderation/post/{undone}/undo").status == 303
        self.bulk()
        meet_the_desks_errors(self.one, waiting)
        self.house.operator("decline", self.author("proven").id, "--as", "Kim", "--message",
                            self.house.person("operator").word("decline"))  # fmt: skip
        self.house.kill_a_build()
        self.one.publishes()
        for name in ("kept", "taken down", "withdrawn"):
            self.read(name)
        self.house.idle()
        self.copies["published"] = self.house.snapshot("published")
        self.published = len(self.house.told)

    def say(self, act: str, name: str, moderator: Moderator | None = None) -> None:
        """Decide with a message."""
        who = moderator or self.one
        words = f"Thank you. {who.person.word(f'{act} of {name}')}"
        who.decides(act, self.author(name).id, words=words)

    def offer(self, name: str) -> None:
        """Suggest other words."""
        word = self.one.person.word(f"offer to {name}")
        body = f"It began on a walk. {word}\n\nI count walks now, and it got lighter."
        message = self.one.person.word(f"message with the offer to {name}")
        self.one.decides("offer", self.author(name).id, title=word, body=body, words=message)

    def bulk(self) -> None:
        """Decline the flood as one, take that back as one, and decline it again."""
        flood, path = self.author("flood"), "/moderation/alike/decline"
        words = self.one.person.word("to the flood")
        for again in (True, False):
            form = self.one.opens(f"post/{flood.id}/alike").would_send(path)
            heard = self.one.send(path, {**form, "words": words})
            assert heard.status == 303, heard.text
            done = self.one.opens(heard.headers["Location"].removeprefix("/moderation/"))
            if again:
                undo = done.would_send("/moderation/undo")
                assert self.one.send("/moderation/undo", undo).status == 303

    def read(self, name: str) -> None:
        """Somebody reads a story, packed and plain, and once more when they have it already."""
        reader = self.house.person("reader")
        path = f"/stories/{self.author(name).id}/"
        page = reader.get(path, Accept_Encoding="identity")
        assert self.author(name).person.core("words") in page.text
        assert reader.get(path).headers["Content-Encoding"] == "gzip"
        tag = page.headers["ETag"]
        assert reader.get(path, Accept_Encoding="identity", If_None_Match=tag).status == 304
        for listed in PAGES:
            reader.get(listed)

    def answer(self) -> None:
        """Authors answer: change, accept, refuse, ask again."""
        revised = self.author("revised")
        form = revised.presses("change").page.would_send("/api/receipt/revise")
        new = revised.story("new ")
        wrong = {**form, "body": "?", "title": revised.person.word("too short")}
        assert revised.person.send("/api/receipt/revise", wrong).status == 422
        fields = {**form, "title": new["title"], "body": new["body"]}
        assert revised.person.send("/api/receipt/revise", fields).status == 200
        stale = revised.person.send("/api/receipt/revise", fields)
        assert stale.status == 409
        assert self.author("accepted").presses("accept").status == 200
        refused = self.author("refused")
        assert refused.presses("refuse").status == 200
        assert refused.presses("appeal").status == 200
        self.say("decline", "refused", self.two)

    def report(self) -> None:
        """Three readers report a story; it is hidden, read again and kept."""
        kept = self.author("kept").id
        names = ("first reporter", "second reporter", "third reporter")
        readers = [Author(self.house.person(name)) for name in names]
        for reader in readers:
            reader.opens_a_report(kept)
        for reader in readers:
            self.reports(reader, kept)
        done = self.house.python("-c", SWEEP)
        assert done.returncode == 0, done.stderr
        until(lambda: not self.is_up("kept"))
        page = self.one.opens(f"post/{kept}")
        assert self.house.person("first reporter").core("words") in page.words
        self.one.opens("")
        self.one.decides("keep", kept)
        self.author("kept").looks()

    def reports(self, reader: Author, post_id: str) -> None:
        """One reader asks us to look again, and looks what came of it."""
        words = reader.person.word("words")
        fields = {"id": post_id, "reason": "other", "words": words, "token": reader.token}
        assert reader.person.send("/api/reports", {**fields, "reason": "none"}).status == 422
        reader.waits()
        heard = reader.person.tell("/api/reports", fields)
        assert heard.status == 201, heard.text
        reader.keeps(heard.json)
        reader.looks()
        type_back(reader)

    def is_up(self, name: str) -> bool:
        """Whether readers can open it."""
        current = self.house.folder / "editions" / "current"
        return (current / "stories" / self.author(name).id).exists()

    def take_back(self) -> None:
        """What was up and what was not is taken back, taken down, erased."""
        for name in ("unread", "withdrawn", "broken", "returned then withdrawn"):
            assert self.author(name).presses("withdraw").status == 200
        self.author("erased").looks()
        leave = {"capability": self.author("erased").capability}
        assert self.author("erased").person.send("/api/receipt/erase", leave).status == 200
        self.say("take-down", "taken down")
        long_ago = "UPDATE posts SET state_day = '2026-01-01' WHERE id = ?"
        self.house.sql(long_ago, self.author("expired").id)
        self.house.operator("purge")
        self.gone = len(self.house.told)
        self.one.publishes()
        until(lambda: not self.is_up("withdrawn") and not self.is_up("taken down"))
        until(lambda: self.is_up("kept") and self.is_up("accepted"))
        reader = self.house.person("reader")
        for name in ("withdrawn", "taken down"):
            assert reader.get(f"/stories/{self.author(name).id}/").status == 404
        for name, status in (("withdrawn", 200), ("erased", 404)):
            fields = {"receipt": self.author(name).receipt}
            assert self.author(name).person.tell("/api/receipt", fields).status == status
        for path in PAGES:
            reader.get(path)

    def stop(self) -> None:
        """Everybody leaves, and the house stops."""
        self.one.signs_out()
        self.two.signs_out()
        self.house.operator("queue", "--json")
        self.house.operator("show", self.author("waiting").id)
        screened = self.house.person("operator").word("screened")
        self.house.operator("screen", "--json", given=screened)
        self.house.idle()
        assert self.house.stop() == 0
        self.copies["end"] = self.house.folder.parent
        self.end = datetime.now(UTC)


@contextmanager
def a_press_that_fails(house: Whole) -> Iterator[None]:
    """While somebody else's file lies among the posts and no manifest does."""
    posts = house.folder / "posts"
    manifest, strange = posts / "manifest.jsonl", posts / "notes.txt"
    kept = manifest.read_bytes()
    manifest.unlink()
    strange.write_text("not ours", "utf-8")
    yield
    strange.unlink()
    manifest.write_bytes(kept)
