"""Keeping a page's translations in step with it: block by block, because ids carry the identity."""

import json
from typing import Any

from wagtail.models import Page


def pass_on_blocks(page: Page, field: str) -> None:
    """Bring the blocks of the published source page into the drafts of its translations.

    Each translation gets the source's blocks, in the source's order: what it has translated it keeps, a new block
    comes in the source language to be translated, and one that is gone goes. Only a draft is made, by nobody, so that
    whoever reviews the translation is not taken for its author. Nothing happens where the blocks are the same.
    """
    source = _raw(page, field)
    for translation in type(page).objects.filter(translation_key=page.translation_key).exclude(pk=page.pk):
        draft = translation.get_latest_revision_as_object()
        own = {block["id"]: block for block in _raw(draft, field)}
        if list(own) == [block["id"] for block in source]:
            continue
        setattr(draft, field, json.dumps([own.get(block["id"], block) for block in source]))
        draft.save_revision(user=None, clean=False)


def _raw(page: Page, field: str) -> list[dict[str, Any]]:
    return [dict(block) for block in getattr(page, field).raw_data]
