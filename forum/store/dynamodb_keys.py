"""Where every row about posts lies in DynamoDB: one spelling of each key, and nothing else."""

from __future__ import annotations

import hashlib
from datetime import date

from forum.store.dynamodb_change import Key, Table

SHARDS = 8
"""Partitions over which rows are spread that would otherwise all lie in one."""

BELL = Key("bell")
CAME = Key("came")
FORM = Key("form")


def shard(row_id: str) -> int:
    """Which of the partitions this id belongs to, 0 to `SHARDS` - 1."""
    return int.from_bytes(hashlib.sha256(row_id.encode()).digest()[:4], "big") % SHARDS


def post_key(post_id: str) -> Key:
    """A post without its text."""
    return Key(f"post#{post_id}")


def name_key(pen_name: str) -> Key:
    """Whose pen name it is."""
    return Key(f"name#{pen_name}")


def text_key(post_id: str) -> Key:
    """A post's text."""
    return Key(f"text#{post_id}", table=Table.TEXTS)


def original_key(post_id: str) -> Key:
    """The author's own words, where a moderator took something out of them."""
    return Key(f"original#{post_id}", table=Table.TEXTS)


def offer_key(post_id: str) -> Key:
    """Changes that were suggested."""
    return Key(f"offer#{post_id}", table=Table.TEXTS)


def message_key(post_id: str) -> Key:
    """The moderators' last words to a post's author."""
    return Key(f"message#{post_id}", table=Table.TEXTS)


def undo_key(post_id: str) -> Key:
    """What the last decision on a post could be taken back to."""
    return Key(f"undo#{post_id}", table=Table.TEXTS)


def claim_key(post_id: str) -> Key:
    """Who is reading a post."""
    return Key(f"claim#{post_id}")


def report_key(report_id: str) -> Key:
    """A reader's report without its words."""
    return Key(f"report#{report_id}")


def report_words_key(report_id: str) -> Key:
    """The words of a reader's report."""
    return Key(f"report#{report_id}", table=Table.TEXTS)


def reported_key(post_id: str) -> Key:
    """What is reported about one post, and how that was answered."""
    return Key(f"reported#{shard(post_id)}", post_id)


def author_key(lookup: bytes) -> Key:
    """An author's sealed row: apart, so that no copy of each second says what came with it."""
    return Key(f"author#{lookup.hex()}", table=Table.TEXTS)


def spent_key(nonce: bytes) -> Key:
    """A form that was sent: apart, as what it made is."""
    return Key(f"spent#{nonce.hex()}", table=Table.TEXTS)


def standing_key(number: int) -> Key:
    """How many posts of one partition stand where."""
    return Key(f"standing#{number}")


def tally_key(day: date) -> Key:
    """The team's counts of one day."""
    return Key(f"tally#{day.isoformat()}")


def edition_key(post_id: str) -> Key:
    """What says that a post is up."""
    return Key(f"edition#{shard(post_id)}", post_id)


def unpressed_key(post_id: str) -> Key:
    """That the press has to look at a post."""
    return Key(f"unpressed#{shard(post_id)}", post_id)


def hid_key(day: date, by: str) -> Key:
    """How many posts one hand hid on one day."""
    return Key(f"hid#{day.isoformat()}", by)


def lane_key(name: str) -> Key:
    """Until when a lane is busy: apart, since it says when somebody came."""
    return Key(f"lane#{name}", table=Table.TEXTS)


def erased_key(what: str, row_id: str, day: date) -> Key:
    """A line of the erasure ledger."""
    return Key(f"{what}#{row_id}", day.isoformat(), Table.ERASED)
