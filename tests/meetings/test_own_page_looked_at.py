"""Before a letter leaves, staff see the page behind its link as its person will, cut to what they may know."""

import pytest

from rapport.core import places
from rapport.meetings.actions import add_to_agenda, log
from rapport.meetings.own.place import ours
from rapport.meetings.telling import More
from rapport.outbox.actions import queue
from rapport.outbox.models import Message
from tests.cast import MONDAY
from tests.meetings.test_logs import met_on

KINDS = ["meetings/when", "matches/goals"]


@pytest.fixture
def behind(match, riverside, ben, ama, cora, as_user):
    """Letters to Ben wait; the page behind one, as this colleague sees it."""
    riverside.quiet_start = True
    riverside.save()
    match = type(match).objects.select_related("program").with_people().get(pk=match.pk)
    for somebody, words, too in ((ben, "My maths", False), (ben, "The zoo", True)):
        add_to_agenda(match, kind="topic", words=words, person=somebody, for_staff_too=too, by=somebody, at=MONDAY)
    for kind in KINDS:
        queue(kind, to=ben, about=match, key=kind, at=MONDAY)

    def look(user, kind, to=ben):
        letter = Message.objects.filter(kind=kind, to=to).latest("pk")
        return as_user(user).get(f"/p/riverside/outbox/{places.hide(letter.pk)}/page/")

    return look


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_seen_and_nothing_on_it_works(behind, kind, cora, omar):
    page = behind(cora, kind)

    html = page.content.decode()
    assert page.status_code == 200
    assert "This is what Ben will see behind the link." in html
    assert "<fieldset disabled" in html
    assert behind(omar, kind).status_code == 404


def test_what_ben_keeps_from_staff_is_kept(behind, cora):
    html = behind(cora, "meetings/when").content.decode()

    assert ("The zoo" in html, "My maths" in html) == (True, False)


def test_what_a_mentor_wrote_to_be_passed_on_is_for_who_may_read_answers(match, behind, ama, cora, riverside):
    log(met_on(match, 3), ama, True, more=More(shared="They built a kite"), source="page", by=ama, at=MONDAY)
    queue("meetings/when", to=ama, about=match, key="of Ama", at=MONDAY)
    pair = type(match).objects.select_related("program").with_people().get(pk=match.pk)

    html = behind(cora, "meetings/when", to=ama).content.decode()

    assert [one.shared for one in ours(ama, pair, MONDAY).summaries] == ["They built a kite"]
    assert ("The zoo" in html, "kite" in html) == (True, False)
