"""What a program's file is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rapport.matches.models import AchievementRule, ClauseRule, MilestoneRule, SignerRule, UnitRule
from rapport.matching.models import Criterion, PolicyRule, TurnRule, WordList
from rapport.onboarding.models import ConsentText, InterviewRule
from rapport.programs.models import (
    ActivityRule,
    ClosedTime,
    GateRule,
    Limit,
    PlaceRule,
    PointRule,
    Post,
    Preparation,
    Promise,
    Site,
    StarterRule,
)

OWN = ["name", "time_zone", "languages", "words", "contact_line", "adults_only", "one_to_one", "quiet_start"]
TOP = ["profile", "complete", "using_since_on", *OWN]
SOURCE = ["source", "source_url", "mark"]


@dataclass(frozen=True)
class Table:
    """Rows of one kind: which model keeps them, by what one row is told from another, and what it is for."""

    model: Any
    keys: list[str]
    about: str
    without: tuple = ()
    order: tuple = ("pk",)

    @property
    def fields(self) -> dict:
        """The fields that a row of the file may say, by name."""
        never = {"id", "program", *self.without}
        return {field.name: field for field in self.model._meta.concrete_fields if field.name not in never}


RULES: dict[str, Table] = {
    "promise": Table(Promise, ["code"], "Promises: what is owed in each match, how often, and when it is late."),
    "gate": Table(GateRule, ["side", "code"], "Gates: what a person must have before a match of theirs begins."),
    "point": Table(PointRule, ["moment", "code"], "Points: what is ticked for each match before it begins or ends."),
    "place": Table(PlaceRule, ["mode"], "Kinds of place: where pairs may meet, and where staff look at it first."),
    "activity": Table(ActivityRule, ["code"], "Activities: what pairs do together, and what staff look at."),
    "starter": Table(StarterRule, ["party", "code"], "Starters: how to begin a talk again, in letters after an event."),
    "post": Table(Post, ["code"], "Named roles: whom the program wants to name, and whom everybody can turn to."),
    "preparation": Table(Preparation, ["role", "code"], "Trainings: what somebody who works here must have had."),
    "policy": Table(PolicyRule, ["code"], "Policy: how a round chooses among plans; per cent of all points, or days."),
    "criterion": Table(Criterion, ["code"], "Criteria: what matching looks at, with its weight times a hundred."),
    "word-list": Table(
        WordList, ["trait"], "Words: what the program calls skills, interests and the like, and what means the same."
    ),
    "interview": Table(
        InterviewRule, ["side", "code"], "Interviews: what is looked at in a mentor, and what a mentee may need."
    ),
    "milestone": Table(MilestoneRule, ["code"], "Milestones: days worth remembering, by hand or by the month."),
    "unit": Table(UnitRule, ["code"], "Units: what the program teaches in so many words."),
    "achievement": Table(AchievementRule, ["code"], "Achievements: what a mentor may reach for themselves."),
    "clause": Table(ClauseRule, ["code"], "Clauses: the sections of an agreement."),
    "signer": Table(SignerRule, ["party"], "Signers: who signs an agreement, and how many of them must."),
    "turn": Table(TurnRule, ["party"], "Turns: who is asked about a match, for how long, and what they are shown."),
    "limit": Table(Limit, ["code"], "Limits: every number the program works by, with where it comes from."),
}
PLACES: dict[str, Table] = {
    "site": Table(Site, ["name"], "Sites: where pairs meet, and whom to call there in an emergency.", ("ref",)),
    "closed": Table(
        ClosedTime, ["site", "kind", "starts_on", "ends_on"],
        "Closed days: nothing is expected on them. Without a site the whole program is closed.",
        order=("starts_on", "ends_on", "site__name", "kind", "pk"),
    ),
}  # fmt: skip
TEXTS: dict[str, Table] = {
    "consent": Table(
        ConsentText, ["purpose", "voice", "language"],
        "Consent texts: what people are asked to say yes or no to, where the program has words of its own.\n"
        "# {name} and {program} stand for whom it is about and for the program.",
        ("version", "written_by", "is_own", "written_at"), order=("purpose", "voice", "language"),
    ),
}  # fmt: skip
TABLES = PLACES | RULES | TEXTS
# limits that a program of adults has no use for
FOR_CHILDREN = {"waiting-child", "waiting-child-again", "waited-told", "reach-other-guardian", "reach-pick-up"}

Say = Callable[..., str]


def key_of(table: str, row: dict) -> tuple:
    return tuple(str(row.get(key, "")) for key in TABLES[table].keys)


def name_of(table: str, row: dict) -> str:
    """How a row is called in a sentence: "limit silent"."""
    return " ".join([table, *(str(row.get(key, "?")) for key in TABLES[table].keys if key in row or key == "code")])
