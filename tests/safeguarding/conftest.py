"""Who reads worries at Riverside: Dele, then Dora, then Dan. A concern and a worry about Ben, with a canary in each."""

from datetime import time

import pytest

from rapport.safeguarding.actions import add_triage, name_duty, raise_concern
from tests.cast import MONDAY, colleague
from tests.outbox.conftest import sink  # noqa: F401  (a mail server on this machine)

CANARY = "marzipan-lighthouse"  # stands in the words of a concern, and nowhere else in the house


dan = colleague("Dan", "safeguarding-lead")


@pytest.fixture
def duty(riverside, dele, dora, dan):
    return name_duty(
        riverside,
        lead=dele,
        second_lead=dora,
        cover=dan,
        outside_contact="County line, 555 0199",
        read_by=time(16),
        by=dele,
        at=MONDAY,
    )


def raised(program, *, key="a cause", at=MONDAY, **more):
    return raise_concern(
        program=program, words=f"He said {CANARY}.", cause_key=key, raised_by_label="a mentor", at=at, **more
    )


@pytest.fixture
def concern(duty, match, ben):
    """Raised on Monday at nine, about Ben."""
    return raised(match.program, match=match, subject=ben)


@pytest.fixture
def worry(duty, match, ben):
    """Ben was not sure, on Monday at nine."""
    return add_triage(
        program=match.program,
        person=ben,
        match=match,
        what="Not sure whether something worries him",
        words=f"Sometimes {CANARY}.",
        cause_key="an answer",
        at=MONDAY,
    )
