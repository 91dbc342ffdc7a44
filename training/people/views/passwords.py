"""Choosing a password: the first one after a one-time code, or another."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from training.lib.access import SIGNED_IN, allow
from training.people import doors, gates, services
from training.people.forms.sign_in import PasswordForm


@allow(SIGNED_IN)
@sensitive_post_parameters()
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """Ask for a new password; whoever came by a code opens nothing else before."""
    now, person = timezone.now(), request.user
    by_code = gates.came_by_code(person)
    if not by_code and not person.has_usable_password():
        return redirect("people:security")  # signs in elsewhere: there is no password here to change
    form = PasswordForm(request.POST or None, person=person, by_code=by_code, shortest=settings.PASSWORD_MIN_LENGTH)
    if request.method == "POST" and form.is_valid() and is_present_right(request, form):
        old_key = request.session.session_key
        services.choose_password(person=person, password=form.cleaned_data["password"], at=now, keep_session=old_key)
        update_session_auth_hash(request, person)
        services.session_renamed(old_key=old_key, new_key=request.session.session_key)
        messages.success(request, _("Your new password counts from now on. You are signed out everywhere else."))
        return redirect("cms:desk" if by_code else "people:security")
    context = {
        "form": form,
        "by_code": by_code,
        "too_old": gates.is_password_too_old(person, at=now),
        "days": settings.PASSWORD_MAX_AGE_DAYS,
    }
    return render(request, "people/password.html", context)


def is_present_right(request: HttpRequest, form: PasswordForm) -> bool:
    """Tell whether the present password is right, as often as the door lets somebody try; say so in the form if not."""
    if "present" not in form.fields:
        return True
    now, limits = timezone.now(), doors.login_limits(request, request.user.staff_number)
    if services.is_exhausted(limits, at=now):
        form.add_error("present", _("Too many attempts. Wait five minutes and try again."))
        return False
    if request.user.check_password(form.cleaned_data["present"]):
        return True
    services.count_failure(limits, at=now)
    form.add_error("present", _("That is not your present password."))
    return False
