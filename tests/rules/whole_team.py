"""What people at the desk do beside reading: their passkeys, the team, the record, the guide."""

from __future__ import annotations

from tests.doors.authenticator import SecurityKey
from tests.doors.seen import Page
from tests.rules.whole_desk import DESK, Moderator, filled
from tests.rules.whole_errors import be_turned_away
from tests.rules.whole_product import Heard
from tests.rules.whole_shift import Shift

LOOKED_AT = (
    *("/", "/?show=approved", "/?show=withdrawn", "/?topic=alcohol&route=REDACT", "/publish"),
    *("/numbers", "/record", "/record?check=yes", "/record?what=approve", "/record.csv", "/team"),
    *("/you", "/pause", "/runbook", "/guide", "/guide/grey-areas", "/practice"),
    *("/practice/01", "/practice/01?choice=approve", "/practice/01?choice=decline"),
)
"""Pages that are about no post's words, whoever opens them."""


def look_over_the_desk(one: Moderator) -> None:
    """Every page on which no word of a visitor's may stand."""
    for path in LOOKED_AT:
        assert one.person.get(f"{DESK}{path}").status == 200, path


def tend_the_team(shift: Shift) -> None:
    """Invitations, roles, a passkey that was lost, somebody who leaves."""
    one, two, lead, leaver = shift.one, shift.two, shift.lead, shift.leaver
    _token(one, _invited(one))
    revoke = "/team/invitations/revoke"
    one.does(revoke, filled(one.opens("/team"), revoke))
    for path in (f"/team/{leaver.id}", f"/team/{leaver.id}/remove"):
        one.opens(path)
    shift.say("decline", "left", "leaver")
    _has_roles(one, leaver, "peer-supporter")
    be_turned_away(leaver, 403)
    _has_roles(one, lead, "moderator", "safety-lead")
    one.does(f"/team/{leaver.id}/remove")
    be_turned_away(leaver, 401)
    _lose(one, two)
    two.does("/you/recovery/stop")
    _lose(one, two)
    two.recovers(_token(lead, lead.send(f"/team/{two.id}/agree")))


def look_after_oneself(one: Moderator) -> None:
    """A second passkey, a second browser, and what one would rather not read."""
    spare = SecurityKey(origin=one.site)
    told = {"csrf": one.csrf, "label": f"key {one.person.core('second label')}"}
    options = one.script("/you/passkeys/options", told).json["publicKey"]
    one.person.secret("challenge", options["challenge"])
    one.script("/you/passkeys", {**told, "credential": spare.make(options)})
    named = {"passkey": spare.credential_id.hex()}
    first = {"passkey": one.key.credential_id.hex()}
    one.does("/you/passkeys/rename", {**first, "label": f"key {one.person.core('label')}"})
    wrong = {**named, "label": one.person.word("label of many letters") * 2}
    assert one.send("/you/passkeys/rename", wrong).status == 422
    for path in ("/you/sessions/end", "/you/sessions/end-others"):
        one.signs_in_elsewhere()
        one.does(path, filled(one.opens("/you"), path))
    one.does("/you/passkeys/remove", named)
    one.does("/you/choices", {"topics": ["grief"], "collapsed": "yes"})


def _invited(one: Moderator) -> Heard:
    return one.send("/team/invitations", {"roles": ["moderator"]})


def _token(one: Moderator, heard: Heard) -> str:
    """The link on a page that shows it this once."""
    assert heard.status == 200, heard.text
    link = _link(heard.page)
    one.person.secret("invitation", link.partition("invitation=")[2])
    return link


def _link(page: Page) -> str:
    return page.by_id("link").value


def _has_roles(one: Moderator, other: Moderator, *roles: str) -> None:
    one.does(f"/team/{other.id}/roles", {"roles": list(roles)})


def _lose(one: Moderator, other: Moderator) -> None:
    one.does(f"/team/{other.id}/lost")
