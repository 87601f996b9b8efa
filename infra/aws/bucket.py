"""The bucket of readers' pages: put, taken away, looked at again.

With a page go its type and how long it keeps, and nothing else that anybody could read.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from doors.headers import for_static

AT_ONCE = 16
"""Calls that wait for Amazon side by side: each waits for far longer than it works."""
MOST_AT_ONCE = 1_000
"""Objects that one call can delete: S3's own limit."""
MISSING = frozenset({"404", "NoSuchKey", "NotFound"})

One = TypeVar("One")
Version = dict[str, str]
"""A key and the id of one of its versions, as S3 takes them."""


class NotGone(Exception):
    """Something was taken away and can still be read, or S3 would not take it away."""


def open_s3(at_once: int = AT_ONCE) -> Any:
    """A client that tries again, and gives up before a lease runs out; its region and rights come
    from where it runs.
    """
    config = Config(
        connect_timeout=5,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=at_once,
    )
    return botocore.session.get_session().create_client("s3", config=config)


def tag_of(body: bytes) -> str:
    """What S3 says of an object with these bytes, as long as S3 itself keeps the key to them."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


class Bucket:
    """One bucket. Whatever S3 refuses is raised as botocore raises it."""

    def __init__(self, s3: Any, name: str, at_once: int = AT_ONCE) -> None:
        """`s3` is a client; see `open_s3`."""
        self._s3 = s3
        self._name = name
        self._at_once = at_once

    def tags(self) -> dict[str, str]:
        """Every page there is now, and what tells its bytes from others: see `tag_of`."""
        listed = self._listed("list_objects_v2", "Contents")
        return {one["Key"]: one["ETag"].strip('"') for one in listed}

    def put(self, pages: Mapping[str, bytes]) -> None:
        """Let these pages be these bytes, side by side."""
        with ThreadPoolExecutor(self._at_once) as pool:
            list(pool.map(self._put, pages.keys(), pages.values()))

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Those of the pages that are there."""
        with ThreadPoolExecutor(self._at_once) as pool:
            for path, body in pool.map(self._read, paths):
                if body is not None:
                    yield path, body

    def take_away(self, paths: Collection[str]) -> None:
        """Let there be no such pages. Earlier versions may stay. Raises `NotGone`."""
        self._delete([{"Key": path} for path in paths])
        if left := self.there(paths):
            raise NotGone(f"{left[0]} was taken down and can still be read")

    def there(self, paths: Iterable[str]) -> list[str]:
        """Those of the pages that readers can get."""
        asked = tuple(paths)
        with ThreadPoolExecutor(self._at_once) as pool:
            found = pool.map(self._is_there, asked)
            return [path for path, there in zip(asked, found, strict=True) if there]

    def forget_earlier(self) -> None:
        """Erase every version that is not what readers get now. Raises `NotGone`.

        What says that a page is gone goes last: the version under it would come back.
        """
        markers: list[Version] = []
        for page in self._pages("list_object_versions"):
            earlier = [one for one in page.get("Versions", ()) if not one["IsLatest"]]
            self._delete([_version(one) for one in earlier])
            markers += [_version(one) for one in page.get("DeleteMarkers", ())]
        self._delete(markers)

    def hold_gone(self, paths: Collection[str]) -> None:
        """See that nothing is left of these, in any version. Raises `NotGone`."""
        with ThreadPoolExecutor(self._at_once) as pool:
            for path, left in zip(paths, pool.map(self._is_left, paths), strict=True):
                if left:
                    raise NotGone(f"{path} was taken down and a version of it is left")

    def _put(self, path: str, body: bytes) -> None:
        headers = dict(for_static(f"/{path}"))
        self._s3.put_object(
            Bucket=self._name,
            Key=path,
            Body=body,
            ContentType=headers["Content-Type"],
            CacheControl=headers["Cache-Control"],
            # What was cut short on its way is refused.
            ContentMD5=base64.b64encode(bytes.fromhex(tag_of(body))).decode(),
        )

    def _read(self, path: str) -> tuple[str, bytes | None]:
        try:
            answer = self._s3.get_object(Bucket=self._name, Key=path)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return path, None
            raise
        return path, answer["Body"].read()

    def _is_there(self, path: str) -> bool:
        try:
            self._s3.head_object(Bucket=self._name, Key=path)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return False
            raise
        return True

    def _is_left(self, path: str) -> bool:
        kinds = ("Versions", "DeleteMarkers")
        asked = {"Bucket": self._name, "Prefix": path, "MaxKeys": 10}
        answer = self._s3.list_object_versions(**asked)
        return any(one["Key"] == path for kind in kinds for one in answer.get(kind, ()))

    def _delete(self, objects: Iterable[Version]) -> None:
        for some in in_lots(objects, MOST_AT_ONCE):
            asked = {"Objects": some, "Quiet": True}
            answer = self._s3.delete_objects(Bucket=self._name, Delete=asked)
            if refused := answer.get("Errors"):
                raise NotGone(f"{refused[0]['Key']} could not be taken away")

    def _listed(self, call: str, what: str) -> Iterator[dict[str, Any]]:
        for page in self._pages(call):
            yield from page.get(what, ())

    def _pages(self, call: str) -> Iterator[dict[str, Any]]:
        yield from self._s3.get_paginator(call).paginate(Bucket=self._name)


def in_lots(ones: Iterable[One], most: int) -> Iterator[list[One]]:
    """The same in their order, at most so many at a time."""
    left = iter(ones)
    while some := list(islice(left, most)):
        yield some


def _version(one: Mapping[str, Any]) -> Version:
    return {"Key": one["Key"], "VersionId": one["VersionId"]}
