from django.http import Http404

from rapport.access.rights import Right
from rapport.portal.reading import desk_page


@desk_page(Right.MATCH_VIEW)
def match(request, program, ref):
    raise Http404
