"""What a command was asked: its arguments, and how it prints."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forum.post import State


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
    state: str = ""
    remove: str = ""
    first: bool = False
    automatic: bool = False

    @property
    def who(self) -> str:
        """How decisions of this command are recorded: as by the operator."""
        return f"operator:{self.as_name}"

    def print(self, content: Mapping[str, Any]) -> None:
        """Print JSON on one line."""
        print(json.dumps(content, ensure_ascii=False))

    def say(self, content: Mapping[str, Any], words: str) -> None:
        """Print the content as JSON if that was asked for, else the words."""
        if self.json:
            self.print(content)
        else:
            print(words)


def parse(arguments: list[str]) -> Arguments:
    """Read the command line; argparse explains itself and exits when it makes no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m moderation", description="Run the desk from the command line."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_reading(commands)
    _add_decisions(commands)
    _add_running(commands)
    return Arguments(**vars(parser.parse_args(arguments)))


Commands = Any  # argparse keeps the type of what add_subparsers returns to itself


def _add(commands: Commands, name: str, words: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    command.add_argument("--json", action="store_true", help="print JSON")
    return command


def _add_reading(commands: Commands) -> None:
    queue = _add(commands, "queue", "List what waits, oldest first, and count what stands where.")
    states = [state.value for state in State]
    queue.add_argument("--state", choices=states, default="", help="list this state instead")
    show = _add(commands, "show", "Show one post with its text and what was decided.")
    show.add_argument("post", metavar="ID")


def _add_decisions(commands: Commands) -> None:
    for name, words, needs_message in (
        ("approve", "Approve a post exactly as it is now.", False),
        ("return", "Return a post to its author for changes.", True),
        ("decline", "Decline a post.", True),
        ("escalate", "Escalate a post: it can never be published.", False),
        ("take-down", "Take a published post off the site.", True),
    ):
        command = _add(commands, name, words)
        command.add_argument("post", metavar="ID")
        command.add_argument("--as", dest="as_name", metavar="NAME", default="operator")
        if name != "approve":
            command.add_argument(
                "--message", required=needs_message, default="", help="words for the author"
            )


def _add_running(commands: Commands) -> None:
    publish = _add(commands, "publish", "Run the press: print what is approved, remove the rest.")
    publish.add_argument(
        "--automatic", action="store_true", help="erase first what has run out, as the server does"
    )
    invite = _add(commands, "invite", "Make a link with which one moderator can enrol a passkey.")
    invite.add_argument("--first", action="store_true", help="only while there is no moderator")
    people = _add(commands, "moderators", "List the moderators, or remove one.")
    people.add_argument("--remove", metavar="ID", default="", help="erase this moderator")
    _add(commands, "open", "Open the form for new posts.")
    _add(commands, "close", "Close the form for new posts; receipts keep working.")
    _add(commands, "purge", "Erase everything whose time has run out.")
    _add(commands, "doctor", "Check this installation and say what is amiss.")
