"""What whoever leads a group is shown of it, by sign-in or by a link: nobody whom they are kept away from."""

from rapport.access.models import Grant
from rapport.access.rights import Right
from rapport.events.groups.questions import standings_of
from rapport.events.models import Group, NamedLead, PairWord
from rapport.events.readers import alike, apart_from
from rapport.people.models import kept_from
from rapport.people.scopes import close_to
from rapport.programs.models import Holder, Membership

RIGHT = Right.GROUP_LEAD


def signs_in(person, program, at) -> bool:
    """Whether they have that page by their own sign-in."""
    lets = Grant.objects.filter(right=RIGHT).values("role")
    return bool(person.user_id) and (
        Membership.objects.live(at).filter(user=person.user_id, program=program, role__in=lets).exists()
    )


def standings_for(groups, at, away):
    """How these groups stand, with the pairs of their teams: none with somebody of `away` in it."""
    rows = standings_of(groups, at, with_pairs=True)
    for row in rows:
        row.pairs = [one for one in row.pairs if not away & {m.participant.person_id for m in one.members.all()}]
    return rows


def with_own_words(rows, person):
    """The same with what this very lead said last of each group and each pair: nothing of who led before."""
    pairs = [match for row in rows for match in row.pairs]
    mine = PairWord.objects.filter(match__in=pairs, word__said_by=person).order_by("pk")
    last = dict(mine.values_list("match", "says"))
    for match in pairs:
        match.said = PairWord.Says(last[match.pk]).label if match.pk in last else ""
    for row in rows:
        row.own_word = row.word if row.word and row.word.said_by_id == person.pk else None
    return rows


def unseen_by_link(link, at) -> set:
    """Whom a link shows nothing of: whom its person or the one who gave it is kept away from, and whoever is close to
    that one, who has had the link in hand."""
    return apart_from(alike(link.person), at) | {*kept_from(link.given_by, at), *close_to(link.given_by)}


def led_by_link(link, at):
    """The groups of a link: those its person leads, as far as the one who gave it reaches them. By the lead's name,
    too: whoever named them may not know who else they are in the house."""
    led = Group.objects.led_by(link.person, at).filter(program=link.program)
    if is_named_no_more(link, at):
        led = led.none()
    reached = Group.objects.visible_to(link.given_by, Right.MEETING_EDIT, at)
    return led.filter(pk__in=reached.values("pk")).without(apart_from(alike(link.person), at))


def is_named_no_more(link, at) -> bool:
    """Whether they lead by a name that stands no longer among the named roles."""
    named = NamedLead.objects.filter(program=link.program, person=link.person)
    return named.exists() and not named.filter(holder__in=Holder.objects.live(at)).exists()
