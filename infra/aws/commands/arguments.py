"""What the operator can say, and with what."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.aws.commands.deployment import FILE


@dataclass(frozen=True)
class Asked:
    """A command and all that it may have been given."""

    command: str
    deployment: Path = FILE
    emulated: bool = False
    to_try: bool = False
    lose: tuple[str, ...] = ()
    file: str = ""
    identity: str = ""
    ledger_lost: bool = False
    words: tuple[str, ...] = ()

    @property
    def begun(self) -> str:
        """How another command of the same forum begins."""
        where = "" if self.deployment == FILE else f" --deployment {self.deployment}"
        return f"python -m infra.aws{where}{' --emulated' if self.emulated else ''}"


WORDS: Mapping[str, str] = {
    "keys": "Make the keys, once. None is ever shown or written over.",
    "plan": "Say what a deploy would do. Changes nothing.",
    "deploy": "Put this checkout in place, stack by stack. Run it again if it was cut off.",
    "status": "Say how everything stands, and what is amiss.",
    "smoke": "Walk a post's whole way through the deployed forum, and take it back.",
    "press": "Run the press now, and look at every page.",
    "rollback": "Go back to the release before.",
    "restart": "Let the doors read their keys again.",
    "stop": "Stop the doors, the press and the upkeep. Pages that are up stay up.",
    "resume": "Start again what `stop`, or a `restore` that was cut off, left stopped.",
    "protect": "Let nobody remove the forum by one click.",
    "unprotect": "Allow the forum to be destroyed.",
    "destroy": "Take the forum down. Asks twice.",
    "backup": "Write today's encrypted copy of everything into a folder; keep seven days' copies.",
    "restore": "Fill empty tables from a copy, without what was taken back since.",
    "moderation": "Run a command of the desk on the cloud's tables.",
}
"""Every command in a sentence."""


def parse(given: Sequence[str]) -> Asked:
    """Read the command line; argparse explains itself and exits when it makes no sense."""
    where, given = _where().parse_known_args(given)
    parser = argparse.ArgumentParser(
        prog="python -m infra.aws",
        description="Run the forum in Amazon's cloud.",
        epilog="Every command takes --deployment FILE and --emulated.",
    )
    named = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, words in WORDS.items():
        _add(named.add_parser(name, help=words, description=words), name)
    read = vars(parser.parse_args(given))
    read |= {name: tuple(read[name]) for name in ("lose", "words") if name in read}
    return Asked(**read, **vars(where))


def _where() -> argparse.ArgumentParser:
    """Of which forum a command speaks: wherever that stands, even among the desk's own words."""
    parser = argparse.ArgumentParser(prog="python -m infra.aws", add_help=False, allow_abbrev=False)
    parser.add_argument("--deployment", type=Path, default=FILE, metavar="FILE")
    parser.add_argument("--emulated", action="store_true")
    return parser


def _add(parser: argparse.ArgumentParser, name: str) -> None:
    if name == "deploy":
        parser.add_argument(
            "--to-try", action="store_true", help="with the form closed, before all duties are met"
        )
        parser.add_argument(
            "--lose", action="append", default=[], metavar="NAME", help="what may be lost for good"
        )
    if name == "backup":
        parser.add_argument("file", metavar="FOLDER")
    if name == "restore":
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--identity", required=True, metavar="FILE", help="what opens it; - for standard input"
        )
        parser.add_argument(
            "--ledger-lost", action="store_true", help="hide all that was approved: read it again"
        )
    if name == "moderation":
        parser.add_argument("words", nargs=argparse.REMAINDER, metavar="...")
