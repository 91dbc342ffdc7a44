"""The dialog in which an editor chooses the clause that words of a lesson lead to."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.modal_workflow import render_modal_workflow

from cms.queries import clauses_to_link
from training.lib.access import allow, roles
from training.people.models import Role

MOST = 30


@allow(roles(Role.EDITOR, Role.REVIEWER, Role.ADMINISTRATOR))
@require_safe
@never_cache
def choose_clause(request: HttpRequest) -> HttpResponse:
    """Show the clauses that have the words, as a dialog of Wagtail's; the editor's script takes what is chosen."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    found = clauses_to_link(words, MOST + 1)
    context = {"rows": found[:MOST], "more": len(found) > MOST, "words": words}
    return render_modal_workflow(request, "cms/choose_clause.html", None, context, json_data={"step": "choose"})
