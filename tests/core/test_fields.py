"""What people type, and what no person means: tables of input and what becomes of it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from rapport.core.fields import Day, Moment, OneLine, Words

NEW_YORK = ZoneInfo("America/New_York")

LINES_KEPT = {
    "Ama": "Ama",
    "  Ama \t Mensah ": "Ama Mensah",
    "O'Brien": "O'Brien",
    "Null": "Null",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "{{7*7}}": "{{7*7}}",
    "${jndi:ldap://x}": "${jndi:ldap://x}",
    "' OR 1=1--": "' OR 1=1--",
    "../../etc/passwd": "../../etc/passwd",
    "👩🏽‍🏫 Ms Okoye": "👩🏽‍🏫 Ms Okoye",
    "آدم": "آدم",
    "IĞDIR ı İ": "IĞDIR ı İ",
    "Zoe\u0308": "Zoë",
    "A\u200bma\ufeff": "Ama",
    "می\u200cخواهم": "می\u200cخواهم",
    "Nguyễn Thị Ánh": "Nguyễn Thị Ánh",
    "x" * 200: "x" * 200,
}
LINES_REFUSED = {
    "A\x00ma": "There are signs in this text that cannot be shown. Type it anew.",
    "A\x1b[31mma": "There are signs in this text that cannot be shown. Type it anew.",
    "A\ud800ma": "There are signs in this text that cannot be shown. Type it anew.",
    "Ama\r\nBcc: all@example.org": "This must be one line.",
    "Ama\u2028Ben": "This must be one line.",
    "Ama\u202egnp.exe": "There are signs in this text that turn its reading order. Type it anew.",
    "\u2066Ama\u2069": "There are signs in this text that turn its reading order. Type it anew.",
    "Z" + "\u0301" * 40: "There are too many accents on one letter. Type it anew.",
    "x" * 201: "This is too long: 201 signs, and 200 fit.",
    "x" * 1_000_000: "This is too long: 1000000 signs, and 200 fit.",
    "": "This field is required.",
    "   ": "This field is required.",
    "\u200b\u200d\ufeff": "This field is required.",
    "\u3164": "This field is required.",
}
DAYS_KEPT = {
    "2026-03-27": date(2026, 3, 27),
    "27 3 2026": date(2026, 3, 27),
    " 27.03.2026 ": date(2026, 3, 27),
    "27/3/2026": date(2026, 3, 27),
    "3 December 2026": date(2026, 12, 3),
    "3 dec. 2026": date(2026, 12, 3),
    "29 2 2028": date(2028, 2, 29),
    "٢٧ ٣ ٢٠٢٦": date(2026, 3, 27),
}
DAYS_REFUSED = {
    "31 11 2026": "31 November does not exist. November has 30 days.",
    "2026-04-31": "31 April does not exist. April has 30 days.",
    "29 2 2026": "29 February 2026 does not exist. February 2026 has 28 days.",
    "0 3 2026": "0 March does not exist. March has 31 days.",
    "12 31 2026": "There is no month 31. Write the day first, then the month: 27 3 2026.",
    "3 Smarch 2026": "There is no month Smarch.",
    "27 3 26": "Write the year in full, such as 2026.",
    "0001-01-01": "Look at the year: 0001 cannot be right.",
    "31 12 9999": "Look at the year: 9999 cannot be right.",
    "27 3 9223372": "Look at the year: 9223372 cannot be right.",
    "tomorrow": "Write the day as 27 3 2026 or 2026-03-27.",
    "NaN": "Write the day as 27 3 2026 or 2026-03-27.",
    "1e309": "Write the day as 27 3 2026 or 2026-03-27.",
    "-1": "Write the day as 27 3 2026 or 2026-03-27.",
    "2026-03-27T10:00": "Write the day as 27 3 2026 or 2026-03-27.",
    "9" * 1_000_000: "This is too long: 1000000 signs, and 40 fit.",
    "27 3\x00 2026": "There are signs in this text that cannot be shown. Type it anew.",
    "": "Which day? Write it as 27 3 2026.",
    "  ": "Which day? Write it as 27 3 2026.",
}
MOMENTS_KEPT = {
    "27 3 2026 15:30": datetime(2026, 3, 27, 19, 30, tzinfo=UTC),
    "2026-03-27T15:30": datetime(2026, 3, 27, 19, 30, tzinfo=UTC),
    "27 March 2026, 3:30 pm": datetime(2026, 3, 27, 19, 30, tzinfo=UTC),
    "27 3 2026 12:05 am": datetime(2026, 3, 27, 4, 5, tzinfo=UTC),
    "1 11 2026 1:30": datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # happens twice: the first
}
MOMENTS_REFUSED = {
    "8 3 2026 2:30": "This time does not exist: the clocks go forward then. Choose another.",
    "27 3 2026": "Write the day and the time as 27 3 2026 15:30.",
    "27 3 2026 25:00": "There is no such time. Write it as 15:30.",
    "27 3 2026 10:75": "There is no such time. Write it as 15:30.",
    "27 3 2026 15:30 pm": "There is no such time. Write it as 15:30.",
    "31 11 2026 10:00": "31 November does not exist. November has 30 days.",
    "15:30": "Write the day and the time as 27 3 2026 15:30.",
    "": "When? Write it as 27 3 2026 15:30.",
}


def refusal(field, typed):
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    return refused.value.messages


@pytest.mark.parametrize(("typed", "kept"), LINES_KEPT.items())
def test_one_line_keeps_what_a_person_means(typed, kept):
    assert OneLine().clean(typed) == kept


@pytest.mark.parametrize(("typed", "words"), LINES_REFUSED.items(), ids=range(len(LINES_REFUSED)))
def test_one_line_refuses_what_no_person_means(typed, words):
    assert refusal(OneLine(), typed) == [words]


def test_equal_names_typed_in_two_forms_of_the_letters_are_kept_equal():
    assert OneLine().clean("Zoe\u0308") == OneLine().clean("Zo\u00eb") == "Zo\u00eb"


def test_words_keep_their_lines_and_lose_the_carriage_returns():
    assert Words().clean(" We painted.\r\n\r\nThen we talked.\n") == "We painted.\n\nThen we talked."


@pytest.mark.parametrize(
    ("typed", "words"),
    {
        "a\x00b": "There are signs in this text that cannot be shown. Type it anew.",
        "a\u202eb": "There are signs in this text that turn its reading order. Type it anew.",
        "e" + "\u0300" * 9: "There are too many accents on one letter. Type it anew.",
        "x" * 10_001: "This is too long: 10001 signs, and 10000 fit.",
        "\u200b\n": "This field is required.",
    }.items(),
    ids=range(5),
)
def test_words_refuse_what_no_person_means(typed, words):
    assert refusal(Words(), typed) == [words]


@pytest.mark.parametrize(("typed", "day"), DAYS_KEPT.items())
def test_a_day_is_read_as_people_write_it(typed, day):
    assert Day().clean(typed) == day


@pytest.mark.parametrize(("typed", "words"), DAYS_REFUSED.items(), ids=range(len(DAYS_REFUSED)))
def test_a_day_that_cannot_be_says_why(typed, words):
    assert refusal(Day(), typed) == [words]


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("fr", "3 décembre 2026"),
        ("es", "3 de diciembre de 2026"),
        ("ar", "3 ديسمبر 2026"),
    ],
)
def test_a_month_may_be_named_in_the_language_of_the_page(language, typed):
    with translation.override(language):
        assert Day().clean(typed) == date(2026, 12, 3)


def test_a_day_outside_what_the_form_allows_is_refused():
    field = Day(earliest=date(2026, 3, 10), latest=lambda: date(2026, 11, 17))

    assert field.clean("17 11 2026") == date(2026, 11, 17)
    assert refusal(field, "9 3 2026") == ["It cannot be before 10 3 2026."]
    assert refusal(field, "18 11 2026") == ["It cannot be after 17 11 2026."]


@pytest.mark.parametrize(("typed", "moment"), MOMENTS_KEPT.items())
def test_a_moment_lies_in_the_time_zone_of_the_program(typed, moment):
    assert Moment(zone=NEW_YORK).clean(typed) == moment


@pytest.mark.parametrize(("typed", "words"), MOMENTS_REFUSED.items())
def test_a_moment_that_cannot_be_says_why(typed, words):
    assert refusal(Moment(zone=NEW_YORK), typed) == [words]


def test_what_need_not_be_filled_may_be_left_out():
    assert Day(required=False).clean(" ") is None
    assert Moment(required=False).clean("") is None
    assert OneLine(required=False).clean("\u200b") == ""


def test_a_form_shows_a_day_again_as_it_is_typed():
    class Plan(forms.Form):
        day = Day(initial=date(2026, 12, 3))
        starts_at = Moment(zone=NEW_YORK, initial=datetime(2026, 12, 3, 20, 30, tzinfo=UTC))

    form = Plan()

    assert form["day"].value() == "3 12 2026"
    assert form["starts_at"].value() == "3 12 2026 15:30"
    assert not Plan({"day": "2026-12-03", "starts_at": "3 12 2026 15:30"}).has_changed()
