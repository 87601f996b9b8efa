"""How much waits, on DynamoDB: numbers off kept counts, and no way to a text.

However many posts wait, a count reads eight rows, and beside them what readers reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice

from forum.digest import COUNTED, Told, Waiting
from forum.post import WAITING, State
from forum.store import dynamodb_standing as standing
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_change import Key
from forum.store.dynamodb_keys import FORM, post_key
from forum.store.dynamodb_places import open_reports

TOLD = Key("told")
_DAYED = (State.RECEIVED, State.SECOND, State.APPEALED)
"""States whose day is the one since which a post waits."""
_TOLD = ("slot", "day", "came", "failed")
_AT_ONCE = 100


class DynamoDigest:
    """Counts posts; has no way to a post's words, to a report's, or to an author's row."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def waiting(self, today: date) -> Waiting:
        """What waits today; says nothing of the form."""
        found = standing.standing(self._dynamo)
        days = filter(None, (standing.oldest_in(found, state) for state in _DAYED))
        return Waiting(
            urgent=sum(min(COUNTED, _urgent(found, state)) for state in WAITING),
            came=standing.came(self._dynamo),
            reported=_reported(self._dynamo),
            posts=sum(standing.number_in(found, state) for state in WAITING),
            second=standing.number_in(found, State.SECOND),
            oldest_days=max((max(0, (today - day).days) for day in days), default=0),
        )

    def told(self) -> Told:
        """What the last count left behind."""
        row = self._dynamo.get(TOLD) or {}
        return Told(**{name: row.get(name, 0) for name in _TOLD})

    def put_told(self, told: Told) -> None:
        """Keep what a count leaves behind."""
        kept = {name: getattr(told, name) for name in _TOLD}
        self._dynamo.change(lambda change: change.put(TOLD, kept))

    def closed(self) -> bool:
        """Whether the form was closed by a person."""
        return bool((self._dynamo.get(FORM) or {}).get("closed"))

    def unread_reaches(self, most: int) -> bool:
        """Whether at least so many posts wait to be read for the first time."""
        found = standing.standing(self._dynamo)
        return standing.number_in(found, State.RECEIVED) >= max(1, most)

    def oldest_unread(self) -> date | None:
        """The day since which the oldest of these waits."""
        return standing.oldest_in(standing.standing(self._dynamo), State.RECEIVED)


def _urgent(found: Mapping[str, int], state: State) -> int:
    ends = tuple(name for name in found if name.endswith(f"|{standing.URGENT}"))
    return sum(found[name] for name in ends if name.split("|")[1] == state.value)


def _reported(dynamo: Dynamo) -> int:
    """Posts with open reports, whatever their state; a report can outlast its post."""
    return sum(1 for _ in islice(_there(dynamo), COUNTED))


def _there(dynamo: Dynamo) -> Iterator[str]:
    told = (post_id for post_id, _, _ in open_reports(dynamo))
    while some := list(islice(told, _AT_ONCE)):
        found = dynamo.many(map(post_key, some))
        yield from (post_id for post_id in some if post_key(post_id) in found)
