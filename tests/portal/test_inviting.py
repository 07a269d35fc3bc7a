"""Invitations and roles against what goes wrong with them (security.md §5, "Accounts, invitations").

In `test_staff.py` already: the same twice, somebody with another role, a role above one's own, the last lead and the
last coordinator. In `test_welcoming.py`: guardians who are kept away, and addresses of others.
"""

from contextlib import suppress

import pytest

from rapport.access.actions import AddressTaken
from rapport.access.models import Role, User
from rapport.audit.models import Event
from rapport.outbox.models import Message
from rapport.portal import inviting
from rapport.programs.actions import LastOne, OwnLast, add_member
from rapport.programs.models import Membership
from tests.at_once import at_once
from tests.cast import LONG_AGO, MONDAY, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_through_the_outbox")]
NINA = {"name": "Nina Novak", "email": "nina@example.org"}


def role(slug):
    return Role.objects.get(slug=slug)


@pytest.mark.django_db(transaction=True)
def test_two_people_invite_the_same_one_at_once(riverside, cora, carl):
    hosts = iter([cora, carl])

    def invite():
        with suppress(AddressTaken):
            inviting.invite(riverside, **NINA, role=role("match-support"), by=next(hosts), at=MONDAY)

    at_once(invite)

    assert User.objects.filter(email="nina@example.org").count() == 1
    assert Membership.objects.filter(user__email="nina@example.org").count() == 1
    assert Message.objects.filter(address="nina@example.org").count() == 1


def test_two_people_invite_the_same_one_to_different_roles_one_after_the_other(riverside, cora, carl):
    for host, slug in ((cora, "match-support"), (carl, "evaluator")):
        inviting.invite(riverside, **NINA, role=role(slug), by=host, at=MONDAY)

    nina = User.objects.get(email="nina@example.org")
    assert sorted(nina.memberships.values_list("role__slug", flat=True)) == ["evaluator", "match-support"]


def test_the_name_of_a_second_invitation_changes_nobody(riverside, cora, dele):
    inviting.invite(riverside, name="Mallory", email="dele@example.org", role=role("evaluator"), by=cora, at=MONDAY)

    dele.refresh_from_db()
    assert dele.name == "Dele"


def test_the_last_administrator_is_not_removed(riverside, ada, cora):
    bea = staff("Bea", riverside, "administrator")
    inviting.end(ada.memberships.get(), by=bea, at=MONDAY)

    with pytest.raises(OwnLast):
        inviting.end(bea.memberships.get(), by=bea, at=MONDAY)
    add_member(bea, program=riverside, role=role("evaluator"), by=None, at=LONG_AGO)
    with pytest.raises(LastOne):
        inviting.end(bea.memberships.get(role__slug="administrator"), by=bea, at=MONDAY)


def test_somebody_gives_up_a_role_of_their_own_and_keeps_the_rest(as_user, riverside, ada, cora, carl):
    """Self-demotion: it holds at once, and nobody gives it back to themselves."""
    add_member(cora, program=riverside, role=role("evaluator"), by=None, at=LONG_AGO)
    browser = as_user(cora)
    member = cora.memberships.get(role__slug="coordinator")

    browser.post(f"/p/riverside/staff/{member.pk}/end/")

    assert browser.get("/p/riverside/settings/").status_code == 200
    assert browser.get("/p/riverside/staff/").status_code == 404
    with pytest.raises(inviting.BeyondOwnRights):
        inviting.invite(riverside, name="", email="cora@example.org", role=role("coordinator"), by=cora, at=MONDAY)


def test_a_role_that_ended_a_moment_ago_invites_nobody(riverside, cora, carl):
    inviting.end(cora.memberships.get(), by=carl, at=MONDAY)

    with pytest.raises(inviting.BeyondOwnRights):
        inviting.invite(riverside, **NINA, role=role("match-support"), by=cora, at=MONDAY)


def test_whoever_comes_back_has_the_new_role_alone(riverside, cora, carl):
    inviting.end(cora.memberships.get(), by=carl, at=MONDAY)

    inviting.invite(riverside, name="Cora", email="cora@example.org", role=role("evaluator"), by=carl, at=MONDAY)

    live = Membership.objects.live(MONDAY).filter(user=cora).values_list("role__slug", flat=True)
    assert list(live) == ["evaluator"]
    assert Event.objects.filter(verb="user.returned").count() == 1
