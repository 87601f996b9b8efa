"""Receipts: how hard they are to guess, and how much CPU they take, a wrong guess included."""

from collections.abc import Callable
from datetime import date
from math import log2
from pathlib import Path
from secrets import token_bytes
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time_ns
from typing import Final

from forum.hands import Hands
from forum.holders import Holders, Leave
from forum.keys import Key, Keyring
from forum.post import Fields, Kind, Post, State, Text
from forum.receipts import WORDS, accesses, mint, parse, word_list
from forum.rows import Spent
from forum.spelling import spelling
from forum.store.sqlite import Database
from forum.store.sqlite_holders import SqliteHolders
from forum.store.sqlite_visitors import SqliteVisitors
from forum.wiring import SystemClock

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
        database = Database(Path(folder) / "guesses.sqlite3")
        store = SqliteVisitors(database)

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
            "look_up_us": look_up_us(database),
            "slip_us": cpu_us(lambda: spelling(typed[:-1])),
        }


def look_up_us(database: Database) -> float:
    """CPU microseconds of looking up a receipt with one post, its capability included."""
    clock, day = SystemClock(), date(2026, 11, 23)
    receipt = mint(RING, NONCE, BODY_HASH)
    hands = Hands(SqliteHolders(database), RING, token_bytes)
    post = Post("a" * 16, Kind.STORY, State.RECEIVED, 1, day, day, "Quiet Heron", Fields())
    SqliteVisitors(database).add(
        post,
        Text("", "<p>Some words.</p>", "Some words."),
        hands.joined(hands.of(receipt), post.id),
        Spent(NONCE, BODY_HASH, post.id, day),
    )
    holders = Holders(SqliteHolders(database), RING, RING, clock)
    return cpu_us(lambda: holders.look_up(Leave(str(receipt))))


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:16} {figure:>10}")
