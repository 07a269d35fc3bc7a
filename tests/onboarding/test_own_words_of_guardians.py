"""A guardian's own answers stay with the staff until the guardian says otherwise; a child's never hang on it."""

from datetime import date

import pytest
import time_machine

from rapport.checkins.models import Answer, CheckIn
from rapport.onboarding.actions import answer_consent
from rapport.onboarding.forms import Said
from rapport.onboarding.models import ConsentAsk, ConsentText
from rapport.onboarding.refusals import NoLongerTheirs
from rapport.people.actions import keep_away
from rapport.people.models import Consent, Guardianship
from rapport.people.questions import MayShare, may_share, may_share_as_guardians
from tests.cast import DAY, MONDAY, person
from tests.onboarding.conftest import NOON, asked, link_to, say_by_link
from tests.onboarding.test_permission_on_paper import written
from tests.people.test_may_share import said
from tests.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
STAFF_ONLY = MayShare()


@pytest.fixture
def graces(riverside, grace):
    """How far Grace's own word may go at a moment."""
    return lambda at=NOON: may_share_as_guardians([grace], program=riverside, at=at)[grace.pk]


@pytest.fixture
def heard(riverside, match, grace):
    """Grace answered how it goes."""
    check_in = CheckIn.objects.create(
        program=riverside, match=match, person=grace, party="guardian", instance=7, due_at=MONDAY - 9 * DAY,
        kept_at=MONDAY, state="answered",
    )  # fmt: skip
    Answer.objects.create(program=riverside, check_in=check_in, feeling=4, answered_at=MONDAY, form_id="1")


@pytest.mark.parametrize("born_on", [date(1985, 1, 1), None])  # rosters name guardians without birth dates
def test_a_guardian_says_by_link_how_far_their_own_words_go_and_takes_it_back(
    born_on, mailbox, reader, as_user, heard, graces, riverside, match, ama, ben, ben_in, grace, cora
):
    type(grace).objects.filter(pk=grace.pk).update(born_on=born_on)
    page = f"/p/riverside/gates/{ben_in.ref}/consents/"
    staff = as_user(cora)
    sent = {"about": "own-words", "form_id": "1", "person": grace.ref, "way": "letter"}
    with time_machine.travel(MONDAY, tick=False):
        assert staff.post(page, sent).status_code == staff.post(page, sent).status_code == 302
    path = link_to(mailbox, "grace")
    shown = words(reader.get(path, {"start": "1"}).text)
    assert ("What you tell us" in shown, "the mentor, if you say yes" in shown, "Ben" in shown) == (True, True, False)
    assert graces() == STAFF_ONLY

    say_by_link(reader, path, tell_partner="yes", research="yes", publish="no")

    assert graces() == MayShare(tell_partner=True, in_reports=True)
    assert may_share([ben, grace], program=riverside, at=NOON) == {ben.pk: STAFF_ONLY, grace.pk: STAFF_ONLY}
    staff = as_user(cora)
    told = words(staff.get(match.get_absolute_url()).text)
    assert "may be told to the mentor, ask first" in told
    assert "told to the one they meet" not in told
    assert "What guardians tell us themselves" in words(staff.get(page).text)
    say_by_link(reader, path, tell_partner="no")
    assert graces() == MayShare(in_reports=True)
    assert ConsentAsk.objects.count() == 1
    assert not Consent.objects.filter(person=ben).exists()


def test_neither_speaks_for_the_other(graces, riverside, match, ben, ben_in, grace, cora):
    """What Grace may say about Ben, what Ben says, and what Grace says where she mentors as well, stay apart."""
    for purpose in ("tell-partner", "research", "publish"):
        said(riverside, ben, grace, purpose, True, MONDAY - 9 * DAY, cora)
        said(riverside, ben, ben, purpose, True, MONDAY - 8 * DAY, cora)
        said(riverside, grace, grace, purpose, True, MONDAY - 7 * DAY, cora)
    assert graces() == STAFF_ONLY
    ask = asked(ben_in, grace, "join", "publish", by=cora, of_own_words=True)
    assert ask.purposes == ["publish"]  # nothing of the child can be asked in this voice

    [text] = ConsentText.objects.filter(program=riverside, voice="adult", purpose="publish", language="en")
    answer_consent(ask, said=[Said(text, False)], by=grace, at=NOON)

    assert may_share([ben], program=riverside, at=NOON)[ben.pk] == MayShare(True, True, True)
    assert may_share([grace], program=riverside, at=NOON)[grace.pk].publish
    type(grace).objects.filter(pk=grace.pk).update(born_on=date(2009, 6, 1))  # a brother or sister of 17 stands for Ben
    grace.refresh_from_db()
    answer_consent(ask, said=[Said(text, True)], by=grace, at=NOON + DAY)
    assert not graces(NOON + DAY).publish


def test_staff_write_it_down_and_a_guardian_kept_away_can_still_take_it_back(
    mailbox, reader, as_user, graces, riverside, match, ben, ben_in, grace, cora, dele
):
    ask = asked(ben_in, grace, "tell-partner", by=cora, of_own_words=True)
    path, sheet = link_to(mailbox, "grace", NOON), as_user(cora).get(f"/p/riverside/gates/{ask.ref}/sheet/")
    assert ("What you tell us" in sheet.text, "Ben" in sheet.text) == (True, False)
    assert written(as_user(cora), ask, tell_partner="yes").status_code == 302
    assert graces().tell_partner
    word = Consent.objects.get(as_guardian=True)
    assert (word.person, word.given_by, word.recorded_by, word.channel) == (grace, grace, cora, "paper")

    keep_away(
        program=riverside, kept_away=grace, subject=ben, reason="a court", document="", starts_on=NOON.date(),
        review_on=date(2027, 1, 1), by=dele, at=NOON,
    )  # fmt: skip

    text = ConsentText.objects.get(program=riverside, voice="adult", purpose="tell-partner", language="en")
    assert reader.get(path).status_code == 404
    with pytest.raises(NoLongerTheirs):
        answer_consent(ask, said=[Said(text, True)], channel="paper", by=cora, at=NOON)
    answer_consent(ask, said=[Said(text, False)], channel="paper", by=cora, at=NOON)
    assert not graces().tell_partner


def test_who_hears_nothing_of_the_child_is_not_asked(as_user, riverside, ben, ben_in, cora, omar, hill_match):
    gus = person("Gus", riverside)
    Guardianship.objects.create(adult=gus, child=ben, is_told=False, starts_on=date(2015, 4, 2))
    page = f"/p/riverside/gates/{ben_in.ref}/consents/"
    sent = {"about": "own-words", "form_id": "1", "person": gus.ref, "way": "paper"}

    assert as_user(cora).post(page, sent).status_code == 422
    assert as_user(omar).post(page, sent).status_code == 404
    assert not ConsentAsk.objects.exists()
    assert as_user(cora).get("/p/riverside/gates/texts/?purpose=join&voice=adult&language=en").context["chosen"] is None
