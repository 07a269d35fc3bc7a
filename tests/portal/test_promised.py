"""Time together on the match page: what was promised and what happened, in sentences."""

from datetime import date, timedelta

import pytest

from rapport.matches.models import Match
from rapport.meetings.models import Meeting
from rapport.portal.promised import promised_time
from rapport.programs.models import Promise
from tests.care.conftest import AWAY, HELD, SILENT, meeting
from tests.cast import MONDAY

WEEK = timedelta(weeks=1)
LAST = date(2026, 11, 12)  # a Thursday


def told(match, at=MONDAY):
    return promised_time(Match.objects.select_related("program").get(pk=match.pk), at)


def weeks(match, hows, last=LAST):
    """One meeting a week, the latest named last: held, mentor away, or silent."""
    for n, how in enumerate(reversed(hows)):
        meeting(match, last - n * WEEK, {"h": HELD, "a": AWAY, "s": SILENT}[how])


def since(match, day):
    Match.objects.filter(pk=match.pk).update(counts_from_on=day)


def test_it_says_first_how_often_they_met_of_what_was_promised(match):
    since(match, date(2026, 9, 21))
    weeks(match, "hhhhahhh")

    said = told(match)

    assert said.lead == "They met 7 times, 7 h, of about 7.6 h promised so far."
    assert said.sentences == [
        "Counted from 21 September 2026 on, when they came into Rapport.",
        "Of 7 nobody said how long they were; they count as planned.",
        "The last time was on 12 November, 2 open days ago. "
        "Usually 5 open days pass from one to the next; the longest wait was 10.",
        "If they go on as in the last 40 open days (7 h of 7.5 h), they will have had 93\u00a0% of what is promised "
        "until 9 March 2027.",
    ]


def test_what_nobody_knows_is_said_and_leaves_a_range(match):
    since(match, date(2026, 9, 21))
    weeks(match, "hhhhhshh")

    said = told(match).sentences

    assert said[1].startswith("Of one meeting nobody has said whether it happened.")
    assert "(at least 7 h of 7.5 h), they will have had 93 to 106\u00a0%" in said[-1]


@pytest.mark.parametrize(
    ("hows", "words"),
    [("hhh", "It is too early to look ahead"), ("hhhsssss", "Too little is known of the last 40 open days")],
)
def test_where_nothing_can_be_foretold_the_reason_is_told(match, hows, words):
    since(match, date(2026, 10, 26) if len(hows) < 8 else date(2026, 9, 21))
    weeks(match, hows)

    assert words in told(match).sentences[-1]


def test_without_a_word_nothing_is_said_against_them(match):
    said = told(match)

    assert said.lead == "Nothing is written down yet about their meetings. By now about 33 h are promised."
    assert {(row.share, row.kind) for row in said.months} == {("nothing written down", "unknown")}


def test_where_nothing_is_promised_they_are_just_told(match):
    Promise.objects.filter(program=match.program).update(is_on=False)
    weeks(match, "h")

    said = told(match)

    assert said.lead == "They met once, 1 h. How often they meet is theirs to say."
    assert [(row.promised, row.share, row.kind) for row in said.months[:2]] == [("", "", ""), ("", "", "")]


@pytest.mark.parametrize(
    ("hows", "share", "kind"),
    [
        ("hhhh", "100\u00a0%", ""),
        ("hhha", "75\u00a0%", ""),
        ("hhaa", "50\u00a0%", "watch"),
        ("haaa", "25\u00a0%", "help"),
        ("haas", "25 to 50\u00a0%", "watch"),
        ("hsss", "25 to 100\u00a0%", ""),
        ("hh", "50\u00a0%", ""),  # of two weeks nobody wrote anything
    ],
)
def test_a_whole_month_is_marked_only_by_what_is_known(match, hows, share, kind):
    weeks(match, hows, last=date(2026, 11, 5))

    row = told(match).months[1]

    assert (row.number, row.is_whole, row.share, row.kind) == (8, True, share, kind)


def test_a_month_that_is_not_over_says_no_share(match):
    weeks(match, "a")

    row = told(match).months[0]

    assert (row.number, row.is_whole, row.promised, row.held, row.share) == (9, False, "0.9 h", 0, "")


def test_the_coordinator_reads_it_on_the_page_of_the_match(as_user, cora, omar, match):
    weeks(match, "hh")
    Meeting.objects.update(minutes=45)

    html = as_user(cora).get(match.get_absolute_url()).content.decode()

    assert "They met 2 times, 1.5 h, of about 33 h promised so far." in html
    assert "8, from 10 Oct 2026" in html
    assert as_user(omar).get(match.get_absolute_url()).status_code == 404
