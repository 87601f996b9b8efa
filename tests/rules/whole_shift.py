"""What moderators do with the posts of the walk: every outcome that there is, by the forms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.rules.whole_desk import Moderator, filled, first_link, reviewed
from tests.rules.whole_errors import meet_the_desks_errors
from tests.rules.whole_people import Author
from tests.rules.whole_product import Whole

MAIL = (
    *("kept", "withdrawn", "agreed"),
    *("edited", "edited long ago", "edited then withdrawn", "edited in vain"),
)
"""Those whose story holds an address of theirs."""
IN_DANGER = ("escalated", "two readers", "agreed")
CLOSE = "closely edited"
FRIEND = "friend"
WORST = "i am going to end my life"


def write_more(authors: Mapping[str, Author]) -> None:
    """Give those stories the paragraph that a moderator will have to decide on."""
    for name in MAIL:
        mail = authors[name].person.core("mail")
        authors[name].further = f"\n\nI used to write to {mail}@example.org, whenever I was low."
    friend = authors[CLOSE].person.lettered(FRIEND).capitalize()
    authors[CLOSE].further = f"\n\nMy friend is called {friend} and walked with me."
    for name in IN_DANGER:
        word = authors[name].person.word("danger")
        authors[name].further += f"\n\nI am going to end my life tonight. {word}"


@dataclass
class Shift:
    """The desk of the walk: three who read, and one who does not stay."""

    house: Whole
    authors: Mapping[str, Author]
    one: Moderator = field(init=False)
    two: Moderator = field(init=False)
    lead: Moderator = field(init=False)
    leaver: Moderator = field(init=False)

    def __post_init__(self) -> None:
        names = ("moderator", "colleague", "lead", "leaver")
        self.one, self.two, self.lead, self.leaver = (
            Moderator(self.house.person(name)) for name in names
        )

    def comes_in(self) -> None:
        """All enrol; one leaves, and finds that nothing can be done from outside."""
        self.one.enrols(first_link(self.house))
        for other in (self.two, self.lead, self.leaver):
            other.enrols(json.loads(self.house.operator("invite", "--json"))["link"])
        self.one.signs_out()
        late = {"words": self.one.person.word("signed out")}
        assert self.one.send(f"/post/{self.id('waiting')}/decline", late).status == 401
        self.one.signs_in()

    def id(self, name: str) -> str:
        return self.authors[name].id

    def decides(self) -> None:
        """Everything that can become of a story that has just come in."""
        self.approves()
        self.turns_away()
        self.takes_its_time()
        self.bulk()
        self.is_in_danger()
        self.needs_two()
        meet_the_desks_errors(self.one, self.id("waiting"))

    def approves(self) -> None:
        """As they are, and with an address taken out, which is told."""
        for name in ("kept", "taken down", "withdrawn"):
            self.one.approves(self.id(name), words=self.own("approval", name))
        for name in ("edited", "edited long ago", "edited then withdrawn", "edited in vain"):
            self.one.approves(self.id(name), self.instead(name), words=self.own("approval", name))
        self.one.does(f"/post/{self.id('edited in vain')}/undo")

    def turns_away(self) -> None:
        """Returned, declined, with other words suggested."""
        for name in ("revised", "returned then withdrawn", "erased"):
            self.say("return", name, template="change-advice")
        for name in ("accepted", "refused"):
            self.offer(name)
        self.say("decline", "expired", template="not-a-story")
        self.say("decline", "undone")
        self.one.does(f"/post/{self.id('undone')}/undo")

    def takes_its_time(self) -> None:
        """Read along, held and given back, checked and thought better of, passed on to another."""
        waiting, asked = f"/post/{self.id('waiting')}", f"/post/{self.id('asked')}"
        self.two.does(f"{waiting}/open")
        page = self.one.holds(self.id("waiting"))
        thought = {"words": self.one.person.word("thought better of"), "template": ""}
        checked = self.one.checks("decline", page, thought)
        back = self.one.send(f"{waiting}/edit", filled(checked, f"{waiting}/edit"))
        assert back.status == 200
        assert self.one.person.core("thought better of") in back.text
        self.one.does(f"{waiting}/release")
        page = self.one.holds(self.id("asked"))
        self.one.does(f"{asked}/ask-second", filled(page, f"{asked}/ask-second"))

    def is_in_danger(self) -> None:
        """Escalated and concluded; other words suggested; then a pause that serves nothing."""
        pages = {name: self.lead.holds(self.id(name)) for name in IN_DANGER}
        words = {"words": self.lead.person.word("escalate of escalated")}
        self.lead.does_it(self.lead.checks("escalate", pages["escalated"], words))
        mail = self.authors["agreed"].person.core("mail")
        agreed = reviewed(pages["agreed"], {WORST: "I was very low", mail: "a friend"})
        self.lead.does_it(self.lead.checks("approve", pages["agreed"], agreed))
        first = reviewed(pages["two readers"])
        self.lead.does_it(self.lead.checks("approve", pages["two readers"], first))
        escalated = f"/post/{self.id('escalated')}"
        form = filled(self.lead.opens(escalated), f"{escalated}/conclude")
        self.lead.does(f"{escalated}/conclude", {**form, "template": "passed-on"})
        assert self.lead.send(f"/post/{self.id('waiting')}/claim").status == 409
        self.lead.opens("/pause")

    def needs_two(self) -> None:
        """Somebody new is read along with; whoever took a name out does not approve alone."""
        self.two.approves(self.id("learned"))
        self.one.approves(self.id("learned"))
        friend = self.authors[CLOSE].person.lettered(FRIEND)
        self.one.approves(self.id(CLOSE), {friend: "someone"})
        self.two.approves(self.id(CLOSE))
        self.two.approves(self.id("two readers"), words=self.own("approval", "two readers", "two"))
        self.rested()

    def rested(self) -> None:
        """The pause after something urgent goes by."""
        self.house.sql("UPDATE duty SET rest_until = 0")

    def say(self, act: str, name: str, who: str = "one", template: str = "") -> None:
        """Decide with a message, and with a sentence of one's own."""
        words = f"Thank you. {self.own(act, name, who)}"
        moderator: Moderator = getattr(self, who)
        moderator.decides(act, self.id(name), words=words, template=template)

    def own(self, act: str, name: str, who: str = "one") -> str:
        """A sentence of one's own, which nobody else writes."""
        moderator: Moderator = getattr(self, who)
        return moderator.person.word(f"{act} of {name}")

    def instead(self, name: str) -> Mapping[str, str]:
        """What stands where their address was."""
        mail = self.authors[name].person.core("mail")
        return {mail: self.one.person.lettered(f"instead in {name}")}

    def offer(self, name: str) -> None:
        """Suggest other words."""
        word = self.one.person.word(f"offer to {name}")
        body = f"It began on a walk. {word}\n\nI count walks now, and it got lighter."
        message = self.own("message with the offer", name)
        self.one.decides("offer", self.id(name), title=word, body=body, words=message)

    def bulk(self) -> None:
        """Decline the flood as one, take that back as one, and decline it again."""
        flood, path = self.id("flood"), "/alike/decline"
        words = self.one.person.word("to the flood")
        for again in (True, False):
            form = filled(self.one.opens(f"/post/{flood}/alike"), path)
            done = self.one.does(path, {**form, "words": words})
            if again:
                self.one.does("/undo", filled(done, "/undo"))

    def reads_again(self, name: str) -> None:
        """A story that readers reported: its address is taken out, and the rest is kept."""
        page = self.one.holds(self.id(name))
        assert self.house.person("first reporter").core("words") in page.words
        checked = self.one.checks("approve", page, reviewed(page, self.instead(name)))
        self.one.does_it(checked, f"/post/{self.id(name)}/keep")
