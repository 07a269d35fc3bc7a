"""Whatever Ben felt, Ama meets the same: on every page of her own, behind every link, in each letter and calendar."""

import re
from datetime import timedelta
from email import message_from_bytes
from itertools import product

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from rapport.care.actions import refresh_findings
from rapport.clock.actions import deliver, tick
from rapport.events.actions import begin_group, give_link, invite, make_day, set_times, take_in
from rapport.matches.actions.agreeing import draft, send_out
from rapport.matches.actions.goals import Heard, add_goal
from rapport.matching.actions.releasing import release
from rapport.meetings.actions.feeds import make_feed
from rapport.meetings.actions.outings import ask_for_outing
from rapport.meetings.models import Meeting
from rapport.meetings.telling import More
from rapport.outbox.actions import issue_link
from rapport.outbox.models import Link
from rapport.people.models import Guardianship
from tests.cast import DAY, LONG_AGO, MONDAY, gates_met, participant, person
from tests.matching.test_proposals import proposed
from tests.meetings.test_logs import tell
from tests.portal.conftest import answer
from tests.reading import lasting
from tests.test_doors import PLAIN

pytestmark = pytest.mark.django_db
REF = re.compile(r"(?<![a-z0-9])[a-z0-9]{12}(?![a-z0-9])")  # made anew in each of the two stories
TOKEN = re.compile(r"(?<![\w-])[\w-]{22}(?![\w-])")
MOMENTS = [MONDAY + timedelta(days=days, hours=1) for days in (0, 1, 4, 8)]
OF_HERS = [route for route in PLAIN if route.door and route.door.kind in ("own", "signed-in")]
BY_LINK = [route for route in PLAIN if route.door and route.door.kind == "public" and "token" in route.arguments]
NEAR = {"people", "matches", "meetings", "checkins", "events"}  # whose records a page of hers could show
ON_HER_PAGE, ABOUT_THEM = {"own-meetings", "own-page"}, {"goals", "meetings"}  # purposes of links
# Of a keeper of the day sheet, a guardian, or programs of grown-ups; the calendar has a token of its own.
NOT_HERS = {"consent:ask", "day-sheet:open", "day-sheet:today", "feeds:feed", "outings:ask", "proposal:wishes"}


def same(text):
    return TOKEN.sub("TOKEN", REF.sub("REF", lasting(text)))


def body(response):
    parts = response.streaming_content if response.streaming else [response.content]
    return same(b"".join(parts).decode(errors="replace"))


@pytest.fixture
def busy(story, ama, ben, cora, settings, tmp_path):
    """Agreement, goal, outing, event, a second pair that Ama is asked about, a group that she leads by a link, and
    meetings of which she has told: whatever could lead somewhere."""
    settings.MAILBOX = tmp_path / "mailbox"
    send_out(draft(story, by=cora, at=MONDAY), by=cora, at=MONDAY)
    add_goal(
        story, mentee=story.mentees[0], words="Read a book", worded_by="mentee", level=0, heard=Heard(ben, "told"),
        form_id="goal", by=cora, at=MONDAY,
    )  # fmt: skip
    on = MONDAY + 12 * DAY
    ask_for_outing(
        story, form_id="outing", by=cora, at=MONDAY, what="The zoo", place="Town", transport="on-foot",
        starts_at=on, ends_at=on + timedelta(hours=2),
    )  # fmt: skip
    fair = make_day(
        story.program, name="Fair", starts_at=on + DAY, minutes=60, host=cora, form_id="fair", by=cora, at=MONDAY
    )
    zoe = participant(person("Zoe", story.program), story.program, "mentee")
    Guardianship.objects.create(adult=person("Zoes mother", story.program), child=zoe.person, starts_on=LONG_AGO)
    gates_met(zoe, "permission", "assent", by=cora)
    type(zoe).objects.filter(person=ama).update(capacity=2)
    assert release([proposed(story.mentors[0], zoe, cora, MONDAY)], by=cora, at=MONDAY).held == {}
    both = [member.participant for member in story.members.all()]
    invite(fair, both, by=cora, at=MONDAY)
    group = begin_group(story.program, name="Robotics", lead=ama, host=cora, form_id="group", by=cora, at=MONDAY)
    take_in(group, both, by=cora, at=MONDAY)
    set_times(group, starts_at=MONDAY + DAY, minutes=60, by=cora, at=MONDAY)
    give_link(group, by=cora, at=MONDAY)
    return story


def test_each_page_letter_and_calendar_of_the_mentor_is_the_same_whatever_the_mentee_felt(
    busy, ama, ben, sign_up, as_user, settings
):
    sign_up(ama, busy.program, "mentor")

    with transaction.atomic():
        well = told(busy, ama, ben, 5, "It was great.", as_user, settings)
        transaction.set_rollback(True)
    number_anew()
    badly = told(busy, ama, ben, 1, "I was scared.", as_user, settings)

    assert badly == well
    names = {name for name, *_ in badly}
    assert {route.name for route in BY_LINK} - NOT_HERS <= names
    assert {"letter", "feed", "portal:own", "meetings:mine"} <= names


def number_anew():
    """PostgreSQL gives no number twice, not even that of a row that was rolled back; names of fields show it."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def told(match, ama, ben, feeling, words, as_user, settings):
    """What Ama meets where Ben felt like this after each meeting and said so when asked. {(what, which): the whole}"""
    for meeting in Meeting.objects.filter(match=match, kept_at__isnull=False):
        tell(meeting, ben, minutes=60, feeling=feeling, words=words, more=More(opinion=words))
    answer(match, ben, "mentee", feeling=feeling, words=words, instance=77)
    refresh_findings(at=MONDAY)
    for at in MOMENTS:
        with time_machine.travel(at, tick=False):
            tick(at=at)
            deliver(at=at)
    with time_machine.travel(MOMENTS[-1], tick=False):
        seen = letters(ama, settings) | signed_in(match, as_user(ama.user)) | by_link(match, ama) | calendar(match, ama)
    for one in settings.MAILBOX.glob("*.eml"):
        one.unlink()
    return seen


def letters(ama, settings):
    mine = [message_from_bytes(one.read_bytes()) for one in settings.MAILBOX.glob("*.eml")]
    mine = [one for one in mine if ama.contact_points.get().value in one["To"]]
    parts = [[part.get_payload(decode=True).decode() for part in one.walk() if not part.is_multipart()] for one in mine]
    return {("letter", number): text for number, text in enumerate(sorted(same("".join(one)) for one in parts))}


def values(argument, program):
    """What an argument could be: the refs, keys and codes of whatever there is in this program."""
    models = [one for one in apps.get_models() if one._meta.app_label in NEAR]
    named = [one for one in models if {argument, "program"} <= {field.name for field in one._meta.concrete_fields}]
    return [value for one in named for value in one.objects.filter(program=program).values_list(argument, flat=True)]


def signed_in(match, mentor):
    """Every page of hers that is there, in the order of its records."""
    seen, known = {}, {}
    for route in OF_HERS:
        names = [name for name in route.arguments if name != "program"]
        for name in names:
            known.setdefault(name, values(name, match.program))
        for number, chosen in enumerate(product(*[known[name] for name in names])):
            page = mentor.get(route.address({"program": match.program.slug, **dict(zip(names, chosen, strict=True))}))
            if page.status_code == 200:
                seen[route.name, number] = body(page)
    return seen


def by_link(match, ama):
    """Every page behind a link of a letter to her, and behind those that no letter carries."""
    now, browser, seen = timezone.now(), Client(), {}
    links = {(link.purpose, link.about) for link in Link.objects.filter(person=ama)}
    links |= {(purpose, ama) for purpose in ON_HER_PAGE} | {(purpose, match) for purpose in ABOUT_THEM}
    tokens = [
        issue_link(purpose=purpose, person=ama, about=about, program=match.program, at=now, expires_at=now + DAY)
        for purpose, about in sorted(links, key=lambda one: (one[0], one[1].pk))
    ]
    for route in BY_LINK:
        names = [name for name in route.arguments if name != "token"]
        for number, chosen in enumerate(product(tokens, *[[match.ref] for _name in names])):
            address = route.address(dict(zip(("token", *names), chosen, strict=True)))
            page = browser.get(address)
            if page.status_code == 200:
                seen[route.name, number] = body(page) + body(browser.get(f"{address}?start=1"))
            cache.clear()  # trying is not guessing here
    return seen


def calendar(match, ama):
    token = make_feed(ama, program=match.program, by=None, at=timezone.now())
    return {("feed", 0): body(Client().get(f"/feed/{token}.ics"))}
