"""Settings: defaults for one machine, and one clear sentence for what makes no sense."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import pytest

from forum.settings import LIMITS, MOST_OF_ANYTHING, BadSetting, Limits, Purpose, read_settings

ENCODED = base64.b64encode(b"k" * 32).decode()


def development(folder: Path, **more: str) -> dict[str, str]:
    return {"HANDRAIL_DATA": str(folder), **more}


def production(folder: Path, **more: str) -> dict[str, str]:
    return development(folder, HANDRAIL_ENV="production", **more)


def test_an_empty_environment_means_one_machine_in_development() -> None:
    chosen = read_settings({})
    assert not chosen.production
    assert chosen.siteurl == "http://localhost:8000"
    assert chosen.data.name == "var"
    assert chosen.store == f"sqlite:///{chosen.data}/handrail.sqlite3"
    assert chosen.posts.parts[-2:] == ("content", "posts")
    assert chosen.data.is_absolute()
    assert chosen.posts.is_absolute()


def test_an_empty_value_is_the_same_as_none() -> None:
    names = ["ENV", "DATA", "STORE", "SITEURL", "POSTS", "KEY_RECEIPTS"]
    blank = {f"HANDRAIL_{name}": "" for name in names} | dict.fromkeys(LIMITS.values(), "")
    assert read_settings(blank | {"PORT": ""}) == read_settings({})


def test_what_an_operator_sets_is_what_holds(tmp_path: Path) -> None:
    environ = production(
        tmp_path,
        HANDRAIL_STORE="sqlite:////srv/h.sqlite3",
        HANDRAIL_SITEURL="https://handrail.example/",
        HANDRAIL_POSTS=str(tmp_path / "posts"),
    )
    chosen = read_settings(environ)
    assert chosen.production
    assert chosen.data == tmp_path
    assert chosen.store == "sqlite:////srv/h.sqlite3"
    assert chosen.siteurl == "https://handrail.example"
    assert chosen.posts == tmp_path / "posts"


def test_the_address_follows_the_port_unless_one_is_given() -> None:
    assert read_settings({"PORT": "8123"}).siteurl == "http://localhost:8123"
    given = {"PORT": "8123", "HANDRAIL_SITEURL": "https://handrail.example"}
    assert read_settings(given).siteurl == "https://handrail.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HANDRAIL_ENV", "prod"),
        ("HANDRAIL_ENV", "Production"),
        ("HANDRAIL_SITEURL", "handrail.example"),
        ("HANDRAIL_SITEURL", "ftp://handrail.example"),
        ("HANDRAIL_SITEURL", "javascript:alert(1)"),
        ("HANDRAIL_SITEURL", "https://"),
        ("HANDRAIL_SITEURL", "https:///stories"),
        ("HANDRAIL_SITEURL", "https://["),
        ("HANDRAIL_LEAVE_URL", "www.example.org"),
        ("HANDRAIL_LEAVE_URL", "javascript:alert(1)"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_in_one_sentence(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings({name: value})
    assert_one_sentence(str(caught.value), name)


def assert_one_sentence(words: str, name: str) -> None:
    assert words.startswith(name)
    assert words.endswith(".")
    assert "\n" not in words
    assert words.count(". ") == 0


# --- limits -----------------------------------------------------------------------------------


def test_without_a_word_from_the_operator_the_limits_are_these() -> None:
    assert read_settings({}).limits == Limits(
        most_unread=300, proven_a_minute=12, unproven_a_minute=6, reports_a_minute=6
    )


def test_every_limit_has_a_setting_of_its_own() -> None:
    assert LIMITS == {
        "most_unread": "HANDRAIL_MOST_UNREAD",
        "proven_a_minute": "HANDRAIL_PROVEN_A_MINUTE",
        "unproven_a_minute": "HANDRAIL_UNPROVEN_A_MINUTE",
        "reports_a_minute": "HANDRAIL_REPORTS_A_MINUTE",
    }
    assert LIMITS.keys() == {field.name for field in fields(Limits)}
    for limit, name in LIMITS.items():
        assert read_settings({name: "7"}).limits == replace(Limits(), **{limit: 7})


@pytest.mark.parametrize("value", ["1", "0007", str(MOST_OF_ANYTHING)])
@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_can_be_any_whole_number_that_lets_somebody_in(limit: str, value: str) -> None:
    assert getattr(read_settings({LIMITS[limit]: value}).limits, limit) == int(value)


NO_LIMITS = {
    **{value: value for value in ("0", "000", "-1", "+1", "1.5", "1e3", " 5", "5 ", "5\n")},
    **{value: value for value in ("five", "٣", "²", "1_000", "0x10")},
    "one too many": str(MOST_OF_ANYTHING + 1),
    "far too many": "9" * 30,
    "too long to be read": "9" * 5_000,
    "too many behind noughts": "0000000001" + "9" * 6,
    "too long behind noughts": "0000000001" + "0" * 5_000,
}


@pytest.mark.parametrize("value", NO_LIMITS)
@pytest.mark.parametrize("name", LIMITS.values())
def test_what_is_no_such_number_is_named_in_one_sentence(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings({name: NO_LIMITS[value]})
    assert_one_sentence(str(caught.value), name)


# --- keys -------------------------------------------------------------------------------------


def test_in_development_every_purpose_gets_a_key_of_its_own(tmp_path: Path) -> None:
    chosen = read_settings(development(tmp_path))
    secrets = {chosen.keyring(purpose).current.secret for purpose in Purpose}
    assert len(secrets) == len(Purpose)
    assert all(len(secret) >= 32 for secret in secrets)


def test_a_key_once_made_is_used_again_and_again(tmp_path: Path) -> None:
    first = {p: read_settings(development(tmp_path)).keyring(p) for p in Purpose}
    again = {p: read_settings(development(tmp_path)).keyring(p) for p in Purpose}
    assert first == again
    elsewhere = read_settings(development(tmp_path / "elsewhere"))
    assert elsewhere.keyring(Purpose.RECEIPTS) != first[Purpose.RECEIPTS]


def test_a_key_that_was_made_is_its_owners_alone(tmp_path: Path) -> None:
    read_settings(development(tmp_path / "var")).keyring(Purpose.RECEIPTS)
    (file,) = (tmp_path / "var" / "keys").iterdir()
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    for number in range(40):
        chosen = read_settings(development(tmp_path / str(number)))
        with ThreadPoolExecutor(8) as threads:
            rings = set(threads.map(chosen.keyring, [Purpose.FORMS] * 16))
        assert len(rings) == 1


def test_a_key_that_is_given_is_the_one_used(tmp_path: Path) -> None:
    environ = development(tmp_path, HANDRAIL_KEY_FORMS=f"v7:{ENCODED}")
    ring = read_settings(environ).keyring(Purpose.FORMS)
    assert (ring.current.version, ring.current.secret) == ("v7", b"k" * 32)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("purpose", Purpose)
def test_production_asks_for_every_key_and_makes_none(tmp_path: Path, purpose: Purpose) -> None:
    others = {p.value: f"v1:{ENCODED}" for p in Purpose if p is not purpose}
    chosen = read_settings(production(tmp_path, **others))
    for other in set(Purpose) - {purpose}:
        assert chosen.keyring(other).current.secret == b"k" * 32
    with pytest.raises(BadSetting) as caught:
        chosen.keyring(purpose)
    assert_one_sentence(str(caught.value), purpose.value)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(
    "value", ["v1:short", ENCODED, f"v1:{ENCODED}!", f"v1:{ENCODED[:30]}", ","]
)
@pytest.mark.parametrize("make", [development, production])
def test_a_key_that_cannot_be_used_is_named_and_not_shown(
    tmp_path: Path, make: object, value: str
) -> None:
    environ = make(tmp_path, HANDRAIL_KEY_SESSIONS=value)  # type: ignore[operator]
    with pytest.raises(BadSetting) as caught:
        read_settings(environ).keyring(Purpose.SESSIONS)
    assert_one_sentence(str(caught.value), "HANDRAIL_KEY_SESSIONS")
    assert ENCODED[:12] not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"v1:short", b"\xff\xfe"])
def test_a_key_file_that_was_spoiled_is_named_and_not_replaced(
    tmp_path: Path, content: bytes
) -> None:
    chosen = read_settings(development(tmp_path))
    chosen.keyring(Purpose.RECEIPTS)
    file = tmp_path / "keys" / "receipts"
    file.write_bytes(content)
    with pytest.raises(BadSetting) as caught:
        chosen.keyring(Purpose.RECEIPTS)
    assert str(caught.value).startswith("HANDRAIL_KEY_RECEIPTS")
    assert file.read_bytes() == content


def test_no_print_of_the_settings_shows_a_key(tmp_path: Path) -> None:
    chosen = read_settings(production(tmp_path, HANDRAIL_KEY_FORMS=f"v1:{ENCODED}"))
    assert ENCODED[:12] not in repr(chosen)
