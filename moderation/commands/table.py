"""Every command in one table: its name, what it does, and what it may be given.

Whatever stands on screening is loaded when it is run: loading it takes longer than the press does
to print a story.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

from collections.abc import Mapping

from forum.post import State
from moderation.commands.archives import export, import_
from moderation.commands.arguments import Arguments, Command, option
from moderation.commands.digest import digest
from moderation.commands.doctor import doctor
from moderation.commands.helplines import verify_helpline
from moderation.commands.publishing import publish
from moderation.commands.record import STDOUT, record
from moderation.commands.running import purge, set_open
from moderation.commands.team import invite, moderators

POST = option("post", metavar="ID")
AS = option("--as", dest="as_name", metavar="NAME", default="operator")
WORDS = option("--message", required=True, help="words for the author")
WORDS_IF_ANY = option("--message", default="", help="words for the author")
KEEP_MARKED = option(
    "--keep-marked", action="store_true", help="every marked word may stay as it is"
)
REASON = option("--reason", metavar="CODE", default="", help="a reason code for the record")
HASH = option(
    "--hash", metavar="HASH", default="", help="only if this is its hash, as show printed it"
)
STATE = option(
    "--state", choices=[state.value for state in State], default="", help="list this state instead"
)
FULL = option("--full", action="store_true", help="make every page anew; never needed")
BACK = option("--back", action="store_true", help="show readers the edition before again")
STAY = option(
    "--stay",
    action="store_true",
    help="do what standard input asks, a word a line: the server starts this",
)
FIRST = option("--first", action="store_true", help="only while there is no moderator")
LINES = option(
    "--lines", action="store_true", help="each line is a JSON string; print a JSON list for each"
)
LINE = option(
    "line", nargs="?", metavar="ID", default="", help="its row; without it, list them all"
)
BY = option("--by", metavar="NAME", default="operator", help="who checked it")
ON = option(
    "--on", metavar="YYYY-MM-DD", default="", help="the day it was checked; today if left out"
)
CSV = option(
    "--csv",
    nargs="?",
    const=STDOUT,
    metavar="FILE",
    default="",
    help="as a table, into a new file or, without a name, to standard output",
)
NOTED = option(
    "--noted", metavar="LINK", default="", help="whether this link, noted before, is still in it"
)
REMOVE = option("--remove", metavar="ID", default="", help="erase this moderator")
ROLES = option(
    "--roles", metavar="ROLES", default="", help="with commas between; moderator if left out"
)
NEW_ROLES = option(
    "--roles", metavar="ID=ROLES", default="", help="give exactly these, with commas between"
)
REPLACE = option(
    "--replace-passkey",
    metavar="ID",
    default="",
    help="print a link to a new passkey for somebody who lost theirs",
)
FILE = option("file", metavar="FILE")
FILE_IF_ANY = option(
    "file",
    nargs="?",
    metavar="FILE",
    default="",
    help="a new file; without it, today's in HANDRAIL_BACKUPS",
)
KEEP = option(
    "--keep", metavar="DAYS", default="7", help="remove backups that are older, from 1 to 7 days"
)
MAKE_IDENTITY = option(
    "--make-identity",
    metavar="FILE",
    default="",
    help="make no backup, but a new identity that opens them",
)
IDENTITY = option(
    "--identity",
    required=True,
    metavar="FILE",
    help="the file that opens the backup; - reads it from standard input",
)
MOVING = option(
    "--moving",
    action="store_true",
    help="only if the old forum stood still ever since the export: what was up stays approved",
)
LEDGER_LOST = option(
    "--ledger-lost",
    action="store_true",
    help="only if there is no ledger any more: hide everything until it is read again",
)


def queue(asked: Arguments) -> None:
    """See `moderation.commands.decisions`."""
    from moderation.commands import decisions

    decisions.queue(asked)


def show(asked: Arguments) -> None:
    """See `moderation.commands.decisions`."""
    from moderation.commands import decisions

    decisions.show(asked)


def decide(asked: Arguments) -> None:
    """See `moderation.commands.decisions`."""
    from moderation.commands import decisions

    decisions.decide(asked)


def backup(asked: Arguments) -> None:
    """See `moderation.commands.backups`."""
    from moderation.commands import backups

    backups.backup(asked)


def restore(asked: Arguments) -> None:
    """See `moderation.commands.backups`."""
    from moderation.commands import backups

    backups.restore(asked)


def screen_input(asked: Arguments) -> None:
    """See `moderation.commands.screening`."""
    from moderation.commands import screening

    screening.screen_input(asked)


COMMANDS: Mapping[str, Command] = {
    "queue": Command(
        queue, "List what readers reported, what waits, and how many stand where.", (STATE,)
    ),
    "show": Command(show, "Show one post with its text and what was decided.", (POST,)),
    "approve": Command(
        decide,
        "Approve a post exactly as it is now.",
        (POST, AS, HASH, KEEP_MARKED, REASON, WORDS_IF_ANY),
    ),
    "keep": Command(
        decide,
        "Keep a reported post on the site, exactly as it is now.",
        (POST, AS, HASH, KEEP_MARKED, REASON, WORDS_IF_ANY),
    ),
    "return": Command(
        decide, "Return a post to its author for changes.", (POST, AS, WORDS, REASON)
    ),
    "decline": Command(decide, "Decline a post.", (POST, AS, WORDS, REASON)),
    "escalate": Command(
        decide, "Escalate a post: it can never be published.", (POST, AS, WORDS_IF_ANY, REASON)
    ),
    "conclude": Command(
        decide,
        "Write down how care for an escalated post ended: --reason passed-on, "
        "or no-means-of-contact.",
        (POST, AS, WORDS_IF_ANY, REASON),
    ),
    "take-down": Command(decide, "Take a published post off the site.", (POST, AS, WORDS, REASON)),
    "publish": Command(
        publish,
        "Run the press: print what is approved, remove the rest.",
        (FULL, BACK, STAY),
    ),
    "invite": Command(
        invite, "Make a link with which one moderator can enrol a passkey.", (FIRST, ROLES, AS)
    ),
    "moderators": Command(
        moderators,
        "List the moderators and their roles, or change one.",
        (REMOVE, NEW_ROLES, REPLACE, AS),
    ),
    "screen": Command(
        screen_input, "Read a text on standard input and print what screening finds.", (LINES,)
    ),
    "open": Command(set_open, "Open the form for new posts."),
    "close": Command(set_open, "Close the form for new posts; receipts keep working."),
    "purge": Command(purge, "Erase everything whose time has run out."),
    "verify-helpline": Command(
        verify_helpline, "Record that a person checked a help line.", (LINE, BY, ON)
    ),
    "record": Command(
        record, "Print the record of decisions and of changes of people.", (CSV, NOTED)
    ),
    "digest": Command(digest, "Print what moderators would be told now of what waits."),
    "export": Command(export, "Write all that the store holds into a new file.", (FILE,)),
    "import": Command(
        import_, "Fill an empty store with all that such a file holds.", (FILE, MOVING)
    ),
    "backup": Command(
        backup,
        "Write all that the store holds into a file that this machine cannot read.",
        (FILE_IF_ANY, KEEP, MAKE_IDENTITY),
    ),
    "restore": Command(
        restore,
        "Fill an empty store from a backup, but for what was erased since.",
        (FILE, IDENTITY, LEDGER_LOST),
    ),
    "doctor": Command(doctor, "Check this installation and say what is amiss."),
}
