"""Editions in the cloud: made as on one machine, and printed only once the bucket holds them.

The machine may be a new one each time, and has then made no edition yet: it makes one from the
store, and finds out by looking which pages of the bucket are others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from editions.reading import Pages, Unreadable
from forum.parts import MANIFEST
from forum.printing import Printed, PrintFailed
from infra.aws.bucket import Bucket, NotGone, open_s3
from infra.aws.edge import Edge, open_cloudfront
from infra.aws.lease import Hold, Lease, LeaseRow, Lost
from infra.aws.publishing import Publishing
from infra.local.printer import LocalPrinter


class CloudPrinter:
    """Prints on this machine, and brings the bucket in line before it says so."""

    def __init__(self, local: LocalPrinter, lease: Lease, publishing: Publishing) -> None:
        """Keep it as long as the machine lives: it remembers what is up."""
        self._local = local
        self._lease = lease
        self._publishing = publishing
        self._hold: Hold | None = None
        self._left = ""

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Only one press at a time, on whichever machine. Raises `infra.aws.lease.Taken`.

        Where another machine was at work since, what lies here is behind: a story that it took down
        is still in it. The list of it goes, so that the press looks at everything.
        """
        with self._lease.held() as hold, self._local.lock():
            if not hold.order or hold.order != self._left:
                (self._local.posts / MANIFEST).unlink(missing_ok=True)
            self._hold = hold
            try:
                yield
            finally:
                self._hold = None
                self._left = hold.order

    def print_edition(self, purge: bool, everything: bool = False, anew: bool = False) -> Printed:
        """Make what differs, or every page, and send it out. Raises `PrintFailed`."""
        printed = self._local.print_edition(purge, everything, anew)
        if everything:
            self._publishing.look_again()
        with _failures_named():
            self._publishing.bring_in_line(self._pages, self._held, purge)
        return printed

    def strike(self, post_ids: Collection[str]) -> None:
        """Take away, here and in the bucket, each page that shows one of these.

        Raises `PrintFailed` when that could not be done.
        """
        told: PrintFailed | None = None
        try:
            self._local.strike(post_ids)
        except PrintFailed as error:
            told = error
        pages = None if told else self._pages
        with _failures_named():
            self._publishing.strike(post_ids, self._local.siteurl, pages, self._held)
        if told:
            raise told

    def take_down(self, post_ids: Collection[str]) -> None:
        """Take these posts' own pages out of the bucket, before any edition is made.

        Raises `PrintFailed`, and `infra.aws.lease.Taken`.
        """
        with self.lock(), _failures_named():
            self._publishing.take_own(post_ids, self._held)

    @property
    def is_new(self) -> bool:
        """Whether no edition was ever made on this machine, so that the next takes a while."""
        try:
            return self._pages.edition() is None
        except Unreadable:
            return True

    def look_over(self) -> tuple[str, ...]:
        """Hold every page that was made here against what was made; those that differ."""
        return self._local.look_over()

    def go_back(self) -> int:
        """Refuse: the cloud keeps no edition before this one. Raises `PrintFailed`."""
        raise PrintFailed("The cloud keeps no edition before this one.")

    @property
    def in_order(self) -> bool:
        """Whether the bucket was left in order, by whoever was the last to change it."""
        return self._lease.in_order

    @property
    def _pages(self) -> Pages:
        return Pages(self._local.folder)

    @property
    def _held(self) -> Hold:
        if self._hold is None:
            raise PrintFailed("Nothing may be sent out without the lock.")
        return self._hold


def open_cloud_printer(
    local: LocalPrinter, row: LeaseRow, bucket: str, distribution: str
) -> CloudPrinter:
    """The printer over a bucket by its name and a distribution by its id, "" where there is none.

    The clients are opened now: while Pelican builds, the environment that they need is not there.
    """
    publishing = Publishing(Bucket(open_s3(), bucket), Edge(open_cloudfront(), distribution))
    return CloudPrinter(local, Lease(row), publishing)


@contextmanager
def _failures_named() -> Iterator[None]:
    """Turn whatever keeps the bucket from being in order into one sentence."""
    try:
        yield
    except ClientError as error:
        call, code = error.operation_name, error.response["Error"]["Code"]
        raise PrintFailed(f"The bucket is not in order: {call} was refused ({code}).") from None
    except BotoCoreError as error:
        raise PrintFailed(f"Amazon cannot be reached ({type(error).__name__}).") from None
    except NotGone as error:
        raise PrintFailed(f"The bucket is not in order: {error}.") from None
    except Unreadable as error:
        raise PrintFailed(f"The file of the editions cannot be read: {error}.") from None
    except Lost:
        raise PrintFailed("Another press has taken over.") from None
