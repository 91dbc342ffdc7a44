"""What a file would change in a draft, part by part as the page of the matter or bundle has it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override

from training.lib.diffs import Passage

from .comparison import compare
from .files import Books, build
from .models import ServiceMatter
from .presentation import bundle_draft, matter_draft
from .services.drafting import Intent


def changes_of(intent: Intent, books: Books) -> list[tuple[str, Sequence[Passage]]]:
    """Return (part, passages) in the reader's language; where they say the same, in another one that differs."""
    if intent.is_new:
        return []
    page = matter_draft if intent.facts.model is ServiceMatter else bundle_draft
    old = _draft_of(intent)
    new = build(intent.document, intent.facts, books, _draft_of(intent))
    languages = [get_language(), *(code for code, _name in settings.LANGUAGES if code != get_language())]
    for language in languages:
        with override(language):
            if found := compare(page(old), page(new)):
                return found
    return []


def _draft_of(intent: Intent) -> Any:
    return intent.facts.model.objects.get(pk=intent.before.pk).get_latest_revision_as_object()
