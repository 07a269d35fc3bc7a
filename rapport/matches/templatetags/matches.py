"""Where something that is missing is put right."""

from django import template
from django.urls import reverse

from rapport.access.rights import Right

register = template.Library()


@register.simple_tag(takes_context=True)
def put_right(context, lack):
    """The address that puts this right, or nothing where this reader may not, or nobody can by a page."""
    request, match = context["request"], context["match"]
    slug = request.program.slug
    if lack.kind == "gate" and request.has_right(Right.CLEARANCE_EDIT):
        return reverse("onboarding:gates", args=[slug, lack.who.ref])
    if lack.kind == "coordinator":
        return reverse("matches:coordinator", args=[slug, match.ref])
    if lack.kind == "point":
        return f"{reverse('matches:begin', args=[slug, match.ref])}#points" if match.state == "proposed" else "#points"
    if lack.kind == "person" and request.has_right(Right.PARTICIPANT_VIEW):
        return reverse("portal:participant", args=[slug, lack.who.ref])
    return ""
