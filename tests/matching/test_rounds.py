"""A round pairs who is ready, keeps apart who must be, and says why somebody is left without."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.audit.models import Event
from rapport.matches.models import Match
from rapport.matching.actions import NotADraft, draft_round, drop_round, publish, write_criteria
from rapport.matching.models import Draft, LeftWithout, Round
from rapport.people.models import Guardianship, Participant, Person
from rapport.programs.models import Site
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, participant, person

INTERESTS = {"code": "interests", "kind": "overlap", "label": "Interests", "weight": 100, "source": "ours"}
SITE = {"code": "same-site", "kind": "same", "label": "Same place", "weight": 0, "is_hard": True, "source": "ours"}


@pytest.fixture
def criteria(riverside):
    riverside.criteria.all().delete()
    rows = [{**INTERESTS, "settings": {"trait": "interests"}}, {**SITE, "settings": {"trait": "site"}}]
    return write_criteria(riverside, {"criterion": rows})


def drafted(program, by=None):
    return draft_round(program, by=by, at=MONDAY)


def pairs(kept):
    return sorted((str(d.mentee), str(d.mentor)) for d in kept.drafts.all())


def left(kept):
    return {str(one.mentee): one.reason for one in kept.left_without.all()}


def test_who_shares_most_is_paired_and_the_parts_add_up(riverside, criteria, newcomer):
    newcomer("Ama", "mentor", interests=["Chess", "Music"])
    newcomer("Kofi", "mentor", interests=["Football"])
    newcomer("Ben", "mentee", interests=["football"])
    newcomer("Zoe", "mentee", interests=["music"])

    kept = drafted(riverside)

    assert pairs(kept) == [("Ben", "Kofi"), ("Zoe", "Ama")]
    assert all(draft.score == sum(part["points"] for part in draft.parts) == 100 for draft in kept.drafts.all())
    assert kept.certificate["checked"] is True
    assert kept.certificate["worth"] == kept.certificate["bound"]
    assert left(kept) == {}


def test_a_missing_answer_is_neutral(riverside, criteria, newcomer):
    newcomer("Ama", "mentor", interests=["Chess"])
    newcomer("Kofi", "mentor", interests=["Football"])
    newcomer("Ben", "mentee", interests=["football"])
    newcomer("Zoe", "mentee")

    kept = drafted(riverside)

    assert pairs(kept) == [("Ben", "Kofi"), ("Zoe", "Ama")]
    part = kept.drafts.get(mentee__person__given_name="Zoe").parts[0]
    assert part == {"code": "interests", "points": 50, "known": False, "right": False}


def test_a_mentor_takes_as_many_as_they_have_places_for(riverside, criteria, newcomer, cora):
    ama = newcomer("Ama", "mentor", capacity=3)
    open_match(ama, newcomer("Old", "mentee"), coordinator=cora)
    for name in ("Ben", "Zoe", "Eli"):
        newcomer(name, "mentee")

    kept = drafted(riverside)

    assert kept.drafts.count() == 2
    assert list(left(kept).values()) == [
        "One mentor would fit, and is needed for somebody else in the plan that serves most."
    ]


def test_whoever_is_not_ready_is_not_paired_and_is_told_what_is_missing(riverside, criteria, newcomer):
    newcomer("Ama", "mentor", ready=False)
    newcomer("Ben", "mentee")
    zoe = newcomer("Zoe", "mentee", ready=False)

    kept = drafted(riverside)

    assert pairs(kept) == []
    assert left(kept)["Ben"] == "No mentor has a free place."
    assert left(kept)["Zoe"].startswith("Not ready yet: ")
    assert kept.left_without.get(mentee=zoe).kind == LeftWithout.Kind.NOT_READY


def test_a_hard_rule_stands_and_its_name_is_the_reason(riverside, criteria, newcomer):
    ama = newcomer("Ama", "mentor")
    newcomer("Ben", "mentee")
    Participant.objects.filter(pk=ama.pk).update(site=Site.objects.create(program=riverside, name="Mill Lane"))

    kept = drafted(riverside)

    assert left(kept) == {
        "Ben": "No free mentor may be theirs. Without the rule “Same place” there would be one.",
    }


APART = "No free mentor may be theirs. They are one family, were matched before, or a rule keeps them apart."


@pytest.mark.parametrize(
    "how", ["restriction", "restriction the other way", "guardian", "siblings", "ended", "proposed"]
)
def test_those_who_must_stay_apart_are_never_paired_and_the_reason_names_none(riverside, criteria, newcomer, cora, how):
    ama, ben = newcomer("Ama", "mentor"), newcomer("Ben", "mentee")
    keep_apart(how, ama, ben, cora)

    kept = drafted(riverside)

    assert pairs(kept) == []
    assert left(kept) == {"Ben": APART}


def keep_apart(how, ama, ben, cora):
    two = [ama.person, ben.person] if "way" not in how else [ben.person, ama.person]
    if how.startswith("restriction"):
        restrict(*two, program=ama.program, by=cora)
    elif how == "guardian":
        Guardianship.objects.create(adult=ama.person, child=ben.person, starts_on=date(2015, 4, 2))
    elif how == "siblings":
        adult = person("Grace", ama.program, mail=False)
        for child in (ama.person, ben.person):
            Guardianship.objects.create(adult=adult, child=child, starts_on=date(2000, 4, 2))
    else:
        match = open_match(ama, ben, coordinator=cora)
        state = Match.State.CLOSED if how == "ended" else Match.State.NOT_BEGUN
        Match.objects.filter(pk=match.pk).update(state=state)


def test_somebody_on_both_sides_is_not_their_own_mentor(service):
    both = person("Robin", service)
    participant(both, service, "mentor")
    participant(both, service, "mentee")

    kept = drafted(service)

    assert pairs(kept) == []
    assert left(kept) == {"Robin": APART}


def test_other_programs_and_those_who_left_are_not_looked_at(riverside, hillside, criteria, newcomer):
    newcomer("Ben", "mentee")
    newcomer("Hugo", "mentor", program=hillside)
    gone = newcomer("Ama", "mentor")
    Participant.objects.filter(pk=gone.pk).update(left_at=MONDAY - DAY)

    assert left(drafted(riverside)) == {"Ben": "No mentor has a free place."}


def test_publishing_proposes_each_pair_once_with_a_coordinator(riverside, criteria, newcomer, cora):
    newcomer("Ama", "mentor")
    newcomer("Ben", "mentee")
    kept = drafted(riverside, by=cora)

    [match] = publish(kept, by=cora, at=MONDAY)

    assert (match.state, match.coordinator, match.site) == (Match.State.PROPOSED, cora, riverside.sites.get())
    assert kept.drafts.get().match == match
    with pytest.raises(NotADraft):
        publish(kept, by=cora, at=MONDAY)
    with pytest.raises(NotADraft):
        drop_round(kept, by=cora, at=MONDAY)
    assert Match.objects.count() == 1
    assert list(drafted(riverside).drafts.all()) == []
    assert set(Event.objects.values_list("verb", flat=True)) >= {"round.drafted", "round.published", "match.proposed"}


def test_two_drafts_of_the_same_people_propose_them_once(riverside, criteria, newcomer, cora):
    newcomer("Ama", "mentor")
    newcomer("Ben", "mentee")
    first, second = drafted(riverside), drafted(riverside)

    assert len(publish(first, by=cora, at=MONDAY)) == 1
    assert publish(second, by=cora, at=MONDAY) == []


def test_a_draft_of_which_no_pair_is_left_stays_a_draft_and_the_page_says_so(
    riverside, criteria, newcomer, cora, as_user
):
    newcomer("Ama", "mentor")
    newcomer("Ben", "mentee")
    first, second = drafted(riverside), drafted(riverside)
    publish(first, by=cora, at=MONDAY)

    seen = as_user(cora).post(second.get_absolute_url(), {"do": "publish"})

    assert seen.status_code == 409
    assert "None of these pairs can be proposed any more" in seen.content.decode()
    second.refresh_from_db()
    assert (second.state, second.published_at) == (
        Round.State.DRAFT,
        None,
    )  # no figure counts it as a round that served
    assert not Event.objects.about(second).filter(verb="round.published").exists()


def test_a_restriction_recorded_after_the_draft_takes_the_pair_out(riverside, criteria, newcomer, cora):
    ama, ben = newcomer("Ama", "mentor"), newcomer("Ben", "mentee")
    kept = drafted(riverside)
    keep_apart("restriction", ama, ben, cora)

    assert publish(kept, by=cora, at=MONDAY) == []
    assert Match.objects.count() == 0


def test_a_pair_that_whoever_publishes_is_part_of_is_left_to_a_colleague(riverside, criteria, newcomer, cora):
    ama = newcomer("Ama", "mentor")
    newcomer("Ben", "mentee")
    kept = drafted(riverside)
    Person.objects.filter(user=cora).update(user=None)
    Person.objects.filter(pk=ama.person_id).update(user=cora)

    assert publish(kept, by=cora, at=MONDAY) == []
    assert kept.drafts.get().match is None


def test_a_dropped_draft_comes_to_nothing(riverside, criteria, newcomer, cora):
    newcomer("Ama", "mentor")
    newcomer("Ben", "mentee")
    kept = drafted(riverside)

    drop_round(kept, by=cora, at=MONDAY)

    with pytest.raises(NotADraft):
        publish(kept, by=cora, at=MONDAY)
    assert Round.objects.get().state == Round.State.DROPPED
    assert Draft.objects.get().match is None


def test_drafting_asks_the_same_number_of_questions_for_a_few_and_for_forty(riverside, criteria, newcomer):
    counts = []
    for start, end in ((0, 3), (3, 6), (6, 40)):
        for n in range(start, end):
            newcomer(f"Ama{n}", "mentor")
            newcomer(f"Ben{n}", "mentee", ready=n % 3 > 0)
        with CaptureQueriesContext(connection) as asked:
            drafted(riverside)
        counts.append(len(asked))

    assert counts[1] == counts[2]
