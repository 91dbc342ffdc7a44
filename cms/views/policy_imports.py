"""Taking in the whole text of a policy: upload or paste, look over and mend, take as a draft."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.forms.policy_imports import ClauseRowForm, NewPolicyForm, PolicyTextForm
from cms.models import PolicyImport
from cms.queries import KnownClauses, imports_of, known_clauses, targets
from cms.services import policy_texts
from cms.services.policy_texts import PolicyTextError, problems_of
from training.lib.access import allow, roles
from training.matters.rules import ClauseRow, Origin, Told
from training.matters.rules.clause_rows import paragraphs_of
from training.people.models import Role, User

WRITERS = roles(Role.EDITOR, Role.ADMINISTRATOR)
REMARKS = {
    Told.TABLE: gettext_lazy("A row of a table, kept as a line"),
    Told.REFERENCE: gettext_lazy("Taken for a reference to a clause, not for a clause"),
    Told.JUMP: gettext_lazy("The numbers jump here"),
    Told.REPEATED: gettext_lazy("This number was there before"),
    Told.EMPTY: gettext_lazy("A clause without words"),
    Told.NO_LABEL: gettext_lazy("Words after a chapter's heading that belong to no clause"),
    Told.CONTENTS: gettext_lazy("The list of contents was left out"),
    Told.SIGNATURE: gettext_lazy("A date at the end: take out who signed and when"),
    Told.NO_NUMBERING: gettext_lazy("No numbers of clauses were found; split the text by hand"),
    Told.TOO_MANY: gettext_lazy("The text has more than 600 clauses; what came after was left out"),
}
KINDS = {
    "continues": pgettext_lazy("clause", "goes on"),
    "merged": pgettext_lazy("clause", "merged"),
    "split": pgettext_lazy("clause", "split off"),
    "new": pgettext_lazy("clause", "new"),
}
TONES = {"continues": "", "merged": "soon", "split": "soon", "new": "go"}


@dataclass(frozen=True)
class ShownRow:
    """A clause of the preview."""

    row: ClauseRow
    place: int
    kind: Any
    tone: str
    origins: str
    remarks: list[tuple[int, str, str]]
    problems: list[str]


@allow(WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def policy_imports(request: HttpRequest) -> HttpResponse:
    """Take a text apart and lead to its clauses; list those that were begun."""
    person = cast("User", request.user)
    form = PolicyTextForm(request.POST or None, request.FILES or None, targets=targets())
    if request.method == "POST" and form.is_valid():
        target = form.chosen
        try:
            draft = policy_texts.begin_import(
                lines=form.lines,
                name=form.name,
                page=target.page,
                language=target.language,
                by=person,
                at=timezone.now(),
            )
        except PolicyTextError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("cms:policy_import", pk=draft.pk)
    context = {"form": form, "begun": imports_of(person)}
    return render(request, "cms/policy_import/start.html", context, status=400 if form.errors else 200)


@allow(WRITERS)
@require_safe
@never_cache
def policy_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the clauses as they would be taken."""
    return _shown(request, _own(request, pk))


@allow(WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def policy_import_row(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Mend one clause: its words, where it comes from, join, split, leave out."""
    draft = _own(request, pk)
    rows = draft.clause_rows
    if not 0 <= place < len(rows):
        raise Http404
    known = known_clauses(draft.page, draft.language)
    form = ClauseRowForm.of(rows[place], known)
    if request.method == "POST":
        act, form = request.POST.get("act", "save"), ClauseRowForm(request.POST, known=known)
        if act != "save" or form.is_valid():
            try:
                _act(act, draft, place, form, request)
            except PolicyTextError as refusal:
                messages.error(request, str(refusal))
            except (IndexError, ValueError) as error:
                raise Http404 from error
            else:
                shown = place - 1 if act == "join" else place
                return redirect(f"{reverse('cms:policy_import', args=[pk])}#clause-{shown}")
    context = {
        "draft": draft,
        "place": place,
        "row": rows[place],
        "form": form,
        "paragraphs": list(enumerate(paragraphs_of(rows[place])))[1:],
    }
    return render(request, "cms/policy_import/row.html", context)


@allow(WRITERS)
@require_POST
@never_cache
def take_policy_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the clauses a draft and lead to it in the editor."""
    draft = _own(request, pk)
    form = NewPolicyForm(request.POST) if draft.page is None else None
    if form is not None and not form.is_valid():
        return _shown(request, draft, form)
    facts = form.cleaned_data if form is not None else {}
    try:
        page = policy_texts.take_import(draft=draft, facts=facts, by=cast("User", request.user), at=timezone.now())
    except PolicyTextError as refusal:
        messages.error(request, str(refusal))
        return _shown(request, draft, form)
    messages.success(request, _("The text is a draft now. Look it over, then send it to review."))
    return redirect("wagtailadmin_pages:edit", page.pk)


@allow(WRITERS)
@require_POST
@never_cache
def discard_policy_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the text away."""
    policy_texts.discard_import(draft=_own(request, pk))
    messages.success(request, _("The text was thrown away. No page was changed."))
    return redirect("cms:policy_imports")


def _own(request: HttpRequest, pk: int) -> PolicyImport:
    return get_object_or_404(imports_of(cast("User", request.user)), pk=pk)


def _act(act: str, draft: PolicyImport, place: int, form: ClauseRowForm, request: HttpRequest) -> None:
    revision = int(request.POST.get("revision", "-1"))
    facts: dict[str, Any] = {"draft": draft, "revision": revision, "place": place, "at": timezone.now()}
    if act == "join":
        policy_texts.join_rows(**facts)
    elif act == "part":
        policy_texts.part_row(**facts, paragraph=int(request.POST.get("paragraph", "0")))
    elif act == "leave":
        policy_texts.leave_row(**facts)
    else:
        policy_texts.change_row(**facts, row=form.row())


def _shown(request: HttpRequest, draft: PolicyImport, form: NewPolicyForm | None = None) -> HttpResponse:
    rows, known = draft.clause_rows, known_clauses(draft.page, draft.language)
    problems = problems_of(rows, known)
    if form is None and draft.page is None:
        form = NewPolicyForm.of(draft)
    names = known.names()
    taken = {uid for row in rows for uid in (row.continues, *row.also)}
    context = {
        "draft": draft,
        "rows": _rows(draft, rows, known, problems),
        "form": form,
        "is_translation": known.is_translation,
        "gone": [name for uid, name in names.items() if uid not in taken],
        "problems": problems,
        "remarks": [(remark.line, REMARKS[remark.code], remark.text) for remark in draft.told],
    }
    return render(request, "cms/policy_import/clauses.html", context, status=400 if form and form.errors else 200)


def _rows(
    draft: PolicyImport, rows: list[ClauseRow], known: KnownClauses, problems: list[tuple[int | None, str]]
) -> list[ShownRow]:
    names = known.names()
    wrong = defaultdict(list)
    for place, text in problems:
        wrong[place].append(text)
    remarks = defaultdict(list)
    for remark in draft.told:
        at = max((n for n, row in enumerate(rows) if row.line <= remark.line), default=0)
        remarks[at].append((remark.line, str(REMARKS[remark.code]), remark.text))
    shown = []
    for place, row in enumerate(rows):
        kind = Origin(row.continues, row.also).kind
        said = _(", ").join(names.get(uid, "?") for uid in (row.continues, *row.also) if uid)
        word = KINDS[kind] if known.blocks else ""
        shown.append(ShownRow(row, place, word, TONES[kind], said, remarks[place], wrong[place]))
    return shown
