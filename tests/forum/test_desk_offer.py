"""Changes that a moderator suggests: nothing goes up but the very bytes that the author accepts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from forum.approving import Approver
from forum.deciding import (
    LONGEST_MESSAGE,
    HeldByAnother,
    NoSuchPost,
    NothingToUndo,
    Seen,
    Stale,
    Words,
    WordsNeeded,
)
from forum.desk import Desk
from forum.edition import BatchRule
from forum.holders import Leave
from forum.holders import Stale as NotAsSeen
from forum.mirror import Mirror
from forum.post import (
    Act,
    Fields,
    NotAllowed,
    Post,
    State,
    Text,
    canonical,
    fingerprint,
    record_of,
)
from forum.press import Press
from forum.retention import purge
from forum.rows import Message, Offer
from forum.settling import Unchanged
from forum.texts import Refused, check
from forum.visitors import Sent
from tests.builders import NOON, TODAY, make_given, make_text
from tests.forum.desk_office import WORDS, Office, open_office
from tests.forum.press_room import PaperPrinter, as_they_come
from tests.forum.visitors_door import Door, open_door

TITLE = "Walks"
BODY = "I counted walks, not days.\n\nMy sister drove me to hospital one spring, and it got better."
OWN = "I counted walks. My sister Priya drove me to hospital in Dundee on 14 March 2019."


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def offer(office: Office, post: Post, **given: str) -> Post:
    said = {"who": "robin", "title": TITLE, "body": BODY, "words": WORDS} | given
    who, words = Approver(said.pop("who")), Words(said.pop("words"))
    return office.desk.offer(office.seen(post), who, **said, said=words)


# --- what is suggested ------------------------------------------------------------------------


def test_an_offer_is_the_whole_text_as_it_could_be_and_its_records_hash(office: Office) -> None:
    post = office.receive()
    after = offer(office, post)
    suggested = check(TITLE, BODY).text
    reading = office.desk.read(post.id)
    assert (after.state, after.approved_hash) == (State.OFFERED, None)
    assert (reading.post, reading.text) == (after, make_text())
    assert reading.offer == Offer(suggested, fingerprint(record_of(post, suggested)))
    assert reading.message == Message(TODAY, WORDS)
    assert office.stores.holders.offer(post.id) == reading.offer


def test_the_offer_is_on_record_and_nothing_that_its_words_could_be_known_by(
    office: Office,
) -> None:
    """The record outlives the words; a hash of some that are never published must not."""
    post = office.receive()
    offer(office, post)
    reading = office.desk.read(post.id)
    (decision,) = reading.decisions
    assert reading.offer is not None
    assert (decision.act, decision.moderator, decision.day) == (Act.OFFER, "robin", TODAY)
    assert decision.approved_hash is None


def test_a_suggestion_is_sanitized_and_screened_like_any_text(office: Office) -> None:
    body = "I counted walks.<script>alert(1)</script> Call me on 07911 123456, <b>any</b> time."
    post = office.receive()
    offer(office, post, title="<i>Walks</i>", body=body)
    suggested = office.desk.read(post.id).offer
    assert suggested is not None
    assert suggested.text == check("<i>Walks</i>", body).text
    assert "<script" not in suggested.text.html
    assert suggested.text.highlights


BAD = [("x" * 121, BODY), (TITLE, ""), (TITLE, "too short"), (TITLE, "x" * 20_000), ("a\nb", BODY)]


@pytest.mark.parametrize(("title", "body"), BAD)
def test_a_suggestion_that_could_not_be_sent_is_refused(
    office: Office, title: str, body: str
) -> None:
    post = office.receive()
    with pytest.raises(Refused) as caught:
        offer(office, post, title=title, body=body)
    assert caught.value.errors
    office.assert_untouched(post)
    assert office.desk.read(post.id).offer is None


def test_the_authors_own_text_is_no_offer(office: Office) -> None:
    text = check("Counting walks", OWN).text
    post = office.receive()
    office.stores.holders.rewrite(post := replace(post, version=2), text)
    for body in (OWN, OWN + "\n", f"  {OWN}"):
        with pytest.raises(Unchanged):
            offer(office, post, title="Counting walks", body=body)
    office.assert_untouched(post)
    assert offer(office, post, title="Counting walks!", body=OWN).state is State.OFFERED


def test_words_with_an_offer_are_free_and_not_too_long(office: Office) -> None:
    post = office.receive()
    with pytest.raises(WordsNeeded):
        offer(office, post, words="x" * (LONGEST_MESSAGE + 1))
    office.assert_untouched(post)
    offer(office, post, words="  \n ")
    assert office.desk.read(post.id).message is None


# --- to whom, and when ------------------------------------------------------------------------


WAITS = [State.RECEIVED, State.SECOND, State.APPEALED, State.HIDDEN]


@pytest.mark.parametrize("state", State)
def test_changes_are_offered_while_a_post_waits_for_a_moderator(
    office: Office, state: State
) -> None:
    post = office.receive(state=state)
    if state in WAITS:
        assert offer(office, post).state is State.OFFERED
        return
    with pytest.raises(NotAllowed):
        offer(office, post)
    office.assert_untouched(post)
    assert office.desk.read(post.id).offer is None


@pytest.mark.parametrize("hash", [None, "", "a" * 64])
def test_nothing_is_changed_that_was_not_read(office: Office, hash: str | None) -> None:
    post = office.receive()
    with pytest.raises(Stale):
        office.desk.offer(Seen(post.id, 1, hash), Approver("robin"), TITLE, BODY, Words(WORDS))
    office.assert_untouched(post)
    assert office.desk.read(post.id).offer is None


def test_a_post_that_changed_since_it_was_read_gets_no_offer(office: Office) -> None:
    post = office.receive()
    seen = office.seen(post)
    now = office.decide(Act.ASK_SECOND, post, "sam", "")
    with pytest.raises(Stale) as caught:
        office.desk.offer(seen, Approver("robin"), TITLE, BODY, Words(WORDS))
    assert caught.value.post == now
    with pytest.raises(NoSuchPost):
        office.desk.offer(
            Seen("nobody", 1, seen.hash), Approver("robin"), TITLE, BODY, Words(WORDS)
        )


def test_a_post_that_another_is_reading_gets_no_offer(office: Office) -> None:
    post = office.receive()
    office.desk.claim(post.id, "sam")
    with pytest.raises(HeldByAnother):
        offer(office, post)
    office.assert_untouched(post)
    offer(office, post, who="sam")
    assert office.desk.read(post.id).claim is None


# --- an undo ----------------------------------------------------------------------------------


def test_an_undo_ends_the_offer_and_all_is_as_it_was(office: Office) -> None:
    post = office.receive()
    before = office.desk.read(post.id)
    after = offer(office, post)
    back = office.desk.undo(post.id, "robin")
    reading = office.desk.read(post.id)
    assert back == replace(post, version=after.version + 1)
    assert (reading.offer, reading.message, reading.text) == (None, None, before.text)
    assert reading.hash == before.hash
    assert [decision.act for decision in reading.decisions] == [Act.OFFER, Act.UNDO]


def test_an_offer_that_was_answered_is_not_taken_back(office: Office) -> None:
    post = offer(office, office.receive())
    office.by_author(Act.REFUSE, post)
    with pytest.raises(NothingToUndo):
        office.desk.undo(post.id, "robin")
    assert office.desk.read(post.id).post.state is State.DECLINED


# --- what the author accepts is what goes up --------------------------------------------------


@dataclass
class House:
    """Both doors and the press over one store, and a story that was sent."""

    door: Door
    office: Office
    press: Press
    printer: PaperPrinter
    sent: Sent
    folder: Path

    @property
    def post_id(self) -> str:
        return self.sent.post.id

    @property
    def leave(self) -> Leave:
        return Leave(str(self.sent.receipt))

    def offer(self, **given: str) -> str:
        """Changes are offered; the hash that the author's page carries."""
        offer(self.office, self.office.desk.read(self.post_id).post, **given)
        return self.shown()

    def shown(self) -> str:
        return self.door.holding(self.sent).hash or ""

    def sql(self, statement: str, *values: str) -> None:
        """Somebody acts on the database behind everyone's back."""
        file = self.folder / "handrail.sqlite3"
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute(statement, (*values, self.post_id))

    def readers_see(self) -> bytes | None:
        self.press.run(lambda words: None)
        return self.printer.readers.get(f"{self.post_id}.json")

    def text(self) -> Text | None:
        return self.office.desk.read(self.post_id).text

    def refuses(self, seen: str) -> None:
        """An attempt to accept is refused, and nothing goes up."""
        before = self.office.desk.read(self.post_id)
        with pytest.raises(NotAsSeen):
            self.door.holders.accept(self.post_id, seen, self.leave)
        assert self.office.desk.read(self.post_id) == before
        assert self.readers_see() is None


@pytest.fixture
def house(tmp_path: Path) -> House:
    door = open_door(tmp_path)
    office = Office(door.stores, door.clock, Desk(door.stores.desk, door.clock))
    mirror, rule = Mirror(tmp_path / "posts"), BatchRule(enough=1, rest_days=0)
    printer = PaperPrinter(mirror.folder)
    press = Press(door.stores.press, mirror, printer, door.clock, rule, as_they_come)
    return House(door, office, press, printer, door.share(body=OWN), tmp_path)


def test_what_was_accepted_is_there_for_readers_byte_for_byte(house: House) -> None:
    seen = house.offer()
    offered = house.office.desk.read(house.post_id).offer
    assert offered is not None
    assert house.readers_see() is None
    accepted = house.door.holders.accept(house.post_id, seen, house.leave)
    assert (accepted.state, accepted.approved_hash) == (State.APPROVED, seen)
    assert house.text() == offered.text
    assert house.readers_see() == canonical(record_of(accepted, offered.text))
    assert b"Priya" not in (house.readers_see() or b"Priya")


@pytest.mark.parametrize("seen", ["", "a" * 64, "own"])
def test_nothing_but_the_offer_that_was_shown_can_be_accepted(house: House, seen: str) -> None:
    own = house.shown()
    shown = house.offer()
    assert own != shown
    house.refuses(own if seen == "own" else seen)


def test_a_hash_of_an_offer_before_does_not_accept_the_one_after(house: House) -> None:
    first = house.offer()
    house.office.desk.undo(house.post_id, "robin")
    second = house.offer(body=BODY + " In time.")
    house.refuses(first)
    assert house.door.holders.accept(house.post_id, second, house.leave).approved_hash == second


TAMPERING = [
    "UPDATE offers SET html = '<p>Nobody read this.</p>' WHERE post_id = ?",
    "UPDATE offers SET title = 'Nobody read this' WHERE post_id = ?",
    "UPDATE posts SET pen_name = 'Somebody Real' WHERE id = ?",
    "UPDATE posts SET fields = replace(fields, 'alcohol', 'grief') WHERE id = ?",
]


@pytest.mark.parametrize("tampering", TAMPERING)
def test_an_offer_that_is_not_what_was_suggested_cannot_be_accepted(
    house: House, tampering: str
) -> None:
    seen = house.offer()
    house.sql(tampering)
    house.refuses(seen)


@pytest.mark.parametrize("tampering", TAMPERING[:1])
def test_an_offer_with_a_hash_to_match_other_words_does_not_pass_for_the_one_shown(
    house: House, tampering: str
) -> None:
    seen = house.offer()
    house.sql(tampering)
    house.sql("UPDATE offers SET hash = ? WHERE post_id = ?", "c" * 64)
    for given in (seen, "c" * 64):
        house.refuses(given)


def test_the_authors_words_changed_after_the_offer_do_not_change_what_goes_up(
    house: House,
) -> None:
    seen = house.offer()
    house.sql("UPDATE texts SET html = '<p>Nobody read this.</p>' WHERE post_id = ?")
    accepted = house.door.holders.accept(house.post_id, seen, house.leave)
    assert house.readers_see() == canonical(record_of(accepted, check(TITLE, BODY).text))


def test_accepted_words_changed_behind_everyones_back_do_not_go_up(house: House) -> None:
    house.door.holders.accept(house.post_id, house.offer(), house.leave)
    house.sql("UPDATE texts SET html = '<p>Nobody read this.</p>' WHERE post_id = ?")
    assert house.readers_see() is None


def test_new_words_in_place_of_the_offer_are_read_before_they_go_up(house: House) -> None:
    given = make_given(body="In my own words, then: I counted walks, and it helped.")
    seen = house.offer()
    revised = house.door.holders.revise(house.post_id, seen, given, house.leave)
    assert revised.state is State.RECEIVED
    assert house.office.desk.read(house.post_id).offer is None
    house.refuses(seen)
    assert revised.fields != Fields()


def test_a_refused_offer_is_declined_and_nothing_goes_up(house: House) -> None:
    seen = house.offer()
    assert house.door.holders.refuse(house.post_id, seen, house.leave).state is State.DECLINED
    assert house.office.desk.read(house.post_id).offer is None
    house.refuses(seen)


def test_an_offer_nobody_answers_runs_out_with_its_post(house: House) -> None:
    house.offer()
    told = house.door.holding(house.sent).erased_on
    assert told is not None
    assert (told - TODAY).days == 14
    purge(house.door.stores.retention, NOON + (told - TODAY))
    with pytest.raises(NoSuchPost):
        house.office.desk.read(house.post_id)
    assert house.door.stores.holders.offer(house.post_id) is None
