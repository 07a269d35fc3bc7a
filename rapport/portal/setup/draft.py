"""A program that is not made yet. It lies in the session of whoever sets it up: it holds settings and nobody's answers,
is theirs alone, and is gone when they sign out; nothing of it stands in the house before it is made whole."""

from datetime import date

from rapport.portal.program_file import checking
from rapport.portal.program_file.shape import TABLES, TOP
from rapport.programs import profiles
from rapport.programs.models import Program

KEY = "new_program"
DAYS = ("using_since_on", "starts_on", "ends_on")
STEPS = ["start", "own", "sites", "rules", "people", "check"]


class Draft:
    """What was said so far: `words` as in a program's file, the short name, and who is to work there."""

    def __init__(self, session):
        self.session = session
        kept = session.get(KEY, {})
        self.words = with_days(kept.get("words", {}))
        self.slug = kept.get("slug", "")
        self.people = kept.get("people", {})
        self.done = kept.get("done", [])

    def keep(self, step):
        done = [*dict.fromkeys([*self.done, step])]
        self.session[KEY] = {"words": plain(self.words), "slug": self.slug, "people": self.people, "done": done}
        self.done = done

    def drop(self):
        self.session.pop(KEY, None)

    def begin(self, profile):
        """Start from a profile. The rows of one chosen before are gone, what was said of the program stays."""
        own = {name: self.words[name] for name in TOP if name in self.words and name not in FROM_PROFILE}
        kept = {"site": self.words.get("site", []), "closed": self.words.get("closed", [])}
        self.words = {**clean(profiles.read(profile)), **own, **kept, "profile": profile, "complete": True}
        self.words.setdefault("quiet_start", True)
        self.done = [step for step in self.done if step != "rules"]

    def begin_from_file(self, words):
        self.words = {**clean(words), "complete": True}
        self.words.setdefault("quiet_start", True)
        self.done = []

    @property
    def missing(self):
        """The first step that was not done yet."""
        return next((step for step in STEPS[:-1] if step not in self.done), "")

    def wrong(self):
        """Everything wrong with what was said, as sentences."""
        return list(dict.fromkeys(problem.words for problem in checking.everything(self.words)))

    def as_program(self):
        """An unsaved program with what was said, for its words on a page."""
        own = {name: self.words[name] for name in TOP if name in self.words and name != "complete"}
        return Program(slug=self.slug, **own)


FROM_PROFILE = ("profile", "complete", "adults_only", "one_to_one")


def clean(words):
    """What a program's file may say; a profile says a few things more that no program can change."""
    return {name: value for name, value in words.items() if name in TOP or name in TABLES}


def plain(value):
    """Values as a session keeps them."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def with_days(value):
    if isinstance(value, dict):
        return {
            name: date.fromisoformat(one) if name in DAYS and isinstance(one, str) else with_days(one)
            for name, one in value.items()
        }
    return [with_days(one) for one in value] if isinstance(value, list) else value
