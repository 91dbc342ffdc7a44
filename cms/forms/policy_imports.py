"""The text of a policy that is taken in: a file or a paste, one clause of it, and what a new page needs besides."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.models import PolicyImport, PolicyPage
from cms.queries import KnownClauses, Target
from cms.services.policy_files import lines_of_file, lines_of_text
from cms.services.policy_texts import PolicyTextError
from training.lib.names import address_of
from training.lib.office import MOST_BYTES
from training.matters.rules import ClauseRow, Line
from training.matters.rules.clause_rows import LONGEST_CHAPTER, LONGEST_HEADING, LONGEST_LABEL
from training.people.forms.fields import DayField


class PolicyTextForm(forms.Form):
    """A Word or text file, or the text itself, and which policy it is; `lines` once it is valid."""

    target = forms.ChoiceField(label=_("What it is"), help_text=_("It becomes a draft; nothing is published by it."))
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("Word (.docx) or plain text, up to 10 MB."),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".docx,.txt"}),
        allow_empty_file=True,
    )
    text = forms.CharField(
        label=_("Or the text itself"), required=False, widget=forms.Textarea(attrs={"rows": 12}), strip=False
    )

    lines: list[Line]

    def __init__(self, *args: Any, targets: Sequence[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = {target.key: target for target in targets}
        self.fields["target"].choices = [(target.key, target.label) for target in targets]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, text = data.get("file"), data.get("text", "")
        if file and text.strip():
            raise ValidationError(_now("Choose a file or paste the text, not both."))
        if not file and not text.strip():
            raise ValidationError(_now("Choose a file, or paste the text."))
        try:
            self.lines = lines_of_file(file.read(MOST_BYTES + 1)) if file else lines_of_text(text)
        except PolicyTextError as refusal:
            self.add_error("file" if file else "text", str(refusal))
        return data

    @property
    def chosen(self) -> Target:
        return self.targets[self.cleaned_data["target"]]

    @property
    def name(self) -> str:
        file = self.cleaned_data["file"]
        return str(file.name) if file else _now("Pasted text")


class ClauseRowForm(forms.Form):
    """One clause of a text, and where it comes from."""

    label = forms.CharField(label=_("Label"), max_length=LONGEST_LABEL, help_text=_("Such as Article 3."))
    heading = forms.CharField(label=_("Heading"), max_length=LONGEST_HEADING, required=False)
    text = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 10}), help_text=_("An empty line parts two paragraphs.")
    )
    chapter = forms.CharField(
        label=_("Chapter that begins here"),
        max_length=LONGEST_CHAPTER,
        required=False,
        help_text=_("The heading that stands before this clause; empty inside a chapter."),
    )
    continues = forms.ChoiceField(
        label=_("Goes on as"),
        required=False,
        help_text=_("Lessons, items and matters that cite that clause go on citing this one."),
    )
    also = forms.MultipleChoiceField(
        label=_("Also comes from"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Clauses it was split from or that were merged into it, of this policy or another."),
    )

    def __init__(self, *args: Any, known: KnownClauses, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = list(known.names().items())
        none = _("None of the source text") if known.is_translation else _("No clause: it is new")
        self.fields["continues"].choices = [("", none), *names]
        self.fields["also"].choices = names
        if known.is_translation or not names:
            del self.fields["also"]
        if not names:
            del self.fields["continues"]

    @classmethod
    def of(cls, row: ClauseRow, known: KnownClauses) -> "ClauseRowForm":
        told = ("label", "heading", "text", "chapter", "continues", "also")
        return cls(initial={name: getattr(row, name) for name in told}, known=known)

    def row(self) -> ClauseRow:
        data = self.cleaned_data
        words = {name: data[name].replace("\r\n", "\n").strip() for name in ("label", "heading", "text", "chapter")}
        continues = data.get("continues", "")
        also = tuple(uid for uid in data.get("also", ()) if uid != continues)
        return ClauseRow(**words, continues=continues, also=also)


class NewPolicyForm(forms.Form):
    """What the page of a new policy needs besides its clauses."""

    title = forms.CharField(label=_("Title"), max_length=255)
    slug = forms.SlugField(
        label=pgettext_lazy("web page", "Address"),
        max_length=120,
        help_text=_("The last part of its address: Latin letters, digits, dashes. It stays once published."),
    )
    issuer = forms.CharField(label=pgettext_lazy("a policy", "Issued by"), max_length=200)
    document_number = forms.CharField(label=_("Document number"), max_length=100, required=False)
    summary = forms.CharField(label=_("Summary"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    effective_from = DayField(label=_("In force from"))

    @classmethod
    def of(cls, draft: PolicyImport) -> "NewPolicyForm":
        slug = address_of(draft.title)
        return cls(initial={"title": draft.title, "document_number": draft.document_number, "slug": slug})

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        if PolicyPage.objects.filter(slug=slug).exists():
            raise ValidationError(_now("Another policy has this address. Choose another one."))
        return slug
