"""Brings pairs into Riverside by the house's own actions: lists, a guardian, papers, proposal, beginning.

`python -m tests.walks.pairs NUMBER FIRST_DAY EVERY_DAYS [--found]` in the folder that RAPPORT_DIR names.
"""

import os
import sys
from datetime import date, time, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.settings")
django.setup()

from django.conf import settings  # noqa: E402

from rapport.access.models import User  # noqa: E402
from rapport.clock.install import make_ready  # noqa: E402
from rapport.core.months import moment  # noqa: E402
from rapport.demo import founding  # noqa: E402
from rapport.demo.folder import mark  # noqa: E402
from rapport.matches import actions as matches  # noqa: E402
from rapport.matches.models import Point  # noqa: E402
from rapport.onboarding.actions import record_gate  # noqa: E402
from rapport.people.actions import add_person, enroll, entrust  # noqa: E402
from rapport.people.enrolling import Newcomer  # noqa: E402
from rapport.programs.models import Program  # noqa: E402

VALID = date(2040, 1, 1)


def found(on):
    """A demo's folder with the demo's programs and staff: as `rapport demo --empty`, on any database."""
    make_ready()
    mark(settings.RAPPORT_DIR)
    founding.found(on)


def bring(number, begun_on):
    """One mentor, one child of eleven and one guardian, who meet from that day on."""
    program, cora = Program.objects.get(slug="riverside"), User.objects.get(email="cora@example.org")
    at = moment(begun_on, time(9), program.zone)
    mentor = come("Mentor", number, "mentor", date(1990, 5, 1), program, cora, at)
    child = come("Child", number, "mentee", date(begun_on.year - 11, 3, 1), program, cora, at)
    guardian = add_person(
        organization=program.organization, given_name=f"Guardian{number}", family_name=f"House{number}",
        email=f"guardian{number}@example.org", by=cora, at=at,
    )  # fmt: skip
    entrust([(guardian, child.person)], relation="mother", starts_on=child.person.born_on, by=cora, at=at)
    paper = {"is_met": True, "met_on": begun_on, "by": cora, "at": at}
    record_gate(mentor, code="clearance", valid_until_on=VALID, how="certificate seen", **paper)
    record_gate(mentor, code="training", hours=3, **paper)
    record_gate(child, code="permission", given_by=guardian, **paper)
    record_gate(child, code="assent", given_by=child.person, **paper)
    new = matches.NewMatch([mentor], [child], coordinator=cora, site=program.sites.first())
    (match,) = matches.propose([new], program=program, by=cora, at=at)
    points = match.points.untouched().required_for(Point.Moment.BEGIN)
    matches.tick(list(points), words="Talked through together.", by=cora, at=at)
    matches.begin(match, begun_on=begun_on, by=cora, at=at)


def come(who, number, side, born_on, program, by, at):
    row = Newcomer(
        given_name=f"{who}{number}", family_name=f"House{number}", email=f"{who.lower()}{number}@example.org",
        born_on=born_on, site=program.sites.first().name,
    )  # fmt: skip
    return enroll([row], program=program, side=side, by=by, at=at)[0].participant


if __name__ == "__main__":
    pairs, first, every = int(sys.argv[1]), date.fromisoformat(sys.argv[2]), int(sys.argv[3])
    if "--found" in sys.argv:
        found(first)
    for n in range(pairs):
        bring(n, first + timedelta(days=every * n))
