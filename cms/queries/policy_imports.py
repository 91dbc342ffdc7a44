"""What the text of a policy may be taken into, and the clauses that stand there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.models import PolicyImport, PolicyPage
from training.matters.rules import Known
from training.people.models import Centre, User

NEW = "new"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a text may go: a new policy (`page` is None), the page of one, or a translation still to be made of it."""

    key: str
    title: str
    language: str
    page: PolicyPage | None = None

    @property
    def label(self) -> str:
        language = _(str(dict(settings.LANGUAGES)[self.language]))
        if self.page is None:
            return _("A new policy (%(language)s)") % {"language": language}
        if self.page.locale.language_code != self.language:
            return _("%(title)s: a translation into %(language)s") % {"title": self.title, "language": language}
        return f"{self.title} ({language})"


@dataclass(frozen=True, slots=True)
class KnownClauses:
    """The clauses of the page a text is taken into, as its latest draft has them."""

    blocks: Sequence[Mapping[str, Any]]
    is_translation: bool

    @property
    def clauses(self) -> list[Known]:
        return [Known(block["id"], block["value"]["label"], block["value"]["text"]) for block in self.blocks]

    def names(self) -> dict[str, str]:
        """Return what each clause is called, by its id."""
        return {
            block["id"]: " ".join(filter(None, [block["value"]["label"], block["value"].get("heading")]))
            for block in self.blocks
        }


def targets() -> list[Target]:
    """Return where a text may go, a new policy first (two queries)."""
    source = Centre.load().source_language
    pages = list(PolicyPage.objects.select_related("locale").order_by("title"))
    found = [Target(NEW, "", source)]
    there = {(page.translation_key, page.locale.language_code) for page in pages}
    for page in pages:
        found.append(Target(f"page-{page.pk}", page.draft_title, page.locale.language_code, page))
        if page.locale.language_code != source:
            continue
        found.extend(
            Target(f"page-{page.pk}-{code}", page.draft_title, code, page)
            for code, _name in settings.LANGUAGES
            if (page.translation_key, code) not in there
        )
    return found


def known_clauses(page: PolicyPage | None, language: str) -> KnownClauses:
    """Return the clauses a text for `page` in `language` can go on as."""
    if page is None:
        return KnownClauses((), is_translation=False)
    draft = page.get_latest_revision_as_object()
    is_translation = language != Centre.load().source_language
    return KnownClauses([dict(block) for block in draft.clauses.raw_data], is_translation)


def imports_of(person: User) -> "QuerySet[PolicyImport]":
    """Return the texts somebody is taking in, the latest first."""
    return PolicyImport.objects.filter(by=person).select_related("page__locale").order_by("-changed_at")
