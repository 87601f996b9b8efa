import json
import logging
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from doors.headers import for_door
from tests.doors.local_machine import FORM, running

CANARY = "marmalade-canary"


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    with running(tmp_path_factory.mktemp("editions")) as machine:
        machine.publish({"index.html": "home", "404.html": "not here"})
        yield machine


def raw(machine, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", machine.port), timeout=10) as connection:
        connection.sendall(sent)
        received = b""
        while more := connection.recv(65536):
            received += more
        return received


def chunked(*chunks: bytes) -> bytes:
    head = (
        b"POST /api/echo/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Transfer-Encoding: chunked\r\nContent-Type: " + FORM.encode() + b"\r\n\r\n"
    )
    return head + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


def test_each_prefix_reaches_its_own_door_and_all_else_the_site(machine):
    assert machine.get("/").text == "home"
    assert machine.get("/api/share").text == "form"
    assert machine.get("/moderation/").text == "front of moderation"
    assert machine.get("/api/").text == "front of api"
    assert machine.get("/apiary").status == 404


def test_moderation_without_its_slash_is_shown_the_way(machine):
    moved = machine.get("/moderation")
    assert (moved.status, moved.headers["Location"]) == (308, "/moderation/")


def test_a_form_arrives_whole_with_its_query_and_its_place(machine):
    heard = machine.ask("POST", "/api/echo/heron?a=1", "title=Hé".encode(), Content_Type=FORM)
    assert json.loads(heard.body) == {
        "word": "heron",
        "body": "title=Hé",
        "query": {"a": "1"},
        "name": "api",
    }
    assert heard.headers["Content-Type"] == "application/json"


def test_several_cookies_are_several_lines(machine):
    assert machine.get("/moderation/").headers.get_all("Set-Cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize("path", ["/", "/api/share", "/api/nowhere", "/nowhere", "/moderation/"])
def test_every_kind_of_answer_carries_the_table(machine, path):
    heard = machine.get(path)
    for name, value in for_door("/moderation/" if path == "/moderation/" else "/api/"):
        if name not in ("Cache-Control", "X-Robots-Tag"):
            assert heard.headers.get_all(name) == [value]
    assert "Server" not in heard.headers
    assert "Last-Modified" not in heard.headers


def test_a_door_is_never_stored_unless_it_says_otherwise(machine):
    assert machine.get("/api/").headers["Cache-Control"] == "no-store"
    assert machine.get("/api/share").headers["Cache-Control"] == "private, max-age=0"


@pytest.mark.parametrize(
    "path", ["/api/nowhere", "/api/share/x", "/api//share", "/api/%2e%2e/share", "/api/.env"]
)
def test_an_unknown_address_at_a_door_gets_a_kind_page_with_help(machine, path):
    heard = machine.get(path)
    assert heard.status == 403
    assert "emergency number" in heard.text
    assert "Missing Authentication" not in heard.text


def test_a_wrong_method_at_a_door_gets_a_kind_page_that_names_the_right_one(machine):
    heard = machine.ask("DELETE", "/api/share")
    assert (heard.status, heard.headers["Allow"]) == (405, "GET")
    assert "emergency number" in heard.text


def test_who_asks_for_json_is_refused_in_json(machine):
    heard = machine.get("/api/nowhere", Accept="application/json")
    assert heard.headers["Content-Type"] == "application/json"
    assert set(json.loads(heard.body)["errors"]) == {""}


def test_a_door_learns_nothing_of_who_asks(machine):
    telling = {
        "User_Agent": CANARY,
        "Referer": CANARY,
        "Accept_Language": CANARY,
        "X_Forwarded_For": CANARY,
        "X_Forwarded_Host": CANARY,
        "Forwarded": f"for={CANARY}",
        "X_Real_IP": CANARY,
        "Via": CANARY,
        "Authorization": CANARY,
        "Cookie": CANARY,
        "DNT": CANARY,
    }
    known = {"Accept": "text/html", "Origin": "null", "Sec_Fetch_Site": "same-origin"}
    heard = machine.get("/api/headers", Content_Type="text/plain", **telling, **known)
    assert CANARY not in heard.text
    assert json.loads(heard.body)["seen"] == {
        "accept": "text/html",
        "origin": "null",
        "sec-fetch-site": "same-origin",
    }


def test_cookies_reach_the_moderators_door_alone(machine):
    seen = machine.get("/moderation/headers", Cookie="session=1")
    assert json.loads(seen.body)["seen"] == {"cookie": "session=1"}
    assert json.loads(machine.get("/api/headers", Cookie="session=1").body)["seen"] == {}


def test_what_breaks_in_a_door_is_told_kindly_and_logged_without_words(machine, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("api").addHandler(caplog.handler)
        page = machine.ask("POST", "/api/broken", CANARY, Content_Type=FORM)
        told = machine.ask(
            "POST", "/api/broken", CANARY, Content_Type=FORM, Accept="application/json"
        )
        logging.getLogger("api").removeHandler(caplog.handler)
    assert (page.status, told.status) == (500, 500)
    assert "emergency number" in page.text
    assert set(json.loads(told.body)["errors"]) == {""}
    assert "builtins.ValueError at " in caplog.text
    assert CANARY not in caplog.text + "".join(map(repr, (r.__dict__ for r in caplog.records)))
    assert CANARY not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /%s HTTP/1.1\r\nHost: x\r\nBad Header %s\r\n\r\n",
        b"get /%s HTTP/1.1\r\nX: %s\r\n\r\n",
        b"%s %s\r\n\r\n",
        b"POST /api/echo/%s HTTP/1.1\r\nContent-Length: %s\r\n\r\n",
        b"POST /api/echo/%s HTTP/1.1\r\nTransfer-Encoding: %s\r\n\r\n",
    ],
)
def test_garbage_gets_a_kind_page_and_leaves_no_trace(machine, sent, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        received = raw(machine, sent % (CANARY.encode(), CANARY.encode()))
    assert received.split(b" ")[1] in (b"400", b"501")
    assert b"emergency number" in received
    assert CANARY.encode() not in received
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capfd.readouterr())


@pytest.mark.parametrize("size", [256 * 1024 + 1, 1_000_000, 6_000_000])
def test_a_body_over_the_cap_is_refused_with_a_page_that_arrives(machine, size):
    heard = machine.ask("POST", "/api/echo/x", b"a" * size, Content_Type=FORM)
    assert heard.status == 413
    assert "emergency number" in heard.text


def test_a_body_at_the_cap_reaches_the_door(machine):
    heard = machine.ask("POST", "/api/echo/x", b"a" * (256 * 1024), Content_Type=FORM)
    assert len(json.loads(heard.body)["body"]) == 256 * 1024


def test_a_body_in_chunks_is_put_together_under_the_same_cap(machine):
    whole = raw(machine, chunked(b"title=", b"one", b""))
    assert b'"body":"title=one"' in whole.replace(b'": "', b'":"')
    assert raw(machine, chunked(*[b"a" * 60_000] * 5, b"")).startswith(b"HTTP/1.1 413")


def test_chunks_of_garbage_are_refused(machine):
    received = raw(machine, chunked() + b"zzz\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 400")
    assert b"emergency number" in received


def test_threads_never_mix_up_two_people(machine):
    def send(number: int) -> bool:
        sent = f"words-of-{number}"
        door = ("api", "moderation")[number % 2]
        heard = machine.ask("POST", f"/{door}/echo/{number}", sent, Content_Type=FORM)
        answer = json.loads(heard.body)
        return (answer["word"], answer["body"], answer["name"]) == (str(number), sent, door)

    with ThreadPoolExecutor(8) as people:
        assert all(people.map(send, range(800)))


def test_a_head_request_gets_the_length_and_no_body(machine):
    heard = machine.ask("HEAD", "/")
    assert (heard.status, heard.headers["Content-Length"], heard.body) == (200, "4", b"")
