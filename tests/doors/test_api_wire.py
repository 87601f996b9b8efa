"""Bodies that are no form, or arrive as they should not: a clear refusal, never a 500."""

import json
from urllib.parse import urlencode

import pytest

from tests.doors.local_machine import FORM
from tests.doors.seen import Page
from tests.doors.served import JSON, served

HEAD = (
    b"POST /api/posts HTTP/1.1\nHost: x\nConnection: close\nAccept: application/json\n"
    b"Content-Type: application/x-www-form-urlencoded\n"
)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house
        assert "Error" not in house.log, house.log


# JSON


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        "[]",
        '"story"',
        "5",
        "null",
        "true",
        "{",
        "{'kind': 'story'}",
        '{"kind": "story",}',
        '{"kind": undefined}',
        "NaN",
        "1" * 10_000,
        '{"a": ' + "1" * 10_000 + "}",
        '{"a": "\x01"}',
        "\ufeff{}",
        " ",
        "kind=story",
        b"\xff\xfe{\x00}\x00",
        b'{"title": "\xff"}',
        "{}{}",
    ],
    ids=range(21),
)
def test_json_that_is_no_form_is_refused_in_plain_words(house, body):
    for path in ("/api/posts", "/api/receipt", "/api/receipt/withdraw"):
        heard = house.tell(path, body)
        assert heard.status == 400
        assert "could not read" in json.loads(heard.body)["errors"][""]
        assert house.tell(path, body, Accept="text/html").status == 400


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" * 4000])
def test_a_number_of_any_size_is_no_text(house, number):
    body = json.dumps(house.story())[:-1] + f', "title": {number}}}'
    heard = house.tell("/api/posts", body)
    assert heard.status == 422
    assert "title" in json.loads(heard.body)["errors"]


def test_a_key_that_comes_twice_is_named(house):
    body = json.dumps(house.story(title="one"))[:-1] + ', "title": "two"}'
    heard = house.tell("/api/posts", body)
    assert "more than once" in json.loads(heard.body)["errors"]["title"]


def test_deep_json_in_a_field_is_no_text(house):
    body = json.dumps(house.story())[:-1] + ', "title": ' + "[" * 300 + "]" * 300 + "}"
    assert "title" in json.loads(house.tell("/api/posts", body).body)["errors"]


# Kinds of body


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "text/html",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded; charset=latin-1",
        "application/json; charset=utf-32",
        "application/jsonp",
        "*/*",
        "nonsense",
        ";",
        ",",
        "application/json, text/plain",
        "\N{POUND SIGN}".encode().decode("latin-1"),
    ],
)
def test_another_kind_of_body_is_refused_in_plain_words(house, kind):
    for accept in ("text/html", JSON):
        heard = house.ask("POST", "/api/posts", "kind=story", Content_Type=kind, Accept=accept)
        assert heard.status == 415
        assert "web form" in heard.text


def test_a_body_without_a_kind_is_refused(house):
    assert house.ask("POST", "/api/posts", b"kind=story").status == 415


@pytest.mark.parametrize(
    "kind",
    [
        "APPLICATION/X-WWW-FORM-URLENCODED",
        "application/x-www-form-urlencoded;charset=UTF-8",
        'application/x-www-form-urlencoded; charset="utf-8"; odd',
        " application/x-www-form-urlencoded ",
    ],
)
def test_a_form_is_known_however_its_kind_is_spelt(house, kind):
    body = urlencode(house.story())
    assert house.ask("POST", "/api/posts", body, Content_Type=kind).status == 201


def test_an_empty_body_is_an_empty_form(house):
    for kind in (FORM, JSON):
        heard = house.ask("POST", "/api/posts", b"", Content_Type=kind, Accept=JSON)
        assert set(json.loads(heard.body)["errors"]) == {"kind", "body", "consent", "token"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("%", "%"),
        ("%zz", "%zz"),
        ("%u0041", "%u0041"),
        ("%ff", "\ufffd"),
        ("%c3", "\ufffd"),
        ("%ed%a0%80", "\ufffd\ufffd\ufffd"),
        ("a+b%2Bc", "a b+c"),
        ("x;y", "x;y"),
        ("=", "="),
    ],
)
def test_broken_percent_encoding_is_shown_as_it_was_read(house, written, read):
    body = f"kind=story&title={written}&body=&&&=&x"
    heard = house.ask("POST", "/api/posts", body, Content_Type=FORM)
    assert heard.status == 422
    assert Page(heard.text).by_id("field-title").value == read


def test_bytes_that_are_no_utf8_are_shown_as_they_were_read(house):
    heard = house.ask("POST", "/api/posts", b"title=caf\xe9&body=x", Content_Type=FORM)
    assert Page(heard.text).by_id("field-title").value == "caf\ufffd"


# On the wire


def test_a_form_in_chunks_is_put_together(house):
    body = urlencode(house.story()).encode()
    chunks = [body[start : start + 7] for start in range(0, len(body), 7)]
    sent = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))
    assert house.raw(HEAD + b"Transfer-Encoding: chunked\n\n", sent).startswith(b"HTTP/1.1 201")


@pytest.mark.parametrize(
    "sent",
    [
        b"Transfer-Encoding: chunked\n\nzzz\n\n",
        b"Transfer-Encoding: chunked\n\n-5\nabc\n",
        b"Transfer-Encoding: chunked\n\n5\nabcdefgh\n0\n\n",
        b"Transfer-Encoding: nonsense\n\n",
        b"Content-Length: -1\n\n",
        b"Content-Length: 3, 5\n\n",
        b"Content-Length: x\n\n",
    ],
)
def test_a_garbled_body_is_refused(house, sent):
    head, _, body = sent.partition(b"\n\n")
    heard = house.raw(HEAD + head + b"\n\n", body.replace(b"\n", b"\r\n"))
    assert heard.split(b" ")[1] in (b"400", b"501")
    assert b"X-Frame-Options: DENY" in heard


@pytest.mark.parametrize(
    "path",
    [
        "/api/posts/../share",
        "/api/receipt/..%2f..%2fetc/passwd",
        "/api/receipt/withdraw/x",
        "/api/%00",
        "/api/share/",
        "/api/share%0d%0aX-Odd:%20yes",
        "/api/\N{SNOWMAN}".encode().decode("latin-1"),
        "/api/posts;x",
    ],
)
def test_an_odd_address_gets_a_kind_refusal(house, path):
    heard = house.raw(f"GET {path} HTTP/1.1\nHost: x\nConnection: close\n\n".encode("latin-1"))
    assert heard.split(b" ")[1] in (b"400", b"403", b"404", b"405", b"200")
    assert b"emergency number" in heard
    assert b"X-Odd" not in heard


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "QUERY"])
@pytest.mark.parametrize("path", ["/api/share", "/api/posts", "/api/receipt"])
def test_a_method_we_do_not_know_is_refused(house, method, path):
    head = f"{method} {path} HTTP/1.1\nHost: x\nConnection: close\n\n".encode()
    assert house.raw(head).startswith(b"HTTP/1.1 405")
