"""A look at what a change will send: asked for, worked out by whoever is free, and thrown away."""

import logging
from collections import Counter
from datetime import timedelta

from django.db import OperationalError, connections, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.core.months import monday_of
from rapport.core.refused import Refused
from rapport.people.models import kept_from
from rapport.portal.ahead import changes, playing
from rapport.portal.ahead.changes import Change
from rapport.portal.ahead.playing import Interrupted, Played
from rapport.portal.models import Forecast, Foretold
from rapport.programs.actions import ChangedMeanwhile

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # of the machine's time; renewed with each day that is played
TRIES = 3
KEPT = timedelta(days=1)
BATCH = 500
State = Forecast.State


def never() -> bool:
    return False


@transaction.atomic
def look_ahead(change: Change, *, program, by, at) -> Forecast:
    """Ask what this change will send; the long work finds it out. Asked twice before it is known, it is one look."""
    waits = Forecast.objects.under_way().filter(program=program, by=by, change=change.plain)
    if standing := waits.order_by("pk").last():
        return standing
    return Forecast.objects.create(program=program, by=by, change=change.plain, asked_at=at, days=playing.DAYS)


def foretell_next(*, stop=never, tell=None) -> int:
    """Work out the next look that waits. Returns how many it took; 0 when none is left."""
    for forecast in Forecast.objects.free().filter(program__archived_at=None).order_by("pk").select_related("program"):
        if take(forecast):
            work_out(forecast, stop=stop, tell=tell)
            return 1
    return 0


def take(forecast) -> bool:
    """Become the one who works on it. What ended a process three times is not tried again."""
    mine = {"lease_until": timezone.now() + LEASE, "tries": F("tries") + 1}
    if not Forecast.objects.free().filter(pk=forecast.pk).update(**mine):
        return False
    forecast.refresh_from_db()
    if forecast.tries > TRIES:
        cannot(
            forecast, _("It could not be worked out on this machine. Whoever runs this install finds it in the log.")
        )
        return False
    return True


def work_out(forecast, *, stop=never, tell=None) -> None:
    """Play both ways and keep what differs. What cannot be worked out says why."""
    try:
        was, now = both(forecast, stop, tell)
        keep_figures(forecast, was, now)
    except Interrupted:
        Forecast.objects.under_way().filter(pk=forecast.pk).update(lease_until=None, tries=F("tries") - 1)
    except Refused as refusal:
        cannot(forecast, str(refusal))
    except OperationalError:
        raise  # the database is away or busy: when the lease is over somebody tries again
    except Exception:
        log.exception("forecast %s stumbled", forecast.ref)
        cannot(forecast, _("Something went wrong on our side. Whoever runs this install finds it in the log."))
    forecast.refresh_from_db()


def both(forecast, stop, tell):
    """(without the change, with it), each Played."""
    program, change, at = forecast.program, Change(**forecast.change), forecast.asked_at
    told = {"at": at, "days": forecast.days, "with_care": changes.is_read_by_care(change, program)}

    def heard(begun):
        def one_more(day):
            if stop():
                raise Interrupted(forecast)
            if tell and begun + day > forecast.days_played:
                forecast.days_played = begun + day
                tell(forecast)

        return one_more

    was = playing.play(program, tell=heard(0), **told)
    return was, playing.play(program, change, by=forecast.by, tell=heard(forecast.days), **told)


def tell_beside(forecast) -> None:
    """Say how far it is, and keep the lease, by a connection of its own: the play's own writes are thrown away."""
    beside = connections["default"].copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE portal_forecast SET days_played = %s, lease_until = %s WHERE id = %s",
                [forecast.days_played, beside.ops.adapt_datetimefield_value(timezone.now() + LEASE), forecast.pk],
            )
    finally:
        beside.close()


@transaction.atomic
def keep_figures(forecast, was: Played, now: Played) -> None:
    """Write down what differs, person by person, and the figures by kind and week. Whoever asked is told nothing of
    those they are kept away from, nor how many they are."""
    hidden = set(kept_from(forecast.by, forecast.asked_at))
    for played in (was, now):
        played.sent = Counter({one: n for one, n in played.sent.items() if one[2] not in hidden})
    done = {"state": State.DONE, "figures": figures(was, now), "days_played": forecast.days_in_all, "lease_until": None}
    if not Forecast.objects.under_way().filter(pk=forecast.pk).update(**done):
        return
    rows = [(*one, True) for one in (now.sent - was.sent).elements()]
    rows += [(*one, False) for one in (was.sent - now.sent).elements()]
    rows.sort(key=lambda row: row[0])
    Foretold.objects.bulk_create(
        (Foretold(forecast=forecast, on=on, kind=kind, person_id=who, is_more=more) for on, kind, who, more in rows),
        batch_size=BATCH,
    )


def figures(was: Played, now: Played) -> dict:
    """{"sent" and "calls": [[week's Monday, kind, without the change, with it]]}, in order."""
    return {
        "sent": by_week(was.sent, now.sent),
        "calls": by_week(was.calls, now.calls),
    }


def by_week(was, now):
    before: Counter = Counter()
    after: Counter = Counter()
    for counted, into in ((was, before), (now, after)):
        for (day, kind, *_person), n in counted.items():
            into[monday_of(day).isoformat(), kind] += n
    return [[week, kind, before[week, kind], after[week, kind]] for week, kind in sorted(before.keys() | after.keys())]


def cannot(forecast, why) -> None:
    Forecast.objects.under_way().filter(pk=forecast.pk).update(state=State.FAILED, trouble=why[:300], lease_until=None)


@transaction.atomic
def keep_change(forecast, *, by, at) -> None:
    """Keep what was looked at, once. Raises ChangedMeanwhile where it is not any more as it was when somebody
    looked."""
    if not Forecast.objects.filter(pk=forecast.pk, state=State.DONE, kept_at=None).update(kept_at=at):
        raise ChangedMeanwhile(forecast)
    changes.apply(Change(**forecast.change), forecast.program, by=by, at=at)


@transaction.atomic
def forget_forecasts(*, at, limit) -> int:
    """The clock throws looks away after a day. Returns how many."""
    old = list(Forecast.objects.filter(asked_at__lt=at - KEPT).order_by("pk").values_list("pk", flat=True)[:limit])
    Forecast.objects.filter(pk__in=old).delete()
    return len(old)
