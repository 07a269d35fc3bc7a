"""Making programs and bringing staff into them."""

from django.db import transaction

from rapport.audit.actions import record, record_many
from rapport.core.refused import Refused
from rapport.programs import profiles
from rapport.programs.models import GateRule, Limit, Membership, Organization, Program, Promise, Site


class SlugTaken(Refused):
    """There is a program of this name already."""

    sentence = "There is a program with this short name already."


@transaction.atomic
def make_program(*, slug, name, profile, organization, using_since_on, time_zone="UTC", by, at, **more):
    """Make a program from a profile: its promises, limits and gates become rows. Raises SlugTaken, ProfileMissing."""
    if Program.objects.filter(slug=slug).exists():
        raise SlugTaken(slug)
    words = profiles.read(profile)
    program = Program.objects.create(
        organization=organization,
        slug=slug,
        name=name,
        profile=profile,
        time_zone=time_zone,
        using_since_on=using_since_on,
        adults_only=words.get("adults_only", False),
        one_to_one=words.get("one_to_one", True),
        **{"languages": ["en"], **more},
    )
    write_rules(program, words)
    record("program.made", about=program, by=by, at=at, profile=profile)
    return program


def write_rules(program, words):
    """Write a profile's rules as rows of this program."""
    Promise.objects.bulk_create([Promise(program=program, **row) for row in words.get("promise", [])])
    Limit.objects.bulk_create([Limit(program=program, **row) for row in words.get("limit", [])])
    GateRule.objects.bulk_create([GateRule(program=program, **row) for row in words.get("gate", [])])


def the_organization(name="Our organization"):
    """The one organization of this install."""
    return Organization.objects.order_by("pk").first() or Organization.objects.create(name=name)


@transaction.atomic
def add_member(user, *, program, role, site=None, by, at):
    """Give somebody a role in a program from now on."""
    membership, made = Membership.objects.get_or_create(
        user=user, program=program, role=role, site=site, ends_at=None, defaults={"starts_at": at}
    )
    if made:
        record("membership.begun", about=membership, by=by, at=at, role=role.slug, user=user.pk)
    return membership


@transaction.atomic
def sites_named(names, *, program, by, at):
    """The sites of these names, made where they are missing. Returns them by name."""
    standing = {site.name: site for site in program.sites.filter(name__in=names)}
    new = [Site(program=program, name=name) for name in dict.fromkeys(names) if name not in standing]
    Site.objects.bulk_create(new)
    record_many("site.added", about=new, by=by, at=at)
    return standing | {site.name: site for site in new}
