"""The ways to reach somebody: order, best times, who reads them, who interprets, and what is done when none works."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from rapport.audit.models import Event
from rapport.care.actions import (
    call_about_interpreters,
    call_about_who_reads,
    note_talk,
    note_tried,
    watch_who_is_reached,
)
from rapport.care.desk import ways_to_reach
from rapport.care.models import ReachPlan
from rapport.care.reaching import plans_shown
from rapport.core.refs import new_ref
from rapport.outbox.models import Delivery, Message
from rapport.people.actions import NoInterpreter, name_interpreter
from rapport.people.actions.sharing import now_shared
from rapport.people.models import ContactPoint, Guardianship, Interpreter
from rapport.tasks.models import Task
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, participant, person, staff

AT_FIVE = MONDAY + timedelta(days=1, hours=8)  # Tuesday, 17:00


@pytest.fixture
def on_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def press(as_user, match, on_monday):
    """One press on a page of Ben's ways, or on one way of somebody's; the page itself where nothing is pressed."""

    def do(user, who, what="", point=None, status=302, **typed):
        one = match.mentees[0]
        where = f"/p/riverside/people/{one.ref}/reach/{who.ref}/" + (f"{point.pk}/" if point else what and f"{what}/")
        browser = as_user(user)
        response = browser.post(where, typed) if typed else browser.get(where)
        assert response.status_code == (status if typed else 200), response.content.decode()
        return response.content.decode()

    return do


def add(press, user, who, status=302, **said):
    typed = {"kind": "email", "value": "ben.two@example.org", "is_shared": "no", "note": ""} | said
    return press(user, who, "add", status=status, **typed)


def test_ways_stand_in_their_order_with_the_times_that_are_best(press, cora, ben, grace, as_user, match):
    add(
        press, cora, ben, kind="phone", value="+44 20 7946 0000", best_days=["4", "2"], best_from="16:00", is_first="on"
    )
    add(press, cora, ben, kind="school", value="Ms Ortiz, office", note="not in lessons", is_shared="no")
    school = ben.contact_points.get(kind="school")
    press(cora, ben, point=school, press="save", note="before lessons", best_until="09:00")

    with time_machine.travel(AT_FIVE, tick=False):
        html = press(cora, ben)
        talk = as_user(cora).get(reverse("care:talk", args=["riverside", ben.ref])).content.decode()

    assert [(p.kind, p.rank, p.is_private) for p in ben.contact_points.in_order()] == [
        ("phone", 1, True), ("email", 100, True), ("school", 100, False),
    ]  # fmt: skip
    assert "Best reached Tue and Thu after 16:00." in html
    assert "Best reached before 09:00." in html
    assert html.count("Good time now.") == 1
    assert "Phone, best reached Tue and Thu after 16:00; good time now" in talk
    assert [e.facts["kind"] for e in Event.objects.filter(verb="contact.added").order_by("pk")] == ["phone", "school"]


def test_a_way_that_cannot_be_right_is_not_kept(press, cora, ben):
    for bad in (
        {"value": ""},
        {"value": "nowhere"},
        {"kind": "phone", "value": "call me"},
        {"kind": "owl"},
        {"kind": "interpreter"},
        {"is_shared": ""},
        {"best_days": ["8"]},
        {"best_from": "25:00"},
        {"best_from": "12:00", "best_until": "09:00"},
    ):
        add(press, cora, ben, status=422, **bad)

    assert ben.contact_points.count() == 1


def test_only_who_may_change_them_presses_and_each_press_is_about_their_own_way(
    press, cora, ben, ama, omar, dele, as_user
):
    point, not_bens = ben.contact_points.get(), ama.contact_points.get()
    add(press, cora, ben, status=409, value="ben@example.org")

    press(omar, ben, point=point, press="drop", status=404)
    press(dele, ben, point=point, press="drop", status=404)
    press(cora, ben, point=not_bens, press="drop", status=404)
    press(cora, ben, point=point, press="burn", status=422)
    press(cora, ben, step="a\0", status=404)
    press(cora, ben, point=point, press="drop")

    assert (ben.contact_points.count(), ama.contact_points.count()) == (0, 1)


def test_against_what_is_known_a_young_persons_way_is_private_only_when_two_have_looked(press, cora, carl, ben, grace):
    """A coordinator marks a mother's number as the child's own: nothing goes there on one word."""
    add(press, cora, ben, kind="text", value="+44 20 7946 0000")
    ContactPoint.objects.create(person=grace, kind="phone", value="+442079460000")
    now_shared([grace.pk])
    text = ben.contact_points.get(kind="text")

    press(cora, ben, point=text, press="private", why="", status=422)
    press(cora, ben, point=text, press="private", why="He says so.")
    assert "Grace has it, too." in press(cora, ben)
    press(cora, ben, point=text, press="so", status=409)
    text.refresh_from_db()
    assert (text.is_private, text.asked_by) == (False, cora)
    call_about_who_reads(at=MONDAY, limit=100)
    call_about_who_reads(at=MONDAY, limit=100)
    [look] = Task.objects.open()
    assert look.owner == carl
    assert look.reason == (
        "Have a second look: does nobody else read the text message of Ben? Nothing goes there before."
    )

    press(carl, ben, point=text, press="so")
    text.refresh_from_db()
    assert (text.is_private, text.said_by, text.said_why, text.known_then) == (True, carl, "He says so.", [grace.pk])

    call_about_who_reads(at=MONDAY, limit=100)
    assert not Task.objects.open().exists()

    press(cora, ben, point=text, press="shared")
    text.refresh_from_db()
    assert (text.is_private, text.said_by, text.asked_by) == (False, cora, None)
    assert [e.verb for e in Event.objects.filter(verb__startswith="contact.").order_by("pk")][1:] == [
        "contact.private-asked", "contact.private", "contact.shared",
    ]  # fmt: skip


def test_nobody_makes_a_shared_way_private_by_dropping_it_and_adding_it_anew(press, cora, carl, ben, grace):
    """Nor under another spelling; of a grown-up one word is enough."""
    add(press, cora, ben, kind="phone", value="555 0142", is_shared="yes")
    press(cora, ben, point=ben.contact_points.get(kind="phone"), press="drop")

    add(press, cora, ben, kind="text", value="5550142", is_shared="no")

    phone = ben.contact_points.get(kind="text")
    assert (phone.is_private, phone.asked_by) == (False, cora)
    assert "A second colleague has to look." in press(cora, ben)
    press(cora, ben, point=phone, press="so", status=409)
    press(carl, ben, point=phone, press="so")
    phone.refresh_from_db()
    assert (phone.is_private, phone.said_by) == (True, carl)

    add(press, cora, grace, kind="phone", value="555 0143", is_shared="yes")
    press(cora, grace, point=grace.contact_points.get(kind="phone"), press="drop")
    add(press, cora, grace, kind="phone", value="555 0143", is_shared="no")
    assert grace.contact_points.get(kind="phone").is_private


def test_what_was_said_is_looked_at_again_when_somebody_else_turns_out_to_have_it(
    press, cora, ben, ama, grace, riverside
):
    """For an adult one word with a reason is enough, until what is known changes."""
    ContactPoint.objects.create(person=ben, kind="text", value="555 0199")
    ContactPoint.objects.create(person=grace, kind="phone", value="555 0199")
    now_shared([grace.pk])
    hers = grace.contact_points.get(kind="phone")
    press(cora, grace, point=hers, press="private", why="Ben's old number; he has none now.")
    now_shared([ben.pk])
    hers.refresh_from_db()
    assert (hers.is_private, hers.changed_since) == (True, False)

    ContactPoint.objects.create(person=ama, kind="phone", value="555 0199")
    now_shared([ama.pk])

    hers.refresh_from_db()
    assert (hers.is_private, hers.changed_since) == (False, True)
    assert "Something has changed since that was said: look again." in press(cora, grace)
    call_about_who_reads(at=MONDAY, limit=100)
    assert [(task.owner, "Ama" in task.reason.partition("(")[0]) for task in Task.objects.open()] == [(cora, False)]


def test_nobody_is_told_that_somebody_of_another_program_has_a_number(press, cora, ben, hillside, omar):
    ContactPoint.objects.create(person=ben, kind="phone", value="555 0199")
    stranger = person("Zelda", hillside)
    participant(stranger, hillside, "mentor")
    ContactPoint.objects.create(person=stranger, kind="phone", value="555 0199")
    now_shared([stranger.pk])

    html = press(cora, ben)

    assert "Others may read it, too." in html
    assert "Zelda" not in html
    assert "has it, too" not in html


def test_who_does_not_read_is_talked_with_and_never_through_their_child(press, cora, ben, grace, riverside):
    press(cora, grace, "language", language="ar", reads_it="no")
    html = press(cora, grace)

    grace.refresh_from_db()
    assert (grace.language, grace.reads_it) == ("ar", False)
    assert "Nobody writes to them: what is to be asked becomes a talk, and never through a child." in html


def test_no_child_nobody_of_the_family_and_nobody_kept_away_interprets(press, cora, ben, grace, riverside):
    """Neither the child, nor a grown-up sister, nor another young person here, nor a father who is kept away."""
    lily = person("Lily", riverside, family_name="Adler", born_on=date(2004, 1, 1))
    Guardianship.objects.create(adult=grace, child=lily, starts_on=date(2004, 1, 1))
    participant(person("Mia", riverside, family_name="Moss", born_on=date(2012, 1, 1)), riverside, "mentee")
    restrict(person("Gil", riverside, family_name="Adler"), ben, program=riverside, by=cora)

    for name in ("Ben", "ben  adler", "Lily Adler", "Lily", "Mia Moss", "Gil Adler"):
        html = press(cora, grace, "interpreter", status=409, name=name, promised_on="2026-11-10", is_grown="on")
        assert "An interpreter is grown up, and never a child of the family" in html
        assert "kept away" not in html

    assert not Interpreter.objects.exists()


def test_no_spelling_of_a_name_and_no_side_of_the_family_makes_an_interpreter(press, cora, ben, grace, riverside):
    """A child with two given names; a name without its accents; a man kept from the mother; the other parent."""
    for given, family in (("Mary Jane", "Moss"), ("Élodie", "Petit")):
        young = person(given, riverside, family_name=family, born_on=date(2012, 1, 1), mail=False)
        participant(young, riverside, "mentee")
    restrict(person("Rex", riverside, family_name="Hart"), grace, program=riverside, by=cora)
    george = person("George", riverside, family_name="Adler")
    Guardianship.objects.create(adult=george, child=ben, starts_on=date(2015, 4, 2))

    for who in (ben, grace):
        for name in ("Mary Jane Moss", "Moss Mary  Jane", "élodie petit", "Rex Hart", "George Adler"):
            press(cora, who, "interpreter", status=409, name=name, promised_on="2026-11-10", is_grown="on")
    press(cora, ben, "interpreter", status=409, name="Grace Adler", promised_on="2026-11-10", is_grown="on")

    assert not Interpreter.objects.exists()


def test_an_interpreter_promises_first_and_is_known_to_the_next_family(press, cora, carl, ben, grace, ama):
    typed = {"name": "Ms Silva", "reach": "555 0177", "promised_on": "", "is_grown": "on"}
    press(cora, grace, "interpreter", status=422, **typed)
    press(cora, grace, "interpreter", status=422, **typed | {"promised_on": "2026-12-24"})
    press(cora, grace, "interpreter", status=422, **typed | {"promised_on": "2026-11-10", "is_grown": ""})
    assert not Interpreter.objects.exists()

    press(cora, grace, "interpreter", **typed | {"promised_on": "2026-11-10"})
    silva = Interpreter.objects.get()
    press(carl, ben, "interpreter", known=silva.ref)

    assert (silva.promised_on, silva.noted_by) == (date(2026, 11, 10), cora)
    assert [p.interpreter for p in ContactPoint.objects.filter(kind="interpreter")] == [silva, silva]
    assert "Promised on 10 November 2026 to keep it to themselves, noted by Cora." in press(cora, grace)
    with pytest.raises(NoInterpreter):
        name_interpreter(
            silva.program, name=grace.given_name, promised_on=date(2026, 11, 10), person=grace, by=cora, at=MONDAY
        )


@pytest.mark.parametrize("becomes", ["a guardian", "kept away", "a young person here"])
def test_who_interprets_and_may_no_more_is_used_no_more_and_somebody_else_is_looked_for(
    press, cora, ben, grace, riverside, becomes
):
    press(cora, grace, "interpreter", name="Ms Silva Reis", promised_on="2026-11-10", is_grown="on")
    assert ways_to_reach([grace], riverside, MONDAY)[grace.pk].endswith("with Ms Silva Reis as interpreter")
    call_about_interpreters(at=MONDAY, limit=100)
    assert not Task.objects.exists()

    silva = person("Silva", riverside, family_name="Reis Ms", mail=False)
    if becomes == "a guardian":
        Guardianship.objects.create(adult=silva, child=ben, starts_on=date(2026, 11, 11))
    elif becomes == "kept away":
        restrict(silva, ben, program=riverside, by=cora)
    else:
        participant(silva, riverside, "mentee")

    assert "interpreter" not in ways_to_reach([grace], riverside, MONDAY)[grace.pk]
    html = press(cora, grace)
    assert "They may not speak for this family any more: choose somebody else." in html
    assert "kept away" not in html
    for _twice in range(2):
        call_about_interpreters(at=MONDAY, limit=100)
    task = Task.objects.get(kind="care/another-interpreter")
    assert (task.owner, task.reason) == (
        cora, "Find somebody else who interprets for Grace: the one there is may not speak for this family any more."
    )  # fmt: skip

    press(cora, grace, point=grace.contact_points.get(kind="interpreter"), press="drop")
    call_about_interpreters(at=MONDAY, limit=100)
    assert not Task.objects.open().filter(kind="care/another-interpreter").exists()


# When nobody can be reached


def lose(*people, at=MONDAY):
    ContactPoint.objects.filter(person__in=people).update(broken_at=at)
    watch_who_is_reached(at=at, limit=100)


def test_a_call_names_no_child_nor_who_hears_of_one_alone(grace, ben, match, hill_match, cora):
    """Grace stands for Ben and for Nia here: whoever reads the call may know of one of them and not of the other."""
    riverside, begun = match.program, date(2015, 4, 2)
    nia = participant(person("Nia", riverside, born_on=date(2014, 1, 1)), riverside, "mentee").person
    for adult, children in (("Gina", [ben, nia]), ("Otto", [nia])):
        adult = person(adult, riverside, born_on=date(1960, 1, 1))
        for child in children:
            Guardianship.objects.create(adult=adult, child=child, starts_on=begun)
    Guardianship.objects.create(adult=grace, child=nia, starts_on=begun)
    lose(grace)
    lose(grace, at=MONDAY + DAY)

    plan = ReachPlan.objects.get()
    note_tried(plan.steps.get(code="another-way"), by=cora, at=MONDAY + DAY)

    step = "ask Gina, who is told about the same child, too"
    assert Task.objects.get().reason == f"Grace cannot be reached. Next: {step}. All steps stand on their page."


def test_every_way_silent_opens_one_plan_which_a_delivery_ends(press, cora, ben, grace, match, as_user, ama):
    gina = person("Gina", match.program, born_on=date(1960, 1, 1))
    Guardianship.objects.create(adult=gina, child=ben, relation="grandmother", starts_on=date(2015, 4, 2))
    lose(grace)
    lose(grace, at=MONDAY + DAY)

    plan, task = ReachPlan.objects.get(), Task.objects.get(kind="care/cannot-be-reached")
    assert (plan.person, plan.why, plan.opened_by, task.owner, task.person) == (grace, "silent", None, cora, grace)
    assert task.reason == "Grace cannot be reached. Next: try another way. All steps stand on their page."
    assert [(s.code, s.due_on.day) for s in plan.steps.order_by("due_on")] == [
        ("another-way", 17), ("other-guardian", 18), ("school", 19), ("letter", 21), ("pick-up", 23),
    ]  # fmt: skip

    press(cora, grace, press="tried", step="another-way")
    task.refresh_from_db()
    step = "ask Gina, who is told about the same child, too"
    said = f"Grace cannot be reached just now. Cora looks for a way: next, {step}, by 18 November."
    assert task.reason == f"Grace cannot be reached. Next: {step}. All steps stand on their page."
    assert said in press(cora, grace)
    for page in (match.get_absolute_url(), f"/p/riverside/people/{match.mentees[0].ref}/"):
        assert said in as_user(cora).get(page).content.decode()
    assert (
        "cannot be reached"
        not in as_user(staff("Sol", match.program, "site-lead")).get(match.get_absolute_url()).content.decode()
    )

    message = Message.objects.create(
        program=match.program, kind="x", to=grace, dedupe_key="x", queued_at=MONDAY, next_at=MONDAY
    )
    Delivery.objects.create(message=message, at=MONDAY + 2 * DAY, address="new@example.org", outcome="accepted")
    watch_who_is_reached(at=MONDAY + 2 * DAY, limit=100)
    watch_who_is_reached(at=MONDAY + 3 * DAY, limit=100)

    plan.refresh_from_db()
    assert (plan.end, plan.closed_at, Task.objects.open().count()) == ("arrived", MONDAY + 2 * DAY, 0)
    assert ReachPlan.objects.count() == 1


def test_a_colleague_says_so_and_a_talk_ends_it(press, cora, carl, ben, match):
    """What a carrier took proves nothing where a person says that nothing arrives; a talk does."""
    ContactPoint.objects.create(person=ben, kind="phone", value="555 0142")
    press(cora, ben, "lost", words="The number belongs to somebody else now.")
    press(carl, ben, "lost", words="", status=409)
    html = press(cora, ben)
    assert (
        "Ben cannot be reached just now. Cora looks for a way: next, try another way: e-mail, phone, by 17 November."
        in html
    )
    assert "555 0142" not in html.partition("Finding a way")[2].partition("</section>")[0]

    message = Message.objects.create(
        program=match.program, kind="x", to=ben, dedupe_key="x", queued_at=MONDAY, next_at=MONDAY
    )
    Delivery.objects.create(message=message, at=MONDAY + DAY, address="ben@example.org", outcome="accepted")
    watch_who_is_reached(at=MONDAY + DAY, limit=100)
    assert ReachPlan.objects.open().count() == 1

    talk = {"program": match.program, "form_id": new_ref(), "by": cora}
    note_talk(ben, how="no-answer", **talk, at=MONDAY + DAY)
    assert ReachPlan.objects.open().count() == 1
    note_talk(ben, how="in-person", **talk | {"form_id": new_ref()}, at=MONDAY + DAY)

    assert (ReachPlan.objects.get().end, Task.objects.open().filter(kind="care/cannot-be-reached").count()) == (
        "talked",
        0,
    )


def test_nobody_kept_away_is_ever_the_way_to_a_child(press, cora, ben, grace, match, as_user):
    """The father may not know: he is no step, and nothing is tried at home, at school or at pick-up unasked."""
    gil = person("Gil", match.program, born_on=date(1980, 1, 1))
    Guardianship.objects.create(adult=gil, child=ben, relation="father", starts_on=date(2015, 4, 2))
    lose(ben, gil)
    assert {plan.person for plan in ReachPlan.objects.all()} == {ben, gil}
    assert "ask Gil" not in plans_shown([gil], match.program, MONDAY)[gil.pk].sentence
    assert "other-guardian" in {s.code for s in plans_shown([ben], match.program, MONDAY)[ben.pk].steps}

    assert "ask Grace and Gil" in str([step.words for step in plans_shown([ben], match.program, MONDAY)[ben.pk].steps])
    restrict(cora.person, gil, program=match.program, by=cora)
    told = plans_shown([ben], match.program, MONDAY, user=cora)[ben.pk].steps
    assert "Gil" not in " ".join([press(cora, ben), *(step.words for step in told)])
    restrict(gil, ben, program=match.program, by=cora)
    shown = plans_shown([ben], match.program, MONDAY)[ben.pk]
    html = press(cora, ben)

    assert ([step.code for step in shown.steps], shown.ask_first) == (["another-way"], True)
    assert "ask whoever leads on safety" in html
    for word in ("Gil", "pick-up", "letter home", "who is told"):
        assert word not in html.partition("Finding a way")[2].partition("</section>")[0]
    ReachPlan.objects.filter(person=gil).delete()
    lose(gil, at=MONDAY + DAY)
    assert not ReachPlan.objects.filter(person=gil).exists()


def test_a_task_that_was_done_by_hand_ends_the_plan_and_a_way_that_went_silent_anew_opens_another(cora, ama, match):
    lose(ama)
    plan = ReachPlan.objects.get()
    Task.objects.filter(kind="care/cannot-be-reached").update(kept_at=MONDAY + DAY)
    watch_who_is_reached(at=MONDAY + DAY, limit=100)
    plan.refresh_from_db()
    assert plan.end == "said"

    lose(ama, at=MONDAY + 2 * DAY)

    assert ReachPlan.objects.open().count() == 1
