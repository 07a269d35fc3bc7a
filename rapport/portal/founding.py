"""Making a program whole: its rules, its places and what matching looks at, from a profile or from its own file."""

from django.db import transaction

from rapport.matches.actions.listing import write_listed
from rapport.matching.actions import write_criteria, write_policy, write_word_lists
from rapport.matching.actions.turns import write_turns
from rapport.onboarding.actions import write_texts
from rapport.onboarding.actions.interviewing import write_interview_rules
from rapport.portal import program_file
from rapport.portal.actions import organizing
from rapport.programs import profiles
from rapport.programs.actions import make_program, write_places


@transaction.atomic
def found_program(*, slug, profile="", file=None, rules=None, by, at, **more):
    """Make a program from a profile, from its own file, or from what was read of one (`rules`). Returns it.

    `more`: name, organization, using_since_on, time_zone and whatever else a program holds; what is said here goes
    before what the file says. Where neither says it, the program starts quietly: nothing goes out until somebody has
    looked at it. Raises SlugTaken, ProfileMissing, program_file.FileWrong.
    """
    own = rules or (program_file.read(file) if file else {})
    told = {name: own[name] for name in [*program_file.OWN, "using_since_on"] if name in own}
    more = {"quiet_start": True, **of_the_organization(more.get("organization")), **told, **more}
    for name in ("adults_only", "one_to_one"):
        more.pop(name, None)  # make_program takes these two from the words themselves
    said = own or profiles.read(profile)
    program = make_program(slug=slug, profile=said.get("profile", profile), rules=said, by=by, at=at, **more)
    write_places(program, said)
    write_criteria(program, said)
    write_policy(program, said)
    write_word_lists(program, said)
    write_turns(program, said)
    write_interview_rules(program, said)
    write_listed(program, said)
    write_texts(program, said.get("consent", []), at=at)
    profiled = profiles.read(program.profile) if program.profile in profiles.slugs() else {}
    organizing.follow_at_first(program, said, profiled, by=by, at=at)
    return program


def of_the_organization(organization):
    """What a new program begins with, where nobody says otherwise."""
    if organization is None:
        return {}
    said = {"time_zone": organization.time_zone, "languages": organization.languages}
    return {name: value for name, value in said.items() if value}
