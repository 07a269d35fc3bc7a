"""Forty stories of parents apart: whoever is kept away from a child meets nothing of it, and no guardian meets another.

Gustavo is Benjonas's father; Gracelyn, the mother, has a paper of the court. Each story is a few lines; after it all
letters, links and pages of both are read, whole, for words that must not be there: the other's name, the reason, where
the child lives, and, where he is to be kept away, the child and the mentor. `hides` is what else Gustavo must not meet.
"""

import re
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from rapport.access.actions import add_user
from rapport.access.models import Role
from rapport.care import actions as care
from rapport.checkins.models import Answer, Ask, CheckIn
from rapport.clock.actions import deliver, tick
from rapport.core.refs import new_ref
from rapport.meetings.models import Meeting
from rapport.onboarding.actions import ask_for_consent
from rapport.outbox.actions import release
from rapport.outbox.models import Message
from rapport.people.actions import drop_contact_point, entrust, save_guardians
from rapport.people.actions.merging import put_together
from rapport.people.enrolling import Newcomer
from rapport.people.models import Consent, ContactPoint, Guardianship, Person, Restriction
from rapport.programs.actions import add_member
from rapport.tasks.actions import hand_over, say_done
from rapport.tasks.models import Task
from tests.care.conftest import pair, todo
from tests.cast import DAY, LONG_AGO, open_match, participant, person
from tests.checkins.conftest import ADDRESS as LINK
from tests.checkins.conftest import BEGUN, CHROME, duty, mailbox, young
from tests.reading import words
from tests.test_doors import PLAIN

__all__ = ["duty", "mailbox", "young"]  # fixtures

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 2, 9, 5, tzinfo=UTC)  # the pair begins; a week later both parents are asked
CHILD, MENTOR, FATHER, MOTHER = "Benjonas", "Amabelle", "Gustavo", "Gracelyn"
REASON, HOME = "Order-4711", "Larkspur-Lane"
THE_CHILD, NOTHING_MORE = (CHILD, MENTOR), ()
STORIES = {}


def story(hides=THE_CHILD):
    """One story by its name; after it Gustavo must meet none of these words, besides those nobody ever may."""

    def note(tell):
        STORIES[tell.__name__.replace("_", " ")] = (tell, hides)
        return tell

    return note


class Scene:
    """The family, the house around it, and the clock; `since` is when what was met begins to count."""

    def __init__(self, young, ama, ben, grace, cora, dele, mailbox, as_user, clock):
        for somebody, name in ((ama, MENTOR), (ben, CHILD), (grace, MOTHER)):
            Person.objects.filter(pk=somebody.pk).update(given_name=name, family_name="")
            somebody.refresh_from_db()
        self.match, self.program, self.ama, self.ben, self.grace = young, young.program, ama, ben, grace
        self.child_in = young.members.get(side="mentee").participant
        self.cora, self.dele, self.mailbox, self.as_user, self.clock = cora, dele, mailbox, as_user, clock
        self.gus = person(FATHER, self.program, born_on=date(1984, 1, 1))
        self.standing = Guardianship.objects.create(adult=self.gus, child=ben, relation="father", starts_on=BEGUN)
        ContactPoint.objects.create(person=ben, kind="letter", value=HOME)
        self.at = self.since = START
        self.meeting = self.meet(10)

    def meet(self, days):
        starts_at = START + timedelta(days=days)
        return Meeting.objects.create(
            program=self.program, match=self.match, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
            due_at=starts_at, lapses_at=starts_at + timedelta(hours=1), place="Reading room",
        )  # fmt: skip

    def days(self, n, *, post=True):
        """So many days on the clock ticks, and the post goes: what came due meanwhile is done then."""
        self.at += n * DAY
        self.clock.move_to(self.at)
        tick(at=self.at)
        if post:
            deliver(at=self.at)

    def asked(self):
        """A week on: both parents hold a link."""
        self.days(7)
        assert self.links(self.gus), "the scene is set: he was asked"

    def keep_away(self, who=None, *, of=None, from_days=0, program=None, **more):
        self.at += timedelta(minutes=1)
        self.clock.move_to(self.at)
        row = care.keep_apart(
            program=program or self.program, kept_away=who or self.gus, subject=of or self.ben, reason=REASON,
            document="", starts_on=(self.at + from_days * DAY).date(), review_on=date(2027, 2, 1), by=self.dele,
            at=self.at, **more,
        )  # fmt: skip
        self.since = self.at
        return row

    def sign_up(self, somebody, *roles):
        user = Person.objects.get(pk=somebody.pk).user
        if user is None:
            user = add_user(email=f"{somebody.ref}@example.org", name=somebody.given_name, by=None, at=LONG_AGO)
            Person.objects.filter(pk=somebody.pk).update(user=user)
        for role in roles:
            add_member(user, program=self.program, role=Role.objects.get(slug=role), by=None, at=LONG_AGO)
        return user

    def letters(self, somebody, since=None):
        """(to, text, when) of all letters to any address of theirs."""
        mine = set(ContactPoint.objects.filter(person=somebody, kind="email").values_list("value", flat=True))
        found = []
        for file in sorted(self.mailbox.glob("*.eml")):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            if str(mail["To"]) in mine and mail["Date"].datetime >= (since or START):
                found.append(mail.get_body(("plain",)).get_content() + str(mail["Subject"]))
        return found

    def links(self, somebody):
        return [found[1] for text in self.letters(somebody) if (found := LINK.search(text))]

    def look(self, path, **said):
        """Both steps of the page of a link, by whoever holds it; and what a press says."""
        client = Client(headers={"user-agent": CHROME})
        pages = [client.get(path), client.get(path + "?start=1")]
        if said:
            pages.append(client.post(path, {"form_id": new_ref(), **said}))
        return " ".join(words(page.content.decode()) for page in pages)

    def pages(self, somebody):
        """Every page of the house that they may open, with the refs of the family in each address."""
        user = self.sign_up(somebody)
        browser = self.as_user(user)
        works = user.memberships.filter(role__is_staff=True).exists()
        refs = [self.match.ref, self.child_in.ref, self.ben.ref] if works else [self.match.ref]
        fitting = [r for r in PLAIN if {"program", "ref"} >= set(r.arguments) and r.name != "access:account"]
        fitting = [
            route for route in fitting if (route.name.partition(":")[0] in AT_WORK if works else route.name in OWN)
        ]
        found = {route.address({"program": "riverside", "ref": ref}) for route in fitting for ref in refs}
        found |= {f"/p/riverside/people/?q={CHILD}", f"/p/riverside/audit/?about=people.participant:{self.child_in.pk}"}
        browser.raise_request_exception = False
        answers = [browser.get(address, follow=True) for address in sorted(found)]
        return " ".join(words(b"".join(one).decode()) for one in answers if one.status_code == 200)

    def met_by(self, somebody):
        """All that somebody meets from the end of the story on, and their letters since the restriction."""
        links = [self.look(path) for path in self.links(somebody)]
        return " ".join([*self.letters(somebody, self.since), *links, self.pages(somebody)])


AT_WORK = {"care", "portal", "matches", "meetings", "onboarding", "people", "tasks", "outbox", "safeguarding"}
OWN = {"portal:home", "portal:own", "safeguarding:raise"}


@pytest.fixture
def scene(young, ama, ben, grace, cora, dele, duty, mailbox, as_user):
    with time_machine.travel(START, tick=False) as clock:
        yield Scene(young, ama, ben, grace, cora, dele, mailbox, as_user, clock)


def told(text, forbidden):
    return [word for word in forbidden if re.search(word, text, re.IGNORECASE)]


# The stories


@story()
def restricted_before_anything_was_sent(scene):
    scene.keep_away()
    scene.days(8)
    assert scene.letters(scene.gus) == []


@story()
def restricted_after_his_letter_went(scene):
    scene.asked()
    scene.keep_away()
    assert Ask.objects.get(person=scene.gus).state == Ask.State.CLOSED


@story()
def restricted_while_his_letter_is_queued(scene):
    scene.days(7, post=False)
    assert Message.objects.filter(to=scene.gus, state="pending").exists()
    scene.keep_away()
    deliver(at=scene.at)
    assert scene.letters(scene.gus) == []


@story()
def restricted_before_his_reminder(scene):
    scene.asked()
    scene.keep_away()
    for _ in range(3):
        scene.days(3)
    assert scene.letters(scene.gus, scene.since) == []


@story()
def a_held_letter_is_released_later(scene):
    scene.program.__class__.objects.filter(pk=scene.program.pk).update(quiet_start=True)
    scene.days(7)
    scene.keep_away()
    scene.program.__class__.objects.filter(pk=scene.program.pk).update(quiet_start=False)
    release(Message.objects.held(), by=scene.cora, at=scene.at)
    scene.days(1)
    assert scene.letters(scene.gus) == []


@story()
def he_forwards_his_link_to_an_uncle(scene):
    scene.asked()
    scene.keep_away()
    assert "This link is no longer open" in scene.look(scene.links(scene.gus)[0])


@story(hides=NOTHING_MORE)
def his_link_is_opened_by_somebody_else(scene):
    scene.asked()
    first = words(Client().get(scene.links(scene.gus)[0]).content.decode())
    assert not told(first, (CHILD, MENTOR, MOTHER))


@story()
def he_asks_for_a_new_link(scene):
    scene.asked()
    scene.keep_away()
    page = scene.look(scene.links(scene.gus)[0], instead="new-link")
    scene.days(1)
    assert "on its way" not in page
    assert scene.letters(scene.gus, scene.since) == []


@story()
def he_sends_a_form_he_had_open(scene):
    scene.asked()
    one = CheckIn.objects.get(person=scene.gus)
    scene.keep_away()
    scene.look(scene.links(scene.gus)[0], **{f"c{one.pk}-feel": "1", f"c{one.pk}-worry": "yes"})
    assert not Answer.objects.exists()


@story()
def he_presses_call_me(scene):
    scene.asked()
    scene.keep_away()
    scene.look(scene.links(scene.gus)[0], instead="talk")
    assert not Task.objects.filter(person=scene.gus).exists()


@story(hides=NOTHING_MORE)
def nobody_is_restricted_and_both_are_asked(scene):
    scene.asked()
    assert len(scene.links(scene.grace)) == 1


@story()
def the_other_guardian_is_asked_as_before(scene):
    scene.asked()
    before = scene.look(scene.links(scene.grace)[0])
    scene.keep_away()
    assert scene.look(scene.links(scene.grace)[0]) == before


@story(hides=NOTHING_MORE)
def what_one_answers_changes_nothing_for_the_other(scene):
    scene.asked()
    before = scene.look(scene.links(scene.grace)[0]), scene.pages(scene.grace)
    one = CheckIn.objects.get(person=scene.gus)
    scene.look(scene.links(scene.gus)[0], **{f"c{one.pk}-feel": "5", f"c{one.pk}-worry": "no"})
    assert (scene.look(scene.links(scene.grace)[0]), scene.pages(scene.grace)) == before


@story()
def his_new_wife_stands_for_the_child_and_shares_his_inbox(scene):
    maria = person("Maria", scene.program, born_on=date(1985, 1, 1), mail=False)
    ContactPoint.objects.create(person=maria, kind="email", value="GUSTAVO@example.org", is_private=False)
    Guardianship.objects.create(adult=maria, child=scene.ben, starts_on=BEGUN)
    scene.keep_away()
    scene.days(8)
    assert scene.letters(maria) == []


@story(hides=NOTHING_MORE)
def two_guardians_have_one_address(scene):
    ContactPoint.objects.filter(person=scene.grace).update(value="family@example.org", is_private=False)
    ContactPoint.objects.filter(person=scene.gus).update(value="family@example.org", is_private=False)
    scene.days(8)
    texts = scene.letters(scene.gus)
    assert sorted(told(text, (FATHER, MOTHER)) for text in texts) == [[MOTHER], [FATHER]]  # each greets its own reader
    assert not [text for text in texts if told(text, (CHILD, MENTOR))]
    scene.mailbox.rename(scene.mailbox.with_name("read"))
    scene.mailbox.mkdir()


@story()
def the_child_has_his_address(scene):
    ContactPoint.objects.filter(person=scene.ben, kind="email").update(value="gustavo@example.org", is_private=False)
    scene.keep_away()
    scene.days(8)
    assert scene.letters(scene.gus) == []


@story()
def the_childs_own_letter_would_reach_his_inbox(scene):
    ContactPoint.objects.filter(person=scene.ben, kind="email").update(value="gustavo@example.org")
    scene.keep_away()
    scene.days(8)
    assert not [text for text in scene.letters(scene.gus) if told(text, (CHILD,))]


@story()
def child_and_father_have_one_phone(scene):
    for somebody in (scene.ben, scene.gus):
        ContactPoint.objects.create(person=somebody, kind="phone", value="+15550100", is_private=False)
    scene.keep_away()
    scene.days(8)


@story()
def he_is_a_mentor_of_another_child(scene):
    mentor = participant(scene.gus, scene.program, "mentor")
    lily = participant(person("Lily", scene.program, born_on=date(2014, 1, 1)), scene.program, "mentee")
    open_match(mentor, lily, coordinator=scene.cora, begun_on=BEGUN)
    scene.sign_up(scene.gus, "mentor", "guardian")
    scene.keep_away()
    scene.days(8)
    assert "Lily" in scene.met_by(scene.gus)


@story(hides=(CHILD,))
def he_works_here(scene):
    scene.sign_up(scene.gus, "coordinator")
    scene.asked()
    scene.keep_away()
    scene.days(2)


@story(hides=(CHILD,))
def he_coordinates_the_very_match(scene):
    user = scene.sign_up(scene.gus, "coordinator", "safeguarding-lead")
    type(scene.match).objects.filter(pk=scene.match.pk).update(coordinator=user)
    for n in range(3):
        todo(user, scene.program, f"Talk about {CHILD}, {n}.", somebody=scene.ama, about=scene.match)
    scene.keep_away()
    scene.days(2)
    assert not Task.objects.open().filter(owner=user, reason__contains=CHILD).exists()


@story(hides=(CHILD,))
def he_had_done_a_task_about_the_child_today(scene):
    user = scene.sign_up(scene.gus, "coordinator")
    task = todo(user, scene.program, f"Talk about {CHILD}.", somebody=scene.ama, about=scene.match)
    say_done(task, by=user, at=scene.at)
    scene.keep_away()
    page = scene.as_user(user).post(reverse("tasks:reopen", args=["riverside", task.ref]), follow=True)
    assert not told(words(page.content.decode()), (CHILD,))


@story(hides=(CHILD,))
def a_colleague_hands_him_a_task_about_the_pair(scene):
    user = scene.sign_up(scene.gus, "coordinator")
    scene.keep_away()
    task = todo(scene.cora, scene.program, f"Plan with {CHILD}.", somebody=scene.ama, about=scene.match)
    hand_over(task, to=user, by=scene.cora, at=scene.at)


@story(hides=(CHILD,))
def he_may_look_at_what_waits_to_go_out(scene):
    scene.sign_up(scene.gus, "coordinator")
    scene.program.__class__.objects.filter(pk=scene.program.pk).update(quiet_start=True)
    scene.days(7)
    assert Message.objects.held().count() > 2
    scene.keep_away()


@story(hides=(CHILD,))
def he_may_read_who_did_what(scene):
    scene.sign_up(scene.gus, "administrator", "coordinator")
    scene.keep_away()
    drop_contact_point(ContactPoint.objects.get(value=HOME), about=scene.child_in, by=scene.cora, at=scene.at)


@story()
def a_grown_up_brother_is_the_one_kept_away(scene):
    Guardianship.objects.filter(pk=scene.standing.pk).update(relation="brother")
    participant(scene.gus, scene.program, "mentee")
    scene.sign_up(scene.gus, "mentee", "guardian")
    scene.asked()
    scene.keep_away()


@story()
def he_has_another_child_here(scene):
    other = pair(scene.program, "Kofi", "Lily", coordinator=scene.cora)
    type(other).objects.filter(pk=other.pk).update(begun_on=BEGUN)
    lily = other.members.get(side="mentee").participant.person
    Guardianship.objects.create(adult=scene.gus, child=lily, starts_on=BEGUN)
    scene.sign_up(scene.gus, "guardian")
    scene.asked()
    page = scene.look(scene.links(scene.gus)[0])
    assert told(page, (CHILD, "Lily")) == [CHILD, "Lily"]
    scene.keep_away()
    assert told(scene.look(scene.links(scene.gus)[0]), (CHILD, "Lily")) == ["Lily"]


@story()
def he_has_another_child_in_the_same_match(scene):
    lily = participant(person("Lily", scene.program, born_on=date(2014, 1, 1)), scene.program, "mentee")
    scene.match.members.create(program=scene.program, participant=lily, side="mentee")
    Guardianship.objects.create(adult=scene.gus, child=lily.person, starts_on=BEGUN)
    scene.asked()
    scene.keep_away()


@story(hides=(CHILD,))
def he_stood_for_one_of_two_in_a_match(scene):
    lily = participant(person("Lily", scene.program, born_on=date(2014, 1, 1)), scene.program, "mentee")
    scene.match.members.create(program=scene.program, participant=lily, side="mentee")
    Guardianship.objects.create(adult=scene.gus, child=lily.person, starts_on=BEGUN)
    scene.asked()
    care.end_guardianship(scene.standing, ends_on=scene.at.date(), by=scene.cora, at=scene.at)
    scene.since = scene.at
    assert "Lily" in scene.look(scene.links(scene.gus)[0])


@story(hides=NOTHING_MORE)
def the_paper_was_about_another_child(scene):
    scene.sign_up(scene.gus, "guardian")
    row = scene.keep_away()
    care.end_it(row, ends_on=scene.at.date(), why=f"{REASON} names another child", by=scene.dele, at=scene.at)
    scene.days(8)
    assert CHILD in scene.met_by(scene.gus)
    assert Restriction.objects.count() == 1


@story(hides=NOTHING_MORE)
def it_ends_today(scene):
    scene.keep_away(ends_on=(scene.at + DAY).date())
    scene.days(8)
    assert CHILD in scene.look(scene.links(scene.gus)[0])


@story(hides=NOTHING_MORE)
def it_begins_tomorrow(scene):
    scene.asked()
    scene.keep_away(from_days=1)
    assert CHILD in scene.look(scene.links(scene.gus)[0])


@story()
def tomorrow_has_come(scene):
    scene.asked()
    scene.keep_away(from_days=1)
    scene.at += timedelta(hours=15)
    scene.clock.move_to(scene.at)  # a minute past midnight: no clock has ticked yet
    assert not told(scene.look(scene.links(scene.gus)[0]), THE_CHILD)
    scene.days(1)


@story()
def its_review_is_past(scene):
    scene.asked()
    row = scene.keep_away()
    Restriction.objects.filter(pk=row.pk).update(review_on=date(2026, 11, 1))
    scene.days(3)
    task = Task.objects.get(kind="matches/look-again")
    assert (task.owner, task.level) == (scene.dele, 4)
    assert not told(task.reason, (CHILD, FATHER, REASON))


@story()
def two_restrictions_overlap_and_one_ends(scene):
    scene.asked()
    row = scene.keep_away()
    scene.keep_away(from_days=-10)
    care.end_it(row, ends_on=scene.at.date(), why=REASON, by=scene.dele, at=scene.at)
    scene.days(2)


@story()
def it_was_recorded_in_another_program(scene):
    other = scene.program.__class__.objects.exclude(pk=scene.program.pk).get()
    scene.asked()
    scene.keep_away(program=other)


@story()
def the_child_is_18_today(scene):
    scene.asked()
    Person.objects.filter(pk=scene.ben.pk).update(born_on=date(2008, 11, 10))
    scene.days(1)
    scene.since = scene.at
    assert "This link is no longer open" in scene.look(scene.links(scene.gus)[0])
    assert "This link is no longer open" in scene.look(scene.links(scene.grace)[0])


@story()
def he_stands_for_the_child_no_more(scene):
    scene.asked()
    care.end_guardianship(scene.standing, ends_on=scene.at.date(), by=scene.cora, at=scene.at)
    scene.since = scene.at


@story()
def a_list_names_him_again(scene):
    care.end_guardianship(scene.standing, ends_on=BEGUN, by=scene.cora, at=scene.at)
    again = save_guardians([newcomer(FATHER)], organization=scene.program.organization, by=scene.cora, at=scene.at)
    entrust([(again[0], scene.ben)], relation="father", starts_on=BEGUN, by=scene.cora, at=scene.at)
    scene.days(8)
    assert again == [scene.gus]
    assert scene.letters(scene.gus) == []


@story()
def a_list_names_his_address_under_another_name(scene):
    scene.keep_away()
    uncle = save_guardians([newcomer("Hector")], organization=scene.program.organization, by=scene.cora, at=scene.at)
    entrust([(uncle[0], scene.ben)], relation="uncle", starts_on=BEGUN, by=scene.cora, at=scene.at)
    scene.days(8)
    assert uncle != [scene.gus]
    assert scene.letters(scene.gus) == scene.letters(uncle[0]) == []


def newcomer(name):
    return Newcomer(given_name=name, email="gustavo@example.org", external_id=f"g-{name}", source="school")


@story()
def a_meeting_is_planned_after_it(scene):
    scene.sign_up(scene.gus, "guardian")
    assert "Reading room" in scene.pages(scene.gus)
    scene.keep_away()
    scene.meet(12)
    assert "Reading room" not in scene.pages(scene.gus)


@story()
def he_is_not_called_when_the_mentor_stays_away(scene):
    scene.asked()
    scene.keep_away()
    Meeting.objects.all().delete()
    for week in range(1, 5):
        one = scene.meet(7 * week)
        Meeting.objects.filter(pk=one.pk).update(missed_at=one.ends_at, cause="mentor-away")
    scene.days(24)
    assert not Task.objects.filter(person=scene.gus).exists()


@story()
def his_permission_was_being_asked_for(scene):
    ask_for_consent(
        scene.child_in, person=scene.gus, purposes=[Consent.Purpose.PHOTO], form_id="press", by=scene.cora, at=scene.at
    )
    deliver(at=scene.at)
    scene.keep_away()
    scene.days(1)
    for text in scene.letters(scene.gus):
        [path] = re.findall(r"http://localhost:8000(/\S+)", text)
        pages = [Client().get(path), Client().get(path + "?start=1")]
        assert not [page for page in pages if told(words(page.content.decode()), THE_CHILD)]


@story()
def the_coordinator_is_told_neither_who_nor_why(scene):
    scene.asked()
    scene.keep_away()
    scene.days(3)
    reasons = " ".join(Task.objects.filter(owner=scene.cora, level__lt=4).values_list("reason", flat=True))
    assert "Something has changed around Benjonas." in reasons
    assert not told(reasons, (FATHER, REASON))


@story(hides=NOTHING_MORE)
def the_mentor_is_the_one_kept_away(scene):
    scene.sign_up(scene.ama, "mentor")
    scene.sign_up(scene.ben, "mentee")
    scene.asked()
    scene.keep_away(scene.ama)
    scene.days(8)
    assert not told(scene.met_by(scene.ama), (CHILD, REASON, MOTHER))
    assert not told(scene.pages(scene.ben), (MENTOR, REASON))


@story()
def a_letter_kept_in_his_mailbox_says_nothing(scene):
    scene.asked()
    [text] = scene.letters(scene.gus)
    assert not told(text, (CHILD, MENTOR, MOTHER, HOME))
    scene.keep_away()


def again(scene):
    """The father once more, as a second list brought him: nobody keeps this record away."""
    somebody = person(FATHER, scene.program, born_on=scene.gus.born_on, mail=False)
    ContactPoint.objects.create(person=somebody, kind="email", value="father@second.example")
    Guardianship.objects.create(adult=somebody, child=scene.ben, relation="father", starts_on=BEGUN)
    return somebody


@story()
def a_second_record_of_him_is_put_together_with_the_first(scene):
    second = again(scene)
    scene.keep_away()
    scene.days(7, post=False)
    assert Message.objects.filter(to=second, state="pending").exists()
    scene.gus = put_together(second, scene.gus, by=scene.cora, at=scene.at)
    deliver(at=scene.at)
    scene.days(3)
    assert scene.letters(scene.gus) == []


@pytest.mark.parametrize("name", STORIES)
def test_nothing_is_told(scene, hillside, name):
    tell, hides = STORIES[name]

    tell(scene)

    assert told(scene.met_by(scene.gus), (MOTHER, REASON, HOME, *hides)) == []
    assert told(scene.met_by(scene.grace), (FATHER, REASON)) == []


def test_there_are_forty_stories():
    assert len(STORIES) >= 40


def test_the_words_are_found_where_they_may_be(scene):
    """The stories look for something: without a restriction he meets the child and the mentor."""
    scene.sign_up(scene.gus, "guardian")
    scene.asked()

    assert told(scene.met_by(scene.gus), THE_CHILD) == list(THE_CHILD)


def test_two_records_put_together_while_both_letters_are_queued_get_one(scene):
    second = again(scene)
    scene.days(7, post=False)
    assert Message.objects.filter(to__in=[second, scene.gus], state="pending").count() == 2
    scene.gus = put_together(scene.gus, second, by=scene.cora, at=scene.at)
    deliver(at=scene.at)

    assert len(scene.letters(scene.gus)) == 1
    assert Ask.objects.waiting().filter(person=scene.gus).count() == 1
    assert CHILD in scene.look(scene.links(scene.gus)[0])
