"""The proof of work that a form's own script asks for: for our tokens alone, and for that form."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from forum import admission
from forum.proof import COST, PREFIX
from tests.doors.seen import Page
from tests.doors.served import CANARY, JSON, served


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house
        assert "Error" not in house.log, house.log


def asked(house, token, **headers):
    return house.get("/api/challenge", Form_Token=token, **headers)


def test_a_form_gets_work_that_is_bound_to_it(house):
    token = house.token()
    told = json.loads(asked(house, token).body)["parameters"]
    assert (told["cost"], told["keyPrefix"]) == (COST, PREFIX)
    form = admission.read(house.keyring("forms"), token)
    assert told["data"]["form"] == form.nonce.hex()
    until = datetime.fromtimestamp(told["data"]["until"], UTC) - datetime.now(UTC)
    assert timedelta(hours=23) < until <= timedelta(days=1)


def test_the_token_on_the_page_is_one_that_work_can_be_asked_for(house):
    (token,) = Page(house.get("/api/share").text).would_send()["token"]
    heard = asked(house, token, Accept="*/*")
    assert (heard.status, heard.headers.get_content_type()) == (200, JSON)


def test_asking_stores_nothing_and_uses_no_form_up(house):
    sent = house.story()
    for _ in range(3):
        assert asked(house, sent["token"]).status == 200
    assert house.count("spent") == 0
    assert house.tell("/api/posts", sent).status == 201


@pytest.mark.parametrize(
    "made",
    [
        lambda house: "",
        lambda house: CANARY,
        lambda house: house.token()[:-8] + "AAAAAAA=",
        lambda house: house.token(keys="receipts"),
        lambda house: house.token(keys="capabilities"),
        lambda house: "v9" + house.token()[2:],
        lambda house: "x" * 9_000,
        lambda house: "\xff\x80 \t;=,",
        lambda house: "<script>alert(1)</script>",
    ],
)
def test_a_token_that_is_not_ours_gets_no_work(house, made):
    token = made(house)
    heard = asked(house, token)
    assert heard.status == 422
    assert list(json.loads(heard.body)["errors"]) == ["token"]
    assert not token or token not in heard.text


@pytest.mark.parametrize("query", ["", "?", "?token", "?TOKEN=x", "?token=%ff", "?token=a&token=b"])
def test_a_question_without_a_token_gets_no_work(house, query):
    assert house.get(f"/api/challenge{query}").status == 422
