"""Users come and go; roles are read from their file."""

import tomllib
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from rapport.access.models import Grant, Role, User
from rapport.access.rights import Right, Scope
from rapport.audit.actions import record
from rapport.core.refused import Refused

ROLES = Path(__file__).parent.with_name("roles.toml")


class AddressTaken(Refused):
    """Somebody else signs in with this address."""

    sentence = _("Somebody already signs in with this address.")


@transaction.atomic
def refresh_roles():
    """Make the shipped roles read as their file does. Roles that a host added stay as they are."""
    for slug, words in tomllib.loads(ROLES.read_text()).items():
        name, is_staff = words.pop("name"), words.pop("is_staff")
        role, _made = Role.objects.update_or_create(slug=slug, defaults={"name": name, "is_staff": is_staff})
        wanted = {(Right(right), Scope(scope)) for scope, rights in words.items() for right in rights}
        had = set(role.grants.values_list("right", "scope"))
        Grant.objects.bulk_create([Grant(role=role, right=r, scope=s) for r, s in sorted(wanted - had)])
        for right, scope in had - wanted:
            role.grants.filter(right=right, scope=scope).delete()


@transaction.atomic
def add_user(*, email, name, password=None, by, at):
    """Let somebody sign in with this address; without a password, by code only. Raises AddressTaken."""
    if User.objects.filter(email__iexact=email).exists():
        raise AddressTaken(email)
    user = User(email=email.strip(), name=name, joined_at=at)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # somebody else made them at this very moment
        raise AddressTaken(email) from None
    record("user.added", about=user, by=by, at=at)
    return user


@transaction.atomic
def let_in_again(user, *, by, at):
    """Somebody who left may sign in again, with a new password: the old one is forgotten."""
    back = {"is_active": True, "left_at": None, "password": make_password(None)}
    moved = User.objects.filter(pk=user.pk, is_active=False).update(**back)
    if moved:
        user.refresh_from_db()
        record("user.returned", about=user, by=by, at=at)


@transaction.atomic
def end_access(user, *, by, at):
    """Let somebody sign in no more; every open session ends at once."""
    moved = User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, left_at=at)
    if moved:
        record("user.left", about=user, by=by, at=at)
        end_sessions(user, by=by, at=at)
        user.drafts.all().delete()


@transaction.atomic
def end_sessions(user, *, only=None, but=None, by, at):
    """Sign somebody out: everywhere, in one place only (its key), or everywhere but here. Returns in how many."""
    places = UserSession.objects.filter(user=user)
    places = places.filter(pk=only) if only else places
    keys = [key for key in places.values_list("session_key", flat=True) if key != but]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    if keys:
        record("user.signed-out", about=user, by=by, at=at, places=len(keys))
    return len(keys)
