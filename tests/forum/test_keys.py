"""Keyrings: the newest signs, the older verify, and none is ever shown."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.keys import SHORTEST, BadKey, Key, Keyring, read_keyring, write_key
from tests.builders import make_keyring

SECRET = bytes(range(32))
ENCODED = base64.urlsafe_b64encode(SECRET).decode()


def test_a_ring_is_read_newest_first() -> None:
    ring = read_keyring(f"v2:{ENCODED},v1:{base64.b64encode(b'1' * 40).decode()}")
    assert ring == Keyring((Key("v2", SECRET), Key("v1", b"1" * 40)))
    assert ring.current == Key("v2", SECRET)
    assert ring.find("v1") == Key("v1", b"1" * 40)
    assert ring.find("v3") is None


def test_blanks_and_line_ends_around_keys_do_no_harm() -> None:
    assert read_keyring(f" v2:{ENCODED} ,\n v1:{ENCODED}\n,") == read_keyring(
        f"v2:{ENCODED},v1:{ENCODED}"
    )


@settings(max_examples=60, deadline=None)
@given(
    version=st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True),
    secret=st.binary(min_size=SHORTEST, max_size=80),
)
def test_a_key_that_was_written_is_read_as_it_was(version: str, secret: bytes) -> None:
    key = Key(version, secret)
    assert read_keyring(write_key(key)) == Keyring((key,))
    standard = base64.b64encode(secret).decode()
    assert read_keyring(f"{version}:{standard}") == Keyring((key,))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no key given"),
        (" , ,", "no key given"),
        (ENCODED, "written VERSION:BASE64"),
        (f":{ENCODED}", "written VERSION:BASE64"),
        (f"v 1:{ENCODED}", "written VERSION:BASE64"),
        (f"v1:{ENCODED},v1:{ENCODED}", "same version"),
        ("v1:", "shorter than 32"),
        (f"v1:{base64.b64encode(b'1' * 31).decode()}", "shorter than 32"),
        (f"v1:{ENCODED[:-1]}", "not base64"),
        (f"v1:{ENCODED}!", "not base64"),
        (f"v1:{ENCODED[:9]} {ENCODED[9:]}", "not base64"),
        (f"v1:é{ENCODED}", "not base64"),
        (f"v1:{ENCODED};v2:{ENCODED}", "not base64"),
    ],
)
def test_what_is_no_keyring_is_refused_in_words_that_do_not_show_it(text: str, words: str) -> None:
    with pytest.raises(BadKey, match=words) as caught:
        read_keyring(text)
    assert ENCODED[:12] not in str(caught.value)


def test_no_print_of_a_ring_shows_a_secret() -> None:
    ring = make_keyring("v2", "v1")
    assert "v2" in repr(ring)
    for key in ring.all:
        assert repr(key.secret)[2:12] not in repr(ring)
    assert "secret" not in repr(ring)
