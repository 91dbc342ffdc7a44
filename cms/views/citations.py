"""Who depends on a clause; what cites a text that is no longer so."""

from typing import Any, cast
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.forms.citations import CitationFilterForm
from cms.queries import citing, dependents_of
from mentors.permissions import may_keep_rubrics
from training.lib.access import allow, roles
from training.matters.models import Clause
from training.matters.permissions import ASKERS
from training.matters.queries import clause_history, policy_address
from training.people.models import Role, User

KEEPERS = roles(Role.EDITOR, Role.REVIEWER, Role.EXAMINER, Role.ADMINISTRATOR)
PER_PAGE = 50
KINDS: dict[str, Any] = {
    "lesson": pgettext_lazy("cites a clause", "Lesson"),
    "item": pgettext_lazy("cites a clause", "Item"),
    "matter": _("Service matter"),
    "criterion": pgettext_lazy("cites a clause", "Rubric criterion"),
}


@allow(roles(*ASKERS))
@require_safe
@never_cache
def dependents(request: HttpRequest, slug: str, uid: UUID) -> HttpResponse:
    """Show what rests on a clause; 404 for one that was never published."""
    clause = get_object_or_404(Clause.objects.select_related("policy"), policy__slug=slug, uid=uid)
    today = timezone.localdate()
    context = {
        "history": clause_history(slug, uid, today),
        "found": dependents_of(clause, cast("User", request.user), today),
        "policy_url": policy_address(slug),
        "may_mend": bool({Role.EDITOR, Role.ADMINISTRATOR} & cast("User", request.user).role_names),
    }
    return render(request, "cms/dependents.html", context)


@allow(KEEPERS)
@require_safe
@never_cache
def stale_citations(request: HttpRequest) -> HttpResponse:
    """List what cites a clause that reads differently now, the worst first."""
    person = cast("User", request.user)
    rows = citing(person, only_old=True)
    form = CitationFilterForm(request.GET, rows=rows, kinds=KINDS)
    kept = form.kept(rows)
    page = Paginator([(KINDS[row.kind], row) for row in kept], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "total": len(kept),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "is_examiner": Role.EXAMINER in person.role_names,
        "mended": _mended_by(person),
    }
    return render(request, "cms/stale_citations.html", context)


def _mended_by(person: User) -> set[str]:
    """Return the kinds whose citations the person can mend."""
    kinds = {"lesson", "matter"} if {Role.EDITOR, Role.ADMINISTRATOR} & person.role_names else set()
    if Role.EXAMINER in person.role_names:
        kinds |= {"item"}
    return kinds | {"criterion"} if may_keep_rubrics(person) else kinds
