"""Ways to reach a person are found in disguise; numbers and names that reach nobody are left."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.screening import screen
from forum.screening.accounts import coined, unmistakable
from forum.screening.findings import Span
from forum.screening.phones import MOST_RUNS, TooManyNumbers, phones
from forum.screening.spoken import counts_up, heard, runs


def rules_in(text: str) -> set[str]:
    return {found.rule for found in screen(text).found}


PHONES = [
    "my number is o7700 9oo 812",
    "ring 0161 / 496 / 0733 after six",
    "you can get me on 07700\n900 218",
    "07700 900 then two hundred and twelve",
    "zero six, twelve, thirty four, fifty six, seventy eight",
    "+353 eighty seven 123 4567",
    "07seven00 nine00 4two3",
    "area code 206 then 555 0119",
    "+33 6 12 34 56 78",
    "it is 0 8 7, 555, 0 1 2 3, any hour",
    "call 4O3-555-OI99",
]
EMAILS = [
    "my name then 88 then at hotmail",
    "r e d k i t e 4 at g m a i l dot com",
    "redkite4 arroba gmail punto com",
    "moc.liamg@4etikder backwards",
    "it is wrennah, at, gmail, dot, com",
    "you can email me, redkite4, its a hotmail",
    "gmail me at sobersal",
]
ACCOUNTS = [
    "on twitch im redkiteplays",
    "look for redkite with an underscore before 99",
    "I'm u slash sober oduya",
    "find me on linkedin as jo-marsh-4b21",
    "I'm soberoduya22 pretty much everywhere",
    "find me on insta, same as my name here but with dots",
    "my cashapp is $redkite4",
    "@ red kite sober",
]
LINKS = [
    "its all at linktr ee slash redkite",
    "t dot me slash redkite",
    "https colon slash slash redkite dot org",
    "redkite4abcdefghijkl.onion",
    "go to tiny dot cc slash sal",
    "my site is sobersal, dot, co, dot, uk",
    "linkedin slash in slash annie-bluebird",
]


@pytest.mark.parametrize("text", PHONES)
def test_a_phone_number_in_disguise_is_found(text: str) -> None:
    assert "PII-2" in rules_in(text)


@pytest.mark.parametrize("text", EMAILS)
def test_an_email_address_in_disguise_is_found(text: str) -> None:
    assert "PII-1" in rules_in(text)


@pytest.mark.parametrize("text", ACCOUNTS)
def test_an_account_in_disguise_is_found(text: str) -> None:
    assert "PII-3" in rules_in(text)


@pytest.mark.parametrize("text", LINKS)
def test_a_link_in_disguise_is_found(text: str) -> None:
    assert "PII-4" in rules_in(text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("PII-5", "our zip code's nine four one one oh"),
        ("PII-5", "I used in LS6 for years"),
        ("PII-6", "he died Christmas Eve 2014"),
        ("PII-7", "until Rafferty left"),
        ("PII-7", "Priyanka didi kept me alive"),
        ("PII-8", "our masjid, Al-Noor, fed me"),
        ("PII-8", "I played forward for Dunmore Rovers"),
        ("PII-9", "in our village, Llanfairfechan, everybody talks"),
        ("PII-11", "badge 4471 at the time"),
    ],
)
def test_what_could_identify_someone_is_found_by_the_words_beside_it(rule: str, text: str) -> None:
    assert rule in rules_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "we counted one two three four five six seven eight steps",
        "I called 1-855-555-0199 in the end",
        "I bench 100 100 100 no more",
        "0.5 then 0.25 then 0.125",
        "that was the dot com years and we were rich",
        "I looked at outlook and it was grim",
        "he shouted at me dot dot dot",
        "I deleted Snapchat, TikTok and Instagram in one night.",
        "my insta name is embarrassing",
        "I sang Danny Boy at the wake",
        "John 3 16 is on my wall",
        "because Brexit",
        "the road to Damascus",
        "the Local Council helped",
        "covid19 took my da",
        "we lost at the gate at nine",
    ],
)
def test_what_reaches_nobody_is_left_alone(text: str) -> None:
    assert not {rule for rule in rules_in(text) if rule.startswith(("PII", "CON"))}


def test_numbers_are_heard_as_they_would_be_dialled() -> None:
    assert heard("double seven nine hundred and twelve") == ["77", "912"]
    assert heard("thirty four fifty six") == ["34", "56"]


def test_counting_aloud_is_no_number_to_ring() -> None:
    assert counts_up(["1", "2", "3", "4"])
    assert counts_up(["90", "60", "30"])
    assert not counts_up(["0", "7", "7", "0", "0"])


def test_a_coined_name_is_no_word_and_no_form_of_one() -> None:
    assert coined("redkiteplays")
    assert not any(map(coined, ("hooked", "colours", "netflix", "chillin")))


def test_a_word_with_digits_is_an_account_unless_it_counts_or_measures_something() -> None:
    assert unmistakable("redkite4")
    assert not any(map(unmistakable, ("step12", "covid19", "tablets20mg", "_really_")))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789 +-./,()Oolthen\n", max_size=200))
def test_every_number_found_lies_in_the_text_and_has_a_figure_or_a_word_for_one(text: str) -> None:
    try:
        found = list(phones(text))
    except TooManyNumbers:
        return
    for span in found:
        assert 0 <= span.start < span.end <= len(text)
        assert re.search(r"\d|ten", text[span.start : span.end])


def test_more_numbers_than_a_story_has_are_refused_before_they_are_judged() -> None:
    text = " and ".join(["+44 7911 123456"] * (MOST_RUNS + 1))
    with pytest.raises(TooManyNumbers):
        list(phones(text))


@pytest.mark.parametrize("said", ["oh seven seven double zero nine hundred", "077 then 00 then 9"])
def test_a_run_of_spoken_digits_is_read_whole(said: str) -> None:
    (run,) = runs(f"ring {said} please")
    assert Span(run.start(), run.end()) == Span(5, 5 + len(said))
