"""Digests by e-mail: each address gets a plain letter of its own, and trouble is one exception."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, NoRegionError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from forum.digest import NotTold
from infra.aws.notices import SECONDS, SesNotifier, open_ses

REGION = "eu-central-1"
SENDER = "desk@forum.example"
ROBIN, SAM = "robin@people.example", "sam@people.example"
SUBJECT, BODY = (
    "Something urgent waits at the desk",
    "2 urgent posts wait.\n\nThe desk: https://ü.example/",
)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights that open nothing, so that none are looked for elsewhere."""
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")


@pytest.fixture
def amazon(keys: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An account of Amazon's on this machine, from which this sender may write."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        boto3.Session().client("ses").verify_email_identity(EmailAddress=SENDER)
        yield ses_backends[DEFAULT_ACCOUNT_ID][REGION]


def test_each_address_gets_a_plain_letter_that_shows_no_other(amazon: Any) -> None:
    SesNotifier(open_ses, SENDER, (ROBIN, SAM)).tell(SUBJECT, BODY)
    first, second = amazon.sent_messages
    assert first.destinations == {"ToAddresses": [ROBIN]}
    assert second.destinations == {"ToAddresses": [SAM]}
    assert (first.source, first.subject, first.body) == (SENDER, SUBJECT, BODY)


def test_a_sender_that_amazon_does_not_know_reaches_nobody(amazon: Any) -> None:
    with pytest.raises(NotTold, match="refused every address"):
        SesNotifier(open_ses, "stranger@forum.example", (ROBIN,)).tell(SUBJECT, BODY)
    assert amazon.sent_messages == []


def test_without_a_region_it_is_one_exception_and_not_a_crash(
    keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere/config")
    with pytest.raises(NotTold, match=NoRegionError.__name__):
        SesNotifier(open_ses, SENDER, (ROBIN,)).tell(SUBJECT, BODY)


def test_the_press_never_waits_long_behind_amazon(amazon: Any) -> None:
    config = open_ses().meta.config  # type: ignore[attr-defined]
    assert (config.connect_timeout, config.read_timeout) == (SECONDS, SECONDS)
    assert config.retries["total_max_attempts"] == 1


@dataclass
class Line:
    """A client that takes letters, save to some addresses, or after whose first nothing works."""

    refuses: Sequence[str] = ()
    dead: bool = False
    taken: list[str] = field(default_factory=list)
    asked: int = 0

    def send_email(self, **asked: Any) -> object:
        self.asked += 1
        (address,) = asked["Destination"]["ToAddresses"]
        if self.dead:
            raise ConnectTimeoutError(endpoint_url="https://email.example")
        if address in self.refuses:
            raise ClientError({"Error": {"Code": "MessageRejected"}}, "SendEmail")
        self.taken.append(address)
        return {}


def test_one_address_that_is_refused_keeps_nobody_else_from_being_told() -> None:
    line = Line(refuses=[ROBIN])
    SesNotifier(lambda: line, SENDER, (ROBIN, SAM)).tell(SUBJECT, BODY)
    assert line.taken == [SAM]


def test_a_line_that_is_dead_is_tried_once_however_many_wait() -> None:
    line = Line(dead=True)
    with pytest.raises(NotTold, match="cannot be reached"):
        SesNotifier(lambda: line, SENDER, (ROBIN, SAM)).tell(SUBJECT, BODY)
    assert line.asked == 1


@pytest.mark.parametrize("line", [Line(refuses=[ROBIN]), Line(dead=True)])
def test_what_went_wrong_is_said_without_an_address(line: Line) -> None:
    with pytest.raises(NotTold) as caught:
        SesNotifier(lambda: line, SENDER, (ROBIN,)).tell(SUBJECT, BODY)
    assert "@" not in str(caught.value)
    assert caught.value.__cause__ is None
