"""Bringing staff in and ending their roles, never beyond one's own rights."""

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.actions import add_user, end_access, end_sessions, give_way_in, let_in_again
from rapport.access.links import password_link, sign_in_address
from rapport.access.models import Grant, Role, User
from rapport.access.rights import Right, Scope
from rapport.audit.actions import record
from rapport.care.actions.handing import hand_over_all
from rapport.core.refused import Refused
from rapport.people.actions import add_person, let_sign_in
from rapport.people.models import Person
from rapport.programs.actions import add_member, end_membership
from rapport.programs.limits import way_in_time
from rapport.programs.models import Membership
from rapport.safeguarding.actions import hand_on

LONGEST_NAME = 100  # of a person; a sign-in may have a longer one
FIRST_ROLES = ("administrator", "coordinator")  # of whoever a new program begins with


class BeyondOwnRights(Refused):
    """Nobody gives away, or takes away, rights they do not hold themselves."""

    sentence = lazy("You cannot give or end this role: it holds rights that you do not have here.")


class SignedInAlready(Refused):
    """Who has a password needs no second invitation."""

    sentence = lazy("They have chosen a password already. If it is lost, they ask for a new one where people sign in.")


class ToThemselves(Refused):
    """Nobody gives themselves a role."""

    sentence = lazy("Nobody gives themselves a role. Ask somebody else who may invite.")


def roles_open_to(user, program, at):
    """Roles of staff that this user may give and end here: within own rights, all for who manages the house."""
    held = Grant.objects.filter(
        scope=Scope.PROGRAM, role__memberships__in=Membership.objects.live(at).filter(user=user, program=program)
    )
    rights = set(held.values_list("right", flat=True))
    staff = Role.objects.filter(is_staff=True)
    if Right.HOUSE_MANAGE not in rights:
        staff = staff.exclude(grants__in=Grant.objects.exclude(right__in=rights))
    return staff.order_by("name")


@transaction.atomic
def invite(program, *, name, email, role, site=None, by, at):
    """Give somebody a role of staff here; who is new gets a sign-in and a person, and everybody a letter.

    Returns (membership, whether it is new). The same once more is no second one. Raises BeyondOwnRights, ToThemselves.
    """
    if not roles_open_to(by, program, at).filter(pk=role.pk).exists():
        raise BeyondOwnRights(role)
    user = User.objects.filter(email__iexact=email).first()
    if user == by:
        raise ToThemselves(role)
    user = user or add_user(email=email, name=name, by=by, at=at)
    be_somebody(user, program, by=by, at=at)
    let_in_again(user, by=by, at=at)
    held = Membership.objects.live(at).filter(user=user, program=program, role=role, site=site)
    is_new = not held.exists()
    membership = add_member(user, program=program, role=role, site=site, by=by, at=at)
    if is_new:
        write_to(user, program, role, by)
    return membership, is_new


@transaction.atomic
def invite_again(membership, *, by, at):
    """The letter once more, to somebody who has not chosen a password yet. Raises BeyondOwnRights, SignedInAlready."""
    if not roles_open_to(by, membership.program, at).filter(pk=membership.role_id).exists():
        raise BeyondOwnRights(membership)
    if membership.user.has_usable_password():
        raise SignedInAlready(membership)
    record("membership.invited-again", about=membership, by=by, at=at, user=membership.user_id)
    write_to(membership.user, membership.program, membership.role, by)


@transaction.atomic
def begin_with(program, *, name, email, at) -> str:
    """Let the first one in, who may invite everybody else. Returns the address where they choose a password.

    Only whoever runs the install can do this, from its command line; nobody is written to.
    """
    user = User.objects.filter(email__iexact=email).first() or add_user(email=email, name=name, by=None, at=at)
    be_somebody(user, program, by=None, at=at)
    for role in Role.objects.filter(slug__in=FIRST_ROLES).order_by("pk"):
        add_member(user, program=program, role=role, by=None, at=at)
    return sign_in_address() if user.has_usable_password() else password_link(user)


def be_somebody(user, program, *, by, at):
    """The person behind a sign-in: one known by this name and address, else somebody new.

    Whoever works here is a person, for only a person can be kept away from somebody, or from a sealed file.
    """
    if Person.objects.filter(user=user).exists():
        return
    email, (given, _space, family) = user.email, user.name[:LONGEST_NAME].partition(" ")
    known = Person.objects.filter(
        organization=program.organization,
        user=None,
        given_name__iexact=given,
        family_name__iexact=family,
        contact_points__kind="email",
        contact_points__value__iexact=email,
        contact_points__is_private=True,
    ).distinct()[:2]
    person = known[0] if len(known) == 1 else None
    person = person or add_person(
        organization=program.organization, given_name=given or email[:LONGEST_NAME], family_name=family, email=email,
        by=by, at=at,
    )  # fmt: skip
    let_sign_in(person, user=user, by=by, at=at)


def write_to(user, program, role, by):
    """The letter that invites: a link to choose a password for who has none, else where to sign in."""
    first = not user.has_usable_password()
    context = {
        "user": user,
        "program": program,
        "role": role,
        "by": by,
        "is_first": first,
        "link": password_link(user) if first else sign_in_address(),
    }
    subject = _("You are invited: %(program)s") % {"program": program.name}
    send_mail(subject, render_to_string("portal/staff_invitation.txt", context).strip(), None, [user.email])


@transaction.atomic
def let_in(user, program, *, by, at):
    """A code by word of mouth for a colleague without phone and recovery codes. Returns it.

    Raises ToThemselves, and BeyondOwnRights for whoever holds a role here or elsewhere that `by` could not give there.
    """
    if user == by:
        raise ToThemselves(user, lazy("Nobody lets themselves in. Ask a colleague."))
    if not may_let_in(user, by=by, at=at):
        raise BeyondOwnRights(user, lazy("Somebody who may give all of their roles has to do this."))
    return give_way_in(user, lasts=way_in_time(program), by=by, at=at)


def may_let_in(user, *, by, at):
    """Whoever manages the house, and who could give each role that this user holds, where they hold it."""
    mine = Membership.objects.live(at).filter(user=by)
    if mine.filter(role__grants__right=Right.HOUSE_MANAGE).exists():
        return True
    held = Membership.objects.live(at).staff().filter(user=user).select_related("program")
    return all(roles_open_to(by, one.program, at).filter(pk=one.role_id).exists() for one in held)


@transaction.atomic
def end(membership, *, to=None, lead=None, by, at):
    """End a role, and with it every open session: with what is left, they sign in anew.

    Whose last desk here it was has their matches and tasks given to `to`; who led on safety, what is sealed to `lead`.
    Who has no role left anywhere cannot sign in any more. Returns how much nobody here may have. Raises
    BeyondOwnRights, LastOne, OwnLast, and NeedsSomebody where there is work and nobody for it.
    """
    check_may_end(membership, by=by, at=at)
    user, program = membership.user, membership.program
    leaves_desk = loses(membership, Right.TASK_DO, at)
    leads_no_more = loses(membership, Right.CONCERN_LEAD, at)
    end_membership(membership, by=by, at=at)
    rest = hand_over_all(program, user, to=to, by=by, at=at) if leaves_desk else 0
    if leads_no_more:
        hand_on(program, user, to=lead, by=by, at=at)
    if not Membership.objects.live(at).filter(user=user).exists():
        end_access(user, by=by, at=at)
    if user != by:
        end_sessions(user, by=by, at=at)
    return rest


def check_may_end(membership, *, by, at):
    """One's own roles, and those within one's own rights. Raises BeyondOwnRights."""
    own = membership.user_id == by.pk
    if not own and not roles_open_to(by, membership.program, at).filter(pk=membership.role_id).exists():
        raise BeyondOwnRights(membership)


def loses(membership, right, at):
    """Whether with this role they lose a right in its program."""
    here = Membership.objects.live(at).filter(
        user=membership.user_id, program=membership.program_id, role__grants__right=right
    )
    return here.filter(pk=membership.pk).exists() and not here.exclude(pk=membership.pk).exists()
