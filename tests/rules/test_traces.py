"""The looking for leaks, proved: whatever was put down is found, in any file and any form."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import hmac
import html
import json
import lzma
import quopri
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from forum.keys import Key, write_key
from tests.rules.addresses import labels
from tests.rules.canaries import Canaries
from tests.rules.exact_times import Span
from tests.rules.house import ROOT
from tests.rules.sieve import Sieve
from tests.rules.whereabouts import (
    STORE,
    TABLES,
    at_rest,
    cells_of,
    faults_at_rest,
    missing,
    read_table,
)

DAY = date(2026, 11, 23)
SECRETS = {name: hashlib.sha256(name.encode()).digest() for name in ("receipts", "forms")}
KEYS = [write_key(Key("v1", secret)) for secret in SECRETS.values()]
FOUR, SIX = "127.77.99.13", "2001:db8:7e57:c0de::4711"
CANARIES = Canaries()
WORDS = {
    "ana: words": CANARIES.word("ana: words"),
    "ana: receipt": CANARIES.receipt("ana: receipt", "walnut meadow kettle lantern pebble orchard"),
    "ana: session": CANARIES.secret("ana: session", "Qk3v-9aLr_2mZx7TnB4wYc1Ds8EfGh5JkLm0PqRs6Tu"),
    f"ana's address {FOUR}": CANARIES.address("ana", FOUR),
    f"ben's address {SIX}": CANARIES.address("ben", SIX),
}
SIEVE = Sieve(CANARIES, [DAY], KEYS)
Written = Callable[[bytes], bytes]
FORMS: dict[str, Written] = {
    "plain": lambda raw: raw,
    "in letters two bytes wide": lambda raw: raw.decode().encode("utf-16-le"),
    "in those, big end first": lambda raw: raw.decode().encode("utf-16-be"),
    "in letters four bytes wide": lambda raw: raw.decode().encode("utf-32"),
    "read wrongly": lambda raw: raw.decode("latin-1").encode(),
    "in an address": lambda raw: quote(raw, safe="").encode(),
    "in an address, twice": lambda raw: quote(quote(raw, safe=""), safe="").encode(),
    "in a form": lambda raw: quote_plus(raw).encode(),
    "letter by letter in an address": lambda raw: b"".join(b"%%%02x" % byte for byte in raw),
    "in JSON": lambda raw: json.dumps(raw.decode()).encode(),
    "letter by letter in JSON": lambda raw: b"".join(b"\\u%04x" % ord(c) for c in raw.decode()),
    "in a line of Python": lambda raw: repr(raw).encode(),
    "in a page": lambda raw: html.escape(raw.decode()).encode(),
    "letter by letter in a page": lambda raw: b"".join(b"&#%d;" % ord(c) for c in raw.decode()),
    "in mail": quopri.encodestring,
    "in digits": lambda raw: raw.hex().encode(),
    "in capital digits": lambda raw: raw.hex().upper().encode(),
    "in base64": base64.b64encode,
    "in base64, one further": lambda raw: base64.b64encode(b"k" + raw),
    "in base64, two further": lambda raw: base64.b64encode(b"kk" + raw),
    "in base64 for addresses": base64.urlsafe_b64encode,
    "in base64, twice": lambda raw: base64.b64encode(base64.b64encode(raw)),
    "in base32": base64.b32encode,
    "packed by gzip": gzip.compress,
    "packed by zlib": zlib.compress,
    "packed by bzip2": bz2.compress,
    "packed by xz": lzma.compress,
    "packed, then in base64, then in JSON": lambda raw: json.dumps(
        {"kept": base64.b64encode(gzip.compress(raw)).decode()}
    ).encode(),
}
FOLDED: dict[str, Written] = {"in capitals": bytes.upper, "in small letters": bytes.lower}


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("form", [*FORMS, *FOLDED])
def test_whatever_was_put_down_is_found_in_any_form(name: str, form: str) -> None:
    if form in FOLDED and name == "ana: session":
        return  # in other letters it opens nothing
    written = (FORMS | FOLDED)[form](WORDS[name].encode())
    around = (b"", b"") if form.startswith("packed by") else (b"log: ", b" - 200\n")
    assert SIEVE.search(written.join(around)).keys() >= {name}


def test_nothing_is_found_where_nothing_was_put() -> None:
    for path in ("README.md", "content/helplines.csv", "forum/receipt_words.txt"):
        assert SIEVE.search((ROOT / path).read_bytes()) == {}
    assert SIEVE.search(bytes(range(256)) * 99) == {}


@pytest.mark.parametrize("cut", [11, 14])
def test_a_canary_that_was_cut_off_is_found(cut: int) -> None:
    assert SIEVE.search(WORDS["ana: words"][:cut].encode()).keys() == {"ana: words"}


@pytest.mark.parametrize("between", ["\n", "-", "</li>\n<li>", '", "', ", ", "  \t "])
def test_three_words_of_a_receipt_are_found_whatever_stands_between(between: str) -> None:
    three = WORDS["ana: receipt"].title().split()[2:5]
    assert SIEVE.search(between.join(three).encode()).keys() == {"ana: receipt"}


@pytest.mark.parametrize(
    "written",
    [
        f"::ffff:{FOUR}", "127.77.99.0", "127.77.99.0/24", "127.77.99", "13.99.77.127.in-addr.arpa",
        str(int(ip_address(FOUR))), f"{int(ip_address(FOUR)):08x}", f"{int(ip_address(FOUR)):X}",
        SIX.upper(), ip_address(SIX).exploded, "2001:db8:7e57::/48", ip_address(SIX).packed.hex(),
        ip_address(SIX).reverse_pointer,
    ],
)  # fmt: skip
def test_an_address_is_found_however_it_is_written_or_cut(written: str) -> None:
    assert any("address" in name for name in SIEVE.search(f"from={written} ".encode()))


def hashes(address: str) -> Iterator[tuple[str, bytes]]:
    """What might be kept of an address by somebody who means well."""
    plain = address.encode()
    yield from ((kind, hashlib.new(kind, plain).digest()) for kind in ("md5", "sha1", "sha256"))
    yield "packed first", hashlib.sha256(ip_address(address).packed).digest()
    yield "short", hashlib.blake2b(plain, digest_size=16).digest()
    yield "with the day", hashlib.sha256(f"{DAY}{address}".encode()).digest()
    for name, secret in SECRETS.items():
        yield f"under {name}", hmac.digest(secret, plain, "sha256")
        yield (
            f"under {name}, with the day",
            hmac.digest(secret, f"{address}|{DAY}".encode(), "sha1"),
        )
        yield f"{name} in front", hashlib.sha256(secret + plain).digest()
        yield f"blake2 under {name}", hashlib.blake2b(plain, key=secret, digest_size=32).digest()
        for label in labels():
            yield f"{label!r} under {name}", hmac.digest(secret, label + plain, "sha256")
            derived = hmac.digest(secret, label, "sha256")
            yield f"under {label!r} of {name}", hmac.digest(derived, plain, "sha256")


@pytest.mark.parametrize("address", [FOUR, SIX])
def test_every_hash_of_an_address_is_found_whole_or_cut(address: str) -> None:
    owner = {FOUR: "ana", SIX: "ben"}[address]
    name = f"a hash of {owner}'s address {address}"
    for what, digest in hashes(address):
        for kept in (
            b"\xfe" + digest + b"\xff",
            digest[:8],
            b"visitor " + digest.hex()[:16].encode(),
            b"k" + digest.hex().upper().encode(),
            b'"' + base64.b64encode(digest[:12]) + b'"',
            base64.urlsafe_b64encode(b"k" + digest),
        ):
            assert SIEVE.search(kept).keys() == {name}, what


def test_the_labels_of_our_own_code_are_known() -> None:
    assert {b"handrail form\0", b"handrail receipts lookup 1\0", b"csrf "} <= set(labels())


Plant = Callable[[Path, sqlite3.Connection], object]
LEAK = WORDS["ana: words"]
LAYERS: dict[str, tuple[Plant, str]] = {
    "a row": (
        lambda _, store: store.execute("INSERT INTO counters VALUES (?, 1)", (LEAK,)), "counters"
    ),
    "bytes in a row": (
        lambda _, store: store.execute(
            "INSERT INTO authors VALUES (x'00', ?)", (gzip.compress(LEAK.encode()),)
        ),
        "authors",
    ),
    "a reason in the record": (
        lambda _, store: store.execute(
            "INSERT INTO record (day, who, what, about, reason) VALUES ('', '', '', '', ?)", (LEAK,)
        ),
        "record",
    ),
    "what the queue is found by": (
        lambda _, store: store.execute("INSERT INTO facets VALUES (?, '', 1, '', '')", (LEAK,)),
        "facets",
    ),
    "an author's own words": (
        lambda _, store: store.execute(
            "INSERT INTO originals VALUES ('a', x'', ?, '', '', '', '')", (LEAK,)
        ),
        "originals",
    ),
    "what an undo gives back": (
        lambda _, store: store.execute(
            "INSERT INTO undos (post_id, before, version, moderator, until, text) "
            "VALUES ('a', '{}', 1, '', 0, ?)",
            (json.dumps({"title": LEAK}),),
        ),
        "undos",
    ),
    "the team's figures": (
        lambda _, store: store.execute("INSERT INTO tallies VALUES ('', ?, 1)", (LEAK,)), "tallies"
    ),
    "what moderators are told": (
        lambda folder, _: (folder / "var/notices/2026-11.txt").write_text(LEAK), "notices"
    ),
    "a row that was taken out": (
        lambda _, store: store.executescript(
            "PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE);"
            f"INSERT INTO counters VALUES ('{LEAK}', 1); DELETE FROM counters;"
            "PRAGMA wal_checkpoint(TRUNCATE);"
        ),
        "store",
    ),
    "the write-ahead log": (
        lambda folder, _: (folder / "var/handrail.sqlite3-wal").write_text(LEAK), "store"
    ),
    "the log": (lambda folder, _: (folder / "var.log").write_text(f"GET /{LEAK}"), "log"),
    "a post": (lambda folder, _: (folder / "var/posts/a.json").write_text(LEAK), "mirror"),
    "a packed page": (
        lambda folder, _: (folder / "var/editions/a.gz").write_bytes(gzip.compress(LEAK.encode())),
        "edition",
    ),
    "a key": (lambda folder, _: (folder / "var/keys/forms").write_text(LEAK), "keys"),
    "a hidden file": (lambda folder, _: (folder / "var/.swap").write_text(LEAK), "var"),
    "a temporary file": (lambda folder, _: (folder / "home/tmp1").write_text(LEAK), "temporary"),
    "a file's name": (
        lambda folder, _: (folder / "var/posts" / LEAK.split("vqx")[0]).touch(), "mirror"
    ),
    "a folder's name": (lambda folder, _: (folder / "home" / LEAK[:11]).mkdir(), "temporary"),
    "a link": (lambda folder, _: (folder / "var/to").symlink_to(LEAK[:14]), "var"),
}  # fmt: skip


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[tuple[Path, sqlite3.Connection]]:
    """The folders of a house with nothing in them but an open store."""
    for folder in ("var/posts", "var/editions", "var/keys", "var/notices", "home"):
        (tmp_path / folder).mkdir(parents=True)
    with closing(sqlite3.connect(tmp_path / "var/handrail.sqlite3", isolation_level=None)) as store:
        store.execute("PRAGMA journal_mode = WAL")
        store.executescript((ROOT / "forum/store/schema.sql").read_text("utf-8"))
        yield tmp_path, store


@pytest.mark.parametrize("layer", LAYERS)
def test_a_leak_in_any_layer_is_found(planted: tuple[Path, sqlite3.Connection], layer: str) -> None:
    plant, where = LAYERS[layer]
    assert at_rest(planted[0], SIEVE) == {}
    plant(*planted)
    found = at_rest(planted[0], SIEVE)
    places = {where, STORE} if where in TABLES else {where}
    assert {name: set(places) for name, places in found.items()} == {"ana: words": places}


def test_a_table_that_no_row_names_may_hold_nothing_that_others_may() -> None:
    table = read_table("ana: words | texts | texts (undos) | | own")
    found = {"ana: words": {place: place for place in (STORE, "texts", "record", "undos")}}
    assert faults_at_rest(found, "crashed", table) == ["record", "undos"]
    assert faults_at_rest(found, "published", table) == ["record"]
    assert faults_at_rest(found, "end", table) == ["record", STORE, "texts", "undos"]
    assert missing({}, "published", table, found) == ["ana: words is not in texts"]


def test_a_place_that_is_none_is_an_error() -> None:
    with pytest.raises(AssertionError, match="no such place"):
        read_table("ana: words | text | | | own")


def test_an_address_kept_as_a_number_or_in_four_bytes_is_found(
    planted: tuple[Path, sqlite3.Connection],
) -> None:
    folder, store = planted
    for value in (int(ip_address(FOUR)), ip_address(FOUR).packed):
        store.execute("INSERT OR REPLACE INTO counters VALUES ('who', ?)", (value,))
        assert "counters" in at_rest(folder, SIEVE)[f"ana's address {FOUR}"]


def test_a_packed_file_that_nobody_can_look_into_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "index.html.br").write_bytes(b"\x8b\x02\x80")
    assert at_rest(tmp_path, SIEVE).keys() == {"something packed"}


NOW = datetime(2026, 11, 23, 14, 5, 6, 789_000, tzinfo=UTC)
SPAN = Span(NOW - timedelta(seconds=1), NOW + timedelta(seconds=1))


@pytest.mark.parametrize(
    "written",
    [
        NOW.isoformat(), f"{NOW:%d/%b/%Y:%H:%M:%S} +0000", f"{NOW:%H:%M:%S}", f"{NOW:%Y%m%dT%H%M}",
        f"{NOW:%Y-%m-%d %H:%M}", str(NOW.timestamp()), str(int(NOW.timestamp())),
        str(int(NOW.timestamp() * 1_000)), str(int(NOW.timestamp() * 1_000_000_000)),
    ],
)  # fmt: skip
def test_an_exact_time_is_found_however_it_is_written(written: str) -> None:
    assert SPAN.moments(f"<time>{written}</time>".encode())


@pytest.mark.parametrize("kept", [NOW.timestamp(), int(NOW.timestamp()), NOW.isoformat()])
def test_an_exact_time_in_a_row_is_found(
    planted: tuple[Path, sqlite3.Connection], kept: object
) -> None:
    folder, store = planted
    store.execute("INSERT INTO counters VALUES ('when', ?)", (kept,))
    values = [cell.value for cell in cells_of(folder / "var/handrail.sqlite3")]
    assert any(SPAN.moments(f" {value} ".encode()) for value in values)
    raw = (folder / "var/handrail.sqlite3-wal").read_bytes()
    assert isinstance(kept, int) or SPAN.moments(raw) | SPAN.reals(raw)


@pytest.mark.parametrize("written", ["2026-11-23", "2026-11", "14:05", "15:05:06", "1795449999"])
def test_a_day_or_another_time_is_none(written: str) -> None:
    assert SPAN.moments(f" {written} ".encode()) == set()
