"""What pages of staff share."""

from django.shortcuts import render


def answer(request, template, context):
    """A page with a form (`form` in its context): with 422 where something typed makes no sense."""
    return render(request, template, context, status=422 if context["form"].errors else 200)
