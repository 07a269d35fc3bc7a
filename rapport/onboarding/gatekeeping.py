"""Which gates are asked of somebody, and how each stands on a day, said in a sentence.

The program's rules decide. Where a match has a minor in it and the rules are silent on a gate of `FLOOR`, that gate is
asked all the same: a child is never less safe because a row is missing. Only a row that says "off" lifts it.
Sources: requirements.md §2.2, §2.3, §6.2.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.onboarding.models import Gate
from rapport.people.models import Guardianship, Participant, Person, Restriction, grown_on
from rapport.programs.models import GateRule, Program

Code = Gate.Code
FLOOR = {Participant.Side.MENTOR: [Code.CLEARANCE, Code.TRAINING], Participant.Side.MENTEE: []}
OF_A_CHILD = [Code.PERMISSION, Code.ASSENT]  # asked of whoever counts as a child, and of nobody else
OF_A_FAMILY = [*OF_A_CHILD, Code.GUARDIAN_TRAINING]  # the same, where the program asks
HOURS = "training-hours"
BEFORE_18 = "turning-18"


@dataclass(frozen=True)
class Asked:
    """One gate asked of one participant: what is there, and what is missing of it (empty: it is met)."""

    code: str
    weight: str
    gate: Gate | None
    lack: str
    source: str = ""

    @property
    def label(self):
        return label_of(self.code)


class Gatebook:
    """What these participants have and what their programs ask: six queries, however many they are."""

    def __init__(self, participants):
        participants = list(participants)
        keep_persons(participants)
        programs = {one.program_id for one in participants}
        self.programs = Program.objects.with_limits().in_bulk(programs)
        limits = {pk: program.limits_by_code.get(HOURS) for pk, program in self.programs.items()}
        self.hours = {pk: limit.value for pk, limit in limits.items() if limit}
        self.rules = defaultdict(list)
        for rule in GateRule.objects.filter(program__in=programs).order_by("pk"):
            self.rules[rule.program_id, rule.side].append(rule)
        gates = Gate.objects.filter(participant__in=[one.pk for one in participants])
        gates = gates.select_related("given_by", "seen_by")
        self.gates = {(gate.participant_id, gate.code): gate for gate in gates}
        children = {one.person_id for one in participants}
        consenting = Guardianship.objects.filter(child__in=children, consents=True).select_related("child")
        self.guardians = {(one.adult_id, one.child_id): one for one in consenting}
        self.kept_away = kept_away_from(children)

    def is_child(self, participant, on):
        return participant.person.counts_as_child(self.programs[participant.program_id], on)

    def asked(self, participant, on: date, *, with_minor) -> list[Asked]:
        """Every gate asked of this participant, hard and soft, and how it stands on that day."""
        is_child = self.is_child(participant, on)
        rules = self.rules[participant.program_id, participant.side]
        asked = [
            self.look(participant, rule.code, rule.weight, on, rule.source)
            for rule in rules
            if applies(rule, is_child=is_child, with_minor=with_minor or is_child)
        ]
        ruled = {rule.code for rule in rules}
        floor = FLOOR[participant.side] if with_minor or is_child else []
        floor = [*floor, *(OF_A_CHILD if is_child else [])]
        hard = GateRule.Weight.HARD
        asked += [self.look(participant, code, hard, on) for code in floor if code not in ruled]
        if Code.CONSENT not in ruled and self.comes_of_age(participant, on):
            asked.append(self.look(participant, Code.CONSENT, GateRule.Weight.SOFT, on))
        return asked

    def comes_of_age(self, participant, on):
        """Whether somebody came in with a guardian's permission and is 18, or soon: their own agreement is advised."""
        limit = self.programs[participant.program_id].limits_by_code.get(BEFORE_18)
        born_on = participant.person.born_on
        if limit is None or born_on is None or (participant.pk, Code.PERMISSION) not in self.gates:
            return False
        return grown_on(born_on) - limit.measure <= on

    def lacking(self, participant, on: date, *, with_minor, weight=GateRule.Weight.HARD) -> list[str]:
        """What this participant lacks on that day among the gates of this weight, a sentence each."""
        asked = self.asked(participant, on, with_minor=with_minor)
        return [one.lack for one in asked if one.weight == weight and one.lack]

    def look(self, participant, code, weight, on, source=""):
        gate = self.gates.get((participant.pk, code))
        return Asked(code, weight, gate, self.lack(participant, code, gate, on), source)

    def lack(self, participant, code, gate, on):
        """What is missing of one gate, in a sentence that names the person; empty where it is met."""
        name = participant.person.first_name
        if gate is None or not gate.is_met:
            return not_met(name, code, was_seen=gate is not None, is_age_known=participant.person.born_on is not None)
        said = {"name": name, "what": label_of(code)}
        if gate.astray_at:
            return _("%(name)s: the %(what)s is to be confirmed, for somebody else may have given it.") % said
        if gate.met_on > on:
            return _("%(name)s: the %(what)s counts only from %(day)s.") % (said | {"day": day_words(gate.met_on)})
        if gate.valid_until_on and gate.valid_until_on < on:
            return ran_out(name, code, gate.valid_until_on)
        more = {Code.CLEARANCE: self.no_last_day, Code.TRAINING: self.few_hours, Code.PERMISSION: self.not_theirs}
        return more[code](participant, gate, on) if code in more else ""

    def no_last_day(self, participant, gate, on):
        if gate.valid_until_on:
            return ""
        return _("%(name)s's background check does not say until when it counts.") % {
            "name": participant.person.first_name
        }

    def few_hours(self, participant, gate, on):
        if participant.side != Participant.Side.MENTOR:
            return ""  # how long is asked of mentors
        needed, had = self.hours.get(participant.program_id, 0), gate.hours or 0
        if had >= needed:
            return ""
        said = {"name": participant.person.first_name, "had": f"{had.normalize():f}" if had else "0", "needed": needed}
        return _("%(name)s has %(had)s of %(needed)s hours of training.") % said

    def not_theirs(self, participant, gate, on):
        """Permission counts while whoever gave it is a living guardian who may consent. The sentence names no guardian:
        it is read on many pages, and some reader may be kept away from one."""
        child = participant.person.first_name
        if gate.given_by is None:
            return _("It is not written down which guardian gave permission for %(child)s.") % {"child": child}
        guardian = self.guardians.get((gate.given_by_id, participant.person_id))
        if guardian and may_consent(guardian, self.kept_away, on):
            return ""
        return _("Whoever gave permission for %(child)s may no longer give it.") % {"child": child}


def applies(rule, *, is_child, with_minor):
    """Whether a rule asks anything of this person."""
    if rule.weight == GateRule.Weight.OFF:
        return False
    if rule.code in OF_A_FAMILY:
        return is_child
    return with_minor or not rule.minors_only


def not_met(name, code, *, was_seen, is_age_known):
    """Nothing there, or seen and not in order. A child's no and a child not yet asked read the same."""
    said = {"name": name, "what": label_of(code)}
    if code == Code.ASSENT:
        return _("%(name)s has not said yes.") % said
    if code == Code.CONSENT:
        return _("%(name)s has not agreed to join.") % said
    if code == Code.PERMISSION and is_age_known:
        return _("No guardian's permission stands for %(name)s.") % said
    if code == Code.PERMISSION:
        words = _("No guardian's permission stands for %(name)s, who counts as a child while no birth date is known.")
        return words % said
    if was_seen:
        return _("%(name)s: the %(what)s is not in order.") % said
    return _("%(name)s: the %(what)s is missing.") % said


def ran_out(name, code, day):
    said = {"name": name, "what": label_of(code), "day": day_words(day)}
    if code == Code.CLEARANCE:
        return _("%(name)s's background check ran out on %(day)s.") % said
    return _("%(name)s: the %(what)s ran out on %(day)s.") % said


def label_of(code):
    """The words for a gate; a host's own code reads as it was written."""
    return str(Code(code).label) if code in Code.values else code.replace("-", " ")


def day_words(day):
    return date_format(day, "j F Y")


def kept_away_from(children):
    """Who is kept away from which of these children, and when: {(adult, child): [restriction]}."""
    found = defaultdict(list)
    for one in Restriction.objects.filter(subject__in=children):
        found[one.kept_away_id, one.subject_id].append(one)
    return found


def may_consent(guardianship, kept_away, on):
    """Living, with the right to consent, and not kept away from the child on that day."""
    away = kept_away.get((guardianship.adult_id, guardianship.child_id), [])
    return guardianship.consents and guardianship.is_living(on) and not any(one.is_live(on) for one in away)


def keep_persons(participants):
    """Put each participant's person at hand, in one query for all that lack it."""
    bare = [one for one in participants if not Participant.person.is_cached(one)]
    persons = Person.objects.in_bulk({one.person_id for one in bare}) if bare else {}
    for one in bare:
        one.person = persons[one.person_id]
