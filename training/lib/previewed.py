"""A form that first shows what it would do: filled in, looked at, done."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

EDIT, DO = "edit", "do"


def previewed(
    request: HttpRequest,
    *,
    form: forms.Form,
    do: Callable[[dict[str, Any]], Any],
    foresee: Callable[[dict[str, Any]], Iterable[str]],
    refusals: tuple[type[Exception], ...],
    context: dict[str, Any],
) -> HttpResponse | None:
    """Return the page to show next, or None once `do` was called for good with what the form holds.

    What is posted first is tried and undone, so that whatever the service refuses stands on the form before anybody
    confirms; then `foresee` tells in sentences what would come of it, and the same values are posted again with the
    confirmation. `context` has title, back_url and back_label; verb for the last button; lede and danger if needed.
    """
    step = request.POST.get("step", "")
    foreseen: list[str] | None = None
    if request.method == "POST" and form.is_valid() and step != EDIT:
        told = list(foresee(form.cleaned_data))
        try:
            with transaction.atomic():
                do(form.cleaned_data)
                if step != DO:
                    transaction.set_rollback(True)
        except refusals as refusal:
            form.add_error(None, str(refusal))
        else:
            if step == DO:
                return None
            foreseen = told
    return render(request, "previewed.html", {**context, "form": form, "foreseen": foreseen})
