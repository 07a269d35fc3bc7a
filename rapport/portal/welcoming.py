"""An own sign-in for those who take part: a mentor, a guardian, a mentee who is grown up.

The letter holds no link that opens anything: it says where to sign in, and the code comes to the address we know. So
the address must be read by this person alone.
"""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from rapport.access.actions import add_user, end_access, end_sessions, let_in_again
from rapport.access.links import sign_in_address
from rapport.access.models import Role
from rapport.core.languages import known
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.people.actions import let_sign_in
from rapport.people.models import Guardianship, Participant, Restriction
from rapport.programs.actions import add_member, end_membership
from rapport.programs.models import Membership


class NoOwnAddress(Refused):
    """A code must come to an address that nobody else reads."""

    sentence = lazy("We know no e-mail address that this person reads alone. Add one first.")


class NotForThem(Refused):
    """Children answer by link; who stands for nobody here has nothing to see."""

    sentence = lazy("This person gets no own sign-in here.")


def role_for(person, one, at):
    """Which role a person on the page of this participant may have: "mentor", "mentee", "guardian", or none."""
    on = day_in(at, one.program.zone)
    if person.pk == one.person_id:
        mentee = one.side == Participant.Side.MENTEE
        grown = not person.counts_as_child(one.program, on)
        return ("mentee" if mentee else "mentor") if grown and one.left_at is None else ""
    stands = Guardianship.objects.living(on).told().filter(adult=person, child=one.person)
    kept = Restriction.objects.live(on).filter(kept_away=person, subject=one.person)
    return "guardian" if stands.exists() and one.left_at is None and not kept.exists() else ""


def address_of(person):
    """Where a code may go: the address they like best of those they read alone."""
    points = person.contact_points.mail().working().private().in_order()
    return points.values_list("value", flat=True).first()


@transaction.atomic
def welcome(person, one, *, by, at):
    """Let this person sign in for what the page of this participant is about. Returns the address.

    Said twice is once, with the letter once more. Raises NotForThem, NoOwnAddress, AddressTaken.
    """
    role = role_for(person, one, at)
    if not role:
        raise NotForThem(person)
    user = person.user
    if user is None:
        address = address_of(person)
        if not address:
            raise NoOwnAddress(person)
        user = add_user(email=address, name=person.full_name, by=by, at=at)
        let_sign_in(person, user=user, by=by, at=at)
    let_in_again(user, by=by, at=at)
    add_member(user, program=one.program, role=Role.objects.get(slug=role), by=by, at=at)
    with override(person.language if known(person.language) else settings.LANGUAGE_CODE):
        write_to(user, one.program)
    return user.email


def write_to(user, program):
    body = render_to_string("portal/own_sign_in.txt", {"user": user, "program": program, "link": sign_in_address()})
    send_mail(_("Your own page: %(program)s") % {"program": program.name}, body.strip(), None, [user.email])


@transaction.atomic
def close_sign_in(person, program, *, by, at):
    """End what this person signs in here for as somebody who takes part; what they work here for stays.

    Returns whether there was anything.
    """
    held = Membership.objects.live(at).filter(user=person.user_id, program=program, role__is_staff=False)
    rows = list(held.select_related("user", "role"))
    for row in rows:
        end_membership(row, by=by, at=at)
    if rows:
        end_sessions(rows[0].user, by=by, at=at)
        if not Membership.objects.live(at).filter(user=person.user_id).exists():
            end_access(rows[0].user, by=by, at=at)
    return bool(rows)
