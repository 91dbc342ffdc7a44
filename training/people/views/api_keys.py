"""The keys of other systems: the list, a new one, closing one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from training.lib.access import allow, roles
from training.people import services
from training.people.forms import ApiKeyForm
from training.people.models import ApiKey, Role

ADMINISTRATOR = roles(Role.ADMINISTRATOR)


@allow(ADMINISTRATOR)
@never_cache
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys, and make another; its secret is shown on the answer to that and never again."""
    form, secret = ApiKeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _key, secret = services.make_key(**form.cleaned_data, by=request.user, at=timezone.now())
        except services.PeopleError as refusal:
            form.add_error(None, str(refusal))
        else:
            form = ApiKeyForm()
    listed = ApiKey.objects.select_related("department", "made_by", "revoked_by").order_by("revoked_at", "name")
    context = {"form": form, "keys": listed, "secret": secret, "today": timezone.localdate()}
    return render(request, "people/keys.html", context)


@allow(ADMINISTRATOR)
@require_POST
def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a key."""
    key = get_object_or_404(ApiKey, pk=pk)
    services.revoke_key(key=key, by=request.user, at=timezone.now())
    messages.success(request, _("The key “%(name)s” is closed. Whoever still uses it is refused.") % {"name": key})
    return redirect("people:keys")
