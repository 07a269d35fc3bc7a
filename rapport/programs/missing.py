"""What a program still needs before it is safe to begin: named roles, sites, numbers to call (requirements S0-02)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from rapport.programs import crew
from rapport.programs.models import Membership

NEEDED = {
    "coordinator": lazy("Nobody coordinates this program yet: calls and questions have nowhere to go."),
    "safeguarding-lead": lazy("Nobody leads on safeguarding yet: a worry would be read by nobody."),
}


def of_program(program, at):
    """What this program lacks, as sentences."""
    return [*of_staff(program, at), *of_sites(program.sites.order_by("name"))]


def of_staff(program, at):
    """Who is missing: roles without which nothing goes, named roles, and colleagues without their training."""
    held = Membership.objects.live(at).filter(program=program, role__slug__in=NEEDED)
    sentences = of_roles(set(held.values_list("role__slug", flat=True)))
    for post, sites in crew.vacant(program, at).items():
        if post.role not in NEEDED:
            sentences.append(of_post(post, [site for site in sites if site]))
    untrained = len(crew.unprepared(program, at))
    if untrained:
        words = ngettext(
            "The training of %(n)d colleague is not written down, or ran out.",
            "The training of %(n)d colleagues is not written down, or ran out.",
            untrained,
        )
        sentences.append(words % {"n": untrained})
    return sentences


def of_post(post, sites):
    said = {"post": post.label, "sites": ", ".join(sites)}
    if sites:
        return _("Nobody is named yet as %(post)s: %(sites)s.") % said
    return _("Nobody is named yet as %(post)s.") % said


def of_roles(held):
    return [str(sentence) for slug, sentence in NEEDED.items() if slug not in held]


def of_sites(sites):
    """Sites without numbers for an emergency; no site at all."""
    sites = list(sites)
    if not sites:
        return [_("No site is named yet: pairs have no place to meet.")]
    bare = [site.name for site in sites if not site.emergency_numbers]
    return [_("No emergency numbers yet: %(names)s.") % {"names": ", ".join(bare)}] if bare else []
