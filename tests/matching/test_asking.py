"""No page waits long for the engine: what takes longer is looked up, and comes to whoever asked."""

import json
import subprocess
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from rapport.core.actions import beat
from rapport.matching import calling, engine
from rapport.matching.actions import questions
from rapport.matching.models import Criterion, Question, Round, WishAsk
from rapport.programs.models import Program
from tests.cast import MONDAY, participant, person, staff
from tests.matching.test_pages import words_of

A_MOMENT = 10  # seconds; whoever gives the engine more is the long work


@pytest.fixture
def ben(riverside, newcomer):
    newcomer("Ama", "mentor", interests=["chess"])
    Criterion.objects.create(
        program=riverside, code="interests", kind="overlap", label="Interests", weight=100, source="ours",
        settings={"trait": "interests", "enough": 1},
    )  # fmt: skip
    return newcomer("Ben", "mentee", interests=["chess"])


@pytest.fixture
def slow(monkeypatch, settings):
    """The engine takes longer than a page may wait; `slow.limit` is what it takes. Returns what it was asked."""
    settings.ENGINE_WAIT, told = 1, SimpleNamespace(asked=[], takes=A_MOMENT)

    def run(_command, *, input, timeout, **_how):
        told.asked.append(timeout)
        if timeout < told.takes:
            raise subprocess.TimeoutExpired("engine", timeout)
        return SimpleNamespace(stdout=json.dumps(engine.answer(json.loads(input))))

    failures = {name: getattr(subprocess, name) for name in ("CalledProcessError", "TimeoutExpired")}
    monkeypatch.setattr(calling, "subprocess", SimpleNamespace(run=run, **failures))
    return told


def candidates(one):
    return reverse("matching:candidates", args=[one.program.slug, one.ref])


def looking():
    return reverse("matching:looking", args=["riverside", Question.objects.get().ref])


def test_the_page_says_that_we_are_looking_and_comes_when_it_is_known(riverside, ben, slow, cora, as_user, newcomer):
    browser = as_user(cora)

    first = browser.get(candidates(ben))
    again = browser.get(candidates(ben), follow=True)

    assert (first.status_code, first.url) == (302, looking())
    assert "With so many people this takes a little longer." in words_of(again)
    assert "Nobody works on it just now." in words_of(again)
    assert '<meta http-equiv="refresh" content="5">' in again.content.decode()
    assert len(slow.asked) == 1  # nobody asks a second time while it is looked up
    assert questions.answer_next() == 1
    assert questions.answer_next() == 0
    row = Question.objects.get()
    assert (row.state, row.problem, row.lease_until) == ("done", None, None)
    assert browser.get(looking()).url == candidates(ben)
    assert browser.get(looking(), HTTP_HX_REQUEST="true")["HX-Redirect"] == candidates(ben)
    assert "Ama" in words_of(browser.get(candidates(ben)))
    assert len(slow.asked) == 2
    newcomer("Kofi", "mentor", interests=["chess"])
    assert browser.get(candidates(ben)).status_code == 302  # it is another question by now
    assert questions.forget_questions(at=timezone.now(), limit=9) == 0
    assert questions.forget_questions(at=timezone.now() + timedelta(hours=1), limit=9) == 2


def test_a_question_is_seen_by_whoever_asked_it_alone(riverside, ben, slow, cora, omar, as_user):
    as_user(cora).get(candidates(ben))

    for user in (omar, staff("Carl", riverside, "coordinator"), staff("Mia", riverside, "mentor")):
        assert as_user(user).get(looking()).status_code == 404
        assert as_user(user).post(looking()).status_code == 404
    assert Question.objects.count() == 1


def test_what_is_never_answered_says_so_and_is_asked_anew(ben, slow, cora, as_user):
    slow.takes, browser = 10_000, as_user(cora)
    browser.get(candidates(ben))

    questions.answer_next()

    said = browser.get(candidates(ben), follow=True)
    assert (said.status_code, Question.objects.get().state) == (200, "failed")
    assert "This takes longer It takes longer than it may on this machine." in words_of(said)
    assert 'http-equiv="refresh"' not in said.content.decode()
    slow.takes = A_MOMENT
    assert browser.post(looking()).url == candidates(ben)
    assert Question.objects.count() == 0
    browser.get(candidates(ben))
    questions.answer_next()
    assert "Ama" in words_of(browser.get(candidates(ben)))


def test_what_ended_the_long_work_twice_is_not_tried_again(ben, slow, cora, as_user):
    as_user(cora).get(candidates(ben))
    over = timezone.now() - timedelta(minutes=1)

    for tries, taken in ((0, False), (2, True)):
        Question.objects.update(tries=tries, lease_until=over if taken else timezone.now() + timedelta(minutes=1))
        questions.answer_next()
        assert Question.objects.get().state == ("failed" if taken else "waiting")
    assert len(slow.asked) == 1


def test_what_is_typed_is_looked_at_when_it_is_known(ben, slow, cora, as_user):
    ben.program.criteria.exclude(code="interests").delete()
    browser, page = as_user(cora), reverse("matching:criteria", args=["riverside"])
    typed = {"weight-interests": "50", "is_on-interests": "on", "do": "look"}

    whole, piece = browser.post(page, typed), browser.post(page, typed, HTTP_HX_REQUEST="true")
    waits = browser.get(f"{looking()}?typed", HTTP_HX_REQUEST="true").content.decode()
    questions.answer_next()
    known = browser.get(f"{looking()}?typed", HTTP_HX_REQUEST="true").content.decode()
    seen = browser.post(page, typed, HTTP_HX_REQUEST="true")

    assert (whole.status_code, piece.status_code) == (200, 200)
    assert "Go back in a minute, and press once more." in words_of(whole)
    assert "What is found comes here by itself." in words_of(piece)
    assert (f'hx-get="{looking()}?typed"' in waits, f'hx-post="{page}"' in known) == (True, True)
    assert "1 of 1 would find a mentor" in words_of(seen)


def test_so_many_run_at_once_and_no_more_and_each_ends_at_its_limit(settings, monkeypatch, tmp_path):
    settings.RAPPORT_DIR, settings.ENGINE_AT_ONCE = tmp_path, 2
    sleeps = "import os, sys, time; print(os.getpid(), file=sys.stderr, flush=True); time.sleep(60)"
    monkeypatch.setattr(calling, "COMMAND", [sys.executable, "-S", "-c", sleeps])

    with pytest.raises(calling.TookTooLong) as ended:
        calling.answer_of("{}", 0.3)
    with calling.a_place(0), calling.a_place(0), pytest.raises(calling.TookTooLong):
        calling.answer_of("{}", 0.1)
    with calling.a_place(0):
        free = calling.taken()

    pid = int(ended.value.__cause__.stderr or 0)
    assert free is not None
    with pytest.raises(ProcessLookupError):
        subprocess.os.kill(pid, 0)


def test_a_round_that_takes_longer_is_worked_out_and_seen_with_one_press(ben, slow, cora, as_user):
    browser, rounds = as_user(cora), reverse("matching:rounds", args=["riverside"])

    first = browser.post(rounds)
    waits = words_of(browser.get(first.url))
    questions.answer_next()
    there = browser.get(first.url, HTTP_HX_REQUEST="true").content.decode()
    drafted = browser.post(rounds, {"do": "run"})

    assert (first.status_code, first.url) == (302, f"{looking()}?press=run")
    assert "When it is there, one press shows it." in waits
    assert "See the draft" in there
    assert f'action="{rounds}"' in there
    kept = Round.objects.get()
    assert (drafted.url, kept.drafts.count(), kept.is_proven) == (kept.get_absolute_url(), 1, True)
    again = browser.post(reverse("matching:pairs", args=["riverside", kept.ref]), {"do": "again"})
    assert (again.status_code, Round.objects.count()) == (302, 2)  # the same question, whose answer is there


def test_a_waiting_page_that_comes_back_and_is_pressed_again_shows_the_draft_that_is_there(ben, slow, cora, as_user):
    browser, rounds = as_user(cora), reverse("matching:rounds", args=["riverside"])
    waits = browser.post(rounds).url
    questions.answer_next()

    drafted = browser.post(rounds, {"do": "run"})
    assert "See the draft" in words_of(browser.get(waits))
    twice = browser.post(rounds, {"do": "run"}, follow=True)

    kept = Round.objects.get()
    assert (drafted.url, twice.redirect_chain) == (kept.get_absolute_url(), [(kept.get_absolute_url(), 302)])
    assert "This draft is there already: nothing that it looked at is different since." in words_of(twice)


def test_suggestions_that_take_longer_are_sent_by_one_press_more_and_by_no_page_that_waits(
    service, marta, slow, as_user
):
    for name, side, grade in (("Zoe", "mentee", "EO"), ("Ama", "mentor", "HEO")):
        traits = {"grade": grade, "organisation": name, "profession": "Law"}
        participant(person(name, service), service, side, traits=traits)
    browser, page = as_user(marta), reverse("proposals:suggestions", args=["civil-service"])

    first = browser.post(page, {"do": "mentee"})
    waits = words_of(browser.get(first.url))
    questions.answer_next()
    there = browser.get(first.url, HTTP_HX_REQUEST="true").content.decode()
    assert WishAsk.objects.count() == 0
    sent = browser.post(page, {"do": "mentee"}, follow=True)

    assert first.url.endswith("?press=mentee")
    assert "Nothing is sent before you press once more." in waits
    assert "Send to mentees" in there
    assert (f'action="{page}"' in there, 'value="mentee"' in there) == (True, True)
    assert "One person is shown a few others now." in words_of(sent)
    assert WishAsk.objects.count() == 1


def test_who_works_on_another_question_is_somebody_who_works(ben, slow, cora, as_user):
    """It beats all the while (`clock.beating`)."""
    browser = as_user(cora)
    waits = browser.get(candidates(ben)).url
    nobody = "Nobody works on it just now."

    assert nobody in words_of(browser.get(waits))
    for minutes, is_said in ((0, False), (2, True)):
        beat("work", at=timezone.now() - timedelta(minutes=minutes))
        assert (nobody in words_of(browser.get(waits))) is is_said


def test_a_page_of_an_archived_program_that_only_shows_gets_its_answer(riverside, ben, slow, cora, as_user):
    Program.objects.filter(pk=riverside.pk).update(archived_at=MONDAY)
    browser = as_user(cora)
    browser.get(candidates(ben))

    assert questions.answer_next() == 1
    assert "Ama" in words_of(browser.get(candidates(ben)))
