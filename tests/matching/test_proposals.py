"""Each side is asked in turn; a no goes to a person; the last yes begins the match when nothing is missing."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from rapport.audit.models import Event
from rapport.matches.actions import NewMatch, begin, propose, tick_codes
from rapport.matches.actions.beginning import NotReady
from rapport.matches.models import Match, Point
from rapport.matching.actions import answering, expiring, releasing
from rapport.matching.actions.advancing import CAME_TO_NOTHING, LETTER, DecidedMeanwhile
from rapport.matching.actions.answering import Answer
from rapport.matching.models import Party, Proposal, TurnRule
from rapport.matching.proposals import calls
from rapport.matching.proposals.reading import of_kind, standings
from rapport.matching.proposals.shown import shown_to
from rapport.matching.proposals.turns import turn_rules, with_matches
from rapport.outbox.actions import issue_link, somebody_else_reads
from rapport.outbox.links import hashed
from rapport.outbox.models import Delivery, Link, Message
from rapport.people.models import Consent, ContactPoint, Guardianship, Participant
from rapport.programs.models import Program
from rapport.safeguarding.models import TriageItem
from rapport.tasks.models import Task
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, person, staff

State, Way = Proposal.State, Proposal.Way


def proposed(mentor, mentee, by, at=MONDAY):
    [match] = propose([NewMatch([mentor], [mentee], coordinator=by)], program=mentor.program, by=by, at=at)
    return Match.objects.select_related("program", "coordinator").with_people().get(pk=match.pk)


@pytest.fixture
def ama(newcomer):
    return newcomer("Ama", "mentor", interests=["Chess", "Football"], languages=["en", "Twi"])


@pytest.fixture
def ben(newcomer):
    return newcomer("Ben", "mentee", interests=["Football"], **{"class": "Kestrels"})


@pytest.fixture
def grace(ben):
    adult = ben.person.guardians.get().adult
    ContactPoint.objects.create(person=adult, kind="email", value="grace@example.org")
    return adult


@pytest.fixture
def match(ama, ben, grace, cora):
    return proposed(ama, ben, cora)


@pytest.fixture
def out(match, cora):
    """Let go to be asked about."""
    return releasing.release([match], by=cora, at=MONDAY).asked[0]


def of(match, party):
    return with_matches(Proposal.objects.filter(match=match, party=party))[0]


def states(match):
    return dict(Proposal.objects.filter(match=match).values_list("party", "state"))


def answers(match, party, says=State.YES, *, way=Way.LINK, by=None, at=MONDAY + DAY, **more):
    row = of(match, party)
    return answering.hear_answer(row, Answer(says=says, way=way, **more), by=by or row.person, at=at)


def tasks():
    return sorted(Task.objects.open().values_list("kind", flat=True))


def ticked(match, by):
    for code in ("safety-contact", "first-meeting"):
        tick_codes(match, moment="begin", words_by_code={code: ""}, by=by, at=MONDAY)


# The order, and what each is shown


def test_a_child_is_asked_last_and_nobody_before_their_turn(out, ama, ben, grace, cora):
    assert states(out) == {"mentor": "asked", "guardian": "waiting", "mentee": "waiting"}
    with pytest.raises(answering.NotTheirTurn):
        answers(out, Party.MENTEE, way=Way.PAPER, by=cora)

    answers(out, Party.MENTOR)
    assert states(out) == {"mentor": "yes", "guardian": "asked", "mentee": "waiting"}
    answers(out, Party.GUARDIAN)

    assert states(out) == {"mentor": "yes", "guardian": "yes", "mentee": "asked"}
    assert list(Message.objects.filter(kind=LETTER).order_by("pk").values_list("to", flat=True)) == [
        ama.person_id, grace.pk, ben.person_id,
    ]  # fmt: skip


def test_no_file_of_a_program_puts_a_child_first_or_leaves_a_guardian_out(riverside):
    riverside.turn_rules.all().delete()
    for party in (Party.MENTEE, Party.MENTOR):
        TurnRule.objects.create(program=riverside, party=party, days=3, source="ours", shows=["first-name"])

    told = [(rule.party, rule.days) for rule in turn_rules(Program.objects.get(pk=riverside.pk))]

    assert told == [("mentor", 3), ("guardian", 14), ("mentee", 3)]


@pytest.mark.parametrize("lists", [None, ["first-name", "class", "photo", "age", "interests", "site"], "x", {"a": 1}])
def test_a_mentor_reads_no_name_and_no_class_of_a_child_whatever_a_program_lists(out, riverside, lists):
    if lists is not None:
        TurnRule.objects.filter(program=riverside, party=Party.MENTOR).update(shows=lists)

    [told] = shown_to(of(out, Party.MENTOR), MONDAY)

    assert told.heading == "A young person"
    said = " ".join(words for _label, words in told.rows)
    assert "Ben" not in said
    assert "Kestrels" not in said
    if not isinstance(lists, str | dict):
        assert ("Age", "between 9 and 11") in told.rows
        assert ("Interests", "Football") in told.rows


def test_a_guardian_reads_the_first_name_and_whether_checks_are_in_order(out, ama):
    [told] = shown_to(of(out, Party.GUARDIAN), MONDAY)
    ama.gates.filter(code="training").update(is_met=False)
    [later] = shown_to(of(out, Party.GUARDIAN), MONDAY)

    assert told.heading == "Ama"
    assert told.rows[:2] == (("Background check", "yes"), ("Training", "yes"))
    assert later.rows[1] == ("Training", "not yet")
    assert ("Languages", "English, Twi") in told.rows


def test_what_may_no_longer_be_shared_is_shown_to_nobody(out, ama, riverside):
    said = {"person": ama.person, "given_by": ama.person, "is_given": False, "given_at": MONDAY}
    Consent.objects.create(program=riverside, purpose="share-basics", **said)

    [told] = shown_to(of(out, Party.MENTEE), MONDAY + DAY)

    assert (told.heading, told.rows) == ("Your mentor to be", ())


def test_a_young_mentor_has_a_guardian_of_their_own_and_is_named_to_nobody(match, ama, ben, riverside, cora):
    ama.person.born_on = date(2011, 1, 1)
    ama.person.save()
    mother = person("Esi", riverside, born_on=date(1980, 1, 1))
    Guardianship.objects.create(adult=mother, child=ama.person, relation="mother", starts_on=date(2011, 1, 1))
    releasing.release([match], by=cora, at=MONDAY)
    answers(match, Party.MENTOR)

    rows = with_matches(Proposal.objects.filter(match=match))

    assert sorted((row.person.given_name, row.state) for row in rows if row.party == Party.GUARDIAN) == [
        ("Esi", "asked"), ("Guardian of Ben", "asked"),
    ]  # fmt: skip
    said = " ".join(str(shown_to(row, MONDAY)) for row in rows)
    assert "Ama" not in said
    assert "Ben" not in said
    assert of(match, Party.MENTEE).state == State.WAITING


# Yes, more, no


def test_the_last_yes_begins_the_match_when_nothing_is_missing(out, cora):
    ticked(out, cora)
    for party in (Party.MENTOR, Party.GUARDIAN, Party.MENTEE):
        answers(out, party)

    out.refresh_from_db()
    assert out.state == Match.State.ACTIVE
    assert Point.objects.get(match=out, code="said-yes").kept_at == MONDAY + DAY
    assert tasks() == []


def test_the_last_yes_calls_a_person_when_something_is_missing(out, cora):
    for party in (Party.MENTOR, Party.GUARDIAN, Party.MENTEE):
        answers(out, party)

    out.refresh_from_db()
    assert out.state == Match.State.PROPOSED
    assert Point.objects.get(match=out, code="said-yes").kept_at
    assert tasks() == [calls.ALL_YES]
    ticked(out, cora)
    begin(out, by=cora, at=MONDAY + 2 * DAY)
    assert tasks() == []


def test_a_no_goes_to_a_person_and_nobody_else_is_asked(out, cora):
    answers(out, Party.MENTOR)
    answers(out, Party.GUARDIAN, State.DECLINED, reason="We know him from somewhere else.")

    assert states(out) == {"mentor": "yes", "guardian": "declined", "mentee": "waiting"}
    assert Task.objects.open().get(kind=calls.NO).owner == cora
    assert "somewhere" not in str(list(Task.objects.values_list("reason", flat=True)))
    out.refresh_from_db()
    assert out.state == Match.State.PROPOSED
    assert "somewhere" not in str(list(Event.objects.values_list("facts", flat=True)))


def test_what_a_guardian_said_is_no_call_for_somebody_kept_away_from_them(out, riverside, grace, cora, dele):
    carl = staff("Carl", riverside, "coordinator")
    restrict(cora.person, grace, program=riverside, by=dele)
    answers(out, Party.MENTOR)

    answers(out, Party.GUARDIAN, State.DECLINED)

    assert Task.objects.get(kind=calls.NO).owner == carl


def test_an_answer_is_changed_until_the_next_is_asked_and_the_same_twice_is_one(out):
    answers(out, Party.MENTOR, State.MORE, reason="How far is it?")
    answers(out, Party.MENTOR, State.MORE, reason="How far is it?")
    assert (tasks(), of(out, Party.MENTOR).answers) == ([calls.MORE], 1)
    old = answering.mark_of(Proposal(ref=of(out, Party.MENTOR).ref, answers=0))
    with pytest.raises(answering.SaidOtherwiseSince):
        answers(out, Party.MENTOR, State.DECLINED, seen=old)

    answers(out, Party.MENTOR, State.DECLINED)
    answers(out, Party.MENTOR)
    assert (states(out)["guardian"], tasks()) == ("asked", [])

    with pytest.raises(answering.PassedOn):
        answers(out, Party.MENTOR, State.DECLINED)
    assert states(out)["mentor"] == "yes"


def test_staff_write_a_later_no_down_and_what_all_said_is_no_longer_ticked(out, cora):
    for party in (Party.MENTOR, Party.GUARDIAN, Party.MENTEE):
        answers(out, party)

    answers(out, Party.GUARDIAN, State.DECLINED, way=Way.PHONE, by=cora, on=date(2026, 11, 17))

    row = of(out, Party.GUARDIAN)
    assert (row.way, row.taken_by, row.said_on) == ("phone", cora, date(2026, 11, 17))
    assert Point.objects.get(match=out, code="said-yes").kept_at is None


@pytest.mark.parametrize("says", [State.MORE, State.DECLINED])
def test_a_child_who_takes_a_yes_back_by_their_own_link_keeps_the_match_from_beginning(out, cora, says):
    for party in (Party.MENTOR, Party.GUARDIAN, Party.MENTEE):
        answers(out, party)
    assert Point.objects.get(match=out, code="said-yes").kept_at is not None

    answers(out, Party.MENTEE, says)

    assert Point.objects.get(match=out, code="said-yes").kept_at is None
    ticked(out, cora)
    with pytest.raises(NotReady):
        begin(out, by=cora, at=MONDAY + 2 * DAY)
    answers(out, Party.MENTEE, at=MONDAY + 3 * DAY)
    assert Match.objects.get(pk=out.pk).state == Match.State.ACTIVE


def test_one_of_two_guardians_is_enough_for_a_yes_and_either_for_a_no(match, ben, riverside, cora):
    george = person("George", riverside, born_on=date(1984, 1, 1))
    Guardianship.objects.create(adult=george, child=ben.person, relation="father", starts_on=date(2015, 4, 2))
    releasing.release([match], by=cora, at=MONDAY)
    answers(match, Party.MENTOR)
    first, second = with_matches(Proposal.objects.filter(match=match, party=Party.GUARDIAN).order_by("pk"))

    answering.hear_answer(second, Answer(State.YES, Way.LINK), by=second.person, at=MONDAY)
    assert of(match, Party.MENTEE).state == State.ASKED
    answering.hear_answer(first, Answer(State.DECLINED, Way.PAPER), by=cora, at=MONDAY)

    assert of(match, Party.MENTEE).state == State.WITHDRAWN
    assert calls.NO in tasks()


def test_whoever_may_no_longer_stand_for_the_child_answers_nothing(out, ben, grace, cora):
    answers(out, Party.MENTOR)
    restrict(grace, ben.person, program=out.program, by=cora)

    with pytest.raises(answering.NotTheirs):
        answers(out, Party.GUARDIAN, way=Way.PAPER, by=cora)


def test_a_child_without_an_address_of_their_own_is_asked_by_a_person(out, ben, cora):
    ContactPoint.objects.filter(person=ben.person).update(is_private=False)
    answers(out, Party.MENTOR)
    answers(out, Party.GUARDIAN)

    assert of(out, Party.MENTEE).by_letter is False
    assert not Message.objects.filter(to=ben.person, kind=LETTER).exists()
    assert tasks() == [calls.PAPER]
    answers(out, Party.MENTEE, State.DECLINED, way=Way.IN_PERSON, by=cora, wants_another=True)
    assert tasks() == [calls.NO]


def test_nobody_to_say_yes_for_a_child_is_told_to_a_person(out, ben):
    Guardianship.objects.filter(child=ben.person).update(consents=False)

    answers(out, Party.MENTOR)

    assert (of(out, Party.MENTEE).state, tasks()) == (State.WAITING, [calls.NOBODY])


def test_a_mentor_whose_match_rests_or_is_held_is_proposed_to_no_family(newcomer, cora, dele):
    femi, zoe = newcomer("Femi", "mentor", capacity=2), newcomer("Zoe", "mentee")
    standing = open_match(femi, newcomer("Old", "mentee"), coordinator=cora)
    pair = proposed(femi, zoe, cora)
    Match.objects.filter(pk=standing.pk).update(state=Match.State.PAUSED)

    told = releasing.release([pair], by=cora, at=MONDAY)

    assert (told.asked, list(told.held.values())) == ([], ["Femi has a match that is paused. It comes first."])
    Match.objects.filter(pk=standing.pk).update(state=Match.State.CLOSED)
    standing.pauses.create(program=pair.program, starts_on=MONDAY.date(), is_hold=True, made_by=dele)
    again = releasing.release([pair], by=cora, at=MONDAY)
    assert list(again.held.values()) == ["This match cannot begin yet. Ask the program's leadership."]


def test_in_a_quiet_start_nothing_leaves_before_its_release(match, cora, riverside):
    Program.objects.filter(pk=riverside.pk).update(quiet_start=True)
    match.program.refresh_from_db()

    releasing.release([match], by=cora, at=MONDAY)

    assert Message.objects.get(kind=LETTER).state == Message.State.HELD


# Time


def test_what_is_not_answered_in_time_goes_back_to_a_person_and_nobody_is_reminded(out, cora):
    end = of(out, Party.MENTOR).expires_at
    Message.objects.update(state=Message.State.ACCEPTED, final_at=MONDAY)
    with CaptureQueriesContext(connection) as nothing_due:
        assert expiring.expire(at=end - timedelta(minutes=1), limit=50) == 0

    assert expiring.expire(at=end, limit=50) == 1
    assert expiring.expire(at=end, limit=50) == 0

    assert len([one for one in nothing_due if "SELECT" in one["sql"]]) == 1
    assert (states(out)["mentor"], tasks()) == ("expired", [calls.LATE])
    assert Message.objects.filter(kind=LETTER).count() == 1
    releasing.ask_again(out, by=cora, at=end)
    assert of(out, Party.MENTOR).expires_at > end + 6 * DAY
    answers(out, Party.MENTOR, at=end + DAY)
    assert (states(out)["guardian"], tasks()) == ("asked", [])


def test_where_one_guardians_yes_is_enough_the_silence_of_the_other_is_nobodys_to_act_on(match, ben, riverside, cora):
    george = person("George", riverside, born_on=date(1984, 1, 1))
    Guardianship.objects.create(adult=george, child=ben.person, relation="father", starts_on=date(2015, 4, 2))
    releasing.release([match], by=cora, at=MONDAY)
    answers(match, Party.MENTOR)
    first, second = with_matches(Proposal.objects.filter(match=match, party=Party.GUARDIAN).order_by("pk"))
    answering.hear_answer(second, Answer(State.YES, Way.LINK), by=second.person, at=MONDAY + DAY)
    Message.objects.update(state=Message.State.ACCEPTED, final_at=MONDAY + DAY)
    answers(match, Party.MENTEE, at=MONDAY + 2 * DAY)

    expiring.expire(at=first.expires_at, limit=50)

    [standing] = standings([match], cora, first.expires_at)
    kinds = of_kind(Match.objects.filter(pk=match.pk))
    assert (standing.stuck, standing.may_ask_again, standing.said_yes) == ([], False, True)
    assert [name for name, rows in kinds.items() if rows.exists()] == ["yes"]
    assert calls.LATE not in tasks()
    first.refresh_from_db()
    assert first.state == State.WITHDRAWN


def test_a_letter_that_waited_for_its_release_gives_the_whole_time(out):
    end = of(out, Party.MENTOR).expires_at
    Message.objects.filter(kind=LETTER).update(state=Message.State.HELD)

    expiring.expire(at=end, limit=50)

    assert states(out)["mentor"] == "asked"
    assert of(out, Party.MENTOR).expires_at == end + 7 * DAY


# The coordinator


def test_letting_go_tells_those_who_had_said_yes_and_never_why(out, cora):
    answers(out, Party.MENTOR)
    answers(out, Party.GUARDIAN, State.DECLINED)

    releasing.let_go(out, words="The mother said no.", by=cora, at=MONDAY + 2 * DAY)

    assert Message.objects.filter(kind=CAME_TO_NOTHING).values_list("to__given_name", flat=True).get() == "Ama"
    with pytest.raises(DecidedMeanwhile):
        answers(out, Party.GUARDIAN, way=Way.PAPER, by=cora)
    expiring.expire(at=MONDAY + 90 * DAY, limit=50)
    assert calls.LATE not in tasks()


def test_the_next_is_chosen_by_a_person_and_places_are_counted_again(out, newcomer, ben, cora):
    kofi, full = newcomer("Kofi", "mentor"), newcomer("Femi", "mentor")
    other = proposed(full, newcomer("Zoe", "mentee"), cora)
    releasing.release([other], by=cora, at=MONDAY)
    answers(out, Party.MENTOR, State.DECLINED)

    with pytest.raises(releasing.NoRoom):
        releasing.release_next(out, mentor=full, by=cora, at=MONDAY)
    out.refresh_from_db()
    assert out.state == Match.State.PROPOSED
    new = releasing.release_next(out, mentor=kofi, by=cora, at=MONDAY)

    assert [one.person.first_name for one in new.mentors] == ["Kofi"]
    assert states(new)["mentor"] == "asked"
    assert Match.objects.get(pk=out.pk).state == Match.State.NOT_BEGUN


def test_what_cannot_be_asked_about_stays_and_says_why(newcomer, ben, ama, cora, riverside):
    lone, both = newcomer("Eli", "mentee"), newcomer("Zoe", "mentee")
    first, second, third = (proposed(ama, one, cora) for one in (ben, lone, both))
    Participant.objects.filter(pk=lone.pk).update(left_at=MONDAY)

    told = releasing.release([first, second, third], by=cora, at=MONDAY)
    again = releasing.release([first], by=cora, at=MONDAY)

    assert [one.pk for one in told.asked] == [first.pk]
    assert {one.pk: words for one, words in told.held.items()} == {
        second.pk: "Eli has left the program.", third.pk: "Ama has no free place.",
    }  # fmt: skip
    assert (again.asked, again.held) == ([], {})


def test_many_are_let_go_in_a_fixed_number_of_queries(newcomer, cora):
    pairs = [proposed(newcomer(f"M{n}", "mentor"), newcomer(f"C{n}", "mentee"), cora) for n in range(6)]

    def queries(matches):
        with CaptureQueriesContext(connection) as made:
            releasing.release(matches, by=cora, at=MONDAY)
        return len(made)

    assert queries(pairs[:1]) == queries(pairs[1:])


# What the database keeps


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "asked"}, {"state": "yes"}, {"child": None, "party": "guardian"},
        {"way": "link", "taken_by": "cora"}, {"state": "declined", "asked_at": MONDAY, "expires_at": MONDAY},
    ],
)  # fmt: skip
def test_the_database_refuses_what_cannot_be(match, ama, cora, wrong):
    facts = {"program": match.program, "match": match, "person": ama.person, "party": "mentor", "made_at": MONDAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(**facts | {k: cora if v == "cora" else v for k, v in wrong.items()})


# An answer that was somebody else's


def not_theirs(match, party, at=MONDAY + DAY + DAY / 2):
    return answering.not_them(of(match, party), at=at)


def test_a_yes_pressed_where_somebody_else_reads_counts_no_more_and_nobody_is_asked_because_of_it(out, cora, ben):
    answers(out, Party.MENTOR)
    answers(out, Party.GUARDIAN)

    assert (not_theirs(out, Party.MENTOR), not_theirs(out, Party.MENTOR)) == (True, False)

    assert states(out) == {"mentor": "asked", "guardian": "yes", "mentee": "withdrawn"}
    assert (of(out, Party.MENTOR).said_on, tasks()) == (None, [calls.NOT_ME])
    with pytest.raises(answering.NotTheirs):
        answers(out, Party.MENTOR, at=MONDAY + 2 * DAY)
    releasing.ask_again(out, by=cora, at=MONDAY + 2 * DAY)
    answers(out, Party.MENTOR, at=MONDAY + 2 * DAY)
    assert states(out) == {"mentor": "yes", "guardian": "yes", "mentee": "asked"}


def test_where_all_had_said_yes_they_do_not_begin_on_a_yes_that_was_not_theirs(out, ama, cora):
    for party in (Party.MENTOR, Party.GUARDIAN, Party.MENTEE):
        answers(out, party)
    assert tasks() == [calls.ALL_YES]

    not_theirs(out, Party.MENTEE)

    assert tasks() == [calls.NOT_ME]
    ticked(out, cora)
    with pytest.raises(NotReady):
        begin(out, by=cora, at=MONDAY + 2 * DAY)


def test_once_they_have_begun_nothing_ends_by_itself_and_somebody_talks_with_them_today(out, ben, cora):
    ticked(out, cora)
    for party in (Party.MENTOR, Party.GUARDIAN, Party.MENTEE):
        answers(out, party)
    assert Match.objects.get(pk=out.pk).state == Match.State.ACTIVE

    not_theirs(out, Party.MENTEE)

    assert (Match.objects.get(pk=out.pk).state, states(out)["mentee"]) == (Match.State.ACTIVE, "yes")
    task = Task.objects.open().get(kind=calls.NOT_ME_BEGUN)
    assert (task.owner, task.person, task.about) == (cora, ben.person, out)


def test_what_staff_heard_stands_and_a_no_stands_until_a_person_asks_anew(out, cora):
    answers(out, Party.MENTOR, way=Way.PAPER, by=cora)
    not_theirs(out, Party.MENTOR)
    answers(out, Party.GUARDIAN, State.DECLINED)
    not_theirs(out, Party.GUARDIAN)

    assert states(out) == {"mentor": "yes", "guardian": "declined", "mentee": "waiting"}
    releasing.ask_again(out, by=cora, at=MONDAY + 2 * DAY)
    assert states(out) == {"mentor": "yes", "guardian": "asked", "mentee": "waiting"}


# What is written beside an answer


@pytest.mark.parametrize(
    ("party", "says", "read_by_a_lead"),
    [
        (Party.MENTOR, State.DECLINED, False),
        (Party.GUARDIAN, State.MORE, True),
        (Party.MENTEE, State.DECLINED, True),
        (Party.MENTEE, State.YES, True),
    ],
)
def test_what_a_child_or_guardian_writes_is_read_by_a_lead_and_the_same_words_once(
    out, dele, cora, party, says, read_by_a_lead
):
    before = [Party.MENTOR, Party.GUARDIAN, Party.MENTEE]
    for one in before[: before.index(party)]:
        answers(out, one)

    for way in (Way.LINK, Way.PHONE):
        answers(out, party, says, way=way, by=cora, reason="He waits for me after school.")

    rows = TriageItem.objects.visible_to(dele, MONDAY + DAY)
    told = [(row.person_id, row.match_id, row.words) for row in rows]
    row = of(out, party)
    assert told == [(row.person_id, out.pk, "He waits for me after school.")] * read_by_a_lead
    assert "He waits" not in " ".join(Task.objects.values_list("reason", flat=True))


def test_whose_turn_the_program_has_no_more_runs_out_with_the_others(out, riverside):
    row = of(out, Party.MENTOR)
    Message.objects.filter(kind=LETTER).update(state="held", final_at=None)
    riverside.turn_rules.all().delete()
    riverside.turn_rules.create(party=Party.MENTEE, days=3, source="ours")
    Program.objects.filter(pk=riverside.pk).update(adults_only=True)

    assert expiring.expire(at=row.expires_at + DAY, limit=50) == 1
    assert (of(out, Party.MENTOR).state, tasks()) == (State.EXPIRED, [calls.LATE])


@pytest.mark.parametrize("where", ["the same address", "another address"])
def test_a_yes_pressed_at_the_address_of_another_letter_that_somebody_else_reads_counts_no_more(out, grace, where):
    answers(out, Party.MENTOR)
    answers(out, Party.GUARDIAN)
    proposal = Link.objects.get(pk=letter_to(grace, of(out, Party.GUARDIAN), "grace@example.org"))
    other = "Grace@Example.org" if where == "the same address" else "grace@elsewhere.example"

    somebody_else_reads(Link.objects.filter(pk=letter_to(grace, grace, other)), at=MONDAY + 2 * DAY)

    is_same = where == "the same address"
    assert states(out) == {"mentor": "yes", **({"guardian": "asked", "mentee": "withdrawn"} if is_same else
                           {"guardian": "yes", "mentee": "asked"})}  # fmt: skip
    assert tasks() == ([calls.NOT_ME] if is_same else [])
    proposal.refresh_from_db()
    assert (proposal.closed_at is not None) == is_same


def letter_to(person, about, address):
    """A letter that went to this address, with its link."""
    facts = {"kind": LETTER, "program": of_program(), "to": person, "queued_at": MONDAY, "next_at": MONDAY}
    message = Message.objects.create(dedupe_key=f"{address}:{about}", state=Message.State.ACCEPTED, **facts)
    Delivery.objects.create(message=message, at=MONDAY, address=address, outcome=Delivery.Outcome.ACCEPTED)
    token = issue_link(
        purpose="proposal", person=person, about=about, program=of_program(), at=MONDAY, expires_at=MONDAY + 60 * DAY,
        message=message,
    )  # fmt: skip
    return Link.objects.get(token_hash=hashed(token)).pk


def of_program():
    return Program.objects.get(slug="riverside")
