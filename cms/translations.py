"""Keeping a page's translations in step with it: block by block, because ids carry the identity."""

import json
from typing import Any

from wagtail import blocks
from wagtail.models import Page

from .blocks import KeyBlock

Raw = dict[str, Any]


def pass_on_blocks(page: Page, field: str) -> None:
    """Bring the blocks of the published source page into the drafts of its translations.

    Each translation gets the source's blocks, in the source's order, and so on inside each block: what it has
    translated it keeps, a new block comes in the source language to be translated, one that is gone goes, and what is
    cited is what the source cites. Only a draft is made, by nobody, so that whoever reviews the translation is not
    taken for its author. Nothing happens where the blocks are the same.
    """
    source = _raw(page, field)
    for translation in type(page).objects.filter(translation_key=page.translation_key).exclude(pk=page.pk):
        draft = translation.get_latest_revision_as_object()
        own = _raw(draft, field)
        passed_on = _in_order(getattr(page, field).stream_block, source, own)
        if passed_on == own:
            continue
        setattr(draft, field, json.dumps(passed_on))
        draft.save_revision(user=None, clean=False)


def _in_order(definition: blocks.StreamBlock | blocks.ListBlock, source: list[Raw], own: list[Raw]) -> list[Raw]:
    """Return the source's rows, each as the translation has it; rows are the same by their ids."""
    translated = {row["id"]: row for row in own}
    return [_row(definition, row, translated.get(row["id"], row)) for row in source]


def _row(definition: blocks.StreamBlock | blocks.ListBlock, source: Raw, own: Raw) -> Raw:
    if own["type"] != source["type"]:
        return source
    is_list = isinstance(definition, blocks.ListBlock)
    child = definition.child_block if is_list else definition.child_blocks[source["type"]]
    return own | {"value": _value(child, source["value"], own["value"])}


def _value(definition: blocks.Block, source: Any, own: Any) -> Any:
    if isinstance(definition, blocks.StructBlock):
        names = definition.child_blocks.items()
        return {
            name: _value(child, source[name], own.get(name, source[name])) for name, child in names if name in source
        }
    if isinstance(definition, blocks.StreamBlock | blocks.ListBlock):
        return _in_order(definition, source, own) if _ids_of(source) & _ids_of(own) else own
    return source if isinstance(definition, KeyBlock) and definition.is_same_in_translations else own


def _ids_of(rows: list[Any]) -> set[str]:
    """Return what rows may be known by: nothing in a list kept as bare values. What shares none was written apart."""
    return {row["id"] for row in rows if isinstance(row, dict) and "id" in row}


def _raw(page: Page, field: str) -> list[Raw]:
    return [dict(block) for block in getattr(page, field).raw_data]
