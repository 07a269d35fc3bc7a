"""What becomes of worries and concerns when two records are put together. Nobody is told that there are any."""

from django.db.models import Q

from rapport.core.joining import folds, moves
from rapport.safeguarding.models import Concern

TABLE = {
    "safeguarding.triageitem.person": moves("what they said, and who reads it, stays as it is"),
    "safeguarding.triageitem.about": moves("about the kept record"),
    "safeguarding.concern.subject": moves("about the kept person, sealed as before"),
    "safeguarding.concern.raised_by": moves("raised by the kept person"),
    "safeguarding.concern.about": moves("about the kept record"),
    "safeguarding.concern_accused.person": folds("kept from the kept person, once", lambda stays, goes, at: None),
}


def what_safeguarding_objects(one, other, at):
    """A concern between the two keeps them apart. That there is one is never told: see `people.joining.objections`."""
    for accused, child in ((one, other), (other, one)):
        near = Q(subject=child) | Q(raised_by=child)
        if Concern.objects.filter(near, accused=accused).exists():
            yield None
