"""A whole forum in DynamoDB, out and in: for operators who move it, or bring a backup back.

No moment shows all of it, so whoever reads it closes the form and the desk first, or reads tables
that were brought back as they were at one moment. No change holds all of it either. While rows come
in the form is closed, the press waits and nobody can sign in; posts come once the archive's end is
found to be right, and people after them. An archive that is not whole, or a taking in that was cut
off, leaves nothing: the rows that came are erased, by the next one at the latest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forum.archive import Entry, NotEmpty
from forum.store.archived import known
from forum.store.dynamodb import Dynamo
from forum.store.dynamodb_archive_in import Intake
from forum.store.dynamodb_archive_out import every_row
from forum.store.dynamodb_change import Change, Key, Table
from forum.store.dynamodb_edition import COMING_IN
from forum.store.dynamodb_keys import FORM

NOT_OF_IT = ("lane#", "lease#")
"""How partitions begin of which no archive holds a row, and which are there before anything is."""
OF_ANY = frozenset({"bell", "came", "form", "run", "told", "record"})
OF_ANY_DAY = ("record#", "tally#", "standing#")
"""What is there as soon as programs run, and before anybody has written anything: that the form was
closed, when the press last ran, and counts of nothing. An archive takes its place."""


class DynamoArchive:
    """Everything in the two tables that backups hold; the ledger's table is left alone."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo

    def is_empty(self) -> bool:
        """Whether there is nothing of anybody's: no post, no report, no author and no team.

        What an archive left behind that was cut off is nothing, and so is what a forum notes of
        itself as soon as it is deployed: a restore comes after a deploy.
        """
        if self.is_half_full():
            return True
        return all(_is_of_any(key) for key in self._stored())

    def is_half_full(self) -> bool:
        """Whether an archive is coming in, or was cut off on its way: the next one erases that."""
        return self._dynamo.get(COMING_IN) is not None

    def rows(self) -> Iterator[Entry]:
        """Every row of every table, in the schema's order of tables; not as at one moment."""
        return every_row(self._dynamo)

    def put_rows(self, rows: Iterable[Entry]) -> int:
        """Take in every row, or none; how many. Raises as `ArchiveStore` says."""
        if not self.is_empty():
            raise NotEmpty
        self._erase()
        self._dynamo.change(_begin)
        intake = Intake(self._dynamo)
        try:
            for entry in known(rows):
                intake.take(entry)
            intake.finish()
        except BaseException:
            self._erase()
            self._end()
            raise
        self._end()
        return intake.number

    def _end(self) -> None:
        """Only once nothing is left half done: what stands under this mark counts as nothing."""
        self._dynamo.change(lambda change: change.delete(COMING_IN))

    def _stored(self) -> Iterator[Key]:
        for table in (Table.MAIN, Table.TEXTS):
            for key, _ in self._dynamo.every(table):
                if key != COMING_IN and not key.pk.startswith(NOT_OF_IT):
                    yield key

    def _erase(self) -> None:
        self._dynamo.erase(self._stored())


def _is_of_any(key: Key) -> bool:
    return key.pk in OF_ANY or key.pk.startswith(OF_ANY_DAY)


def _begin(change: Change) -> None:
    change.put(COMING_IN, {})
    change.put(FORM, {"closed": 1})
