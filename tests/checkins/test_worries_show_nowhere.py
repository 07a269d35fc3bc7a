"""What a child says to "does anything worry you?" changes no page of anybody who does not lead on safety."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management.color import no_style
from django.db import connection, transaction
from django.urls import reverse

from rapport.audit.models import Event
from rapport.care.actions import refresh_findings
from rapport.checkins.actions import answer
from rapport.checkins.models import Answer, CheckIn
from rapport.safeguarding.models import Concern, TriageItem
from tests.cast import DAY, MONDAY, staff

HOUR = timedelta(hours=1)


@pytest.fixture
def check_in(match, ben):
    return CheckIn.objects.create(
        program=match.program, match=match, person=ben, party="mentee", instance=251, due_at=MONDAY - DAY
    )


def pages(program, match, browsers):
    """The whole HTML of what each reader may open, without what differs at each request."""
    names = ("care:today", "portal:program", "portal:matches", "portal:people", "portal:audit")
    addresses = [reverse(name, args=[program.slug]) for name in names] + [match.get_absolute_url()]
    addresses += [one.participant.get_absolute_url() for one in match.members.all()]
    shown = {}
    for name, browser in browsers.items():
        for address in addresses:
            html = browser.get(address).content.decode()
            shown[name, address] = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken":) ?=?"[^"]+"', "", html)
    return shown


def number_anew(model):
    """PostgreSQL gives no number twice, not even that of a row that was rolled back; pages show it."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("worry", "words", "came"),
    [("yes", "He hits me.", (1, 0)), ("not-sure", "He asks odd things.", (0, 1)), ("", "Words alone.", (0, 1))],
)
def test_the_same_feeling_with_and_without_a_worry_reads_the_same(
    worry, words, came, check_in, match, riverside, cora, dele, ben, as_user
):
    readers = {"cora": cora} | {
        role: staff(role.title(), riverside, role) for role in ("site-lead", "administrator", "evaluator")
    }
    browsers = {name: as_user(user) for name, user in readers.items()}

    def said(worry, words):
        number_anew(Answer)
        with time_machine.travel(MONDAY, tick=False):
            answer(check_in, feeling=4, worry=worry, words=words, form_id="a", by=ben, at=MONDAY - HOUR)
            refresh_findings(at=MONDAY)
            return pages(riverside, match, browsers)

    with transaction.atomic():
        plain = said("no", "")
        transaction.set_rollback(True)
    worried = said(worry, words)

    assert (Concern.objects.count(), TriageItem.objects.count()) == came
    assert worried == plain
    assert "4 of 5" in worried["cora", match.get_absolute_url()]


def test_the_trail_tells_of_an_answer_as_of_any_other(check_in, ben):
    answer(check_in, feeling=4, worry="yes", words="He hits me.", form_id="a", by=ben, at=MONDAY)

    [row] = Event.objects.filter(verb="check-in.answered")
    assert (row.level, row.facts) == (2, {"source": "link", "suspect": False})


def test_words_where_nothing_was_chosen_are_read_by_a_lead(check_in, ben):
    answer(check_in, feeling=4, words="He asks odd things.", form_id="a", by=ben, at=MONDAY)

    assert Answer.objects.get().worry == "not-sure"
    assert TriageItem.objects.get().words == "He asks odd things."
