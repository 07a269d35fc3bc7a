"""Making the program that was set up, with whoever is to work in it."""

from django.db import transaction

from rapport.access.actions import refresh_roles
from rapport.access.models import Role
from rapport.access.rights import Right
from rapport.portal.founding import found_program
from rapport.portal.inviting import be_somebody, invite
from rapport.programs.actions import add_member, the_organization
from rapport.programs.models import Membership, Program

ROLES = {"coordinator": "coordinator", "lead": "safeguarding-lead"}


def may_found(user, at):
    """Whether this user may make a new program: who manages the house, and the first person in an empty one."""
    held = Membership.objects.live(at).staff().filter(user=user, role__grants__right=Right.HOUSE_MANAGE)
    return held.exists() or not Program.objects.exists()


@transaction.atomic
def make(draft, *, by, at):
    """Make the program; who set it up manages it, and those named are invited. Returns it.

    All of it or nothing. Raises SlugTaken.
    """
    refresh_roles()
    told = draft.people
    program = found_program(slug=draft.slug, rules=draft.words, organization=the_organization(), by=by, at=at)
    be_somebody(by, program, by=by, at=at)
    own = ["administrator", *(["coordinator"] if told.get("is_coordinator") else [])]
    for role in Role.objects.filter(slug__in=own).order_by("pk"):
        add_member(by, program=program, role=role, by=by, at=at)
    for who, slug in ROLES.items():
        if told.get(f"{who}_email"):
            role = Role.objects.get(slug=slug)
            name, email = told[f"{who}_name"], told[f"{who}_email"]
            invite(program, name=name, email=email, role=role, by=by, at=at)
    return program
