"""What was deployed is kept by the hash of its bytes, so that going back is pointing back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from botocore.exceptions import ClientError

from infra.aws.commands.cloud import Client, code_of

RELEASES = "releases/"
GONE = ("404", "NoSuchKey", "NotFound")


@dataclass(frozen=True)
class Release:
    """One deployment: which bundles and templates it is made of. `number` counts from 1."""

    number: int
    bundles: Mapping[str, str]
    """The key of each bundle by its name."""
    templates: Mapping[str, str]
    """The key of each stack's template by the stack's name."""
    good: bool = False
    """Whether it answered as it should, once it was in place."""
    repeats: int = 0
    """The number of the release that it is once more; 0 if it is one of its own."""

    def same_as(self, other: Release) -> bool:
        """Whether both are made of the same bytes."""
        return (self.bundles, self.templates) == (other.bundles, other.templates)


class Artifacts:
    """The bucket of what was deployed."""

    def __init__(self, client: Client, bucket: str) -> None:
        self._cloud = client
        self.bucket = bucket

    def put_bundle(self, name: str, path: Path) -> str:
        """Put a bundle there unless it lies there already; its key."""
        return self._put(bundle_key(name, path), path.read_bytes())

    def put_template(self, body: str) -> str:
        """Put a template there unless it lies there already; its key."""
        content = body.encode()
        return self._put(f"templates/{hashlib.sha256(content).hexdigest()}.json", content)

    def template(self, key: str) -> dict[str, object]:
        """A template that was put."""
        read: dict[str, object] = json.loads(self._read(key))
        return read

    def address(self, key: str) -> str:
        """Where CloudFormation reads it."""
        return f"{self._cloud.meta.endpoint_url}/{self.bucket}/{key}"

    def releases(self) -> list[Release]:
        """All that are kept, the newest first."""
        found = [Release(**json.loads(self._read(key))) for key in self._keys(RELEASES)]
        return sorted(found, key=lambda release: -release.number)

    def begin(self, bundles: Mapping[str, str], templates: Mapping[str, str]) -> Release:
        """Note a release that is about to be put in place.

        One that was begun from the same bytes and interrupted goes on under its number.
        """
        last = next(iter(self.releases()), Release(0, {}, {}))
        release = Release(last.number + 1, dict(bundles), dict(templates))
        if last.same_as(release):
            return last
        self._write(release)
        return release

    def again(self, release: Release) -> Release:
        """Note that an earlier release is in place again."""
        number = self.releases()[0].number + 1
        repeated = replace(
            release, number=number, good=True, repeats=release.repeats or release.number
        )
        self._write(repeated)
        return repeated

    def call_good(self, release: Release) -> Release:
        """Note that it answers as it should."""
        good = replace(release, good=True)
        self._write(good)
        return good

    def forget_older(self, keep: int) -> list[str]:
        """Let go of all but the newest good releases, and of what only they were made of."""
        kept = releases_to_keep(self.releases(), keep)
        needed = {key for release in kept for key in _keys_of(release)}
        keys = [*self._keys("bundles/"), *self._keys("templates/"), *self._keys(RELEASES)]
        gone = [key for key in keys if key not in needed]
        for key in gone:
            self._cloud.delete_object(Bucket=self.bucket, Key=key)
        return gone

    def _write(self, release: Release) -> None:
        body = json.dumps(asdict(release), sort_keys=True).encode()
        self._cloud.put_object(Bucket=self.bucket, Key=_key_of(release), Body=body)

    def _put(self, key: str, content: bytes) -> str:
        try:
            self._cloud.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if code_of(error) not in GONE:
                raise
            self._cloud.put_object(Bucket=self.bucket, Key=key, Body=content)
        return key

    def _read(self, key: str) -> bytes:
        content: bytes = self._cloud.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def _keys(self, prefix: str) -> Iterator[str]:
        pages = self._cloud.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
            yield from (one["Key"] for one in page.get("Contents", ()))


def bundle_key(name: str, path: Path) -> str:
    """Where a bundle lies: its name says what is in it."""
    return f"bundles/{name}-{hashlib.sha256(path.read_bytes()).hexdigest()}.zip"


def releases_to_keep(releases: Sequence[Release], keep: int) -> list[Release]:
    """The newest good ones, and whatever came after the newest of them."""
    good = [release for release in releases if release.good][:keep]
    oldest = good[-1].number if good else 0
    newest = good[0].number if good else 0
    return [one for one in releases if one.number > newest or (one.good and one.number >= oldest)]


def _key_of(release: Release) -> str:
    return f"{RELEASES}{release.number:06}.json"


def _keys_of(release: Release) -> list[str]:
    return [_key_of(release), *release.bundles.values(), *release.templates.values()]
