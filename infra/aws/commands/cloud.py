"""How Amazon is reached: boto3 itself finds address and rights, and nothing of them is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    TokenRetrievalError,
)

from forum.rows import Unavailable

PATIENT = Config(retries={"mode": "standard", "total_max_attempts": 6}, read_timeout=910)
"""A first build answers after minutes; everything else within seconds."""

Client = Any
"""boto3's clients ship no types."""
Clients = Callable[[str], Client]
"""The client of a service by its name, in the deployment's region."""


class Refused(Exception):
    """What was asked cannot be done: sentences for the operator, with what would help."""


def clients(region: str, **stand_in: str) -> Clients:
    """What reaches Amazon, or what `stand_in` names in boto3's own words (`endpoint_url`, ...)."""

    @cache
    def client(service: str) -> Client:
        return boto3.Session().client(service, region_name=region, config=PATIENT, **stand_in)

    return client


@contextmanager
def in_sentences() -> Iterator[None]:
    """Let Amazon's refusals come as sentences."""
    try:
        yield
    except (NoCredentialsError, TokenRetrievalError):
        raise Refused(
            "Amazon does not know who you are: sign in first (`aws sso login`), then try again."
        ) from None
    except Unavailable:
        raise Refused("The tables do not answer just now. Try again in a minute.") from None
    except EndpointConnectionError as error:
        raise Refused(f"Nothing answers: {error} Try again when it does.") from None
    except ClientError as error:
        told = error.response.get("Error", {})
        code, words = told.get("Code", "?"), told.get("Message") or "no reason given"
        raise Refused(f"Amazon refused {error.operation_name} ({code}): {words}") from None
    except BotoCoreError as error:
        raise Refused(f"Amazon cannot be asked: {error}") from None


def code_of(error: ClientError) -> str:
    """The name that Amazon gives a refusal."""
    return str(error.response.get("Error", {}).get("Code", ""))
