"""Settings of the whole organization: what it says holds in each program that follows it there."""

import hashlib
import json

from django.db import transaction

from rapport.audit.actions import record
from rapport.programs.actions import ChangedMeanwhile, plain
from rapport.programs.models import Organization, Program

LANGUAGES, WORDS, QUIET = "languages", "words", "quiet-hours"
QUIET_HOURS = ("quiet-from", "quiet-until")  # limits
FOLLOWED = [LANGUAGES, WORDS, QUIET]
FIELDS = {LANGUAGES: ["languages"], WORDS: ["words"], QUIET: ["quiet_from", "quiet_until"]}


def as_it_stands(organization):
    """What the organization says, as one mark: a page opened before a colleague changed it does not write over it."""
    names = ("name", "time_zone", *(field for fields in FIELDS.values() for field in fields))
    told = json.dumps({name: getattr(organization, name) for name in names}, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:20]


@transaction.atomic
def change_organization(organization, said, *, seen="", by, at):
    """Keep what it says (values by field), and bring it into each open program that follows it there.

    `seen`: how it stood when the page was opened (`as_it_stands`). Returns the programs in which something changed.
    Raises ChangedMeanwhile.
    """
    now = Organization.objects.select_for_update().get(pk=organization.pk)
    if seen and seen != as_it_stands(now):
        raise ChangedMeanwhile(organization)
    if any(getattr(now, name) != getattr(organization, name) for name in said):
        raise ChangedMeanwhile(organization)
    was = {name: getattr(now, name) for name in said if getattr(now, name) != said[name]}
    if not was:
        return []
    for name in was:
        setattr(now, name, said[name])
    now.save(update_fields=list(was))
    told = {"was": plain(was), "now": plain({name: said[name] for name in was})}
    record("organization.changed", about=now, by=by, at=at, **told)
    programs = Program.objects.open().filter(organization=now).select_related("organization").order_by("pk")
    return [program for program in programs if take_over(program, program.follows, by=by, at=at)]


@transaction.atomic
def follow(program, names, *, by, at):
    """Let a program follow its organization in these settings, and in no others. Returns whether anything changed."""
    names = [name for name in FOLLOWED if name in names and says(program.organization, name)]
    moved = Program.objects.filter(pk=program.pk).exclude(follows=names).update(follows=names)
    if moved:
        record("program.follows", about=program, by=by, at=at, was=program.follows, now=names)
        program.follows = names
    return take_over(program, names, by=by, at=at) or bool(moved)


@transaction.atomic
def go_own_way(program, name, *, by, at):
    """A program that says something of its own follows there no more."""
    if name in program.follows:
        follow(program, [one for one in program.follows if one != name], by=by, at=at)


def says(organization, name):
    """Whether the organization says anything there."""
    return all(getattr(organization, field) not in (None, [], {}) for field in FIELDS[name])


def take_over(program, names, *, by, at):
    """Bring what the organization says into the program's own rows. Returns whether anything was different."""
    changed, says_ = False, program.organization
    for name in (LANGUAGES, WORDS):
        is_said = name == WORDS or says(says_, name)  # no own words are the house's; no language is nothing said
        if name in names and is_said and getattr(program, name) != getattr(says_, name):
            was = {name: getattr(program, name)}
            Program.objects.filter(pk=program.pk).update(**{name: getattr(says_, name)})
            now = {name: getattr(says_, name)}
            record("program.changed", about=program, by=by, at=at, was=plain(was), now=plain(now))
            changed = True
    for code, value in hours_of(says_).items() if QUIET in names else ():
        limit = program.limits.filter(code=code).exclude(value=value).first()
        if limit is not None:
            record("limit.changed", about=limit, by=by, at=at, was={"value": limit.value}, now={"value": value})
            program.limits.filter(pk=limit.pk).update(value=value)
            changed = True
    return changed


def hours_of(organization):
    """{code of the limit: its hour}, where the organization says both."""
    hours = (organization.quiet_from, organization.quiet_until)
    return {} if None in hours else dict(zip(QUIET_HOURS, hours, strict=True))


@transaction.atomic
def follow_at_first(program, said, profile, *, by, at):
    """A new program follows wherever what it was made of (`said`) differs neither from the organization nor from the
    profile it started from."""
    names = [name for name in (LANGUAGES, WORDS) if getattr(program, name) in (getattr(program.organization, name), {})]
    hours, theirs = hours_said(said), hours_said(profile)
    if hours in (theirs, hours_of(program.organization)):
        names.append(QUIET)
    follow(program, names, by=by, at=at)


def hours_said(words):
    return {row["code"]: row["value"] for row in words.get("limit", []) if row["code"] in QUIET_HOURS}
