"""Every way in which an address could be kept: written out, packed, counted, cut, hashed, keyed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from ipaddress import IPv4Address, ip_network

from forum.keys import read_keyring
from tests.rules.canaries import Address
from tests.rules.house import HOUSE

PLAIN = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2s")
SIZES = (8, 16, 20, 32, 64)
"""Bytes that a blake2b is asked for; each has digests of its own."""
KEYED = ("md5", "sha1", "sha256", "sha512")
PURPOSES = ("words", "lookup", "seal", "capability")
"""What forum/receipts.py derives keys for."""


@cache
def labels() -> tuple[bytes, ...]:
    """What our own code puts before a message to keep one purpose from another."""
    found = {
        label.encode().decode("unicode_escape").encode("latin-1")
        for module in HOUSE.values()
        for label in re.findall(r'b?"(handrail [a-z ]+(?: \d)?\\0|csrf )', module.text)
    }
    receipts = (f"handrail receipts {what} 1\0" for what in PURPOSES)
    return tuple(sorted({*found, *(label.encode() for label in receipts)}))


def written(address: Address) -> Iterator[str]:
    """An address, or the network it is in, as text."""
    yield from (str(address), address.exploded, address.reverse_pointer)
    size = 24 if isinstance(address, IPv4Address) else 48
    network = ip_network((address, size), strict=False)
    yield from (str(network), str(network.network_address))
    if isinstance(address, IPv4Address):
        octets = str(address).split(".")
        yield from (".".join(reversed(octets)), ".".join(octets[:3]), f"::ffff:{address}")


def messages(address: Address) -> Iterator[bytes]:
    """What somebody might have hashed: an address as it is written, with a line end, named."""
    texts = {text.encode() for text in written(address)}
    yield from (*texts, address.packed, str(int(address)).encode())
    yield from (f"{address}\n".encode(), f"ip:{address}".encode(), f"/{address}".encode())


def salted(address: Address, days: Sequence[date]) -> Iterator[bytes]:
    """The same with the day, as counters of visitors do."""
    for day in days:
        for between in ("", ":", "|", " ", "-"):
            yield from (f"{day}{between}{address}".encode(), f"{address}{between}{day}".encode())


def digests(message: bytes) -> Iterator[bytes]:
    """Its plain hashes."""
    yield from (hashlib.new(kind, message).digest() for kind in PLAIN)
    yield from (hashlib.blake2b(message, digest_size=size).digest() for size in SIZES)


def keyed(message: bytes, key: bytes) -> Iterator[bytes]:
    """Its hashes under one key: HMAC, blake2's own way, and the two ways that are wrong."""
    yield from (hmac.digest(key, message, kind) for kind in KEYED)
    short = key[:64]
    yield from (hashlib.blake2b(message, key=short, digest_size=size).digest() for size in SIZES)
    yield from (hashlib.sha256(both).digest() for both in (key + message, message + key))


def keys_of(text: str) -> Iterator[bytes]:
    """A key of the house as it is, as it is written down, and what our code derives from it."""
    yield text.strip().encode()
    for key in read_keyring(text).all:
        yield from (key.secret, base64.urlsafe_b64encode(key.secret))
        yield from (hmac.digest(key.secret, label, "sha256") for label in labels())


def fingerprints(address: Address, days: Sequence[date], keys: Sequence[str]) -> Iterator[bytes]:
    """Every digest that could stand for this address, under each of the house's keys too."""
    secrets = {key.secret for text in keys for key in read_keyring(text).all}
    every = {key for text in keys for key in keys_of(text)}
    for message in messages(address):
        yield from _under(message, every)
        for secret in secrets:
            yield from (hmac.digest(secret, label + message, "sha256") for label in labels())
    for message in salted(address, days):
        yield from _under(message, secrets)


def _under(message: bytes, keys: Iterable[bytes]) -> Iterator[bytes]:
    yield from digests(message)
    for key in keys:
        yield from keyed(message, key)
