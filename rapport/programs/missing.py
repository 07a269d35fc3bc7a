"""What a program still needs before it is safe to begin: named roles, sites, numbers to call (requirements S0-02)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.programs.models import Membership

NEEDED = {
    "coordinator": lazy("Nobody coordinates this program yet: calls and questions have nowhere to go."),
    "safeguarding-lead": lazy("Nobody leads on safeguarding yet: a worry would be read by nobody."),
}


def of_program(program, at):
    """What this program lacks, as sentences."""
    held = Membership.objects.live(at).filter(program=program, role__slug__in=NEEDED)
    return [*of_roles(set(held.values_list("role__slug", flat=True))), *of_sites(program.sites.order_by("name"))]


def of_roles(held):
    return [str(sentence) for slug, sentence in NEEDED.items() if slug not in held]


def of_sites(sites):
    """Sites without numbers for an emergency; no site at all."""
    sites = list(sites)
    if not sites:
        return [_("No site is named yet: pairs have no place to meet.")]
    bare = [site.name for site in sites if not site.emergency_numbers]
    return [_("No emergency numbers yet: %(names)s.") % {"names": ", ".join(bare)}] if bare else []
