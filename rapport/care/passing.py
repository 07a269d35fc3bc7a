"""A task is handed to a colleague: to whom it can go is said by whom it touches."""

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.care.knowing import touched_by
from rapport.people.colleagues import who_may_know
from rapport.programs.doors import staff_page
from rapport.tasks import actions, forms
from rapport.tasks.views import back, own_task, piece, sent


@staff_page(Right.TASK_DO)
def hand_over(request, program, ref):
    at = timezone.now()
    task = own_task(request, program, ref, left_behind=True)
    colleagues = who_may_know(touched_by([task])[task], program, at).exclude(pk=task.owner_id)
    form = forms.HandOver(sent(request), colleagues=colleagues, auto_id=f"{ref}-%s")
    if request.method == "POST" and form.is_valid():
        changed = actions.hand_over(task, **form.cleaned_data, by=request.user, at=at)
        return back(request, program, task, changed, _("%(who)s has it now: %(what)s"), who=form.cleaned_data["to"])
    return piece(request, "hand_over", task, form, colleagues=colleagues)
