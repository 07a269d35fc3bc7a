"""What is done with a task, each by one press. GET shows the small form, which is also put into the desk by htmx."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import retarget

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.people.models import kept_from
from rapport.programs.doors import staff_page
from rapport.tasks import actions, forms
from rapport.tasks.models import Task

MOST = 200  # rows of one page; what is handed over makes room for the next


@staff_page(Right.TASK_DO)
def done(request, program, ref):
    task = own_task(request, program, ref)
    form = forms.Note(sent(request), auto_id=f"{ref}-%s")
    if request.method == "POST" and form.is_valid():
        changed = actions.say_done(task, **form.cleaned_data, by=request.user, at=timezone.now())
        return back(request, program, task, changed, _("Done: %(what)s"))
    return piece(request, "done", task, form)


@staff_page(Right.TASK_DO)
def snooze(request, program, ref):
    at = timezone.now()
    task = own_task(request, program, ref)
    form = forms.Snooze(sent(request), program=program, at=at, auto_id=f"{ref}-%s")
    if request.method == "POST" and form.is_valid():
        until, note = form.until, form.cleaned_data["note"]
        changed = actions.snooze(task, until=until, note=note, by=request.user, at=at)
        day = date_format(until.astimezone(program.zone), "l, j F")
        return back(request, program, task, changed, _("Put off to %(day)s: %(what)s"), day=day)
    return piece(request, "snooze", task, form)


@staff_page(Right.TASK_DO)
@require_POST
def reopen(request, program, ref):
    at = timezone.now()
    mine = Task.objects.visible_to(request.user, at)
    given = Task.objects.filter(words__by=request.user, words__verb="handed-over")
    near = Q(pk__in=mine.values("pk")) | Q(pk__in=given.values("pk"))
    task = get_object_or_404(Task.objects.filter(near, program=program), ref=ref)
    actions.reopen(task, by=request.user, at=at)
    is_plain = not any(kept_from(request.user, at))  # what it is about may be nothing for them to read any more
    kept(request, _("Back on your desk: %(what)s") % {"what": task.reason if is_plain else _("one task")})
    return redirect("care:today", program.slug)


@staff_page(Right.TASK_DO)
def left_behind(request, program):
    """Tasks of those who left, for whoever says who works here."""
    at = timezone.now()
    if not request.has_right(Right.STAFF_INVITE):
        raise Http404
    tasks = reachable(Task.objects.left_behind(program, at), request.user, at).select_related("owner")
    return render(request, "tasks/left_behind.html", {"tasks": tasks.order_by("owner", "due_at", "pk")[:MOST]})


def own_task(request, program, ref, *, left_behind=False):
    """A task of the reader's own desk; to be handed over, also one of somebody who left. Else there is none: 404."""
    at = timezone.now()
    task = Task.objects.visible_to(request.user, at).filter(program=program, ref=ref).first()
    if task is None and left_behind and request.has_right(Right.STAFF_INVITE):
        task = reachable(Task.objects.left_behind(program, at), request.user, at).filter(ref=ref).first()
    if task is None:
        raise Http404
    return task


def reachable(tasks, user, at):
    return tasks.without(kept_from(user, at))


def sent(request):
    """What was sent, even where it is empty; nothing where the page was only opened."""
    return request.POST if request.method == "POST" else request.POST or None  # a refused page is shown, not sent


def back(request, program, task, changed, sentence, **more):
    """To the desk, with what was done and the way back."""
    if changed:
        undo = reverse("tasks:reopen", args=[program.slug, task.ref])
        kept(request, sentence % {"what": task.reason, **more}, undo=undo)
    else:
        kept(request, _("This was off your desk already: %(what)s") % {"what": task.reason})
    return redirect("care:today", program.slug)


def piece(request, name, task, form, **more):
    """The small form by itself, or within its page. A form to put right stays where it was typed."""
    page = f"tasks/_{name}.html" if request.htmx else f"tasks/{name}.html"
    response = render(request, page, {"task": task, "form": form, **more}, status=422 if form.errors else 200)
    return retarget(response, f"#more-{task.ref}") if request.htmx and form.errors else response
