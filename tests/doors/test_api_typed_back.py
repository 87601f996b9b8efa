"""Six words, typed again: typed back right after sharing, and mended where a finger slipped."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from string import ascii_lowercase

import pytest

from forum.receipts import parse, put_away, word_list
from forum.spelling import spelling
from tests.doors.seen import Page
from tests.doors.served import served


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with served(tmp_path_factory.mktemp("house")) as house:
        yield house
        assert "Error" not in house.log, house.log


def typed_back(house, shared, typed):
    fields = {"put_away": shared["put_away"], "receipt": typed}
    told = json.loads(house.tell("/api/receipt/typed-back", fields).body)
    return told["right"], told["wrong"]


def shows_words_of(receipt, heard):
    """Whether two of the words stand side by side; one alone may be any page's own."""
    said = " ".join(Page(heard.text).words.split())
    return any(f"{one} {next_one}" in said for one, next_one in pairwise(receipt.split()))


def other_than(*words):
    return next(word for word in word_list() if word not in words)


# Typed back


def test_the_thank_you_page_asks_to_type_them_back_and_says_that_is_no_must(house):
    page = Page(house.send("/api/posts", house.story()).text)
    sent = page.would_send("/api/receipt/typed-back")
    assert set(sent) == {"put_away", "receipt"}
    assert sent["receipt"] == [""]
    assert "You can skip this." in page.words
    assert "if you lose a word, nobody can open it again" in page.words


@pytest.mark.parametrize(
    "retyped",
    [str, str.upper, lambda words: words.replace(" ", "-"), lambda words: f"1. {words}.\r\n"],
)
def test_words_that_were_kept_right_are_told_so(house, retyped):
    shared = house.shared()
    typed = retyped(shared["receipt"])
    assert typed_back(house, shared, typed) == (True, [])
    fields = {"put_away": shared["put_away"], "receipt": typed}
    heard = house.send("/api/receipt/typed-back", fields)
    page = Page(heard.text)
    assert heard.status == 200
    assert "Your words are right" in page.words
    assert "receipt-words" not in heard.text
    assert not shows_words_of(shared["receipt"], heard)
    assert page.all("form") == []


def test_a_wrong_word_is_pointed_at_and_can_be_tried_again(house):
    shared = house.shared()
    words = shared["receipt"].split()
    words[1], words[4] = other_than(*words), words[4] + "s"
    assert typed_back(house, shared, " ".join(words)) == (False, [2, 5])
    fields = {"put_away": shared["put_away"], "receipt": " ".join(words)}
    page = Page(house.send("/api/receipt/typed-back", fields).text)
    assert "Words 2, 5 are different." in page.words
    marked = [strong.text for strong in page.all("strong")]
    assert marked == [shared["receipt"].split()[place] for place in (1, 4)]
    again = page.would_send("/api/receipt/typed-back")
    assert again == {"put_away": [shared["put_away"]], "receipt": [""]}
    again["receipt"] = [shared["receipt"]]
    assert "Your words are right" in house.send("/api/receipt/typed-back", again).text


def test_one_wrong_word_is_told_in_the_singular(house):
    shared = house.shared()
    fields = {"put_away": shared["put_away"], "receipt": shared["receipt"] + "s"}
    assert "Word 6 is different." in house.send("/api/receipt/typed-back", fields).text


@pytest.mark.parametrize(
    "typed", ["", " ", "otter", "a b c d e f g", "<b>x</b>", "x" * 9_000, "\0" * 6, "\u202e"]
)
def test_what_is_not_six_words_is_wrong_in_every_place(house, typed):
    shared = house.shared()
    assert typed_back(house, shared, typed) == (False, [1, 2, 3, 4, 5, 6])
    fields = {"put_away": shared["put_away"], "receipt": typed}
    page = Page(house.send("/api/receipt/typed-back", fields).text)
    assert "What you typed is not the same as your six words." in page.words
    assert page.all("b") == []


def aged(house, receipt, age):
    return put_away(house.keyring("capabilities"), parse(receipt), datetime.now(UTC) - age)


def test_after_a_quarter_of_an_hour_nothing_is_compared_and_nothing_shown(house):
    receipt = house.shared()["receipt"]
    capability = json.loads(house.tell("/api/receipt", {"receipt": receipt}).body)["capability"]
    late = aged(house, receipt, timedelta(minutes=15, seconds=2))
    for token in (late, late[:-4], capability, house.token(), "", "\N{SNOWMAN}", "x" * 5_000):
        fields = {"put_away": token, "receipt": receipt}
        heard = house.send("/api/receipt/typed-back", fields)
        assert heard.status == 422
        assert "The 15 minutes are over" in heard.text
        assert not shows_words_of(receipt, heard)
        told = json.loads(house.tell("/api/receipt/typed-back", fields).body)
        assert list(told["errors"]) == ["put_away"]
    in_time = aged(house, receipt, timedelta(minutes=14, seconds=50))
    assert typed_back(house, {"put_away": in_time}, receipt) == (True, [])


def test_typing_back_asks_no_store(house):
    shared = house.shared()
    house.tell("/api/receipt/erase", {"receipt": shared["receipt"]})
    with house.store() as store:
        store.execute("BEGIN EXCLUSIVE")
        assert typed_back(house, shared, shared["receipt"]) == (True, [])
        store.rollback()


# Slips of the finger


def slipped(receipt):
    """The same words with a letter too many in the third; what was typed there, and meant."""
    words = receipt.split()
    for letter in ascii_lowercase:
        typed = words[2] + letter
        if spelling(" ".join([*words[:2], typed, *words[3:]])).mended:
            return typed, words[2], " ".join([*words[:2], typed, *words[3:]])
    raise AssertionError(f"every letter makes {words[2]} another word")


def test_a_slip_is_named_whether_or_not_there_is_such_a_receipt(house):
    real, never = (house.shared()["receipt"] for _ in range(2))
    house.tell("/api/receipt/erase", {"receipt": never})
    seen = []
    for receipt, finds in ((real, 200), (never, 404)):
        typed, meant, whole = slipped(receipt)
        heard = house.send("/api/receipt", {"receipt": whole})
        assert heard.status == 404
        assert (
            f"“{typed}” is not one of our words. Did you mean “{meant}”?" in Page(heard.text).words
        )
        sent = Page(heard.text).would_send("/api/receipt", having="put_away")
        assert not shows_words_of(receipt, heard)
        assert house.send("/api/receipt", sent).status == finds
        assert house.tell("/api/receipt", sent).status == finds
        for place, words in enumerate((typed, meant, *sent["put_away"])):
            heard = replace(heard, body=heard.body.replace(words.encode(), b"%d" % place))
        seen.append(heard.text)
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("otter", "You typed 1 word. A receipt has six."),
        ("otter " * 7, "You typed 7 words. A receipt has six."),
        ("one 2 three", "You typed 2 words. A receipt has six."),
    ],
)
def test_too_few_or_too_many_words_are_counted(house, typed, said):
    page = Page(house.send("/api/receipt", {"receipt": typed}).text)
    assert said in page.words
    assert len(page.all("form")) == 1


@pytest.mark.parametrize(
    "typed", ["<b>x</b> {{7*7}}", "x" * 9_000, "\N{SNOWMAN}" * 300, "\u202eabc\0", "ß ж ü é ñ 中"]
)
def test_slips_of_any_kind_are_only_words(house, typed):
    page = Page(house.send("/api/receipt", {"receipt": typed}).text)
    assert page.all("b") == []
    assert max(map(len, page.words.split())) <= 40
    assert page.by_id("field-receipt").value == ""
