"""What staff of a story do on their desks: everything due is done; after one day, only what cannot wait."""

import random
import uuid
from collections import defaultdict
from datetime import datetime

from rapport.care.actions import note_talk
from rapport.care.calls import TELL, WAITED, WAITING
from rapport.checkins.models import CheckIn
from rapport.demo.script import SEED
from rapport.matches.models import Match
from rapport.safeguarding import actions as safeguarding
from rapport.safeguarding.models import TriageItem
from rapport.tasks.actions import finish
from rapport.tasks.models import SEALED, Task

CANNOT_WAIT = (WAITING, TELL, WAITED)


class Desk:
    """The desks of one program's staff."""

    def __init__(self, telling):
        self.telling = telling
        told = telling.story.told["desk"]
        self.left_at, self.not_yet = telling.story.moment(told["left"]), set(told.get("not_yet", []))

    def work(self, *, at: datetime) -> None:
        """Noon: whoever is to be called is called. Once they have no time, only children who wait and their homes."""
        due = Task.objects.open().filter(program=self.telling.program, due_at__lte=at, level__lt=SEALED)
        if at >= self.left_at:
            due = due.filter(kind__in=CANNOT_WAIT)
        groups = defaultdict(list)
        for task in due.select_related("person", "owner").order_by("pk"):
            groups[task.owner, task.person].append(task)
        for (owner, person), tasks in groups.items():
            if at >= self.left_at and str(person) in self.not_yet:
                continue
            if owner and person:
                self.call(owner, person, tasks, at)
            elif owner:
                finish(tasks, by=owner, at=at)
        if at < self.left_at:
            self.read_worries(at)

    def call(self, owner, person, tasks, at: datetime) -> None:
        """One call closes what it was about; those who do not pick up are noted as tried."""
        chance = random.Random(f"{SEED} talk {person} {at}")  # noqa: S311  (a story, no secret)
        reached = not self.is_silent(person)
        talks = self.telling.story.told["desk"]["talks"]
        note_talk(
            person, program=self.telling.program, match=self.match_of(person),
            how=chance.choice(("phone", "phone", "in-person")) if reached else "no-answer",
            explained=reached, words=chance.choice(talks) if reached else "", tasks=tasks,
            check_ins=CheckIn.objects.filter(person=person, state="open", program=self.telling.program).due(at),
            form_id=str(uuid.UUID(int=chance.getrandbits(128))), by=owner, at=at,
        )  # fmt: skip
        if not reached:
            finish(tasks, note="No answer twice; left a message.", by=owner, at=at)

    def is_silent(self, person) -> bool:
        return any(
            str(person) == pair.mentor.name and pair.way["meetings"][-3:] == ["."] * 3
            for _match, pair in self.telling.pairs.values()
        )

    def match_of(self, person):
        own = Match.objects.open().filter(program=self.telling.program)
        as_member = own.filter(members__participant__person=person)
        as_guardian = own.filter(members__participant__person__guardians__adult=person)
        return as_member.first() or as_guardian.first()

    def read_worries(self, at: datetime) -> None:
        """The lead reads the worries of the day and talks with whoever had them."""
        for item in TriageItem.objects.open().filter(program=self.telling.program, came_at__lte=at):
            lead = self.telling.program.duty.lead
            safeguarding.read_triage(item, by=lead, at=at)
            safeguarding.close_triage(
                item, outcome=TriageItem.Outcome.TALKED, note="Talked with them; it was homework.", by=lead, at=at
            )
