"""What a person may do. A role is pairs of a right and a scope (`roles.toml`); a page names its right."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Right(models.TextChoices):
    HOUSE_MANAGE = "house.manage", _("manage the house: users, backups, settings")
    PROGRAM_VIEW = "program.view", _("see the program")
    PROGRAM_EDIT = "program.edit", _("change the program's settings")
    STAFF_VIEW = "staff.view", _("see who works here")
    STAFF_INVITE = "staff.invite", _("invite staff")
    AUDIT_VIEW = "audit.view", _("see who did what")
    PARTICIPANT_VIEW = "participant.view", _("see participants")
    PARTICIPANT_EDIT = "participant.edit", _("change participants")
    CONTACT_VIEW = "contact.view", _("see how to reach people")
    CLEARANCE_EDIT = "clearance.edit", _("record clearances, permissions and training")
    IMPORT = "import", _("bring in files")
    MATCH_VIEW = "match.view", _("see matches")
    MATCH_EDIT = "match.edit", _("propose, begin and pause matches")
    MATCH_CLOSE = "match.close", _("end matches")
    MATCHING_RUN = "matching.run", _("draft and publish rounds")
    MEETING_EDIT = "meeting.edit", _("plan and record meetings")
    GROUP_LEAD = "group.lead", _("lead groups of their own")
    ANSWER_VIEW = "answer.view", _("read answers to check-ins")
    TALK = "talk", _("record talks")
    TASK_DO = "task.do", _("have a Today desk")
    MESSAGE_VIEW = "message.view", _("read messages that wait")
    MESSAGE_RELEASE = "message.release", _("release messages that wait")
    CONCERN_RAISE = "concern.raise", _("raise a safety concern")
    RESTRICTION_EDIT = "restriction.edit", _("record who is kept away from whom, and read why")
    CONCERN_LEAD = "concern.lead", _("read and handle safety concerns")
    OWN_PAGES = "own.pages", _("see one's own pages")


# With these one reads what is sealed: levels 3 and 4 (security.md §2.2). Who has one stays signed in for less long.
SEALED = {Right.CONCERN_LEAD, Right.RESTRICTION_EDIT}


class Scope(models.TextChoices):
    """How far a right reaches. Who lies within is told by the apps (`programs.doors`)."""

    PROGRAM = "program", _("the whole program")
    SITE = "site", _("own site")
    CASELOAD = "caseload", _("own caseload")
    OWN_RECORD = "own record", _("own record")
    OWN_CHILD = "own child", _("own child")
    OWN_MATCH = "own active match", _("own active match")
