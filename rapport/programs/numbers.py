"""How the numbers of a program are called on pages, and under which heading they stand there."""

from django.utils.translation import gettext_lazy as _

HEADINGS = {
    _("Asking how it goes"): {
        "ask-hour": _("Asks go out at"),
        "remind-after": _("Remind after"),
        "hand-over-after-reminder": _("After the reminder, somebody calls"),
        "hand-over-after-sending": _("Without a reminder, somebody calls"),
        "asks-in-30-days": _("Asks in 30 days, at most"),
        "asks-in-30-days-mentor": _("Asks in 30 days to a mentor, at most"),
        "quiet-from": _("Nobody is written to from"),
        "quiet-until": _("until"),
        "best-time-wait": _("Waiting for somebody's best time, at most"),
        "pairs-spread": _("Pairs from before are asked within"),
        "talk-within": _("Whoever asks for a talk hears within"),
    },
    _("Proposals"): {
        "proposal-age-span": _("An age is told within"),
        "suggestions-shown": _("Suggestions shown beforehand, at most"),
        "suggestions-open": _("To be answered within"),
        "wish-first": _("A mentee's first choice is worth, of all points"),
        "wish-next": _("and each next choice, of the one before"),
        "wish-mentor": _("A mentor's choice, of a mentee's"),
    },
    _("After a match that ended"): {
        "waiting-long": _("A mentee waits long from"),
        "rematch-after": _("A rest before another match"),
        "rematch-within": _("and another match within"),
        "rematch-often": _("Somebody looks first, where matched before so often"),
    },
    _("Meetings"): {
        "plan-ahead": _("Planned ahead"),
        "break-days": _("A break is as long as"),
        "holiday-ahead": _("How they keep in touch is asked before a break"),
        "holiday-call": _("and stands on a list before it"),
        "plan-minutes": _("Planned for, unless somebody says otherwise"),
        "no-log-in-a-row": _("Without a word, until somebody calls"),
        "minutes-apart": _("What two sides tell of one meeting differs by more than"),
        "times-apart": _("What somebody remembers of how often they met differs by"),
        "length-apart": _("and of how long, by"),
        "meetings-alike": _("Two meetings may be one within"),
        "unprepared-in-a-row": _("Unprepared, until somebody asks what would help"),
        "no-shows-in-a-row": _("Not there, until somebody asks what would help"),
        "meetings-asked-back": _("A form asks back"),
        "meetings-in-a-call": _("A call asks back"),
        "age-gap": _("Years between a young mentor and a mentee"),
        "calendar-place": _("A calendar shows the place, where everybody is at least"),
    },
    _("Outings"): {
        "outing-notice": _("Asked for, at least before"),
        "outing-answer": _("A guardian answers, at least before"),
        "outing-from": _("They leave from"),
        "outing-until": _("and are back by"),
        "outing-hours": _("They last, at most"),
        "outing-youngest": _("A child goes from the age of"),
        "outing-car": _("In a mentor's car from the age of"),
    },
    _("The agreement"): {
        "agreement-within": _("All have signed within"),
        "agreement-waits": _("Without a signature, somebody talks after"),
        "agreement-again": _("Signed again after"),
    },
    _("Mentors among themselves"): {
        "circle-within": _("A circle meets at least every"),
    },
    _("Groups"): {
        "headway-every": _("Whoever leads a group is asked every"),
        "lead-link": _("Without a sign-in, they have a page by a link for"),
        "attendance-looked-at": _("Times looked at"),
        "attendance-to-ask": _("There less often than: somebody asks"),
        "away-in-a-row": _("Away in a row, until somebody asks"),
    },
    _("Goals"): {
        "goal-within": _("A goal in the mentee's own words within"),
        "headway-within": _("How it goes with a goal is not asked again within"),
        "headway-asked": _("Goals asked about at one time, at most"),
    },
    _("How they are"): {
        "meetings-looked-at": _("Expected meetings looked at"),
        "missed-to-watch": _("Not held, until we watch"),
        "together-open-days": _("Time together is weighed over"),
        "together-to-watch": _("Time together, below: we watch"),
        "together-to-help": _("Time together, below: they need help"),
        "small-cell": _("Figures for those who see no match: of at least so many"),
        "apart-intervals": _("Apart for so many times the usual gap"),
        "apart-open-days": _("Apart for at least"),
        "apart-open-days-monthly": _("Apart for at least, where they meet monthly"),
        "low-feeling": _("A feeling is low from"),
        "silent": _("Silent for"),
        "silent-as-needed": _("Silent for, where they meet as they need"),
        "waiting-child": _("A child waits for"),
        "waiting-child-again": _("and is talked to again after"),
        "waited-told": _("That a child waited is still told after"),
    },
    _("When somebody cannot be reached"): {
        "reach-another-way": _("Another way"),
        "reach-other-guardian": _("Another adult of the child"),
        "reach-school": _("Through the school or the site"),
        "reach-letter": _("A letter home"),
        "reach-pick-up": _("When the child is picked up"),
    },
    _("Permission, and growing up"): {
        "letter-waits": _("A letter for permission waits"),
        "consent-ends": _("A dated yes is asked for anew before its end"),
        "turning-18": _("Turning 18, asked before"),
        "turning-18-again": _("and asked again after"),
        "wrong-age-told": _("A wrong birth date is told of for"),
        "training-hours": _("Training before the first match"),
    },
    _("Lists"): {
        "roster-takes-away": _("A roster by night waits, where it takes something from more than"),
    },
    _("Safety"): {
        "triage-within": _("A worry is read within"),
        "concern-rung": _("A concern goes on to the next after"),
    },
    _("Signing in"): {
        "staff-idle": _("Staff, without a press"),
        "staff-session": _("Staff, at most"),
        "sealed-idle": _("Who reads what is sealed, without a press"),
        "sealed-session": _("Who reads what is sealed, at most"),
        "others-idle": _("Everybody else, without a press"),
        "others-session": _("Everybody else, at most"),
        "shared-computer-idle": _("A shared computer, without a press"),
        "draft-kept": _("What was typed is kept for"),
        "way-in": _("A way in by word of mouth works for"),
    },
}
NAMES = {code: name for names in HEADINGS.values() for code, name in names.items()}


def under_headings(rows):
    """Rows of (limit, more) under their headings, in the order of the table; what it does not name comes last."""
    order = list(NAMES)
    known = sorted((row for row in rows if row[0].code in NAMES), key=lambda row: order.index(row[0].code))
    found = [(title, [row for row in known if row[0].code in names]) for title, names in HEADINGS.items()]
    others = [row for row in rows if row[0].code not in NAMES]
    return [(title, rows) for title, rows in [*found, (_("Others"), others)] if rows]
