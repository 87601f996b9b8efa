"""A bucket behind a distribution in the emulated cloud, small editions to bring there, and a reader
who follows every link.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session

from editions.press import Editions
from editions.reading import Pages
from forum.desk import Desk
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Key, Table
from forum.store.dynamodb_values import Item
from forum.store.on_dynamodb import OnDynamo
from infra.aws.bucket import Bucket
from infra.aws.edge import Edge
from infra.aws.emulator import KEY, REGION
from infra.aws.lease import Hold
from infra.aws.publishing import Publishing
from tests.forum.press_room import PressRoom
from tests.store.dynamodb_given import create_tables, emulator, name_for

SITEURL = "http://localhost:8000"
DOORS = ("api/", "moderation/")
_HREF = re.compile(rb'href="/([^"]*)"')


class Killed(BaseException):
    """The machine is gone in the middle of its work."""


@dataclass
class Calls:
    """What was asked of a cloud, in order; after so many calls whoever asks is killed."""

    left: int | None = None
    names: list[str] = field(default_factory=list)
    thrown_away: list[tuple[int, list[str]]] = field(default_factory=list)
    """Addresses of which copies were thrown away, and how many calls had been made by then."""
    sent: dict[str, int] = field(default_factory=dict)
    """Bytes that were sent, by path."""

    def __call__(self, model: Any, **_: Any) -> None:
        if self.left is not None:
            if not self.left:
                raise Killed
            self.left -= 1
        self.names.append(model.name)

    def throw_away(self, params: Mapping[str, Any], **_: Any) -> None:
        items = params["InvalidationBatch"]["Paths"]["Items"]
        self.thrown_away.append((len(self.names), list(items)))

    def send(self, params: Mapping[str, Any], **_: Any) -> None:
        self.sent[params["Key"]] = len(params["Body"])

    def clear(self) -> None:
        """Forget what was asked so far."""
        for kept in (self.names, self.thrown_away, self.sent):
            kept.clear()

    def count(self, name: str) -> int:
        """How often this was asked."""
        return self.names.count(name)

    @property
    def addresses(self) -> list[str]:
        """All addresses of which copies were thrown away."""
        return sorted(one for _, items in self.thrown_away for one in items)


@cache
def _session() -> Any:
    """One for all clients: it reads what botocore knows of a service only once."""
    return botocore.session.get_session()


def amazon(service: str) -> Any:
    """A client of the emulated cloud, with ears of its own."""
    return _session().create_client(
        service,
        endpoint_url=emulator().url,
        region_name=REGION,
        aws_access_key_id=KEY,
        aws_secret_access_key=KEY,
    )


@cache
def distribution() -> str:
    """A distribution of the emulated cloud; all tests of a process share it."""
    origin = {
        "Id": "site",
        "DomainName": "site.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    asked = {
        "CallerReference": secrets.token_hex(4),
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "allow-all"},
        "Comment": "",
        "Enabled": True,
    }
    made = amazon("cloudfront").create_distribution(DistributionConfig=asked)
    return str(made["Distribution"]["Id"])


class Cloud:
    """A bucket of its own, empty at first."""

    def __init__(self, *, versioned: bool = True) -> None:
        self.name = f"site-{secrets.token_hex(6)}"
        self.s3 = amazon("s3")
        where = {"LocationConstraint": "eu-west-1"}
        self.s3.create_bucket(Bucket=self.name, CreateBucketConfiguration=where)
        if versioned:
            self.s3.put_bucket_versioning(
                Bucket=self.name, VersioningConfiguration={"Status": "Enabled"}
            )

    def publishing(self, calls: Calls | None = None, at_once: int = 1) -> Publishing:
        """What a machine that starts afresh brings pages there with."""
        s3, cloudfront = amazon("s3"), amazon("cloudfront")
        calls = calls or Calls()
        for one in (s3, cloudfront):
            one.meta.events.register("before-call", calls)
        event = "provide-client-params.cloudfront.CreateInvalidation"
        cloudfront.meta.events.register(event, calls.throw_away)
        s3.meta.events.register("provide-client-params.s3.PutObject", calls.send)
        return Publishing(Bucket(s3, self.name, at_once), Edge(cloudfront, distribution()))

    def pages(self) -> dict[str, bytes]:
        """Everything that readers can get."""
        return {path: self.read(path) for path in self.paths()}

    def paths(self, post_id: str = "") -> list[str]:
        """Where readers find something; or the pages of one story."""
        prefix = f"stories/{post_id}/" if post_id else ""
        asked = {"Bucket": self.name, "Prefix": prefix}
        listed = self.s3.list_objects_v2(**asked).get("Contents", ())
        return [one["Key"] for one in listed]

    def read(self, path: str) -> bytes:
        """What lies there now."""
        body: bytes = self.s3.get_object(Bucket=self.name, Key=path)["Body"].read()
        return body

    def put(self, path: str, body: bytes) -> None:
        """Change something by hand."""
        self.s3.put_object(Bucket=self.name, Key=path, Body=body)

    def earlier(self) -> list[str]:
        """The paths of which there is a version that readers do not get."""
        found = self.s3.list_object_versions(Bucket=self.name)
        versions = [one["Key"] for one in found.get("Versions", ()) if not one["IsLatest"]]
        return sorted([*versions, *(one["Key"] for one in found.get("DeleteMarkers", ()))])


def dead_links(pages: Mapping[str, bytes]) -> set[str]:
    """Pages that are not there, and to which leads whatever a reader can come to.

    The reader begins at the front page, if there is one.
    """
    to_read, read = {"index.html"} & pages.keys(), set[str]()
    dead: set[str] = set()
    while to_read:
        path = to_read.pop()
        read.add(path)
        links = (link.decode() for link in _HREF.findall(pages[path]))
        linked = {_file(link) for link in links if not link.startswith(DOORS)}
        dead |= linked - pages.keys()
        to_read |= (linked & pages.keys()) - read
    return dead


def _file(link: str) -> str:
    link = re.split("[?#]", link)[0]
    return f"{link}index.html" if not link or link.endswith("/") else link


@dataclass
class Clock:
    """Seconds that pass when they are told to."""

    seconds: float = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Row:
    """A lease's row in memory."""

    row: Mapping[str, Any] = field(default_factory=dict)

    def read(self) -> Mapping[str, Any]:
        return self.row

    def change(self, work: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        self.row = work(self.row)


class Behind(Dynamo):
    """Tables whose index can stay as it was, as DynamoDB's may for a moment."""

    still: Mapping[str, list[tuple[Key, Item]]] | None = None

    def stand_still(self) -> None:
        """From now on the index shows what it shows now."""
        found: dict[str, list[tuple[Key, Item]]] = {}
        for key, item in self.every(Table.MAIN):
            if "q" in item:
                found.setdefault(item["q"], []).append((key, item))
        self.still = found

    def index(self, q: str, **asked: Any) -> Iterator[tuple[Key, Item]]:
        """What it shows, in whatever order."""
        return super().index(q, **asked) if self.still is None else iter(self.still.get(q, ()))


class CloudRoom(PressRoom):
    """A press room whose store is the cloud's."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.tables = name_for(self.folder)
        create_tables(amazon("dynamodb"), self.tables)
        self.dynamo = Behind(amazon("dynamodb"), self.tables)
        on = OnDynamo(self.dynamo)
        self.visitors, self.holders, self.sweep = on.visitors(), on.holders(), on.sweep()
        self.desk, self.store = Desk(on.desk(), self.clock), on.press()


def taken(row: Row, *, month_later: bool = False) -> Hold:
    """The lease of a machine that has just begun, whoever had it before."""
    hold = Hold(row, lambda: 32 * 86_400.0 * month_later, "")
    row.row = {**row.row, "holder": ""}
    hold.take()
    return hold


def edition(folder: Path, pages: Mapping[str, bytes]) -> Pages:
    """These pages as the edition in place."""
    with Editions(folder).printing() as new:
        for path in new.paths():
            if path not in pages:
                new.remove(path)
        for path, body in pages.items():
            new.put(path, body)
        new.commit(keep=0)
    return Pages(folder)


def linking(*links: str, words: str = "") -> bytes:
    """A page with these links."""
    made = "".join(f'<a href="{link}">there</a>' for link in links)
    return f"<p>{words}</p>{made}".encode()
