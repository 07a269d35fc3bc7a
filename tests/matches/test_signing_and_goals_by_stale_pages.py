"""A stale page, a second press and a resting pair: what was signed or wished for stays as its person said it."""

import pytest
from django.utils import timezone

from rapport.matches.actions import pausing, signing
from rapport.matches.actions.signing import Word
from rapport.matches.goals import reader_of
from rapport.matches.models import Goal, Match
from rapport.meetings.own.place import ours
from tests.cast import MONDAY
from tests.matches.test_agreement import asks_of, out_for, together, yes  # noqa
from tests.matches.test_goals_by_link import OWN, page, text  # noqa


def test_d1_old_form_again(together, cora):
    a = out_for(together, by=cora)
    ask = asks_of(a)["Ama"]

    def word(ok, f):
        return Word(is_yes=ok, way="link", language="en", form_id=f)

    signing.sign(ask, word(True, "A"), by=ask.person, at=MONDAY)
    signing.sign(ask, word(False, "B"), by=ask.person, at=MONDAY)
    with pytest.raises(signing.SaidOtherwiseSince):
        signing.sign(ask, word(True, "A"), by=ask.person, at=MONDAY)
    signing.sign(ask, word(True, "C"), by=ask.person, at=MONDAY)


def test_d1b_form_id_of_somebody_else(together, cora):
    a = out_for(together, by=cora)
    asks = asks_of(a)
    w = Word(is_yes=True, way="link", language="en", form_id="same")
    signing.sign(asks["Ama"], w, by=asks["Ama"].person, at=MONDAY)
    signing.sign(asks["Grace"], w, by=asks["Grace"].person, at=MONDAY)


def test_d2_words_while_held(page, match, ben, ama, dele):
    page(ben, do="add", words=OWN, level="0", form_id="a")
    g = Goal.objects.get()
    pausing.hold(Match.objects.get(pk=match.pk), by=dele, at=timezone.now())
    r = page(ama, do="step", goal=g.ref, words="Meet me behind the pool", form_id="s")
    r2 = page(ama, do="add", words="Write to me", whose="mine", level="0", form_id="t")
    seen = text(page(ben))
    assert (r.status_code, r2.status_code, "behind the pool" in seen, "Write to me" in seen) == (409, 409, False, False)


def test_d5_taken_back(match, ben, ama, grace):
    m = Match.objects.select_related("program", "site").with_people().get(pk=match.pk)
    m.mentees[0].gates.filter(code="permission").update(is_met=False)
    at = timezone.now()
    assert [ours(p, m, at) is None for p in (ama, ben, grace)] == [True] * 3, "ours"
    assert reader_of(ama, m, at) is None


@pytest.mark.parametrize("typed", [{"do": "seen", "goal": "a\x00b"}, {"do": "tick", "goal": "x", "step": "\x00"}])
def test_d4_nul(page, grace, typed):
    assert page(grace, **typed).status_code in (404, 409, 422)


def test_d1c_back_and_no_counts(together, cora):
    a = out_for(together, by=cora)
    ask = asks_of(a)["Ama"]
    signing.sign(ask, Word(True, "link", "en", form_id="A"), by=ask.person, at=MONDAY)
    signing.sign(ask, Word(False, "link", "en", form_id="A"), by=ask.person, at=MONDAY)
    assert [one.is_yes for one in a.signatures.filter(person=ask.person).order_by("pk")] == [True, False]
