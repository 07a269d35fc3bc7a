"""Whom a worry or a concern reaches, and in which order, until somebody has read it.

The table says who comes after whom; the program's limit `concern-rung` says how long each has. A rung whose people may
not see it (accused, a party to it, gone) is stepped over at once. Nobody it is about can stop it: it stops only when
somebody who may see it has read it. Where nobody at all is left, and after the last rung, it looks again after each
wait: a new lead is told.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.core.about import type_of
from rapport.core.languages import OF_STAFF
from rapport.outbox.actions import Outgoing
from rapport.programs.models import Membership
from rapport.safeguarding.models import Concern, Duty, Entry
from rapport.tasks.actions import NewTask
from rapport.tasks.models import SEALED, Task


@dataclass(frozen=True)
class Rung:
    """One step: whom it reaches, and how the file tells it."""

    who: str
    says: str


LADDER = (
    Rung("lead", "the lead was told"),
    Rung("second_lead", "the second lead was told"),
    Rung("cover", "whoever stands in was told"),
    Rung("others", "everybody else who leads on safety here was told"),
    Rung("outside", "somebody was asked to call the contact outside the house"),
)
OTHERS = 4  # the rung of everybody else who leads here, counted from 1
CALLERS = (Right.HOUSE_MANAGE, Right.PROGRAM_EDIT)  # who calls the outside contact where no lead is left to do it


class Readers:
    """Who is on which rung for these items now: a few queries for all of them, and two for each reader."""

    def __init__(self, items, at):
        self.items, self.at = items, at
        self.programs = {item.program_id for item in items}
        self.duties = {duty.program_id: duty for duty in Duty.objects.filter(program__in=self.programs)}
        self.holders = {right: self.holding(right) for right in (Right.CONCERN_LEAD, *CALLERS)}
        wanted = {pk for by_program in self.holders.values() for pks in by_program.values() for pk in pks}
        self.users = User.objects.select_related("person").in_bulk(wanted)
        self.free = {pk: self.free_of(user) for pk, user in self.users.items()}
        self.again = self.given_back()
        tasks = Task.objects.filter(about_type=type_of(self.items[0]), about_id__in=[item.pk for item in self.items])
        self.told = set(tasks.values_list("about_id", "owner"))

    def given_back(self):
        """How often the file of each was given back by somebody it is about, or handed on by a lead who left."""
        if not isinstance(self.items[0], Concern):
            return {}
        rows = Entry.objects.filter(concern__in=self.items, verb__in=["given back", "handed on"]).order_by()
        return dict(rows.values_list("concern").annotate(n=Count("pk")))

    def holding(self, right):
        """By program, the users who hold this right now, those on the longest first."""
        held = Membership.objects.live(self.at).filter(program__in=self.programs, role__grants__right=right)
        found = defaultdict(list)
        for program, user in held.order_by("starts_at", "pk").values_list("program", "user"):
            found[program].append(user)
        return found

    def free_of(self, user):
        """Which of the items neither accuse this user nor have them as a party."""
        mine = type(self.items[0]).objects.filter(pk__in=[item.pk for item in self.items])
        return set(mine.not_about(user, self.at).values_list("pk", flat=True))

    def next_for(self, item):
        """The first rung from here on with somebody on it, counted from 1, and who that is; (None, []) for nobody."""
        if item.next_rung == len(LADDER):
            return self.newcomers(item)
        for position in range(item.next_rung, len(LADDER)):
            people = self.on(LADDER[position].who, item)
            if people:
                return position + 1, people
        return None, []

    def newcomers(self, item):
        """Leads who were not told yet, when the ladder is at its end."""
        leads = self.free_among(self.holders[Right.CONCERN_LEAD][item.program_id], item)
        new = [pk for pk in leads if (item.pk, pk) not in self.told]
        return (OTHERS, [self.users[pk] for pk in new]) if new else (None, [])

    def on(self, who, item):
        """The people of one rung for this item, without those of the rungs below it."""
        duty = self.duties.get(item.program_id)
        named = [getattr(duty, f"{name}_id", None) for name in ("lead", "second_lead", "cover")]
        names = {"lead": named[:1], "second_lead": named[1:2], "cover": named[2:]}
        leads = self.free_among(self.holders[Right.CONCERN_LEAD][item.program_id], item)
        if who in names:
            place = list(names).index(who)
            wanted = [pk for pk in names[who] if pk in leads and pk not in named[:place]]
        elif who == "others":
            wanted = [pk for pk in leads if pk not in named]
        else:
            wanted = self.caller(item, named, leads)
        return [self.users[pk] for pk in wanted]

    def caller(self, item, named, leads):
        """One person who calls the outside contact: the last reached, else one who runs the house or the program."""
        reached = [pk for pk in reversed(named) if pk in leads] or leads
        others = (self.free_among(self.holders[right][item.program_id], item) for right in CALLERS)
        return next((found[:1] for found in (reached, *others) if found), [])

    def free_among(self, users, item):
        return list(dict.fromkeys(pk for pk in users if item.pk in self.free[pk]))


def key_of(item, user, rung, readers):
    """One task and one message for each item, rung and person; anew when a file was given back."""
    again = f":{readers.again[item.pk]}" if readers.again.get(item.pk) else ""
    return f"{item._meta.label_lower}:{item.ref}:{rung.who}:{user.pk}{again}"


@override(OF_STAFF)
def task(item, user, rung, readers, at):
    """The task on the desk of whoever is reached; it names nobody."""
    is_concern = isinstance(item, Concern)
    said = _("A worry waits for you. Read it today.")
    if is_concern:
        said = _("A safety concern waits for you. Read it now.")
    if rung.who == "outside":
        duty = readers.duties.get(item.program_id)
        contact = (duty and duty.outside_contact) or _("the contact outside the house")
        said = _("Call %(contact)s now: a safety matter here has not been read by anybody.") % {"contact": contact}
    return NewTask(
        program=item.program,
        kind=f"safeguarding/{'concern' if is_concern else 'worry'}",
        owner=user,
        person=None,
        about=item,
        reason=said,
        due_at=at,
        late_at=at + item.program.limit("concern-rung") if is_concern else item.late_at,
        cause_key=key_of(item, user, rung, readers),
        pressing=1,
        level=SEALED,
        ends_with_match=False,
        ends_on_its_page=True,
    )


def letter(item, user, rung, readers):
    """A message that says only: sign in."""
    return Outgoing(to=user.person, about=item, key=key_of(item, user, rung, readers), facts={})
