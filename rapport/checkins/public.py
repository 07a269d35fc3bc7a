"""Stub for the page."""

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from rapport.programs.doors import public_page


@csrf_exempt
@public_page
def ask(request, token):
    return HttpResponse("")
