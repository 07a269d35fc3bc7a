"""Making a program whole: its rules and what matching looks at, from a profile or from its own file."""

from django.db import transaction

from rapport.matching.actions import write_criteria
from rapport.portal import program_file
from rapport.programs import profiles
from rapport.programs.actions import make_program


@transaction.atomic
def found_program(*, slug, profile="", file=None, by, at, **more):
    """Make a program from a profile, or from its own file, with its criteria. Returns it.

    `more`: name, organization, using_since_on, time_zone and whatever else a program holds; what is said here goes
    before what the file says. Raises SlugTaken, ProfileMissing, program_file.FileWrong.
    """
    words = program_file.read(file) if file else profiles.read(profile)
    own = {name: words[name] for name in [*program_file.OWN, "using_since_on"] if file and name in words}
    more = {**own, **more}
    for name in ("adults_only", "one_to_one"):
        more.pop(name, None)  # make_program takes these two from the words themselves
    program = make_program(slug=slug, profile=words.get("profile", profile), rules=words, by=by, at=at, **more)
    write_criteria(program, words)
    return program
