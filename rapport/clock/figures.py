"""What `rapport status` prints: plain counts, no names."""

from django.db.models import Count, Q

from rapport.audit.models import Event
from rapport.clock.sealed import lost
from rapport.core.models import Heartbeat
from rapport.imports.models import Import
from rapport.matches.models import Match
from rapport.outbox.models import Message
from rapport.people.models import Participant
from rapport.programs.missing import of_staff
from rapport.programs.models import Program
from rapport.safeguarding.questions import readiness


def status(*, at) -> dict:
    """Programs with their figures, heartbeats, the queue by state, and warnings in sentences."""
    programs = list(Program.objects.open().order_by("slug"))
    return {
        "programs": [figures(program) for program in programs],
        "heartbeats": {beat.name: beat.beat_at.isoformat() for beat in Heartbeat.objects.order_by("name")},
        "messages": dict(Message.objects.order_by("state").values_list("state").annotate(n=Count("pk"))),
        "unsealed": Event.objects.unsealed().count(),
        "warnings": list(warnings(programs, at)),
    }


def figures(program) -> dict:
    sides = (
        Participant.objects.active()
        .filter(program=program)
        .aggregate(mentors=Count("pk", filter=Q(side="mentor")), mentees=Count("pk", filter=Q(side="mentee")))
    )
    states = dict(Match.objects.filter(program=program).order_by("state").values_list("state").annotate(n=Count("pk")))
    matches = {f"{state} matches": states[state] for state in Match.State.values if state in states}
    return {"slug": program.slug, "name": program.name, "profile": program.profile, "figures": sides | matches}


def warnings(programs, at):
    if Heartbeat.objects.stands_still(at):
        yield "the clock has not ticked for five minutes"
    if Import.objects.under_way().exists() and not Heartbeat.objects.somebody_works():
        yield "a list waits, and nobody does the long work"
    failed = Message.objects.filter(state=Message.State.FAILED).count()
    if failed:
        yield f"{failed} messages did not arrive"
    if papers := lost():
        yield f"{papers} papers are sealed, and their key (keys/field_keys) is not on this machine"
    for program in programs:
        for sentence in [*readiness(program), *of_staff(program, at)]:
            yield f"{program.slug}: {sentence}"
