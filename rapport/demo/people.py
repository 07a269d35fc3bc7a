"""Bringing the people of a story in: lists, guardians, papers, and who may sign in."""

from datetime import date, datetime, timedelta

from rapport.access.actions import add_user
from rapport.access.models import Role
from rapport.core.months import add_months
from rapport.demo.script import Somebody, Story
from rapport.onboarding.actions import record_gate
from rapport.people.actions import add_person, enroll, entrust, let_sign_in, say
from rapport.people.enrolling import Newcomer
from rapport.people.models import Consent, Participant, Person
from rapport.portal.actions import turn_to_us
from rapport.portal.mine import page_by_link
from rapport.programs.actions import add_member
from rapport.programs.models import GateRule

VALID_YEARS = {"clearance": 3}
HOURS = {"training": 3}
GIVEN_BY_GUARDIAN, GIVEN_BY_THEMSELVES = {"permission"}, {"assent", "consent"}


class People:
    """Who has come in, by name."""

    def __init__(self, story: Story, program, staff: dict):
        self.story, self.program, self.staff = story, program, staff
        self.participants: dict[tuple[str, str], Participant] = {}
        self.guardians: dict[str, Person] = {}

    def come(self, side: str, somebodies: list[Somebody], site: str, *, by, at: datetime) -> None:
        """Those who are not here yet come in on one side of the program."""
        new = {one.name: one for one in somebodies if (side, one.name) not in self.participants}
        rows = enroll(
            [self.newcomer(one, side, site) for one in new.values()], program=self.program, side=side, by=by, at=at
        )
        for name, row in zip(new, rows, strict=True):
            self.participants[side, name] = row.participant

    def newcomer(self, one: Somebody, side: str, site: str) -> Newcomer:
        matches = sum(pair.mentor.name == one.name for pair in self.story.pairs)
        return Newcomer(
            given_name=one.given_name, family_name=one.family_name, email=self.address(one), born_on=self.born_on(one),
            site=site, capacity=max(matches, 1) if side == "mentor" else None,
            traits=self.told_by(one),
        )  # fmt: skip

    def told_by(self, one: Somebody) -> dict:
        """What matching looks at: a grade, or some of what the story names, the same for the same name each time.

        One in thirteen was not asked.
        """
        sign = sum(map(ord, one.name))
        lists = {} if sign % 13 == 0 else self.story.told.get("told", {})
        told = {
            name: sorted({words[(sign * step + n * (step + 1)) % len(words)] for n in range(1 + (sign + step) % 2)})
            for step, (name, words) in enumerate(lists.items(), 1)
        }
        return told | ({"grade": one.grade} if one.grade else {})

    def address(self, one: Somebody) -> str:
        told = self.story.told["people"]
        if one.name in told.get("no_address", []):
            return ""
        if one.name in told.get("share_an_address", []):
            return f"{one.family_name.lower()}.family@example.org"
        return one.address

    def born_on(self, one: Somebody) -> date | None:
        """Their birthday lies somewhere in the year, the same for the same name each time."""
        if one.grade:
            return None
        days = sum(map(ord, one.name)) % 300 + 20
        return add_months(self.story.monday, -12 * (one.age or 24 + days % 40)) - timedelta(days=days)

    def entrust(self, adult: Somebody, child: Somebody, *, by, at: datetime) -> None:
        """An adult who stands for a child comes in."""
        shared = child.name in self.story.told["people"].get("share_an_address", [])
        person = add_person(
            organization=self.program.organization, given_name=adult.given_name, family_name=adult.family_name,
            email=f"{child.family_name.lower()}.family@example.org" if shared else adult.address, by=by, at=at,
        )  # fmt: skip
        kid = self.participants["mentee", child.name].person
        entrust([(person, kid)], relation="parent", starts_on=kid.born_on, by=by, at=at)
        self.guardians[child.name] = person
        if child.name in self.story.told["people"].get("guardian_may_be_told_on", []):
            say(
                program=self.program, person=person, given_by=person, purpose=Consent.Purpose.TELL_PARTNER,
                is_given=True, as_guardian=True, channel="link", by=person, at=at,
            )  # fmt: skip

    def bring_papers(self, side: str, one: Somebody, missing=(), *, by, at: datetime) -> None:
        """Everything the program asks of this side has been seen, but for what is missing."""
        participant = self.participants[side, one.name]
        on = at.astimezone(self.program.zone).date()
        rules = self.program.gate_rules.filter(side=side, weight=GateRule.Weight.HARD)
        for code in rules.values_list("code", flat=True):
            if code not in missing:
                record_gate(participant, code=code, is_met=True, met_on=on, by=by, at=at, **self.paper(code, one, on))

    def paper(self, code: str, one: Somebody, on: date) -> dict:
        person = next(p.person for (_, name), p in self.participants.items() if name == one.name)
        given_by = self.guardians.get(one.name) if code in GIVEN_BY_GUARDIAN else None
        years = VALID_YEARS.get(code)
        return {
            "given_by": person if code in GIVEN_BY_THEMSELVES else given_by,
            "valid_until_on": add_months(on, 12 * years) if years else None,
            "hours": HOURS.get(code),
            "how": "certificate seen" if years else "",
        }

    def may_sign_in(self, somebody: str, role: str, *, by=None, at: datetime) -> None:
        """Let one of them sign in, by a code to their address."""
        person = next(p for name, p in self.everybody(role) if name == somebody)
        user = add_user(email=person.contact_points.mail().get().value, name=str(person), by=by, at=at)
        let_in(person, user, [(self.program, Role.objects.get(slug=role))], by=by, at=at)

    def turns_to_us(self, somebody: str, role: str, kind: str, *, at: datetime) -> None:
        """One of them asks for something on their own page."""
        person = next(p for name, p in self.everybody(role) if name == somebody)
        place = page_by_link(person, self.program, at)["places"][0]
        turn_to_us(person, kind, one=place.one, match=place.pairs[0].match, usual=place.contact, by=person, at=at)

    def everybody(self, role: str):
        if role == "guardian":
            return [(str(person), person) for person in self.guardians.values()]
        return [(name, one.person) for (side, name), one in self.participants.items() if side == role]


def let_in(person, user, roles, *, by, at: datetime) -> None:
    """Tie a person to the user they sign in as, with roles from now on: rows of (program, role[, name of a site])."""
    let_sign_in(person, user=user, by=by, at=at)
    for program, role, *site in roles:
        where = program.sites.get(name=site[0]) if site else None
        add_member(user, program=program, role=role, site=where, by=by, at=at)
