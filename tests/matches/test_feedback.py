"""What helps between mentor and mentee: said apart, read by staff, passed on by hand where its giver wants it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from rapport.core.refs import new_ref
from rapport.matches.actions import pausing
from rapport.matches.actions.feedback import NotToBePassedOn, keep_back, pass_on
from rapport.matches.models import Feedback, Match
from rapport.people.actions import say as tell
from rapport.people.models import Person
from rapport.tasks.models import Task
from tests.cast import DAY
from tests.matches.test_goals import keep_away
from tests.matches.test_goals_by_link import page, text

pytestmark = pytest.mark.django_db
__all__ = ["page"]
LEAVES = "Please be on time"


def say(page, person, share="keep", **said):
    return page(person, do="feedback", share=share, form_id=new_ref(), **({"change": LEAVES} | said))


def press(browser, row, do):
    return browser.post(reverse("matches:feedback-passed", args=["riverside", row.ref]), {"do": do})


def queue(match, program="riverside"):
    return reverse("matches:feedback", args=[program, match.ref])


def test_what_a_child_says_is_for_staff_alone_and_a_person_reads_it_the_same_day(page, ben, ama, grace, cora, match):
    told = say(page, ben, helps="You laugh with me")

    row = Feedback.objects.get()
    assert "nobody else does by itself" in text(told)
    assert (row.person, row.to, row.may_pass, row.passed_at, row.way) == (ben, ama, False, None, "link")
    task = Task.objects.get(kind="matches/feedback")
    assert (task.owner, task.level, task.reason) == (
        cora, 2, "Ben told us what helps and what could be different between them. Read it today.",
    )  # fmt: skip
    assert not [who for who in (ben, ama, grace) if LEAVES in text(page(who)) or "laugh" in text(page(who))]
    with pytest.raises(NotToBePassedOn):
        pass_on(row, by=cora, at=timezone.now())


def test_nothing_is_chosen_for_them_but_that_staff_alone_read_it(page, ben, grace):
    shown = text(page(ben))

    assert 'value="keep" checked' in " ".join(shown.split())
    assert "Only if you like." in shown
    assert "How it is between you" not in text(page(grace))
    assert say(page, grace).status_code == 404
    assert not Feedback.objects.exists()


def test_what_is_passed_on_stands_on_a_grown_ups_page_and_on_no_childs(page, ben, ama, grace, cora, as_user, match):
    say(page, ben, share="pass")
    say(page, ama, share="pass", change="", helps="You ask good questions")
    of_ben, of_ama = Feedback.objects.order_by("pk")
    assert LEAVES not in text(page(ama))

    browser = as_user(cora)
    assert LEAVES in text(browser.get(queue(match)))
    assert [press(browser, row, "pass").status_code for row in (of_ben, of_ama, of_ben)] == [302, 302, 409]

    found = {who.given_name: [words in text(page(who)) for words in (LEAVES, "questions")] for who in (ama, ben, grace)}
    assert found == {"Ama": [True, False], "Ben": [False, False], "Grace": [False, False]}
    Person.objects.filter(pk=ben.pk).update(born_on=timezone.localdate() - 19 * 366 * DAY)
    assert "good questions" in text(page(ben))


def test_a_mentee_who_is_not_to_be_named_is_named_by_no_word_passed_on(page, ben, ama, grace, cora, match, riverside):
    say(page, ben, share="pass")
    pass_on(Feedback.objects.get(), by=cora, at=timezone.now())
    assert ("Ben" in text(page(ama)), LEAVES in text(page(ama))) == (True, True)

    refused = {"program": riverside, "person": ben, "given_by": grace, "purpose": "share-basics", "is_given": False}
    tell(**refused, given_at=timezone.now(), by=grace, at=timezone.now())

    assert ("Ben" in text(page(ama)), LEAVES in text(page(ama))) == (False, True)


def test_its_giver_may_keep_it_back_until_it_was_passed_on(page, ben, cora, match):
    say(page, ben, share="pass")
    row = Feedback.objects.get()

    keep_back(row, by=cora, at=timezone.now())

    for deed in (pass_on, keep_back):
        with pytest.raises(NotToBePassedOn):
            deed(row, by=cora, at=timezone.now())


def test_nothing_is_passed_on_between_two_who_are_kept_apart_or_rest(page, ben, ama, cora, match, as_user):
    say(page, ben, share="pass")
    row, browser = Feedback.objects.get(), as_user(cora)
    keep_away(ama, ben, match.program, cora)
    assert press(browser, row, "pass").status_code == 409
    assert Feedback.objects.passed_on().count() == 0


def test_staff_write_down_what_stood_on_paper_and_who_reads_no_answers_reads_none(
    page, match, riverside, ben, as_user, cora, omar
):
    say(page, ben, change="A secret of Ben")
    browser, today = as_user(cora), timezone.localdate()
    sheet = text(browser.get(reverse("matches:goals-sheet", args=["riverside", match.ref])))
    assert ("How it is between you" in sheet, "secret" in sheet) == (True, False)

    typed = {"said_by": ben.ref, "way": "paper", "said_on": f"{today:%d %m %Y}", "share": "keep", "form_id": "x"}
    wrong = [
        {},
        {"helps": "a", "share": ""},
        {"helps": "a", "said_by": "x"},
        {"helps": "\0" * 3},
        {"helps": "a" * 1001},
    ]
    assert [browser.post(queue(match), typed | more).status_code for more in wrong] == [422] * 5
    assert [browser.post(queue(match), typed | {"helps": "The games"}).status_code for _ in range(2)] == [302, 302]

    row = Feedback.objects.get(helps="The games")
    assert (row.person, row.written_by, row.way) == (ben, cora, "paper")
    assert as_user(omar).get(queue(match)).status_code == 404
    assert press(as_user(omar), row, "pass").status_code == 404


def test_a_pair_that_rests_adds_nothing(page, match, ben, cora):
    pausing.pause(match, reason="Away", by=cora, at=timezone.now(), starts_on=timezone.localdate())

    assert say(page, ben).status_code == 409
    assert Match.objects.get(pk=match.pk).feedback.count() == 0
