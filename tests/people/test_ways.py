"""Who reads a way to reach somebody, said by a press; pressed twice, it is said once."""

from rapport.audit.models import Event
from rapport.people.actions import say_private
from rapport.people.models import ContactPoint
from tests.cast import DAY, MONDAY


def said(point, about, *, is_child, by, at=MONDAY):
    return say_private(point, about=about, why="They showed me the phone.", is_child=is_child, by=by, at=at)


def test_a_double_press_says_the_same_as_one(ama, ama_in, ben, ben_in, cora):
    ContactPoint.objects.update(is_private=False)
    hers, his = ama.contact_points.get(), ben.contact_points.get()

    assert [said(hers, ama_in, is_child=False, by=cora) for _press in range(2)] == [True, True]
    assert [said(his, ben_in, is_child=True, by=cora, at=MONDAY + n * DAY) for n in range(2)] == [False, False]

    his.refresh_from_db()
    assert (his.is_private, his.asked_at) == (False, MONDAY)
    assert [event.verb for event in Event.objects.filter(verb__startswith="contact.").order_by("pk")] == [
        "contact.private", "contact.private-asked",
    ]  # fmt: skip
