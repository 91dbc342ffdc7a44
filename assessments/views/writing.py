"""Writing an item: one form for every kind, which keeps whatever was typed until it can be saved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments import queries, rules, services
from assessments.forms.facts import FactsForm, NewItemForm, facts_of
from assessments.forms.reading import sheet_from_post, sheet_of
from assessments.forms.rows import LANGUAGES, MediaRow
from assessments.forms.sheets import Sheet, empty_sheet
from assessments.models import Bank, ItemVersion
from assessments.scoring.marking import ItemKind
from assessments.services import items
from assessments.services.items import Refused
from training.lib.access import allow, roles
from training.lib.media import ENDINGS, LARGEST, UnfitFile, visible
from training.matters.queries import cited_clauses, search_clauses
from training.people.models import Role

MOST_FOUND = 30


@dataclass
class Desk:
    """What lies before somebody who writes: the bank, the version they began with, sheet and facts, cited clauses."""

    bank: Bank
    version: ItemVersion | None
    sheet: Sheet
    facts: FactsForm
    cited: list[str]
    seen: str
    asked_for: str = ""

    @property
    def kind_label(self) -> Any:
        return ItemVersion.Kind(self.sheet.kind).label


@allow(roles(Role.EXAMINER))
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write(request: HttpRequest) -> HttpResponse:
    """Write a new item of the bank and kind in the address; without them ask for both."""
    chosen = NewItemForm(request.GET or None)
    if not chosen.is_valid():
        return render(request, "assessments/new_item.html", {"form": chosen})
    bank, kind = chosen.cleaned_data["bank"], ItemKind(chosen.cleaned_data["kind"])
    if request.method == "POST":
        return _sent(request, bank, None, kind)
    desk = Desk(bank, None, empty_sheet(kind), FactsForm(kind), [], "")
    return _form(request, desk)


@allow(roles(Role.EXAMINER))
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, bank: str, code: str) -> HttpResponse:
    """Change the newest version of an item, or write the next one if it is approved."""
    try:
        version = queries.item_preview(bank, code)
    except ItemVersion.DoesNotExist as error:
        raise Http404 from error
    if request.method == "POST":
        return _sent(request, version.item.bank, version, ItemKind(version.kind))
    cited = [str(citation.clause_version_id) for citation in version.citations.all()]
    facts = FactsForm(ItemKind(version.kind), initial=facts_of(version), fixed_code=True)
    desk = Desk(version.item.bank, version, sheet_of(version), facts, cited, f"{version.number}.{version.edits}")
    return _form(request, desk, problems=queries.problems_of_version(version))


def _sent(request: HttpRequest, bank: Bank, version: ItemVersion | None, kind: ItemKind) -> HttpResponse:
    action = request.POST.get("action", "save")
    desk = Desk(
        bank,
        version,
        sheet_from_post(kind, request.POST),
        FactsForm(kind, request.POST, fixed_code=version is not None),
        request.POST.getlist("cites"),
        request.POST.get("seen", ""),
        request.POST.get("clause", "") if action == "find" else "",
    )
    unfit = [("media", sentence) for sentence in _upload(request, desk.sheet)]
    if action not in ("save", "ask"):
        desk.sheet.act(action)
        desk.sheet.number()
        return _form(request, desk, faults=unfit, quiet=not unfit, status=400 if unfit else 200)
    faults = [*unfit, *desk.sheet.faults()]
    if not desk.facts.is_valid() or faults:
        return _form(request, desk, faults=faults, status=400)
    return _save(request, desk, ask=action == "ask")


def _upload(request: HttpRequest, sheet: Sheet) -> Iterator[str]:
    """Keep what was uploaded with the form, whichever button was pressed; yield why a file is not kept, by its name."""
    for sent in request.FILES.getlist("upload"):
        name = str(sent.name)
        try:
            if (sent.size or 0) > LARGEST:
                raise UnfitFile(_("The file is larger than 10 MB. Make it smaller, or cut the recording."))
            file = services.keep_media(data=sent.read(), name=name, at=timezone.now())
        except UnfitFile as unfit:
            yield f"{visible(name)}: {unfit}"
        else:
            sheet.media.append(MediaRow(file=file))
    sheet.number()


def _save(request: HttpRequest, desk: Desk, *, ask: bool) -> HttpResponse:
    draft = desk.sheet.draft(desk.facts.facts())
    clauses = [clause.pk for clause in cited_clauses(desk.cited)]
    written = items.Written(draft, desk.facts.cleaned_data["competency"], clauses)
    try:
        version = _write(request, desk, written)
    except items.CannotBeKept as refusal:
        return _form(request, desk, problems=list(refusal.problems), status=400)
    except items.ChangedMeanwhile as refusal:
        return _meanwhile(request, desk, refusal)
    except items.MediaGone as refusal:
        return _form(request, desk, faults=[("media", str(refusal))], status=400)
    except Refused as refusal:
        return _form(request, desk, faults=[("id_code", str(refusal))], status=400)
    try:
        if ask:
            items.ask_for_review(version=version, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, _("Saved. The review was not asked for:") + f" {refusal}")
        return redirect("assessments:edit_item", desk.bank.code, version.item.code)
    messages.success(request, _("Saved, and a review is asked for.") if ask else _("Saved."))
    return redirect("assessments:item", desk.bank.code, version.item.code)


def _write(request: HttpRequest, desk: Desk, written: items.Written) -> ItemVersion:
    if desk.version is None:
        return items.write_item(bank=desk.bank, written=written, by=request.user, at=timezone.now())
    number, _point, edits = desk.seen.partition(".")
    seen = (int(number), int(edits)) if number.isdecimal() and edits.isdecimal() else (0, 0)
    return items.revise_item(item=desk.version.item, written=written, seen=seen, by=request.user, at=timezone.now())


def _meanwhile(request: HttpRequest, desk: Desk, refusal: Refused) -> HttpResponse:
    """Keep what was typed and say what stands there now; saving once more writes over it."""
    assert desk.version is not None
    desk.seen = f"{desk.version.number}.{desk.version.edits}"
    now = _("It stands as version %(number)s now. Saving again writes over it.") % {"number": desk.version.number}
    return _form(request, desk, faults=[("", f"{refusal} {now}")], status=409)


def _form(
    request: HttpRequest,
    desk: Desk,
    *,
    problems: list[rules.Problem] | None = None,
    faults: list[tuple[str, str]] | None = None,
    quiet: bool = False,
    status: int = 200,
) -> HttpResponse:
    draft = desk.sheet.draft({})
    told = [(desk.sheet.place_of(problem), items.problem_sentence(problem, draft)) for problem in problems or []]
    context = {
        "desk": desk,
        "sheet": desk.sheet,
        "form": desk.facts,
        "quiet": quiet,
        "problems": told,
        "faults": faults or [],
        "wrong": {name for name, _sentence in [*told, *(faults or [])]},
        "cited": cited_clauses(desk.cited),
        "found": search_clauses(desk.asked_for, MOST_FOUND) if desk.asked_for.strip() else None,
        "languages": LANGUAGES,
        "accepts": ",".join(f".{ending}" for ending in sorted(ENDINGS)),
        "most_media": rules.drafts.MOST_MEDIA,
    }
    if status >= 400:
        context["title_prefix"] = _("Error:")
    return render(request, "assessments/edit_item.html", context, status=status)
