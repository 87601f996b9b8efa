"""What a command is: its words, what it may be given, what it does, and how it prints."""

from __future__ import annotations

import argparse
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from forum.person import OPERATOR, BadName, tidy_name


class Failed(Exception):
    """The command could not be done; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Arguments:
    """The command and everything it may have been given."""

    command: str
    json: bool = False
    post: str = ""
    as_name: str = "operator"
    message: str = ""
    hash: str = ""
    reason: str = ""
    keep_marked: bool = False
    state: str = ""
    remove: str = ""
    roles: str = ""
    replace_passkey: str = ""
    first: bool = False
    full: bool = False
    back: bool = False
    stay: bool = False
    lines: bool = False
    line: str = ""
    by: str = "operator"
    on: str = ""
    csv: str = ""
    noted: str = ""
    file: str = ""
    keep: str = "7"
    identity: str = ""
    make_identity: str = ""
    ledger_lost: bool = False
    moving: bool = False

    @property
    def who(self) -> str:
        """How decisions of this command are recorded: as by the operator."""
        try:
            return f"{OPERATOR}{tidy_name(self.as_name)}"
        except BadName as error:
            raise Failed(f"--as: {error}") from None

    def print(self, content: Mapping[str, Any] | list[Any]) -> None:
        """Print JSON on one line, in ASCII: what visitors wrote must not act on a terminal."""
        print(json.dumps(content))

    def say(self, content: Mapping[str, Any], words: str) -> None:
        """Print the content as JSON if that was asked for, else the words."""
        if self.json:
            self.print(content)
        else:
            print(harmless(words))

    def pass_on(self, lines: Iterable[str]) -> None:
        """Print a table whose lines end as tables' lines do."""
        for line in lines:
            print(harmless(line.removesuffix("\r\n")), end="\r\n")


def harmless(words: str) -> str:
    """The words with every control and format character spelled out, but for line ends and tabs.

    A terminal obeys some of these: they move, hide or rewrite what the operator sees.
    """
    return "".join(_spelled(character) for character in words)


def _spelled(character: str) -> str:
    plain = character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf")
    return character if plain else character.encode("unicode_escape").decode("ascii")


@dataclass(frozen=True)
class Option:
    """One thing that a command may be given, in argparse's own terms."""

    name: str
    terms: Mapping[str, Any]


def option(name: str, **terms: Any) -> Option:
    """An option as `argparse.ArgumentParser.add_argument` takes it."""
    return Option(name, terms)


JSON = option("--json", action="store_true", help="print JSON")
"""What every command may be given."""


@dataclass(frozen=True)
class Command:
    """One command: what it does, in words and in code."""

    run: Callable[[Arguments], None]
    words: str
    options: tuple[Option, ...] = ()


def parse(arguments: list[str], commands: Mapping[str, Command]) -> Arguments:
    """Read the command line; argparse explains itself and exits when it makes no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m moderation", description="Run the desk from the command line."
    )
    named = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in commands.items():
        asked = named.add_parser(name, help=command.words, description=command.words)
        for given in (JSON, *command.options):
            asked.add_argument(given.name, **given.terms)
    return Arguments(**vars(parser.parse_args(arguments)))
