"""A version of an item as the draft it was written from."""

from django.conf import settings

from assessments import rules
from assessments.models import ItemVersion
from assessments.scoring.marking import ItemKind

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def draft_of(version: ItemVersion) -> rules.ItemDraft:
    """Return everything that can be written about an item, as this version has it.

    Reads the item with its competency, the citations with their clauses and the media with their files: join and
    prefetch them for many.
    """
    cited = [citation.clause_version.clause for citation in version.citations.all()]
    return rules.ItemDraft(
        kind=ItemKind(version.kind),
        stem=version.stem,
        key=version.key,
        options=rules.choices_of(version.options),
        parts=rules.lines_of(version.parts),
        details=version.details,
        rationale=version.rationale,
        code=version.item.code,
        competency=version.item.competency.code,
        level=version.level,
        judged_p=version.judged_p,
        bar=version.bar,
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        cites=tuple(f"{clause.policy.slug}/{clause.uid}" for clause in cited),
        media=media_of(version),
    )


def media_of(version: ItemVersion) -> tuple[rules.Medium, ...]:
    """Return what a version shows beside its words."""
    return tuple(
        rules.Medium(str(one.file.ref), one.file.is_picture, one.text, one.place, one.decorative)
        for one in version.media.all()
    )


def problems_of_version(version: ItemVersion) -> list[rules.Problem]:
    """Return what keeps a version from being used; see `rules.problems_of`."""
    return rules.problems_of(draft_of(version), settings.LANGUAGE_CODE, LANGUAGES)
