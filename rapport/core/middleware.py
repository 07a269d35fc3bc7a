"""What every request passes."""

from django.http import Http404, HttpResponseNotAllowed

METHODS = ["GET", "HEAD", "POST", "OPTIONS"]


def plain_methods(get_response):
    """Let no other verb in: a plain Django view would answer TRACE with 200 (ASVS 4.1.4)."""

    def answer(request):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if "\x00" in request.path:  # no address has it, and PostgreSQL takes none
            raise Http404
        response = get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer
