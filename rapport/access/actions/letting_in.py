"""A way back in for a colleague who lost phone and recovery codes.

Another member of staff, who knows them, gives a code by word of mouth. It stands in place of the second factor only:
the password is still asked for, so neither a mailbox nor a voice on the phone is enough by itself. Both are told.
"""

import secrets

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from rapport.access.actions.users import end_sessions
from rapport.access.links import sign_in_address
from rapport.access.models import WayIn
from rapport.audit.actions import record

DIGITS = 8


@transaction.atomic
def give_way_in(user, *, lasts, by, at):
    """Make a code for this user and tell them that there is one. Returns it; earlier ones open nothing any more.

    `by` is None where whoever runs the install gives it from the command line.
    """
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    WayIn.objects.open(at).filter(user=user).update(until_at=at)
    row = WayIn.objects.create(user=user, secret=hashed(user, code), given_by=by, given_at=at, until_at=at + lasts)
    record("user.way-in-given", about=user, by=by, at=at, until=row.until_at.isoformat())
    write_to(user, _("A code for your sign-in was given"), "access/way_in_given.txt", by=named(by))
    return code


def is_way_in(user, code, at):
    """Whether this is a code that was given for this user and still works."""
    return WayIn.objects.open(at).filter(user=user, secret=hashed(user, code)).exists()


@transaction.atomic
def come_in(user, code, *, at):
    """Use the code, once: the lost phone, passkeys and codes are untied, and every session of theirs ends.

    Returns whether it did.
    """
    rows = WayIn.objects.open(at).filter(user=user, secret=hashed(user, code))
    row = rows.select_related("given_by").first()
    if not rows.update(used_at=at):
        return False
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user, by=user, at=at)
    record("user.way-in-used", about=user, by=user, at=at, given_by=row.given_by_id)
    write_to(user, _("Your phone was untied from your sign-in"), "access/way_in_used.txt", by=named(row.given_by))
    return True


def named(by):
    return by.name if by else _("whoever runs this install")


def hashed(user, code):
    plain = "".join(sign for sign in code if sign.isdigit())
    return salted_hmac("rapport.access.letting_in", f"{user.pk}:{plain}", algorithm="sha256").hexdigest()


def write_to(user, subject, template, **context):
    context |= {"user": user, "address": sign_in_address(), "house": settings.ADDRESS}
    send_mail(subject, render_to_string(template, context).strip(), None, [user.email])
