"""Who reads worries: what is missing, who may say it, and the sentence above the pages while the question is off."""

from datetime import time

import pytest
from django.urls import reverse
from django.utils import translation

from rapport.audit.models import Event
from rapport.programs.models import Site
from rapport.safeguarding import actions, questions
from rapport.safeguarding.actions.duty import NotALead
from rapport.safeguarding.models import Duty
from tests.cast import MONDAY, staff

pytestmark = pytest.mark.django_db
OFF = "The worry question is off."


def address():
    return reverse("safeguarding:duty", args=["riverside"])


def named(duty, **changes):
    """What the form sends."""
    site = duty.program.sites.get()
    return {
        "lead": duty.lead_id,
        "second_lead": duty.second_lead_id,
        "cover": duty.cover_id,
        "outside_contact": duty.outside_contact,
        "read_by": "16:00",
        f"numbers-{site.ref}": site.emergency_numbers,
    } | changes


def test_whole_is_whole(duty):
    assert questions.readiness(duty.program) == []


LACKS = [
    ({"lead": None}, ["a safeguarding lead who reads worries"]),
    ({"second_lead": None}, ["a second lead, for when the first is away"]),
    ({"cover": None}, ["somebody who stands in when both are away"]),
    ({"outside_contact": ""}, ["a contact outside the house"]),
    ({"read_by": None}, ["the time of day by which worries are read"]),
]


@pytest.mark.parametrize(("changes", "missing"), LACKS)
def test_each_thing_is_missed_by_its_name(duty, changes, missing):
    Duty.objects.update(**{f"{k}_id" if k in ("lead", "second_lead", "cover") else k: v for k, v in changes.items()})

    assert questions.readiness(duty.program)[:1] == missing


def test_nothing_named_at_all_misses_everything(riverside):
    assert questions.readiness(riverside) == [words for _, (words,) in LACKS]


def test_a_lead_who_has_gone_and_a_site_without_numbers_are_missed(duty, dora):
    dora.memberships.update(ends_at=MONDAY)
    Site.objects.create(program=duty.program, name="Harbor School")

    assert questions.readiness(duty.program) == [
        "Dora no longer leads on safety here",
        "the emergency numbers of Harbor School",
    ]


def test_what_is_missing_is_said_in_the_readers_language(riverside):
    with translation.override("en"):
        first = questions.readiness(riverside)
    assert first == questions.readiness(riverside)
    assert not isinstance(questions.WHOLE[0][1], str)


@pytest.mark.parametrize("role", ["coordinator", "safeguarding-lead"])
def test_who_may_say_it(duty, as_user, role):
    browser = as_user(staff("Sam", duty.program, role))

    assert browser.get(address()).status_code == 200
    assert browser.post(address(), named(duty, read_by="14:30")).status_code == 302

    assert Duty.objects.get().read_by == time(14, 30)
    event = Event.objects.filter(verb="duty.named").latest("pk")
    assert (event.actor_label, event.facts["read_by"], event.facts["lead"]) == ("user: Sam", "14:30", duty.lead_id)


@pytest.mark.parametrize("role", ["match-support", "site-lead", "administrator", "evaluator", "mentor", "guardian"])
def test_nobody_else_may(duty, as_user, role):
    browser = as_user(staff("Sam", duty.program, role))

    assert browser.get(address()).status_code == 404
    assert browser.post(address(), named(duty, read_by="23:59")).status_code == 404
    assert Duty.objects.get().read_by == time(16)


def test_omar_may_not(duty, omar, hill_match, as_user):
    browser = as_user(omar)

    assert browser.get(address()).status_code == 404
    assert browser.get(reverse("safeguarding:duty", args=["hillside"])).status_code == 200


def test_only_a_lead_can_be_named(duty, cora, as_user):
    answer = as_user(cora).post(address(), named(duty, lead=cora.pk))

    assert answer.status_code == 422
    assert Duty.objects.get().lead == duty.lead
    with pytest.raises(NotALead):
        actions.name_duty(
            duty.program, lead=cora, second_lead=None, cover=None, outside_contact="", read_by=None, by=cora, at=MONDAY
        )


BAD = [
    {"read_by": "25:00"},
    {"read_by": "soon"},
    {"read_by": "16:00\x00"},
    {"outside_contact": "x" * 201},
    {"outside_contact": "two\nlines"},
    {"outside_contact": "\u202edesrever"},
    {"lead": "no number"},
    {"lead": "9" * 30},
    {"second_lead": "the same"},
]


@pytest.mark.parametrize("bad", BAD)
def test_bad_input_is_refused_whole(duty, cora, as_user, bad):
    before = Duty.objects.values().get()
    if bad.get("second_lead"):
        bad = {"second_lead": duty.lead_id}

    answer = as_user(cora).post(address(), named(duty, **bad))

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Duty.objects.values().get() == before


def test_numbers_of_a_site_are_kept(duty, cora, as_user):
    site = duty.program.sites.get()

    as_user(cora).post(address(), named(duty, **{f"numbers-{site.ref}": "112; nurse 555 0122"}))

    assert questions.emergency_numbers(duty.program) == "Lincoln School: 112; nurse 555 0122"


# The sentence above the pages


def a_page_of(browser):
    """One that every role may open."""
    return browser.get(reverse("safeguarding:raise", args=["riverside"])).content.decode()


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("coordinator", True),
        ("safeguarding-lead", True),
        ("match-support", False),
        ("site-lead", False),
        ("administrator", False),
        ("mentor", False),
    ],
)
def test_only_those_who_can_change_it_are_told_that_the_question_is_off(riverside, as_user, role, sees):
    browser = as_user(staff("Sam", riverside, role))

    assert (OFF in a_page_of(browser)) is sees


def test_once_it_is_whole_nothing_is_said(duty, cora, as_user):
    assert OFF not in a_page_of(as_user(cora))
