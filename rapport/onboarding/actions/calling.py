"""Where a word about permission needs a person, whoever asked for it finds a task on their desk."""

from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from rapport.access.rights import Right
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in, moment
from rapport.onboarding.models import ConsentAsk
from rapport.people.models import kept_from
from rapport.people.scopes import close_to
from rapport.programs.models import Membership
from rapport.tasks.actions import NewTask, add_tasks

SAID_NO, TWO_WORDS, CALL_ME = "onboarding/said-no", "onboarding/two-words", "onboarding/call-me"
NOT_ME, ON_PAPER, TO_CONFIRM = "onboarding/not-me", "onboarding/on-paper", "onboarding/to-confirm"
OF_OWN_WORDS = {
    CALL_ME: lazy("%(who)s would rather talk than press a button about how far their own answers may go: call them."),
    ON_PAPER: lazy("The letter to %(who)s about their own answers did not arrive. Print the sheet and hand it over."),
}
END_OF_DAY = time(23, 59)
PRESSING = {TWO_WORDS: 2, CALL_ME: 2, NOT_ME: 3, TO_CONFIRM: 2}


@override(OF_STAFF)
def call(ask, kind, *, cause="", words="", at):
    """One task for each cause, due today; `words` say what it is about. Returns what was added."""
    owner = owner_of(ask, at)
    if owner is None:
        return []
    names = {"who": ask.person.first_name, "name": ask.participant.person.first_name, "words": words}
    end = moment(day_in(at, ask.program.zone), END_OF_DAY, ask.program.zone)
    task = NewTask(
        program=ask.program, kind=kind, owner=owner, person=whom(ask, kind), about=ask.participant,
        reason=sentence(ask, kind) % names, due_at=at, late_at=end, cause_key=f"{kind}:{ask.ref}:{cause}",
        pressing=PRESSING.get(kind, 4),
    )  # fmt: skip
    return add_tasks([task], by=None, at=at)


def whom(ask, kind):
    """Whom to call: the guardians about a child they do not agree on are more than one, so the child is named."""
    return ask.participant.person if kind == TWO_WORDS else ask.person


def owner_of(ask, at):
    """Whoever asked, while they have a desk here; else somebody who records permissions here."""
    staff = Membership.objects.live(at).staff().filter(program=ask.program, role__grants__right=Right.TASK_DO)
    mine = staff.filter(user=ask.made_by).select_related("user")
    others = staff.filter(user__memberships__in=recorders(ask, at)).select_related("user").order_by("pk")
    users = dict.fromkeys(row.user for row in [*mine, *others])
    return next((user for user in users if may_know(user, ask, at)), None)


def may_know(user, ask, at):
    """Whether this user is neither one of these two, nor stands for the child, nor is kept away from either."""
    people = {ask.person_id, ask.participant.person_id}
    return not people & {*close_to(user), *kept_from(user, at)}


def recorders(ask, at):
    live = Membership.objects.live(at).filter(program=ask.program)
    return live.filter(role__grants__right=Right.CLEARANCE_EDIT)


def sentence(ask, kind):
    if kind == SAID_NO and ask.is_own:
        return _("%(name)s said no to taking part. Leave it at that, or ask only whether %(name)s would like to talk.")
    if ask.of_own_words and kind in OF_OWN_WORDS:
        return OF_OWN_WORDS[kind]
    return {
        SAID_NO: _("%(who)s said no to %(name)s taking part. Leave it at that, or ask only whether they would talk."),
        TWO_WORDS: _("The guardians of %(name)s do not agree on taking part. The no counts until you settle it."),
        CALL_ME: _("%(who)s would rather talk about taking part (%(name)s) than press a button: call them."),
        NOT_ME: _("The address of %(who)s reaches somebody else. Find the right one, and ask again about %(name)s."),
        TO_CONFIRM: _(
            "Somebody else reads the address of %(who)s. What was pressed there is to be confirmed, and counts for "
            "nothing new until then: %(words)s (%(name)s). Ask %(who)s again by another way. Nothing ends by itself."
        ),
        ON_PAPER: _("The letter to %(who)s about %(name)s did not arrive. Print the sheet and hand it over."),
    }[kind]


def undelivered(messages, *, at):
    """The outbox could not deliver these letters: paper takes their place."""
    about = {message.about_id for message in messages if message.kind.startswith("onboarding/")}
    asks = ConsentAsk.objects.unanswered().filter(pk__in=about)
    for ask in asks.select_related("program", "person", "participant__person", "made_by"):
        call(ask, ON_PAPER, at=at)
