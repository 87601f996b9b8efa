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

from editions.reading import Pages
from tests.rules.whole_errors import (
    PAGES,
    be_hasty,
    look_around,
    meet_every_error,
    send_again,
    type_back,
)
from tests.rules.whole_people import Author, proof_for
from tests.rules.whole_product import Whole, until
from tests.rules.whole_shift import Shift, write_more
from tests.rules.whole_team import look_after_oneself, look_over_the_desk, tend_the_team

SINGLE = (
    *("kept", "taken down", "withdrawn", "unread", "revised", "accepted", "refused", "waiting"),
    *("broken", "returned then withdrawn", "erased", "undone", "escalated", "expired", "left"),
    *("edited", "edited long ago", "edited then withdrawn", "edited in vain", "closely edited"),
    *("two readers", "agreed", "asked", "learned", "operated", "passed on", "sent back"),
)
"""The authors of one story each, by what becomes of it."""
GO_UP = (
    *("kept", "taken down", "withdrawn", "edited", "edited long ago", "edited then withdrawn"),
    *("closely edited", "two readers", "learned", "operated"),
)
BACK = ("unread", "withdrawn", "broken", "returned then withdrawn", "edited then withdrawn")
DOWN = ("withdrawn", "edited then withdrawn", "taken down", "operated")
TOLD = (
    *(("queue",), ("moderators",), ("record",), ("digest",), ("doctor",), ("verify-helpline",)),
    *(("publish",), ("close",), ("open",)),
)
"""What an operator asks for now and then."""
OTHERS = ("proven", "hasty", "second of erased", "flood", "refused at the door")
MOST = 30
"""Posts that no lane takes at once."""
SWEEP = "from forum import wiring; wiring.open_sweep(wiring.settings()).hide()"
TELL = """
from datetime import timedelta
from forum import wiring

class Later:
    def now(self):
        real = wiring.SystemClock().now() + timedelta(hours={hours})
        return real.replace(minute=31)

wiring.CLOCK = Later()
assert wiring.open_telling(wiring.settings()).look()
"""
"""Count what waits at half past an hour that is to come, and tell the moderators."""
LONG_AGO = "UPDATE posts SET state_day = '2026-01-01' WHERE id = ?"


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
    erased: int = 0
    """How many when everything whose time was over had been erased."""
    shift: Shift = field(init=False)
    link: str = ""
    """The last one of the record when the stories went up."""
    end: datetime = field(init=False)

    def author(self, name: str) -> Author:
        return self.authors.setdefault(name, Author(self.house.person(name)))

    def walk(self) -> None:
        """All of it."""
        self.house.start()
        for name in (*SINGLE, *OTHERS):
            self.author(name).opens_the_form()
        write_more(self.authors)
        for _ in range(MOST):
            self.author("flood").opens_the_form()
            self.forms.append(self.author("flood").token)
        passer = self.house.person("passer-by")
        look_around(passer)
        meet_every_error(passer)
        self.share()
        be_hasty(self.author("hasty"))
        self.flood()
        self.tell(1)
        self.crash()
        self.moderate()
        self.answer()
        self.report()
        self.look_after_people()
        self.take_back()
        self.tell(2)
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

    def tell(self, hours: int) -> None:
        """Moderators are told how much waits."""
        done = self.house.python("-c", TELL.format(hours=hours))
        assert done.returncode == 0, done.stderr

    def moderate(self) -> None:
        """The moderators come in and decide, the operator too; what is approved goes up."""
        self.shift = Shift(self.house, self.authors)
        self.shift.comes_in()
        self.shift.decides()
        self.operate()
        self.house.kill_a_build()
        self.shift.one.publishes()
        for name in GO_UP:
            self.read(name)
        self.note_the_record()
        self.house.idle()
        self.copies["published"] = self.house.snapshot("published")
        self.published = len(self.house.told)

    def operate(self) -> None:
        """The same from the command line, which records it as the operator's."""
        self.command("approve", "operated", "--keep-marked", "--reason", "published")
        self.command("return", "sent back", "--reason", "change-other")
        self.command("escalate", "passed on", "--reason", "worried")
        self.house.operator("conclude", self.author("passed on").id, "--as", "Kim",
                            "--reason", "no-means-of-contact", "--json")  # fmt: skip
        self.command("decline", "proven")

    def command(self, act: str, name: str, *further: str) -> None:
        """Decide as the operator, with words for the author."""
        words = self.house.person("operator").word(f"{act} of {name}")
        said = (act, self.author(name).id, "--as", "Kim", "--message", words, "--json", *further)
        self.house.operator(*said)

    def note_the_record(self) -> None:
        """What must be gone from the record once its author takes the story back."""
        wanted = "SELECT approved_hash, hex(salt), reason, rules FROM record WHERE about = ?"
        ((approved, salt, reason, rules),) = self.house.sql(wanted, self.author("withdrawn").id)
        self.house.canaries.secret("withdrawn: approved hash", approved)
        self.house.canaries.secret("withdrawn: salt of the seal", salt.lower())
        assert reason == "published"
        assert "PII-1" in json.loads(rules)
        ((self.link,),) = self.house.sql("SELECT link FROM record ORDER BY number DESC LIMIT 1")
        look_over_the_desk(self.shift.one)

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
        self.shift.say("decline", "refused", "two")
        assert self.author("agreed").presses("accept").status == 200
        for name in ("edited", "closely edited"):
            self.author(name).looks()
            fields = {"receipt": self.author(name).receipt}
            assert self.author(name).person.tell("/api/receipt", fields).status == 200

    def report(self) -> None:
        """Three readers report a story; it is hidden, read again, and kept with words taken out."""
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
        self.shift.reads_again("kept")
        until(lambda: self.is_up("kept"))
        self.author("kept").looks()

    def look_after_people(self) -> None:
        """The desk's people: themselves, the team, who comes and who leaves."""
        look_after_oneself(self.shift.one)
        tend_the_team(self.shift)

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
        page = f"stories/{self.author(name).id}/index.html"
        return Pages(self.house.folder / "editions").read(page) is not None

    def take_back(self) -> None:
        """What was up and what was not is taken back, taken down, erased."""
        for name in BACK:
            assert self.author(name).presses("withdraw").status == 200
        self.author("erased").looks()
        leave = {"capability": self.author("erased").capability}
        assert self.author("erased").person.send("/api/receipt/erase", leave).status == 200
        self.shift.say("take-down", "taken down", template="taken-down-unsafe")
        self.command("keep", "operated", "--keep-marked")
        self.command("take-down", "operated")
        self.gone = len(self.house.told)
        self.shift.one.publishes()
        until(lambda: not any(map(self.is_up, DOWN)))
        until(lambda: self.is_up("kept") and self.is_up("accepted"))
        self.time_passes()
        reader = self.house.person("reader")
        for name in DOWN:
            assert reader.get(f"/stories/{self.author(name).id}/").status == 404
        for name in ("kept", "edited", "edited long ago"):
            assert reader.get(f"/stories/{self.author(name).id}/").status == 200
        for name, status in (("withdrawn", 200), ("erased", 404)):
            fields = {"receipt": self.author(name).receipt}
            assert self.author(name).person.tell("/api/receipt", fields).status == status
        for path in PAGES:
            reader.get(path)
        look_over_the_desk(self.shift.one)

    def time_passes(self) -> None:
        """A month for two of them, a minute for what could be undone; then the clocks run."""
        for name in ("expired", "edited long ago"):
            self.house.sql(LONG_AGO, self.author(name).id)
        self.house.sql("UPDATE undos SET until = 0")
        self.house.operator("purge", "--json")
        self.erased = len(self.house.told)

    def stop(self) -> None:
        """Everybody leaves, and the house stops."""
        for moderator in (self.shift.one, self.shift.two):
            moderator.signs_out()
        for words in TOLD:
            self.house.operator(*words, "--json")
        self.house.operator("record", "--noted", self.link, "--json")
        self.house.operator("record", "--csv")
        self.house.operator("show", self.author("waiting").id, "--json")
        screened = self.house.person("operator").word("screened")
        self.house.operator("screen", "--json", given=screened)
        self.keep_copies()
        self.house.idle()
        assert self.house.stop() == 0
        self.copies["end"] = self.house.folder.parent
        self.end = datetime.now(UTC)

    def keep_copies(self) -> None:
        """One for a move, and gone again; one that may lie about, for nobody here can open it. A
        store that holds something takes neither."""
        moved = self.house.folder.parent / "moved"
        self.house.operator("export", str(moved), "--json")
        self.house.operator("import", str(moved), "--json", status=1)
        moved.unlink()
        self.house.operator("backup", "--json")
        (backup,) = (self.house.folder / "backups").iterdir()
        identity, _ = self.house.backup_keys
        told = ("restore", str(backup), "--identity", "-", "--json")
        self.house.operator(*told, given=identity, status=1)


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
