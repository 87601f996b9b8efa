"""Tells moderators by e-mail through Amazon SES: plain text, to each alone, so none sees another.

Plain text holds no picture that would tell a stranger when it was opened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from forum.digest import NotTold

SECONDS = 5
"""How long one try may wait for Amazon: the press waits behind it."""


class SesClient(Protocol):
    """What is used of the client for `sesv2`."""

    def send_email(self, **asked: object) -> object:
        """Send one; raises ClientError or BotoCoreError."""


@dataclass(frozen=True)
class SesNotifier:
    """Sends what is to be said to a list of addresses."""

    open: Callable[[], SesClient]
    """Opens the client, when there is something to say: nothing else waits for it or fails so."""
    sender: str
    to: Sequence[str]

    def tell(self, subject: str, body: str) -> None:
        """Send it to every address; raise `NotTold` if Amazon took none.

        An address that is refused keeps nobody else from being told. One that bounces later is
        not noticed here.
        """
        try:
            ses = self.open()
            taken = sum([_sent(ses, self.sender, address, subject, body) for address in self.to])
        except BotoCoreError as error:
            raise NotTold(f"Amazon SES cannot be reached ({type(error).__name__})") from None
        if not taken:
            raise NotTold("Amazon SES refused every address")


def open_ses() -> SesClient:
    """A client that gives up soon; its region and rights come from where the house runs."""
    quick = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"total_max_attempts": 1})
    session = botocore.session.get_session()
    client: SesClient = session.create_client("sesv2", config=quick)
    return client


def _sent(ses: SesClient, sender: str, address: str, subject: str, body: str) -> bool:
    try:
        ses.send_email(
            FromEmailAddress=sender,
            Destination={"ToAddresses": [address]},
            Content={
                "Simple": {"Subject": _plain(subject), "Body": {"Text": _plain(body)}},
            },
        )
    except ClientError:
        return False
    return True


def _plain(words: str) -> dict[str, str]:
    return {"Data": words, "Charset": "UTF-8"}
