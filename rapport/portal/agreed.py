"""What the page of a match tells of its agreement: since when it holds, or that it waits; more for who writes it."""

from rapport.matches.agreement import signed_on
from rapport.matches.clauses import has_agreement
from rapport.matches.models import Agreement, Proposal

State = Agreement.State


def agreed(match):
    """The panel of a match's agreement; None where its program has none. Four queries at most."""
    if not has_agreement(match.program):
        return {"agreed": None}
    rows = list(match.agreements.filter(state__in=[State.DRAFT, State.OUT, State.SIGNED]))
    states = {row.state: row for row in rows}
    wishes = Proposal.objects.filter(agreement__in=rows, fate="").count() if rows else 0
    told = {"since": signed_on([match]).get(match.pk), "out": states.get(State.OUT), "draft": states.get(State.DRAFT)}
    return {"agreed": told | {"wishes": wishes, "standing": states.get(State.SIGNED)}}
