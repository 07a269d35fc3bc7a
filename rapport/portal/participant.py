from django.http import Http404

from rapport.access.rights import Right
from rapport.portal.reading import desk_page


@desk_page(Right.PARTICIPANT_VIEW)
def participant(request, program, ref):
    raise Http404
