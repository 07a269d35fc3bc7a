"""Making programs, changing their settings, and bringing staff into them."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.access.models import Grant
from rapport.access.rights import Right
from rapport.audit.actions import record, record_many
from rapport.core.refused import Refused
from rapport.programs import profiles
from rapport.programs.models import (
    ActivityRule,
    ClosedTime,
    GateRule,
    Holder,
    Limit,
    Membership,
    Organization,
    PlaceRule,
    PointRule,
    Post,
    Preparation,
    Prepared,
    Program,
    Promise,
    Reopening,
    Site,
    StarterRule,
)
from rapport.programs.starters import starters_of


class SlugTaken(Refused):
    """There is a program of this name already."""

    sentence = "There is a program with this short name already."


class ChangedMeanwhile(Refused):
    """Somebody else changed this setting since the page was loaded."""

    sentence = _("Somebody changed this a moment ago. Look at how it stands now.")


class LastOne(Refused):
    """Without this member nobody in the program could do what only this role can."""

    sentence = _("Nobody else has this role here. Invite somebody to it first, then end this one.")


class OwnLast(Refused):
    """Nobody shuts the door behind themselves by mistake."""

    sentence = _("This is your own last role here. Somebody else has to end it.")


class AlwaysAsked(Refused):
    """Where children may be, no page loosens what keeps them safe."""

    sentence = _("Where children may take part this is always asked, and no page changes that.")


FOR_A_CHILD = ("clearance", "supervisor", "permission", "assent")  # gates (security.md §3)
OWN_WORDS = "The program's own words"
NEVER_EMPTY = (Right.STAFF_INVITE, Right.CONCERN_LEAD)  # a program without them could let nobody in, or hear nobody


@transaction.atomic
def make_program(*, slug, name, profile, organization, using_since_on, time_zone="UTC", rules=None, by, at, **more):
    """Make a program from a profile: its promises, limits and gates become rows. Raises SlugTaken, ProfileMissing.

    `rules` stands in place of what the profile's file says, where a program has a file of its own.
    """
    if Program.objects.filter(slug=slug).exists():
        raise SlugTaken(slug)
    words = rules or profiles.read(profile)
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
    PointRule.objects.bulk_create([PointRule(program=program, **row) for row in words.get("point", [])])
    Post.objects.bulk_create([Post(program=program, **row) for row in words.get("post", [])])
    PlaceRule.objects.bulk_create([PlaceRule(program=program, **row) for row in words.get("place", [])])
    ActivityRule.objects.bulk_create([ActivityRule(program=program, **row) for row in words.get("activity", [])])
    StarterRule.objects.bulk_create([StarterRule(program=program, **row) for row in words.get("starter", [])])
    Preparation.objects.bulk_create([Preparation(program=program, **row) for row in words.get("preparation", [])])


@transaction.atomic
def bring_new_rules(*, at) -> int:
    """Give programs of before what a newer Rapport brings: limits that no program is without, and gates that are
    offered and asked of nobody. Returns how many rows. Doing it twice changes nothing.

    Of a limit that a program may be without, nobody can tell a row left out from one that was not there yet: it stays
    away. Nothing that is there changes.
    """
    needed, made = {row["code"] for row in profiles.read(profiles.PATTERN)["limit"]}, 0
    told = {slug: profiles.read(slug) for slug in profiles.slugs()}
    for program in Program.objects.order_by("pk").with_limits().prefetch_related("gate_rules"):
        words = told.get(program.profile, {})
        limits = [row for row in words.get("limit", []) if row["code"] in needed - set(program.limits_by_code)]
        there = {(rule.side, rule.code) for rule in program.gate_rules.all()}
        gates = [row for row in words.get("gate", []) if row.get("weight") == GateRule.Weight.OFF]
        gates = [row for row in gates if (row["side"], row["code"]) not in there]
        Limit.objects.bulk_create([Limit(program=program, **row) for row in limits], ignore_conflicts=True)
        GateRule.objects.bulk_create([GateRule(program=program, **row) for row in gates], ignore_conflicts=True)
        if limits or gates:
            codes = [row["code"] for row in (*limits, *gates)]
            record("program.new-rules", about=program, by=None, at=at, codes=codes)
        made += len(limits) + len(gates)
    return made


def write_places(program, words):
    """Write the sites and the closed days that a program's file names."""
    Site.objects.bulk_create([Site(program=program, **row) for row in words.get("site", [])])
    sites = {site.name: site for site in program.sites.all()}
    days = [{"ends_on": row["starts_on"], **row, "site": sites.get(row.get("site"))} for row in words.get("closed", [])]
    ClosedTime.objects.bulk_create([ClosedTime(program=program, **row) for row in days])


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


@transaction.atomic
def end_membership(membership, *, by, at):
    """End a role of somebody's in a program; it bites with the next request.

    Returns whether it was still live. Raises OwnLast, and LastOne for a role that no program can be without.
    """
    Program.objects.select_for_update().get(pk=membership.program_id)  # two who end each other take turns
    here = Membership.objects.live(at).filter(program=membership.program_id)
    if membership.user_id == getattr(by, "pk", None) and not here.filter(user=by).exclude(pk=membership.pk).exists():
        raise OwnLast(membership)
    vital = Grant.objects.filter(role=membership.role_id, right__in=NEVER_EMPTY).exists()
    if vital and not here.filter(role=membership.role_id).exclude(user=membership.user_id).exists():
        raise LastOne(membership)
    moved = Membership.objects.filter(pk=membership.pk, ends_at=None).update(ends_at=at)
    if moved:
        record("membership.ended", about=membership, by=by, at=at, role=membership.role.slug, user=membership.user_id)
    return bool(moved)


@transaction.atomic
def change_setting(rule, numbers, *, by, at):
    """Change numbers of a limit or a promise; its source stays, and the trail keeps what they were.

    `numbers` holds values by field. Returns whether anything changed. Raises ChangedMeanwhile.
    """
    was = {name: getattr(rule, name) for name, value in numbers.items() if getattr(rule, name) != value}
    if not was:
        return False
    now = {name: numbers[name] for name in was}
    moved = type(rule).objects.filter(pk=rule.pk, **was).update(**now)
    if not moved:
        raise ChangedMeanwhile(rule)
    record(f"{rule._meta.model_name}.changed", about=rule, by=by, at=at, was=plain(was), now=plain(now))
    return True


@transaction.atomic
def change_gate(rule, *, weight, why, by, at):
    """Ask a gate more or less strictly, for a reason that the trail keeps. Returns whether it changed.

    Raises ChangedMeanwhile, and AlwaysAsked where a child is to be met without it.
    """
    if weight == rule.weight:
        return False
    if weight != GateRule.Weight.HARD and always_asked(rule):
        raise AlwaysAsked(rule)
    if not GateRule.objects.filter(pk=rule.pk, weight=rule.weight).update(weight=weight):
        raise ChangedMeanwhile(rule)
    record("gate-rule.changed", about=rule, by=by, at=at, was={"weight": rule.weight}, now={"weight": weight}, why=why)
    return True


def always_asked(rule):
    """Whether this gate stands between a child and somebody nobody looked at: no page makes it optional."""
    return rule.weight == GateRule.Weight.HARD and not rule.program.adults_only and rule.code in FOR_A_CHILD


def plain(values):
    """Values as the trail keeps them."""
    return {name: value if isinstance(value, int | str | None) else str(value) for name, value in values.items()}


@transaction.atomic
def add_site(program, *, name, emergency_numbers="", by, at):
    """A place where pairs of this program meet, once per name."""
    site, made = Site.objects.get_or_create(
        program=program, name=name, defaults={"emergency_numbers": emergency_numbers}
    )
    if made:
        record("site.added", about=site, by=by, at=at)
    return site


@transaction.atomic
def name_holder(post, *, site=None, user=None, name="", reach="", by, at):
    """Say who holds a named role, at a site or everywhere. Returns (the row, whether it is new)."""
    Post.objects.select_for_update().get(pk=post.pk)  # two who say it at once say it once
    same = {"program_id": post.program_id, "post": post, "site": site, "user": user, "name": "" if user else name}
    holder = Holder.objects.live(at).filter(**same).first()
    if holder:
        return holder, False
    holder = Holder.objects.create(**same, reach=reach, since_at=at, named_by=by)
    record("holder.named", about=holder, by=by, at=at, post=post.code, user=user and user.pk)
    return holder, True


@transaction.atomic
def end_holder(holder, *, by, at):
    """Somebody holds a named role no longer. Returns whether they did."""
    moved = Holder.objects.filter(pk=holder.pk, ended_at=None).update(ended_at=at)
    if moved:
        record("holder.ended", about=holder, by=by, at=at, post=holder.post.code, user=holder.user_id)
    return bool(moved)


@transaction.atomic
def write_prepared(user, *, program, code, met_on, valid_until_on=None, is_waived=False, words="", by, at):
    """Write down that a colleague had what their role asks for, or why it is waived for them. The last word counts."""
    row = Prepared.objects.create(
        program=program, user=user, code=code, met_on=met_on, valid_until_on=valid_until_on, is_waived=is_waived,
        words=words, seen_by=by, seen_at=at,
    )  # fmt: skip
    told = {"code": code, "user": user.pk, "met_on": str(met_on), "until": str(valid_until_on or ""), "words": words}
    record("prepared.waived" if is_waived else "prepared.met", about=row, by=by, at=at, **told)
    return row


@transaction.atomic
def close_days(program, *, kind, starts_on, ends_on, site=None, name="", by, at):
    """Note days on which a site, or the whole program, is closed. The same once more is no second one."""
    closed, made = ClosedTime.objects.get_or_create(
        program=program, site=site, kind=kind, starts_on=starts_on, ends_on=ends_on, defaults={"name": name}
    )
    if made:
        record("closed-time.added", about=closed, by=by, at=at, **span(closed))
    return closed


@transaction.atomic
def open_days(closed, *, by, at):
    """Take closed days back. Returns whether they stood."""
    gone, _of = ClosedTime.objects.filter(pk=closed.pk).delete()
    if gone:
        Reopening.objects.create(
            program=closed.program, site=closed.site, starts_on=closed.starts_on, ends_on=closed.ends_on, opened_at=at
        )
        record("closed-time.removed", about=closed, by=by, at=at, **span(closed))
    return bool(gone)


def looked_at(reopenings, *, at):
    """Whoever lays something out on open days has looked at these."""
    Reopening.objects.filter(pk__in=[row.pk for row in reopenings], looked_at=None).update(looked_at=at)


def span(closed):
    return {"from": str(closed.starts_on), "until": str(closed.ends_on), "site": closed.site_id}


@transaction.atomic
def keep_starters(program, words, *, by, at) -> bool:
    """Keep how talks may be begun again after an event: `words` lists them for each party. Returns whether it changed.

    One that stays as it was keeps where it comes from; another one is the program's own.
    """
    Program.objects.select_for_update().get(pk=program.pk)
    before = {(row.party, row.words): row for row in starters_of(program)}
    now = [(party, line) for party, lines in words.items() for line in lines]
    if now == list(before) and program.starter_rules.exists():
        return False
    kept = [before.get(key) or StarterRule(source=OWN_WORDS) for key in now]
    program.starter_rules.all().delete()
    StarterRule.objects.bulk_create(
        StarterRule(program=program, party=party, words=line, code=f"{party}-{n}", source=row.source, mark=row.mark,
                    source_url=row.source_url)
        for n, ((party, line), row) in enumerate(zip(now, kept, strict=True), 1)
    )  # fmt: skip
    record("program.starters-changed", about=program, by=by, at=at, lines=len(now))
    return now != list(before)
