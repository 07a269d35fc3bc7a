"""A roster that comes again: what it changes, row by row, and what it leaves to a person.

A guardianship ends where a roster brought it and this one names the adult no more; it is never removed. What staff
noted themselves stays. Whoever is gone from the roster is only told of: nobody leaves a match by a file.
"""

import json
from dataclasses import replace

from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from rapport.audit.actions import record
from rapport.audit.models import Event
from rapport.imports.actions.cells import to_cells
from rapport.imports.actions.staging import batches
from rapport.imports.models import Deed, Import
from rapport.imports.seen import Notes
from rapport.people.actions import end_guardianships, renew_addresses
from rapport.people.enrolling import Outcome
from rapport.people.models import ContactPoint, ExternalId, Guardianship, Participant

BATCH = 500
LOOKED_BACK = 20  # rosters, until everybody is found; almost all are in the last one
SAID = {"given_name": "", "family_name": "", "email": "", "phone": "", "born_on": None, "site": ""}


def only_news(newcomers, before):
    """The same without what the roster said the last time already: what somebody put right here since then stays.

    So a name, a birth date or a school corrected by hand is not undone, and an address that was dropped stays away.
    `before`: from `said_before`.
    """
    found = [(one, before.of(one.external_id)) for one in newcomers]
    return [news(one, json.loads(cells)) if cells else one for one, cells in found]


def news(newcomer, before):
    now = to_cells(newcomer)
    old = {name: empty for name, empty in SAID.items() if name in now and now[name] == before.get(name)}
    return replace(newcomer, **old)


def said_before(staged, newcomers=None) -> Notes:
    """By the school's id, the cells of what rosters that are in said of each pupil of this one the last time.

    Kept on disk: a school is long. `newcomers`: who is on it, where its rows do not stand yet.
    """
    notes = Notes()
    known = ExternalId.objects.filter(organization=staged.program.organization_id, source=source_of(staged))
    for some in batches(ids_on(staged) if newcomers is None else (one.external_id for one in newcomers), BATCH):
        notes.wait_for(known.filter(value__in=some).values_list("value", flat=True))
    for one in rosters_in(staged):
        if not notes.waits():
            break
        rows = one.rows.exclude(outcome=Outcome.BAD)
        rows = rows if one.state == Import.State.APPLIED else rows.filter(number__lte=one.applied_to)
        cells = rows.values_list("cells", flat=True).iterator(chunk_size=2000)
        notes.note((said["external_id"], json.dumps(said)) for said in cells if said.get("external_id"))
    return notes


def ids_on(staged):
    rows = staged.rows.exclude(outcome=Outcome.BAD).values_list("cells__external_id", flat=True)
    return rows.iterator(chunk_size=2000)


def rosters_in(staged):
    """Other rosters of this kind that are in, or were stopped on the way in; the last one first."""
    states = [Import.State.APPLIED, Import.State.STOPPED]
    found = Import.objects.filter(program=staged.program_id, what="roster", state__in=states).exclude(pk=staged.pk)
    found = found.order_by(Coalesce("asked_at", "applied_at").desc(), "-pk")[:LOOKED_BACK]
    return [one for one in found if source_of(one) == source_of(staged)]


def source_of(staged):
    return staged.mapping.get("source", "sds")  # staged before there were others


def ending(planned, *, speaks, unclear, program):
    """{place of a row: guardianships of its pupil that end}, for rows as planned.

    None where the roster names no guardian of anybody: it does not speak of them. `unclear`: ids of pupils of whom the
    files say only half.
    """
    if not speaks:
        return {}
    rows = {
        row.person.pk: place
        for place, row in enumerate(planned)
        if row.outcome != Outcome.BAD and row.person.pk and row.newcomer.external_id not in unclear
    }
    found: dict[int, list[Guardianship]] = {}
    for one in brought_by_rosters(set(rows), program):
        named = {adult.pk for adult in planned[rows[one.child_id]].adults}
        if one.adult_id not in named:
            found.setdefault(rows[one.child_id], []).append(one)
    return found


def brought_by_rosters(children, program):
    """Guardianships of these children without an end that a roster brought and nobody has spoken of since."""
    found = []
    for some in in_batches(children):
        deeds = Deed.objects.filter(
            person_key__in=some, undone_at=None, row__source__what="roster",
            row__source__program__organization=program.organization_id,
        )  # fmt: skip
        made = {
            key: seen_to
            for keys, seen_to in deeds.values_list("made", "seen_to")
            for key in keys.get("people.guardianship", [])
        }
        spoken = said_by_staff(made)
        standing = Guardianship.objects.filter(child__in=some, ends_on=None).select_related("adult", "child")
        found += [one for one in standing.order_by("pk") if one.pk in made and spoken.get(one.pk, 0) <= made[one.pk]]
    return found


def said_by_staff(keys):
    """{guardianship: the last line of the trail that noted or changed it}."""
    lines = Event.objects.filter(about_type=Guardianship._meta.label_lower, about_id__in=keys)
    lines = lines.filter(verb__in=["guardianship.noted", "guardianship.changed"]).order_by()
    return dict(lines.values_list("about_id").annotate(last=Max("pk")))


def in_batches(keys):
    keys = sorted(keys)
    return [keys[at : at + BATCH] for at in range(0, len(keys), BATCH)]


def note_changes(row, plan, ends, renewals, sites):
    """Write into a row what it does to whom. `ends`: guardianships that end; `renewals`: addresses of guardians;
    `sites`: names by key."""
    row.outcome, row.column, row.reason = plan.outcome, plan.column, plan.reason
    new = [one.told() for one in renewals if not one.is_held]
    more = [*(ended(one) for one in ends), *new]
    row.changes = [] if plan.outcome == Outcome.BAD else [*changes_of(plan, sites), *more]
    held = [one for one in renewals if one.is_held]
    row.reason = " ".join(filter(None, [row.reason, *map(not_taken_over, held)]))[:300]
    if row.changes and row.outcome == Outcome.UNCHANGED:
        row.outcome = plan.outcome = Outcome.CHANGED


def changes_of(plan, sites):
    said, was = plan.newcomer, plan.was
    guardians = [{"what": "guardian", "now": one.adult.full_name} for one in plan.guardianships]
    if plan.participant.pk is None or plan.outcome == Outcome.NEW:
        return [{"what": "new", "now": plan.person.full_name}, *guardians]
    found = []
    if "person.given_name" in was or "person.family_name" in was:
        found.append({"what": "name", "was": old_name(plan), "now": plan.person.full_name})
    if "person.born_on" in was:
        found.append({"what": "born_on", "was": was["person.born_on"][0], "now": was["person.born_on"][1]})
    if "participant.site" in was:
        found.append({"what": "site", "was": sites.get(was["participant.site"][0]), "now": plan.participant.site.name})
    found += [{"what": point.kind, "now": point.value} for point in plan.contact_points]
    if plan.external_id:
        found.append({"what": "id", "now": said.external_id})
    return found + guardians


def not_taken_over(renewal):
    words = {
        "email": _("There is another e-mail address of %(who)s than we know. Not taken over: ask which is right."),
        "phone": _("There is another number of %(who)s than we know. Not taken over: ask which is right."),
    }
    return words[renewal.kind] % {"who": renewal.adult.full_name}


def old_name(plan):
    parts = (plan.was.get(f"person.{name}", [getattr(plan.person, name)])[0] for name in ("given_name", "family_name"))
    return " ".join(filter(None, parts))


def ended(one):
    return {"what": "guardian-ended", "was": one.adult.full_name, "key": one.pk}


def carry_out(planned, ends, renewals, *, on, by, at):
    """End what the roster ends, take over new addresses, and keep both birth dates in the trail where one was
    corrected. Part of bringing in."""
    renew([(planned[place], one) for place, some in renewals.items() for one in some if not one.is_held], by=by, at=at)
    end_guardianships([one for some in ends.values() for one in some], ends_on=on, by=by, at=at)
    for row in planned:
        if row.outcome != Outcome.CHANGED or not (dates := row.was.get("person.born_on")) or not dates[0]:
            continue
        record("participant.birth-date", about=row.participant, by=by, at=at, born_on=dates)


def renew(renewals, *, by, at):
    """Take over these addresses, (row, renewal), and note on each row what that did."""
    if not renewals:
        return
    was = [one.point and one.point.value for _row, one in renewals]
    wanted = [(row.participant, one.adult, one.kind, one.value, one.point) for row, one in renewals]
    _points, shared = renew_addresses(wanted, by=by, at=at)
    for (row, one), old in zip(renewals, was, strict=True):
        if one.point is None:
            row.made.append(ContactPoint(person=one.adult, kind=one.kind, value=one.value))
        else:
            row.was[f"contact.{one.point.pk}"] = [old, one.value]
    renewals[0][0].made_shared = [*renewals[0][0].made_shared, *shared]


def gone(roster, *, program):
    """Keys of those who take part as pupils, were known by this kind of roster, and are on it no more.

    Only at its own schools: another school's roster says nothing about them.
    """
    known = ExternalId.objects.filter(organization=program.organization_id, source=roster.source)
    active = Participant.objects.mentees().active().filter(program=program, person__external_ids__in=known)
    here = {name.casefold() for name in roster.orgs}
    ids: dict[int, set[str]] = {}
    for participant, site, value in active.values_list("pk", "site__name", "person__external_ids__value"):
        if site is None or site.casefold() in here:
            ids.setdefault(participant, set()).add(value)
    there = set(roster.schools) | roster.unclear | set(roster.doubts)
    return sorted(key for key, values in ids.items() if not values & there)


def held_back(planned, on):
    """[adult, pupil, name] the roster names and that come not to stand: it ended, or somebody is kept away.

    By keys, 0 for somebody new. Who may know why is asked when it is shown.
    """
    made = {(id(one.adult), one.child.pk) for row in planned for one in row.guardianships}
    named = [
        (adult, row.person.pk)
        for row in planned
        if row.outcome != Outcome.BAD and row.person.pk
        for adult in row.adults
        if (id(adult), row.person.pk) not in made
    ]
    standing: dict[tuple, Guardianship] = {}
    for some in in_batches({child for _adult, child in named}):
        standing |= {(one.adult_id, one.child_id): one for one in Guardianship.objects.filter(child__in=some)}
    return [
        [adult.pk or 0, child, adult.full_name]
        for adult, child in named
        if not still_stands(standing.get((adult.pk, child)), on)
    ]


def still_stands(one, on):
    return one is not None and (one.ends_on is None or one.ends_on > on)
