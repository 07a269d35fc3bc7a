"""`rapport match`: drafts a round, and with --accept makes matches of it."""

import json
from argparse import SUPPRESS, RawDescriptionHelpFormatter

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.core.refused import Refused
from rapport.matches.actions import begin
from rapport.matching import actions, by_file
from rapport.matching.rounds import reading
from rapport.programs import profiles
from rapport.programs.models import Program

PROOF = ("served", "total", "bonus", "worth", "bound", "checked", "input")  # of the certificate, for programs that read


class Command(BaseCommand):
    help = """Draft a round: pair everybody who can be matched, with proof. Nobody is told.

Example: rapport match civil-service
Example: rapport match civil-service --accept --by marta@example.org
With --accept the pairs become matches that count as "accepted by staff", with that name; each one whose gates and
points are met begins, and the others are listed with what is missing. It is refused where a child or a guardian must
say yes themselves.

Example: rapport match --instance school/instance.toml --json
With --instance the problem comes from files (docs/matching-instances.md): mentees, mentors, criteria or pairs with a
score. No install and no database is needed, and nothing is kept."""

    def create_parser(self, *args, **options):
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser):
        parser.add_argument("program", metavar="SLUG", nargs="?")
        parser.add_argument(
            "--instance", metavar="FILE", help="a file, or a folder or .npz of columns, in place of SLUG"
        )
        parser.add_argument(
            "--out", metavar="FOLDER", help="with an instance of columns: keep the answer as arrays there"
        )
        parser.add_argument("--threads", metavar="N", type=int, choices=range(1, 65), default=1, help=SUPPRESS)
        parser.add_argument("--accept", action="store_true", help="propose the pairs, and begin those that may begin")
        parser.add_argument("--by", metavar="EMAIL", help="the member of staff who took everybody's yes")
        parser.add_argument("--json", action="store_true", help="print figures a program can read")
        self.parser = parser

    def handle(self, *, program, accept, by, **options):
        if bool(program) == bool(options["instance"]):
            self.parser.error("name a program, or --instance FILE")
        if options["instance"]:
            if accept or by:
                self.parser.error("an instance is only solved: --accept and --by go with a program")
            self.stdout.write(by_file.said(options), ending="")
            return
        if options["out"]:
            self.parser.error("--out goes with --instance")
        if accept != bool(by):
            self.parser.error("--accept and --by EMAIL belong together")
        at = timezone.now()
        found = Program.objects.open().filter(slug=program).first()
        if found is None:
            raise CommandError(f"There is no program {program!r}.")
        user = staff_of(found, by, at) if accept else None
        kept = actions.draft_round(found, by=user, at=at)
        report = told(kept)
        if accept:
            report["accepted"] = accepted(kept, user, at)
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else "\n".join(lines(report)))


def staff_of(program, email, at):
    """The live member of staff of that address who may run rounds here, or a refusal."""
    if profiles.asks(program, "asks_each_side"):
        raise CommandError(
            f"In {program.name} a match begins only after each side has said yes for themselves. "
            "Draft the round here or on the page, and propose it there."
        )
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None or not Program.objects.visible_to(user, Right.MATCHING_RUN, at).filter(pk=program.pk).exists():
        raise CommandError(f"{email} does not work in {program.name} with the right to run rounds.")
    return user


def accepted(kept, user, at):
    """Publish, and begin what may begin: {by, proposed, begun, not_begun: [{pair, reasons}], left_out}."""
    matches = actions.publish(kept, accepted_by=user.name or user.email, by=user, at=at)
    drafts = {draft.match_id: draft for draft in kept.drafts.select_related("mentor__person", "mentee__person")}
    begun, waiting = [], []
    for match in matches:
        try:
            begin(match, by=user, at=at)
            begun.append(match)
        except Refused as refusal:
            reasons = [str(reason) for reason in getattr(refusal, "reasons", [refusal])]
            waiting.append({**pair(drafts[match.pk]), "reasons": reasons})
    figures = {"by": user.name or user.email, "proposed": len(matches), "begun": len(begun), "not_begun": waiting}
    return {**figures, "left_out": kept.drafts.filter(match=None).count()}


def told(kept):
    """The round as plain values."""
    drafts = kept.drafts.select_related("mentor__person", "mentee__person").order_by("-score", "pk")
    left = kept.left_without.select_related("mentee__person").order_by("kind", "pk")
    proof = {name: kept.certificate[name] for name in PROOF}
    return {
        "program": kept.program.slug,
        "round": kept.ref,
        "mentees": kept.certificate["mentees"],
        "mentors": kept.certificate["mentors"],
        "matched": proof["served"],
        "total": proof["total"],
        "certificate": proof,
        "pairs": [{**pair(draft), "score": draft.score, "parts": draft.parts} for draft in drafts],
        "left_without": [{"mentee": str(one.mentee), "why": one.kind, "reason": one.reason} for one in left],
    }


def pair(draft):
    return {"mentee": str(draft.mentee), "mentor": str(draft.mentor)}


def lines(report):
    yield reading.sentence(report["matched"], report["mentees"]) + f" ({report['mentors']} mentors had a free place)."
    proof = report["certificate"]
    yield f"Proven best in whole numbers: worth {proof['worth']}, and no plan can be worth more than {proof['bound']}."
    yield from (f"  {one['score']:>6}  {one['mentee']} with {one['mentor']}" for one in report["pairs"])
    yield from (f"  left without: {one['mentee']}. {one['reason']}" for one in report["left_without"])
    if "accepted" in report:
        done = report["accepted"]
        yield f"Accepted by staff: {done['by']}. {done['proposed']} proposed, {done['begun']} begun."
        for one in done["not_begun"]:
            yield f"  not begun: {one['mentee']} with {one['mentor']}. {' '.join(one['reasons'])}"
