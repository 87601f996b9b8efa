"""A deployment is one small file that anybody may read: it names things, and holds no secret."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "deployment.toml"
"""The operator's own; git leaves it out."""
EXAMPLE = ROOT / "infra" / "aws" / "deployment.example.toml"
MOST_KEPT = 20


class BadDeployment(Exception):
    """The file cannot be used: one sentence that names what is wrong and what would do."""


@dataclass(frozen=True)
class Deployment:
    """Where the forum runs in the cloud, and who is told when something is amiss."""

    name: str
    region: str
    domain: str = ""
    """The host that people type; "" for the address that CloudFront gives."""
    certificate: str = ""
    """The ARN of the domain's certificate, in us-east-1: CloudFront reads it there."""
    email: str = ""
    """Who hears of alarms and of the bill."""
    budget: int = 20
    """US dollars a month from which on a letter comes."""
    reserved_concurrency: int = 0
    """So many visitors' requests at once are always possible, and no more; 0 for no such limit."""
    customer_key: str = ""
    """The ARN of a key of your own for the tables; "" for Amazon's."""
    architecture: str = "arm64"
    leave_url: str = ""
    """Where "Leave now" leads; "" for the page that the theme names."""
    notify: tuple[str, ...] = ()
    """Moderators who hear by e-mail that something waits."""
    notify_from: str = ""
    """Whose e-mail that is: an address that Amazon SES has verified."""
    backup_to: tuple[str, ...] = ()
    """Public keys that backups are locked to, `age1…`."""
    keep: int = 5
    """Releases that can be gone back to."""

    def stack(self, name: str) -> str:
        """What one of its stacks is called in CloudFormation."""
        return f"{self.name}-{name}"


_EMAIL = r"[^@\s,]{1,64}@[a-z0-9.-]+\.[a-z]{2,63}"
_SHAPES: Mapping[str, tuple[str, str]] = {
    "name": (r"[a-z][a-z0-9-]{1,19}", "small letters, digits and hyphens, 20 at most"),
    "region": (r"[a-z]{2}(-[a-z]+)+-[0-9]", "a region such as eu-west-1"),
    "domain": (r"|([a-z0-9-]{1,63}\.)+[a-z]{2,63}", "a host such as forum.example.org"),
    "certificate": (
        r"|arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]{36}",
        "the ARN of a certificate in us-east-1, where CloudFront looks for it",
    ),
    "email": (rf"|{_EMAIL}", "one e-mail address"),
    "customer_key": (r"|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9a-f-]+", "a key's ARN"),
    "leave_url": (r"|https://[^\s\"<>]+", "an address that begins with https://"),
    "architecture": (r"arm64|x86_64", "arm64 or x86_64"),
    "notify": (_EMAIL, "e-mail addresses"),
    "notify_from": (rf"|{_EMAIL}", "one e-mail address"),
    "backup_to": (r"age1[a-z0-9]{58}", "public keys that begin with age1"),
}
_LISTS = frozenset({"backup_to", "notify"})
_NUMBERS: Mapping[str, tuple[int, int]] = {
    "budget": (1, 100_000),
    "reserved_concurrency": (0, 1_000),
    "keep": (2, MOST_KEPT),
}


def read(path: Path) -> Deployment:
    """The deployment in a file; raise `BadDeployment`."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadDeployment(
            f"There is no {path.name}. Copy infra/aws/{EXAMPLE.name} to {path}, and fill it in."
        ) from None
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise BadDeployment(f"{path.name} cannot be read: {error}.") from None
    try:
        return checked(given)
    except BadDeployment as error:
        raise BadDeployment(f"{path.name}: {error}") from None


def checked(given: Mapping[str, Any]) -> Deployment:
    """The deployment that these values make; raise `BadDeployment`."""
    known = [field.name for field in fields(Deployment)]
    strange = sorted(given.keys() - set(known))
    if strange:
        near = get_close_matches(strange[0], known, 1)
        meant = f"Did you mean {near[0]!r}?" if near else f"Known are: {', '.join(known)}."
        raise BadDeployment(f"{strange[0]!a} is no setting. {meant}")
    for name in ("name", "region"):
        if name not in given:
            raise BadDeployment(f"{name} must be set.")
    for name, value in given.items():
        _check(name, value)
    read_as: dict[str, Any] = {n: tuple(v) if n in _LISTS else v for n, v in given.items()}
    found = Deployment(**read_as)
    if bool(found.domain) != bool(found.certificate):
        raise BadDeployment("domain and certificate go together: set both, or neither.")
    if bool(found.notify) != bool(found.notify_from):
        raise BadDeployment("notify and notify_from go together: set both, or neither.")
    return found


def _check(name: str, value: object) -> None:
    if name in _NUMBERS:
        least, most = _NUMBERS[name]
        if type(value) is not int or not least <= value <= most:
            raise BadDeployment(f"{name} must be a whole number from {least} to {most}.")
        return
    shape, words = _SHAPES[name]
    if name in _LISTS:
        listed = value if isinstance(value, list) else [None]
        if not all(isinstance(one, str) and re.fullmatch(shape, one) for one in listed):
            raise BadDeployment(f"{name} must be a list of {words}.")
        return
    if not isinstance(value, str) or not re.fullmatch(shape, value):
        raise BadDeployment(f"{name} must be {words}.")
