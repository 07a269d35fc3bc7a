"""Pages behind links close at once where a permission is taken back, and nobody writes to a pair that rests."""

import pytest
from django.utils import timezone

from rapport.meetings.actions.feeds import open_own_meetings
from tests.meetings.test_own_page import press

pytestmark = pytest.mark.django_db


def test_tell_nul(ahead, client, ama, riverside):
    t = open_own_meetings(ama, program=riverside, at=timezone.now())
    r = [press(client, f"/k/{t}/told/", what="open", meeting="\x00").status_code]
    ref = ahead.match.ref
    r.append(client.get(f"/k/{t}/outing/{ref}/?of=%00").status_code)
    r.append(press(client, f"/k/{t}/outing/{ref}/", do="off", outing="\x00").status_code)
    assert all(c < 500 for c in r), r
