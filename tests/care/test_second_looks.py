"""Who is called to look a second time at what was said of an address."""

from rapport.care.actions import call_about_who_reads
from rapport.people.models import ContactPoint
from rapport.tasks.models import Task
from tests.cast import MONDAY, person


def test_whoever_is_in_no_match_takes_nobody_elses_turn(ben, riverside, match, cora):
    """Ways of people in no open match are looked at when they are in one; the others do not wait for that."""
    loose = person("Zelda", riverside)
    for somebody in (loose, ben):
        ContactPoint.objects.create(person=somebody, kind="text", value=f"555 {somebody.pk}", changed_since=True)

    call_about_who_reads(at=MONDAY, limit=1)

    assert [task.about for task in Task.objects.open()] == [match]
