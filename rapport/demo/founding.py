"""The programs of the demo and their staff, as `programs.toml` says, made by the house's own actions."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rapport.access.actions import add_user
from rapport.access.models import Role
from rapport.core.months import day_in, moment, monday_of
from rapport.demo.people import let_in
from rapport.people.actions import add_person
from rapport.portal.founding import found_program
from rapport.programs import profiles
from rapport.programs.actions import close_days, name_holder, sites_named, the_organization, write_prepared
from rapport.programs.crew import Trainings
from rapport.programs.models import Membership
from rapport.safeguarding.actions import name_duty

HERE = Path(__file__).parent
EXAMPLES = profiles.FOLDER.parent / "examples"  # programs' own files
NINE = time(9)


def words() -> dict:
    """What `programs.toml` says."""
    return tomllib.loads((HERE / "programs.toml").read_text(encoding="utf-8"))


def found(on: date) -> dict:
    """Make the programs, their sites and their staff, hung on the Monday of this day's week. Returns them by slug."""
    told = words()
    monday, zone = monday_of(on), ZoneInfo(told["time_zone"])
    organization = the_organization(told["organization"])
    programs = {}
    for row in told["program"]:
        since_on = monday - timedelta(weeks=row["since"])
        programs[row["slug"]] = make(row, organization, since_on, monday, told["time_zone"], zone)
    at = moment(monday - timedelta(weeks=max(row["since"] for row in told["program"])), NINE, zone)
    staff = {row["email"]: employ(row, organization, programs, told["password"], at) for row in told["staff"]}
    for row in told["program"]:
        name_readers(row, programs[row["slug"]], told["staff"], staff, at)
        name_holders(row, programs[row["slug"]], {user.name: user for user in staff.values()}, at)
        note_trainings(programs[row["slug"]], at)
    return programs


def make(row, organization, since_on: date, monday: date, time_zone: str, zone: ZoneInfo):
    """One program with its sites and its calendar."""
    at = moment(since_on, NINE, zone)
    program = found_program(
        slug=row["slug"], name=row["name"], profile=row["profile"], organization=organization, using_since_on=since_on,
        file=EXAMPLES / row["file"] if "file" in row else None,
        time_zone=time_zone, contact_line=row["contact_line"], quiet_start=False, by=None, at=at,
    )  # fmt: skip
    sites_named([name for name, _numbers in row["sites"]], program=program, by=None, at=at)
    for kind, name, weeks, days in row["closed"]:
        starts_on = monday + timedelta(weeks=weeks)
        ends_on = starts_on + timedelta(days=days - 1)
        close_days(program, kind=kind, name=name, starts_on=starts_on, ends_on=ends_on, by=None, at=at)
    return program


def employ(row, organization, programs: dict, password: str, at: datetime):
    """One member of staff: a person who signs in with a password, and their roles."""
    given_name, family_name = row["name"].split(" ", 1)
    person = add_person(
        organization=organization, given_name=given_name, family_name=family_name, email=row["email"], by=None, at=at
    )
    user = add_user(email=row["email"], name=row["name"], password=password, by=None, at=at)
    roles = [(programs[slug], Role.objects.get(slug=role), *site) for slug, role, *site in row["roles"]]
    let_in(person, user, roles, by=None, at=at)
    return user


def name_holders(row, program, staff: dict, at: datetime) -> None:
    """Who holds the named roles: colleagues by their name, the school's own people with a number."""
    by_code = {post.code: post for post in program.posts.all()}
    by_name = {site.name: site for site in program.sites.all()}
    for code, site, name, reach in row["named"]:
        user = staff.get(name)
        name_holder(
            by_code[code], site=by_name.get(site), user=user, name="" if user else name, reach=reach, by=None, at=at
        )


def note_trainings(program, at: datetime) -> None:
    """Everybody who works there had the training their role asks for."""
    members = list(Membership.objects.live(at).staff().filter(program=program).select_related("role", "user"))
    seen_by, trainings, today = members[0].user, Trainings(program, at), day_in(at, program.zone)
    for user, code in dict.fromkeys(
        (one.user, rule.code) for one in members for rule, _row, _holds in trainings.of(one)
    ):
        write_prepared(user, program=program, code=code, met_on=today, words="certificate seen", by=seen_by, at=at)


def name_readers(row, program, rows, staff: dict, at: datetime) -> None:
    """Who reads worries in this program, and whom to call."""
    named = {duty: staff[one["email"]] for one in rows for slug, duty in one.get("duty", []) if slug == row["slug"]}
    sites = {site.name: site for site in program.sites.all()}
    name_duty(
        program, **named, outside_contact=row["outside_contact"], read_by=time.fromisoformat(row["read_by"]),
        numbers={sites[name]: numbers for name, numbers in row["sites"]}, by=named["lead"], at=at,
    )  # fmt: skip
