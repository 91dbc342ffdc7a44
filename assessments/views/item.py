"""One item, for examiners: as a candidate sees it, what is right, its versions, its review, what it is used for."""

import random
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import queries
from assessments.forms.facts import ReviewForm
from assessments.forms.sheets import LANGUAGES
from assessments.models import Item, ItemVersion
from assessments.permissions import may_regrade, may_review
from assessments.queries import history
from assessments.scoring import marking
from assessments.services import items
from assessments.services.items import Refused
from training.lib.access import allow, roles
from training.people.models import Role

from .changing import undo_offered

State = Item.State
# What a button about the use of an item says, and what it does.
MOVES: dict[str, tuple[Any, Any]] = {
    State.REVIEWED: (
        gettext_lazy("Take out of use"),
        gettext_lazy("No new paper takes it; it stays reviewed and can be put to use at any time."),
    ),
    State.PILOT: (
        gettext_lazy("Try out"),
        gettext_lazy("Exams that try questions out take it. It counts for nobody; its figures are known afterwards."),
    ),
    State.LIVE: (gettext_lazy("Put to use"), gettext_lazy("Papers drawn from now on may take it.")),
    State.SUSPENDED: (
        gettext_lazy("Suspend"),
        gettext_lazy("No new paper takes it while something about it is looked into."),
    ),
    State.RETIRED: (
        gettext_lazy("Retire"),
        gettext_lazy("It is used no more and leaves the list of what may be changed."),
    ),
    State.DRAFT: (gettext_lazy("Bring back"), gettext_lazy("It becomes a draft again.")),
}


@allow(roles(Role.EXAMINER))
@require_safe
@never_cache
def item(request: HttpRequest, bank: str, code: str) -> HttpResponse:
    """Show an item: as candidates see it in each language, its key beside, its history, its use."""
    return item_page(request, *_found(bank, code), ReviewForm())


@allow(roles(Role.EXAMINER))
@require_safe
@never_cache
def versions(request: HttpRequest, bank: str, code: str) -> HttpResponse:
    """Compare two versions of an item; by default the newest with the one before."""
    rows = list(queries.item_versions(bank, code))
    if not rows:
        raise Http404
    numbers = {str(row.number): row for row in rows}
    new = numbers.get(request.GET.get("new", ""), rows[-1])
    old = numbers.get(request.GET.get("old", ""), rows[max(0, rows.index(new) - 1)])
    media = [(row, queries.all_shown(row, request.LANGUAGE_CODE)) for row in dict.fromkeys((old, new))]
    context = {
        "item": new.item,
        "versions": rows,
        "old": old,
        "new": new,
        "changes": history.compare(old, new),
        "media": media if any(shown for _row, shown in media) else [],
    }
    return render(request, "assessments/versions.html", context)


@allow(roles(Role.EXAMINER))
@require_POST
@never_cache
def request_review(request: HttpRequest, bank: str, code: str) -> HttpResponse:
    """Ask for a review of the newest version, or take the request back."""
    version, _rows = _found(bank, code)
    act = items.withdraw_request if request.POST.get("action") == "withdraw" else items.ask_for_review
    try:
        act(version=version, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("assessments:item", bank, code)


@allow(roles(Role.EXAMINER))
@require_POST
@never_cache
def review(request: HttpRequest, bank: str, code: str) -> HttpResponse:
    """Approve the version that was read, send it back with a remark, or take one's own decision back."""
    version, rows = _found(bank, code)
    form, action = ReviewForm(request.POST), request.POST.get("action")
    sent = request.POST.get("version", ""), request.POST.get("edits", "")
    try:
        if action == "take-back":
            items.take_back_review(version=version, by=request.user, at=timezone.now())
            return redirect("assessments:item", bank, code)
        if sent[0] != str(version.number) or not sent[1].isdecimal():
            raise items.ChangedMeanwhile
        if form.is_valid():
            items.review(
                version=version,
                approve=action == "approve",
                edits=int(sent[1]),
                remark=form.cleaned_data["remark"],
                by=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("Approved.") if action == "approve" else _("Sent back to its author."))
            return redirect("assessments:item", bank, code)
    except items.NoRemark as refusal:
        form.add_error("remark", str(refusal))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return item_page(request, version, rows, form, status=400)


def item_page(
    request: HttpRequest, version: ItemVersion, rows: list[ItemVersion], form: ReviewForm, *, status: int = 200
) -> HttpResponse:
    """Return the page of an item, with a reviewer's remark as it was typed."""
    problems = [] if version.approved_at else queries.problems_of_version(version)
    draft = queries.draft_of(version)
    rulings = queries.rulings_on(row.pk for row in rows)
    marked = rulings.keyed(version)
    in_use = next((row for row in reversed(rows) if row.approved_at), None)
    context = {
        "item": version.item,
        "version": version,
        "in_use": in_use,
        "versions": rows[::-1],
        "corrected": set(rulings.keys),
        "void": {pk for pk, _exam in rulings.void},
        "previews": [(code, _preview(version, code), history.key_lines(marked, code)) for code in _languages(version)],
        "problems": [items.problem_sentence(problem, draft) for problem in problems],
        "usage": history.usage_of(version.item),
        "used": queries.handed_in_of(version.item) if may_regrade(request.user) else [],
        "cited": history.cited_by(version),
        "may_review": bool(version.asked_at) and may_review(request.user, version),
        "my_review": _my_review(request, version),
        "moves": [(to, *MOVES[to]) for to in items.moves_of(version.item)],
        "form": form,
        "undo": undo_offered(request),
    }
    return render(request, "assessments/item.html", context, status=status)


def _found(bank: str, code: str) -> tuple[ItemVersion, list[ItemVersion]]:
    rows = list(queries.item_versions(bank, code))
    if not rows:
        raise Http404
    return rows[-1], rows


def _languages(version: ItemVersion) -> list[str]:
    return [code for code in LANGUAGES if version.stem.get(code)]


def _preview(version: ItemVersion, language: str) -> queries.Question:
    """Return the question as one candidate would see it: shuffled as theirs would be, with nothing answered."""
    try:
        order = marking.shown_order(version.shape, version.key, random.Random(version.pk))  # noqa: S311 - a preview
    except (marking.MarkingError, KeyError):  # a draft whose key is not written yet
        order = _as_written(version)
    position = 1 + LANGUAGES.index(language)  # two previews stand on one page, each with ids of its own
    return queries.question_as_seen(
        version, order, None, language, position=position, revision=0, saved_at=None, flagged=False, seen=True
    )


def _as_written(version: ItemVersion) -> marking.Order:
    if any(part.get("kind") for part in version.parts):
        return {part["id"]: [option["id"] for option in part.get("options") or ()] for part in version.parts}
    return [option["id"] for option in version.options]


def _my_review(request: HttpRequest, version: ItemVersion) -> Any:
    """Return the viewer's own decision on the words as they stand; None without one, or once it is in use."""
    used = version.approved_at and version.item.state not in (State.DRAFT, State.REVIEWED)
    if version.asked_at or used:
        return None
    mine = [row for row in version.reviews.all() if row.reviewer_id == request.user.pk and row.edits == version.edits]
    return mine[-1] if mine else None
