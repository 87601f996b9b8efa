"""An archive in a file that only the holder of an identity can open (https://age-encryption.org).

The machine that writes such a file knows the public half alone: it cannot read its own backups.
Not a word of them touches the disk unlocked, on the way in or out.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

import pyrage

BEGINNING = b"age-encryption.org/"
"""What every such file begins with."""


class BadRecipient(Exception):
    """This is no public key that a file can be locked to."""


class CannotOpen(Exception):
    """This identity does not open this file, or the file was changed or cut short."""


def read_recipient(written: str) -> pyrage.x25519.Recipient:
    """The public key in these characters, `age1…`; raise `BadRecipient`."""
    try:
        return pyrage.x25519.Recipient.from_str(written.strip())
    except pyrage.RecipientError:
        raise BadRecipient from None


def new_identity() -> tuple[str, str]:
    """A new identity as it is kept in a file, and the public key that belongs to it."""
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    return f"# public key: {recipient}\n{identity}\n", recipient


def lock(lines: Iterable[bytes], to: Sequence[str], file: BinaryIO) -> None:
    """Write the lines into the file, for each of these public keys to open.

    Raises `BadRecipient`, and whatever `lines` raises.
    """
    recipients = [read_recipient(written) for written in to]
    if not recipients:
        raise BadRecipient
    source = _Joined(lines)
    try:
        pyrage.encrypt_io(source, file, recipients)
    except Exception:
        if source.failed:
            raise source.failed from None
        raise


@contextmanager
def unlocked(file: BinaryIO, identity: str) -> Iterator[Iterator[bytes]]:
    """The lines in the file, for the identity in this text; each is checked before it is given.

    Raises `CannotOpen`, at the last line at the latest: take nothing for good before that.
    """
    opened = _identities(identity)
    reading, writing = os.pipe()
    failed: list[BaseException] = []
    thread = threading.Thread(target=_pour, args=(file, writing, opened, failed), daemon=True)
    thread.start()
    try:
        with os.fdopen(reading, "rb") as lines:
            yield _until_failed(lines, thread, failed)
    finally:
        thread.join()


def _identities(text: str) -> list[pyrage.x25519.Identity]:
    lines = [line.strip() for line in text.splitlines()]
    try:
        found = [
            pyrage.x25519.Identity.from_str(line)
            for line in lines
            if line and not line.startswith("#")
        ]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise CannotOpen
    return found


def _pour(
    file: BinaryIO,
    writing: int,
    opened: Sequence[pyrage.x25519.Identity],
    failed: list[BaseException],
) -> None:
    with os.fdopen(writing, "wb", buffering=0) as out:
        try:
            pyrage.decrypt_io(file, out, opened)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing more can be read
            failed.append(error)


def _until_failed(
    lines: BinaryIO, thread: threading.Thread, failed: Sequence[BaseException]
) -> Iterator[bytes]:
    yield from lines
    thread.join()
    if failed:
        raise CannotOpen


class _Joined:
    """Lines as one stream, in the only way in which age reads it."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._rest = bytearray()
        self.failed: BaseException | None = None
        """What the lines raised: age would put an error of its own in its place."""

    def read(self, size: int) -> bytes:
        """So many bytes; fewer at the end."""
        try:
            while len(self._rest) < size and (line := next(self._lines, b"")):
                self._rest += line
        except BaseException as error:
            self.failed = error
            raise
        given = bytes(self._rest[:size])
        del self._rest[:size]
        return given
