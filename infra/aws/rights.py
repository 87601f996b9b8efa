"""Who may do what in the cloud: one row for each right, and why the forum does not work without it.

What stands in no row is refused. A row is written for what its port's calls really are, and a test
holds the two together in both directions. docs/permissions.md is this table, for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Role(Enum):
    """Whose rights they are: each is one function's, and no two functions share one."""

    VISITORS = "visitors"
    DESK = "desk"
    PRESS = "press"
    UPKEEP = "upkeep"


class Where(Enum):
    """The tables, by what their names end in, and the index of the first."""

    MAIN = ""
    TEXTS = "-texts"
    ERASED = "-erased"
    INDEX = "/index/queue"


ACTIONS: Final[Mapping[str, str]] = {
    "get": "dynamodb:GetItem",
    "many": "dynamodb:BatchGetItem",
    "put": "dynamodb:PutItem",
    "add": "dynamodb:UpdateItem",
    "delete": "dynamodb:DeleteItem",
    "check": "dynamodb:ConditionCheckItem",
    "list": "dynamodb:Query",
    "scan": "dynamodb:Scan",
}
"""Our words for what DynamoDB calls otherwise. `check` lets a change fail if a row is another now;
`add` adds to counts; `list` reads rows of one partition in their order."""


@dataclass(frozen=True)
class Rows:
    """What may be done with rows whose partition key is this; `post#*` is any post."""

    where: Where
    rows: str
    may: str
    why: str


MAIN, TEXTS, ERASED, INDEX = Where.MAIN, Where.TEXTS, Where.ERASED, Where.INDEX

VISITORS: Final = (
    Rows(MAIN, "post#*", "get many put check", "A post is sent, looked at, changed, taken back."),
    Rows(MAIN, "name#*", "put", "A new post's pen name is nobody else's."),
    Rows(MAIN, "report#*", "many put", "A reader reports a post, and sees what came of it."),
    Rows(MAIN, "reported#*", "get put check", "Reports on one post are counted together."),
    Rows(MAIN, "standing#*", "many add", "How much waits: the form closes itself above a limit."),
    Rows(MAIN, "tally#*", "many", "How long it takes now, as the page says before one shares."),
    Rows(MAIN, "came", "add", "That something urgent came, so that moderators are told."),
    Rows(MAIN, "form", "get", "Whether the form is closed."),
    Rows(MAIN, "claim#*", "delete", "What was taken back is on no moderator's desk."),
    Rows(MAIN, "done#*", "get put check", "Why it was decided so goes with what is taken back."),
    Rows(MAIN, "edition#*", "get many check", "Whether a post is up."),
    Rows(MAIN, "unpressed#*", "put", "The press looks at a post that was taken back."),
    Rows(MAIN, "bell", "get put", "The press is called at once."),
    Rows(TEXTS, "text#*", "get put delete", "A post's own words."),
    Rows(TEXTS, "original#*", "get put delete", "Its words as typed, shown to their author alone."),
    Rows(TEXTS, "offer#*", "get delete", "Changes that were suggested: taken, refused, erased."),
    Rows(TEXTS, "message#*", "get delete", "What moderators wrote to the author."),
    Rows(TEXTS, "undo#*", "delete", "A decision on what was taken back cannot be undone."),
    Rows(TEXTS, "report#*", "many put", "The words of a report."),
    Rows(TEXTS, "author#*", "get put delete", "The locked list, found and opened by a receipt."),
    Rows(TEXTS, "spent#*", "get put", "A form that is sent twice is one post."),
    Rows(TEXTS, "lane#*", "get put", "How many come in within a minute, from everybody together."),
    Rows(ERASED, "post#*", "put", "A restore must not bring back what was taken back."),
    Rows(ERASED, "off#*", "put", "Nor show what came down."),
    Rows(ERASED, "author#*", "put", "Nor a locked list that was erased."),
)

STATES: Final = (
    *("received", "second", "returned", "offered", "escalated", "approved", "declined"),
    *("appealed", "hidden", "withdrawn", "taken-down"),
)

DESK: Final = (
    Rows(MAIN, "post#*", "get many put", "A post is read and decided on."),
    Rows(MAIN, "claim#*", "get many put delete", "Two moderators do not read the same post."),
    Rows(MAIN, "report#*", "many", "What readers reported."),
    Rows(MAIN, "reported#*", "get many put check list", "Which posts are reported, and answered."),
    Rows(MAIN, "standing#*", "many add", "How much waits, as the queue shows it."),
    Rows(MAIN, "tally#*", "get many add", "What the team's figures are made of."),
    Rows(MAIN, "came", "add", "A post that became urgent: moderators are told."),
    Rows(MAIN, "form", "get put", "A safety lead closes the form, and opens it."),
    Rows(MAIN, "batch#*", "get put", "Posts that were decided as one can be undone as one."),
    Rows(MAIN, "done#*", "get many put", "Why it was decided so: read again, and kept."),
    Rows(MAIN, "record", "get put list", "The head of the record, and where its days begin."),
    Rows(MAIN, "record#*", "get many put", "The record of decisions is read and added to."),
    Rows(MAIN, "people", "get put delete check list", "Moderators, their passkeys and sessions."),
    Rows(MAIN, "edition#*", "get put check", "Whether a post is up; a place is given back."),
    Rows(MAIN, "unpressed#*", "put", "The press looks at what was decided."),
    Rows(MAIN, "bell", "get put", "The press is called."),
    Rows(MAIN, "run", "get", "How the last run of the press went."),
    *(
        Rows(INDEX, f"{state}#*", "list", f"The queue: posts in the state {state}.")
        for state in STATES
    ),
    Rows(INDEX, "claimed#*", "list", "What somebody who leaves the team had on their desk."),
    Rows(INDEX, "told#*", "list", "The reports on one post."),
    Rows(INDEX, "did#*", "list", "Decisions of one kind, for the team's figures."),
    Rows(TEXTS, "text#*", "get many put", "The words that are read, and what was taken out."),
    Rows(TEXTS, "original#*", "get put", "The author's words beside what a moderator left."),
    Rows(TEXTS, "offer#*", "get put delete", "Changes are suggested."),
    Rows(TEXTS, "message#*", "get put delete", "The author is written to."),
    Rows(TEXTS, "undo#*", "get many put delete", "A decision can be undone for a few minutes."),
    Rows(TEXTS, "report#*", "many", "The words of a report."),
    Rows(ERASED, "off#*", "put", "A restore must not show what came down."),
    Rows(ERASED, "moderator#*", "put", "Nor let in somebody who left the team."),
    Rows(ERASED, "passkey#*", "put", "Nor take a passkey that was given up."),
    Rows(ERASED, "role#*", "put", "Nor give back a role that was taken away."),
)

PRESS: Final = (
    Rows(MAIN, "post#*", "get many check", "Each approved post, read anew by its id."),
    Rows(MAIN, "edition#*", "get many put delete check list", "What is up, and since which month."),
    Rows(MAIN, "unpressed#*", "put delete list", "What it has to look at."),
    Rows(MAIN, "slots", "get put list", "Each post's place in every list, for good."),
    Rows(MAIN, "bell", "get put", "Whether it was called, and that it came."),
    Rows(MAIN, "run", "get put", "It tells moderators how it went."),
    Rows(MAIN, "lease#*", "get put", "Never two at once."),
    Rows(MAIN, "record", "list", "Where a month begins in the record, for its totals."),
    Rows(MAIN, "record#*", "get many", "What was decided, counted by the month."),
    Rows(MAIN, "done#*", "get", "Which of a post's decisions was its last in that month."),
    Rows(INDEX, "approved#*", "list", "Once a day: whether anything approved was missed."),
    Rows(INDEX, "did#*", "list", "Decisions of one kind, for the month's totals."),
    Rows(TEXTS, "text#*", "many", "The words of approved posts."),
)

UPKEEP: Final = (
    Rows(MAIN, "*", "scan", "Every row is asked once a day whether its time is over."),
    Rows(TEXTS, "*", "scan", "The same: words whose post is gone must not stay."),
    Rows(MAIN, "post#*", "get many put delete check", "Erased when its clock says so, or hidden."),
    Rows(MAIN, "name#*", "delete", "Erased with its post."),
    Rows(MAIN, "report#*", "get delete", "Erased 30 days after it was answered."),
    Rows(MAIN, "reported#*", "get put delete list", "Posts that enough readers reported."),
    Rows(MAIN, "claim#*", "get delete", "Erased when it runs out."),
    Rows(MAIN, "tally#*", "delete", "Erased when no figure needs it any more."),
    Rows(
        MAIN, "standing#*", "get many put add", "How much waits; counts of nothing are taken off."
    ),
    Rows(MAIN, "hid#*", "get put", "So many posts are hidden a day without a person, and no more."),
    Rows(MAIN, "record", "get put", "That a post was hidden stands in the record."),
    Rows(MAIN, "record#*", "put", "The same."),
    Rows(MAIN, "done#*", "get put", "The same."),
    Rows(MAIN, "people", "get delete list", "Sessions, invitations and days whose time is over."),
    Rows(MAIN, "edition#*", "get check", "What is up is not erased before it came down."),
    Rows(MAIN, "unpressed#*", "put delete", "The press looks at what was hidden."),
    Rows(MAIN, "bell", "get put", "The press is called."),
    Rows(MAIN, "came", "get", "Whether something urgent came since moderators were told."),
    Rows(MAIN, "told", "get put", "When they were told."),
    Rows(MAIN, "form", "get", "Whether the form is closed, as they are told."),
    *(
        Rows(INDEX, f"{state}#*", "list", f"Posts in the state {state}, oldest first.")
        for state in STATES
    ),
    Rows(TEXTS, "text#*", "get put delete", "Erased with its post; what was typed, 30 days later."),
    Rows(TEXTS, "original#*", "get delete", "The same."),
    Rows(TEXTS, "offer#*", "delete", "The same."),
    Rows(TEXTS, "message#*", "delete", "The same."),
    Rows(TEXTS, "undo#*", "get delete", "The same."),
    Rows(TEXTS, "report#*", "delete", "The words of a report go with it."),
    Rows(TEXTS, "spent#*", "delete", "Erased after two days."),
    Rows(ERASED, "post#*", "put", "A restore must not bring back what was erased."),
    Rows(ERASED, "off#*", "put", "Nor show what was hidden."),
    Rows(ERASED, "report#*", "put", "Nor an erased report."),
)

ROWS: Final[Mapping[Role, tuple[Rows, ...]]] = {
    Role.VISITORS: VISITORS,
    Role.DESK: DESK,
    Role.PRESS: PRESS,
    Role.UPKEEP: UPKEEP,
}
"""Rights to rows of the store, by role."""


@dataclass(frozen=True)
class Thing:
    """What may be done with something that is no row: actions of AWS on things by name."""

    may: tuple[str, ...]
    on: tuple[str, ...]
    """What AWS calls them, after `arn:${AWS::Partition}:`; `${Name}` is the forum's."""
    why: str
    only: tuple[str, str] = ("", "")
    """A condition of AWS's that must hold too, and its value."""


def _log(function: str) -> Thing:
    return Thing(
        ("logs:CreateLogStream", "logs:PutLogEvents"),
        (
            f"logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:/aws/lambda/${{Name}}-{function}:*",
        ),
        "Which line of the code failed. The log is made for it; it cannot make one.",
    )


def _secrets(*names: str) -> Thing:
    return Thing(
        ("ssm:GetParameter",),
        tuple(
            f"ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter/${{Name}}/forum/{n}" for n in names
        ),
        "Its own secrets, each by name, when it starts. No other function's, and no list of them.",
    )


THINGS: Final[Mapping[Role, tuple[Thing, ...]]] = {
    Role.VISITORS: (_log("api"), _secrets("KEY_RECEIPTS", "KEY_FORMS", "KEY_CAPABILITIES")),
    Role.DESK: (_log("moderation"), _secrets("KEY_SESSIONS")),
    Role.PRESS: (
        _log("press"),
        Thing(
            ("s3:ListBucket", "s3:ListBucketVersions"),
            ("s3:::${SiteBucket}",),
            "Which pages there are, and whether anything is left of one that was taken down.",
        ),
        Thing(
            ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"),
            ("s3:::${SiteBucket}/*",),
            "Readers' pages are put up, looked at and taken down, in every version of them.",
        ),
        Thing(
            ("cloudfront:CreateInvalidation",),
            ("cloudfront::${AWS::AccountId}:distribution/${DistributionId}",),
            "Copies of pages that changed or came down are thrown away.",
        ),
    ),
    Role.UPKEEP: (
        _log("upkeep"),
        Thing(
            ("ses:SendEmail",),
            ("ses:${AWS::Region}:${AWS::AccountId}:identity/*",),
            "Moderators are told by e-mail that something waits, where that is switched on.",
            only=("ses:FromAddress", "${NotifyFrom}"),
        ),
    ),
}
"""Rights to all else, by role."""
