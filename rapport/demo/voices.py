"""What mentors, mentees and guardians of a story say: each meeting logged, each letter answered, or not."""

import random
import uuid
from datetime import datetime, timedelta

from rapport.checkins import actions as checkins
from rapport.checkins.actions.answering import Card, Going
from rapport.checkins.models import Ask, CheckIn
from rapport.demo.script import SEED, sign_of
from rapport.matches.models import Goal, Headway, Match
from rapport.meetings import actions as meetings
from rapport.meetings.models import Log, Meeting
from rapport.meetings.telling import More
from rapport.programs.activities import activities
from rapport.programs.models import ActivityRule, Party

MISSED = {"m": "mentee-away", "a": "mentor-away", "w": "mentor-away", "b": "both"}
FEELING_OF_A_MEETING = (4, 5, 5, 4, 3)
TELLS_MORE = 0.3  # of the mentors who log
NEW, WAY, WRITES = 0.15, 0.3, 0.2  # of those: something new or of the school, a way of working, only messages
HEADWAY = 0.1  # of the answers: how it goes with the goals, too
MONTH = timedelta(days=30)
GOING = (Headway.Value.ON_TRACK, Headway.Value.ON_TRACK, Headway.Value.PARTLY, Headway.Value.STUCK)
WORRIES = {"?": "not-sure", "!": "yes"}
PATIENCE = {"mentor": 3, "mentee": 4, "guardian": 4}  # days within which those who answer have answered


class Voices:
    """Everybody of one program who speaks by themselves."""

    def __init__(self, telling):
        self.telling = telling
        rules = activities(telling.program)
        self.activities = [code for code, rule in rules.items() if rule.says == ActivityRule.Says.YES]
        self.logged_until = None

    def speak(self, *, at: datetime) -> None:
        """The evening of a day: what was held is logged, and letters are answered."""
        self.log_meetings(at)
        self.answer_letters(at)
        self.logged_until = at

    def log_meetings(self, at: datetime) -> None:
        over = Meeting.objects.filter(match__in=self.telling.pairs, match__state=Match.State.ACTIVE).untouched()
        over = over.filter(ends_at__lte=at)
        if self.logged_until:
            over = over.filter(ends_at__gt=self.logged_until)
        for meeting in over.order_by("ends_at", "pk"):
            match, pair = self.telling.pairs[meeting.match_id]
            self.log_one(meeting, match, pair, self.sign(meeting, pair), at)

    def sign(self, meeting, pair) -> str:
        """How this meeting went: by the signs of the pair's way, or by the day from which the mentor is away."""
        away_from = " ".join(pair.way.get("away_from", []))
        if away_from and meeting.starts_at >= self.telling.story.moment(away_from):
            return "a"
        return sign_of(pair.way["meetings"], self.back(meeting))

    def back(self, meeting) -> int:
        """How many expected meetings have come after this one until the story ends."""
        every = timedelta(weeks=self.telling.story.told.get("every_weeks", 1))
        return (self.telling.until - meeting.ends_at) // every

    def log_one(self, meeting, match, pair, sign: str, at: datetime) -> None:
        mentor = self.telling.people.participants["mentor", pair.mentor.name].person
        chance = self.chance("log", pair.mentor.name, meeting.starts_at)
        if sign == "h":
            meetings.log(
                meeting, mentor, True, minutes=chance.choice((45, 60, 60, 60, 75)), source="page", by=mentor, at=at,
                feeling=chance.choice(FEELING_OF_A_MEETING), words=self.some_words("mentor", chance, 3),
                more=self.more(chance) if chance.random() < TELLS_MORE else None,
            )  # fmt: skip
        elif sign in MISSED:
            waited = True if sign == "w" else None
            meetings.log(
                meeting, mentor, False, cause=MISSED[sign], child_waited=waited, source="page", by=mentor, at=at
            )

    def more(self, chance: random.Random) -> More:
        """What some tell at length: what they did, whether it was new, a way of working; grown-ups sometimes write."""
        writes = self.telling.program.adults_only and chance.random() < WRITES
        return More(
            activity=chance.choice(self.activities), is_new_experience=chance.random() < NEW,
            is_school_activity=not self.telling.program.adults_only and chance.random() < NEW,
            technique=chance.choice(Log.Technique.values) if chance.random() < WAY else "",
            mode="messages" if writes else "",
        )  # fmt: skip

    def answer_letters(self, at: datetime) -> None:
        sent = Ask.objects.filter(
            program=self.telling.program, state__in=[Ask.State.SENT, Ask.State.REMINDED], sent_at__lte=at
        )
        for ask in sent.select_related("person").prefetch_related("check_ins").order_by("pk"):
            chance = self.chance("ask", str(ask.person), ask.sent_at)
            for check_in in ask.check_ins.all():
                waits = timedelta(days=chance.randrange(PATIENCE.get(check_in.party, 3)), hours=1)
                if check_in.state == CheckIn.State.OPEN and at >= ask.sent_at + waits:  # type: ignore[operator]
                    self.answer_one(check_in, ask.person, chance, at)

    def answer_one(self, check_in, person, chance: random.Random, at: datetime) -> None:
        _match, pair = self.telling.pairs[check_in.match_id]
        sign = sign_of(pair.way.get(check_in.party, ["-"]), self.rounds_back(check_in))
        if sign in "-t":
            return
        feeling, worry = int(sign[0]), WORRIES.get(sign[1:], "no")
        kind = {"yes": "worried", "not-sure": "unsure"}.get(worry) or ("low" if feeling < 3 else check_in.party)
        words = self.some_words(kind, chance, 1 if worry != "no" or feeling < 3 else 3)
        said = {"feeling": feeling, "worry": "" if check_in.program.adults_only else worry, "words": words}
        told = {"source": "link", "form_id": str(uuid.UUID(int=chance.getrandbits(128))), "by": person, "at": at}
        if check_in.party != Party.GUARDIAN and chance.random() < HEADWAY:
            self.answer_with_goals(check_in, said, told, chance)
        else:
            checkins.answer(check_in, **said, **told)

    def answer_with_goals(self, check_in, said, told, chance: random.Random) -> None:
        """On the same page they say how it goes with each goal of the two."""
        ask = Ask.objects.select_related("person", "program").get(pk=check_in.ask_id)
        goals = Goal.objects.open().filter(match=check_in.match_id).select_related("match__program")
        going = [Going(goal, chance.choice(GOING)) for goal in goals]
        checkins.answer_ask(ask, cards=[Card(check_in, **said)], going=going, **told)

    def rounds_back(self, check_in) -> int:
        """How many times this person is asked again until the story ends."""
        promise = check_in.promise
        every = MONTH * (promise.every or 1) if promise and promise.unit == "months" else MONTH
        return (self.telling.until - check_in.due_at) // every

    def some_words(self, kind: str, chance: random.Random, one_in: int) -> str:
        """Something of what such people say; nothing, most of the time, where one in so many writes."""
        lines = self.telling.story.told["words"][kind]
        return chance.choice(lines) if lines and chance.randrange(one_in) == 0 else ""

    def chance(self, *about) -> random.Random:
        return random.Random(f"{SEED} {' '.join(map(str, about))}")  # noqa: S311  (a story, no secret)
