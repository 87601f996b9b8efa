"""CloudFront's copies of pages: thrown away when the page is another, by each of its addresses."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import quote

import botocore.session
from botocore.config import Config

MOST = 100
"""Addresses thrown away one by one. Above that everything is, which Amazon counts as one: pages are
asked for again each time anyway, so that all they lose is a copy to be told "not changed" of."""
A_MONTH = 900
"""Addresses thrown away one by one in a month, of the thousand that cost nothing. One story takes
thirty; each more costs half a cent."""
EVERYTHING = ("/*",)
INDEX = "index.html"


def open_cloudfront() -> Any:
    """A client that tries again a few times."""
    retries = {"mode": "standard", "total_max_attempts": 4}
    config = Config(connect_timeout=5, read_timeout=20, retries=retries)
    return botocore.session.get_session().create_client("cloudfront", config=config)


def addresses(paths: Iterable[str]) -> list[str]:
    """Every address under which CloudFront can hold a copy of these files, in order.

    It is asked for ``/help/`` and asks the bucket for ``/help/index.html``: where a function
    changes an address on its way, Amazon advises to name both.
    """
    found = set()
    for path in paths:
        found.add(quote(f"/{path}"))
        if path == INDEX or path.endswith(f"/{INDEX}"):
            found.add(quote(f"/{path.removesuffix(INDEX)}"))
    return sorted(found)


class Edge:
    """One distribution. Whatever CloudFront refuses is raised as botocore raises it."""

    def __init__(self, cloudfront: Any, distribution: str) -> None:
        """`cloudfront` is a client; without a distribution there are no copies to throw away."""
        self._cloudfront = cloudfront
        self._distribution = distribution

    def forget(self, paths: Collection[str], left: int = A_MONTH) -> int:
        """Throw away every copy of these files, or everything where these are many, or more than
        are `left` of this month; how many addresses that counts as.
        """
        named = addresses(paths)
        return self._ask(named if len(named) <= min(MOST, left) else EVERYTHING)

    def forget_everything(self) -> int:
        """Throw away every copy of every page; how many addresses that counts as."""
        return self._ask(EVERYTHING)

    def _ask(self, named: Collection[str]) -> int:
        if not named or not self._distribution:
            return 0
        items = {"Quantity": len(named), "Items": list(named)}
        self._cloudfront.create_invalidation(
            DistributionId=self._distribution,
            InvalidationBatch={"Paths": items, "CallerReference": secrets.token_hex(8)},
        )
        return len(named)
