"""Whether a backup could be restored is found out before anything is stopped for it."""

from __future__ import annotations

import sys
from datetime import date
from itertools import chain
from pathlib import Path

from forum.archive import BadArchive, Head, read, read_head
from forum.erasures import TooOld, must_reach
from forum.lockbox import CannotOpen, unlocked
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_archive import DynamoArchive
from forum.store.dynamodb_ledger import DynamoLedger
from infra.aws.commands.cloud import Refused
from infra.aws.commands.deploying import Say

AGE = b"age-encryption.org/v1"
"""How every encrypted file begins."""
UNTOUCHED = "Nothing was stopped and nothing was changed."


def must_be_empty(dynamo: Dynamo) -> None:
    """Raise `Refused` unless the tables hold nothing that anybody wrote."""
    if not DynamoArchive(dynamo).is_empty():
        raise Refused(
            f"The tables hold something already, and only empty ones can be filled. {UNTOUCHED} "
            "Make a second deployment under another name, and fill that one."
        )


def must_be_restorable(dynamo: Dynamo, head: Head, today: date) -> None:
    """Raise `Refused` unless the ledger knows all that was taken back since the backup."""
    try:
        must_reach(DynamoLedger(dynamo), head, today)
    except TooOld as error:
        raise Refused(f"{error} {UNTOUCHED}") from None


def read_identity(name: str, say: Say) -> str:
    """What opens backups, from a file, or for `-` from whoever types; raise `Refused`."""
    if name == "-":
        if sys.stdin.isatty():
            say("Paste the identity, then press Enter and Ctrl-D.")
        return sys.stdin.read()
    try:
        return Path(name).read_text("ascii", "replace")
    except OSError as error:
        raise Refused(f"{name!a} cannot be read: {error.strerror}. {UNTOUCHED}") from None


def head_of(path: Path, identity: str) -> Head:
    """What a backup says of itself, once all of it was read; raise `Refused`."""
    try:
        with path.open("rb") as file:
            if file.read(len(AGE)) != AGE:
                raise Refused(
                    f"{path.name} is no backup. If it is an export, use `moderation import`. "
                    f"{UNTOUCHED}"
                )
            file.seek(0)
            with unlocked(file, identity) as lines:
                first = next(lines, b"")
                head = read_head(first)
                for _ in read(chain([first], lines)):
                    pass
    except OSError as error:
        raise Refused(f"{str(path)!a} cannot be read: {error.strerror}. {UNTOUCHED}") from None
    except CannotOpen:
        raise Refused(
            "The identity does not open this file, or the file was changed or cut short. "
            f"{UNTOUCHED}"
        ) from None
    except BadArchive as error:
        raise Refused(f"{error} {UNTOUCHED}") from None
    return head
