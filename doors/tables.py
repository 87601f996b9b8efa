"""A file of rows is read to its end or refused: the error says what is wrong, and where."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str | None]
"""The cells of a row by column. Those too many stand under None; those that lack are None."""


def rows_of(
    path: Path, columns: tuple[str, ...], error: type[ValueError]
) -> Iterator[tuple[str, Row]]:
    """Each row with its place; raise `error` unless the file is a CSV file with these columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            if tuple(rows.fieldnames or ()) != columns:
                raise error(f"{path.name}: the columns must be {', '.join(columns)}")
            for row in rows:
                yield f"{path.name}, line {rows.line_num}", row
    except (UnicodeDecodeError, csv.Error) as fault:
        raise error(f"{path.name} is not a CSV file in UTF-8: {fault}") from fault


@dataclass(frozen=True)
class Rule:
    """What a cell may be, for programs and in words."""

    allows: Callable[[str], bool]
    words: str


def matching(pattern: str, words: str) -> Rule:
    """A cell that the pattern matches from end to end."""
    compiled = re.compile(pattern, re.ASCII)
    return Rule(lambda cell: compiled.fullmatch(cell) is not None, words)


ID = matching(r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case words joined by hyphens")


def cells_of(
    where: str, row: Row, rules: Mapping[str, Rule], error: type[ValueError]
) -> dict[str, str]:
    """The cells of a row with an id, no spaces around them; raise `error` if one is wrong."""
    if None in row or None in row.values():
        raise error(f"{where} ({row.get('id')!r}): too many or too few columns")
    cells = {column: (cell or "").strip() for column, cell in row.items()}
    for column, rule in rules.items():
        if not rule.allows(cells[column]):
            complaint = f"{cells[column]!r} should be {rule.words}"
            raise error(f"{where} ({cells['id']!r}), column {column!r}: {complaint}")
    return cells
