"""Receipts: how hard they are to guess, and how much CPU they take, a wrong guess included."""

from collections.abc import Callable
from math import log2
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time_ns
from typing import Final

from forum.keys import Key, Keyring
from forum.receipts import WORDS, accesses, mint, parse, word_list
from forum.store.sqlite import Database
from forum.store.sqlite_visitors import SqliteVisitors

RING: Final = Keyring((Key("v1", b"k" * 32),))
NONCE, BODY_HASH = b"n" * 16, b"b" * 32
ROUNDS: Final = 15
CALLS: Final = 500


def cpu_us(call: Callable[[], object]) -> float:
    """CPU microseconds of one call: the median of `ROUNDS`, each of `CALLS` calls."""
    call()
    spent = []
    for _ in range(ROUNDS):
        started = process_time_ns()
        for _ in range(CALLS):
            call()
        spent.append((process_time_ns() - started) / CALLS / 1_000)
    return round(median(spent), 2)


def measure() -> dict[str, float]:
    """Bits of a receipt, and CPU microseconds of each step. A wrong guess asks a real store."""
    receipt = mint(RING, NONCE, BODY_HASH)
    typed = str(receipt)
    with TemporaryDirectory() as folder:
        store = SqliteVisitors(Database(Path(folder) / "guesses.sqlite3"))

        def wrong_guess() -> None:
            guessed = parse(typed)
            assert guessed is not None
            assert not any(store.author(way.lookup) for way in accesses(RING, guessed))

        return {
            "words": len(word_list()),
            "entropy_bits": round(WORDS * log2(len(word_list())), 2),
            "mint_us": cpu_us(lambda: mint(RING, NONCE, BODY_HASH)),
            "parse_us": cpu_us(lambda: parse(typed)),
            "accesses_us": cpu_us(lambda: list(accesses(RING, receipt))),
            "wrong_guess_us": cpu_us(wrong_guess),
        }


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:16} {figure:>10}")
