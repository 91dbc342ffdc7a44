"""Search over policies, matters, courses and lessons."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.queries.searching import KINDS
from training.lib.access import SIGNED_IN, allow
from training.lib.finding import MOST_CHARACTERS, words_of

FIRST, ON_A_PAGE = 5, 20


@allow(SIGNED_IN)
@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Show what has all the words of `q`: the first of each kind, or one `kind` page by page."""
    query, today = request.GET.get("q", "")[:MOST_CHARACTERS], timezone.localdate()
    words = words_of(query)
    chosen = next((kind for kind in KINDS if kind.key == request.GET.get("kind")), None)
    groups, page = [], None
    for kind in KINDS if words else ():
        rows = kind.rows(words, today, request.user)
        if kind is chosen:
            page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
            groups.append((kind, page.paginator.count, [kind.told(row, words, today) for row in page]))
        elif count := rows.count():
            found = [] if chosen else [kind.told(row, words, today) for row in rows[:FIRST]]
            groups.append((kind, count, found))
    context = {
        "query": query,
        "words": words,
        "chosen": chosen,
        "groups": groups,
        "total": sum(count for _kind, count, _found in groups),
        "page": page,
        "most": MOST_CHARACTERS,
    }
    return render(request, "cms/search.html", context)
