"""What cannot be planned or recorded, said as a sentence."""

from django.utils.translation import gettext_lazy as _

from rapport.core.refused import Refused


class NotAPlan(Refused):
    """The numbers of a plan make no rhythm."""

    sentence = _("Look at the plan again: these numbers make no weekly rhythm.")


class TooFarAhead(Refused):
    """A meeting more than a year ahead: a slip of the finger."""

    sentence = _("That is more than a year ahead. Look at the year you wrote.")


class MatchIsOver(Refused):
    """There is nothing to plan for a match that has ended or will not begin."""

    sentence = _("This match is no longer open, so there is nothing to plan.")


class NotYet(Refused):
    """Nobody can say of a meeting to come whether it happened."""

    sentence = _("This meeting is still to come. Say how it was once it has begun.")


class BeforeTheBeginning(Refused):
    """The pair had not begun to meet then."""

    sentence = _("The match had not begun on that day.")


class AfterTheEnd(Refused):
    """The pair had ended by then."""

    sentence = _("The match had ended by that day.")


class NoSuchLength(Refused):
    """A meeting lasts from one minute to a day."""

    sentence = _("A meeting lasts between one minute and 24 hours. Look at the minutes again.")


class NoSuchFeeling(Refused):
    """A feeling is one to five, or nothing."""

    sentence = _("Choose one of the five faces, or none.")


class NoSuchCause(Refused):
    """The reason is none of those there are."""

    sentence = _("Choose one of the reasons.")


class NotTheirMeeting(Refused):
    """Only those of the match, and a child's guardians, have a view of its meeting."""

    sentence = _("This person has no part in this match.")


class AnotherMeetingThen(Refused):
    """The pair cannot meet twice at the same time."""

    sentence = _("There is a meeting of this match at that time already. Record that one instead.")


class TheyMeetThen(Refused):
    """The time in place of a moved meeting is one at which the pair is to meet anyway."""

    sentence = _("They are to meet at that time anyway. Choose another time, or press “Not known yet”.")


class NoSite(Refused):
    """Pairs of this program meet at their site alone, and this one has none."""

    sentence = _("Pairs of this program meet at their site only. Give this pair a site first.")


class NotBeforeRapport(Refused):
    """What a list remembers lies before the day on which the pair came in."""

    sentence = _("This pair was here already on that day. Write the meeting down on their page.")


class MarkedMeanwhile(Refused):
    """Somebody else said something different on the same day sheet since this page was opened."""

    sentence = _("Somebody marked this pair meanwhile. Look at what stands there now; press again to change it.")


class CalendarMissing(Refused):
    """The profile wants the site's calendar before the first plan."""

    sentence = _("First say when the place is closed: holidays, exams, other days. Then a plan leaves those days out.")


class NotThere(Refused):
    """Pairs of this program do not meet at such a place."""

    sentence = _("Pairs of this program do not meet there. Choose another kind of place.")


class AlreadySaid(Refused):
    """Somebody said already what became of this meeting, or it has begun."""

    sentence = _("This meeting has begun, or somebody said already what became of it.")


class NotThatTime(Refused):
    """A meeting moves to a time ahead, within the year, on an open day, and to no time where another one is."""

    sentence = _("They cannot meet then. Choose a time ahead, on a day when the place is open.")


class AtNight(Refused):
    """A child meets nobody at night by a press on a page."""

    sentence = _("At that hour somebody of the program says yes first. Call them, or choose an earlier time.")


class AnotherDay(Refused):
    """When it began may be put right within its day; on another day it is another meeting."""

    sentence = _("That is another day. Write it down as a meeting of its own.")


class NoSuchPlace(Refused):
    """The kind of place is none of those there are."""

    sentence = _("Choose one of the kinds of place.")


class NoSuchCompany(Refused):
    """Who else was there is none of those there are."""

    sentence = _("Choose who else was there from the list.")


class NoSuchTechnique(Refused):
    """The technique is none of those there are."""

    sentence = _("Choose one of the techniques, or none.")


class NoSuchActivity(Refused):
    """The activity is none of the program's."""

    sentence = _("Choose what they did from the list, or write it in your own words.")


class TooLong(Refused):
    """More words than a log holds."""

    sentence = _("These words are too many for one log. Shorten them.")


class NoSuchDay(Refused):
    """Nobody tries to reach somebody in days to come, or before the pair began."""

    sentence = _("Choose a day on which the pair met already, up to today.")


class NotNow(Refused):
    """While a pair rests nobody leaves words for the other."""

    sentence = _("There is a break at the moment. Keep it for later, or ask the program.")


class TooMany(Refused):
    """Nobody talks about so much."""

    sentence = _("The list is full. Tick off first what you have talked about.")


class HolidayUnclear(Refused):
    """Whether they are in touch, how, and when they are back must fit together."""

    sentence = _("Say whether they are in touch; if so, how. They are back on a day after the break begins.")


class LookedAtMeanwhile(Refused):
    """Somebody else said already whether two meetings are one."""

    sentence = _("Somebody looked at these two meanwhile. Open the page again.")
