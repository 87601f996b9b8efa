"""Who may approve what: every case in one table, each row read against the rules in plain words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forum.approving import LEAST_CREW, Approval, Approver, Edit, TooFew, approval
from forum.deciding import NeedsAnother
from forum.post import Act, Post, State
from forum.route import Route
from tests.builders import make_post

HERE, OTHER = "a" * 64, "b" * 64
"""The hash of the bytes that are read, and of other bytes."""

STANDS: dict[str, Post] = {
    "received": make_post(),
    "appealed": make_post(state=State.APPEALED, appealed=True),
    "asked": make_post(state=State.SECOND, first_reader="robin"),
    "first-read": make_post(state=State.SECOND, first_reader="robin", approved_hash=HERE),
    "read-other": make_post(state=State.SECOND, first_reader="robin", approved_hash=OTHER),
    "edited": make_post(state=State.SECOND, editors=("robin",)),
    "hidden": make_post(state=State.HIDDEN, approved_hash=HERE),
    "hidden-other": make_post(state=State.HIDDEN, approved_hash=OTHER),
    "up": make_post(state=State.APPROVED, approved_hash=HERE),
    "up-other": make_post(state=State.APPROVED, approved_hash=OTHER),
}
"""How the post stands; whoever had to do with it before is Robin."""
PEOPLE = {
    "sam": Approver("sam"),
    "robin": Approver("robin"),
    "learner": Approver("sam", learning=True),
    "operator": Approver("operator:sam", counts_last=False),
}
EDITS = {"nothing": Edit(), "words": Edit(changed=True), "names": Edit(True, close_detail=True)}
ROUTES = {"low": (Route.NOTE, Route.REDACT, Route.HOLD), "high": (Route.HOLD2,)}

TABLE = """
risk  stands        who       nothing  words   names
low   received      sam       approve  approve edited
low   received      robin     approve  approve edited
low   received      learner   second   edited  edited
low   received      operator  approve  edited  edited
low   appealed      sam       approve  approve edited
low   appealed      robin     approve  approve edited
low   appealed      learner   second   edited  edited
low   appealed      operator  approve  edited  edited
low   asked         sam       approve  edited  edited
low   asked         robin     another  edited  edited
low   asked         learner   another  edited  edited
low   asked         operator  another  edited  edited
low   first-read    sam       approve  edited  edited
low   first-read    robin     another  edited  edited
low   first-read    learner   another  edited  edited
low   first-read    operator  another  edited  edited
low   read-other    sam       approve  edited  edited
low   read-other    robin     another  edited  edited
low   read-other    learner   another  edited  edited
low   read-other    operator  another  edited  edited
low   edited        sam       approve  edited  edited
low   edited        robin     another  edited  edited
low   edited        learner   another  edited  edited
low   edited        operator  another  edited  edited
low   hidden        sam       keep     keep    edited
low   hidden        robin     keep     keep    edited
low   hidden        learner   keep     edited  edited
low   hidden        operator  keep     edited  edited
low   hidden-other  sam       keep     keep    edited
low   hidden-other  robin     keep     keep    edited
low   hidden-other  learner   second   edited  edited
low   hidden-other  operator  keep     edited  edited
low   up            sam       keep     keep    edited
low   up            robin     keep     keep    edited
low   up            learner   keep     edited  edited
low   up            operator  keep     edited  edited
low   up-other      sam       keep     keep    edited
low   up-other      robin     keep     keep    edited
low   up-other      learner   second   edited  edited
low   up-other      operator  keep     edited  edited
high  received      sam       second   edited  edited
high  received      robin     second   edited  edited
high  received      learner   second   edited  edited
high  received      operator  edited   edited  edited
high  appealed      sam       second   edited  edited
high  appealed      robin     second   edited  edited
high  appealed      learner   second   edited  edited
high  appealed      operator  edited   edited  edited
high  asked         sam       second   edited  edited
high  asked         robin     another  edited  edited
high  asked         learner   second   edited  edited
high  asked         operator  edited   edited  edited
high  first-read    sam       approve3 edited  edited
high  first-read    robin     another  edited  edited
high  first-read    learner   another  edited  edited
high  first-read    operator  another  edited  edited
high  read-other    sam       second   edited  edited
high  read-other    robin     another  edited  edited
high  read-other    learner   second   edited  edited
high  read-other    operator  edited   edited  edited
high  edited        sam       second   edited  edited
high  edited        robin     another  edited  edited
high  edited        learner   second   edited  edited
high  edited        operator  edited   edited  edited
high  hidden        sam       keep     edited  edited
high  hidden        robin     keep     edited  edited
high  hidden        learner   keep     edited  edited
high  hidden        operator  keep     edited  edited
high  hidden-other  sam       second   edited  edited
high  hidden-other  robin     second   edited  edited
high  hidden-other  learner   second   edited  edited
high  hidden-other  operator  edited   edited  edited
high  up            sam       keep     edited  edited
high  up            robin     keep     edited  edited
high  up            learner   keep     edited  edited
high  up            operator  keep     edited  edited
high  up-other      sam       second   edited  edited
high  up-other      robin     second   edited  edited
high  up-other      learner   second   edited  edited
high  up-other      operator  edited   edited  edited
"""
"""What each person's approval comes to, after changing nothing, words or fields, or names.

"second" counts as the first of two; "edited" asks for others and counts as neither; "another" is
refused; "approve3" is refused as well while fewer than three people are enrolled.
"""
COMES_TO = {
    "approve": Approval(Act.APPROVE),
    "approve3": Approval(Act.APPROVE),
    "keep": Approval(Act.KEEP),
    "second": Approval(Act.ASK_SECOND),
    "edited": Approval(Act.ASK_SECOND, counts=False),
}
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
CASES = [
    pytest.param(*row[:3], edit, says, id="-".join((*row[:3], edit)))
    for row in ROWS
    for edit, says in zip(HEAD[3:], row[3:], strict=True)
]


@pytest.mark.parametrize(("risk", "stands", "who", "edit", "says"), CASES)
def test_every_case_comes_to_what_the_table_says(
    risk: str, stands: str, who: str, edit: str, says: str
) -> None:
    for route in ROUTES[risk]:
        post = replace(STANDS[stands], route=route)
        for crew in (1, LEAST_CREW - 1, LEAST_CREW, 40):
            given = (post, HERE, PEOPLE[who], EDITS[edit], crew)
            if says == "another":
                with pytest.raises(NeedsAnother):
                    approval(*given)
            elif says == "approve3" and crew < LEAST_CREW:
                with pytest.raises(TooFew):
                    approval(*given)
            else:
                assert approval(*given) == COMES_TO[says]


def test_the_table_has_every_case_once() -> None:
    assert {tuple(row[:3]) for row in ROWS} == {
        (risk, stands, who) for risk in ROUTES for stands in STANDS for who in PEOPLE
    }
    assert len(ROWS) == len(ROUTES) * len(STANDS) * len(PEOPLE)


@pytest.mark.parametrize("stands", STANDS)
def test_whoever_edited_a_post_that_two_must_read_is_neither_of_them(stands: str) -> None:
    """In whatever state the edit was made: an appeal, for instance, leaves them an editor."""
    post = replace(STANDS[stands], route=Route.HOLD2, editors=("kim", "sam"))
    if post.approved_hash == HERE and post.state in (State.HIDDEN, State.APPROVED):
        assert approval(post, HERE, Approver("sam"), Edit(), 9) == Approval(Act.KEEP)
        return
    with pytest.raises(NeedsAnother):
        approval(post, HERE, Approver("sam"), Edit(), 9)


def test_a_learner_may_be_the_first_of_two() -> None:
    who, high = PEOPLE["learner"], make_post(route=Route.HOLD2)
    assert approval(high, HERE, who, Edit(), 3) == Approval(Act.ASK_SECOND)
    read = replace(high, state=State.SECOND, first_reader=who.id, approved_hash=HERE)
    assert approval(read, HERE, Approver("kim"), Edit(), 3) == Approval(Act.APPROVE)


def test_an_operator_is_neither_of_two_in_production() -> None:
    """Nobody checked the name: the same person may sit at the desk as well."""
    asked = approval(make_post(route=Route.HOLD2), HERE, PEOPLE["operator"], Edit(), 3)
    assert asked == Approval(Act.ASK_SECOND, counts=False)


def test_an_operator_counts_where_the_installation_is_no_production() -> None:
    read = replace(STANDS["first-read"], route=Route.HOLD2)
    assert approval(read, HERE, Approver("operator:ann"), Edit(), 3) == Approval(Act.APPROVE)
