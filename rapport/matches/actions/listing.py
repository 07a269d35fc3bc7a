"""Writing what a program lists to be chosen from: milestones, units, achievements, clauses, signers."""

from django.db import transaction

from rapport.matches.models import AchievementRule, ClauseRule, MilestoneRule, SignerRule, UnitRule

TABLES = {
    "milestone": MilestoneRule, "unit": UnitRule, "achievement": AchievementRule, "clause": ClauseRule,
    "signer": SignerRule,
}  # fmt: skip


@transaction.atomic
def write_listed(program, words):
    """Write what a profile or a program's own file lists as rows of this program."""
    for table, model in TABLES.items():
        model.objects.bulk_create([model(program=program, **row) for row in words.get(table, [])])
