"""Limits in words; drafts of matters and bundles, for Wagtail's preview."""

from collections.abc import Mapping
from typing import Any

from django import template

from training.matters.models import Bundle, ServiceMatter
from training.matters.presentation import BundlePage, MatterPage, bundle_draft, limit_words, matter_draft, promise_words

register = template.Library()


@register.filter
def promised(content: Mapping[str, Any]) -> str:
    """Return the promised limit of a frozen matter in words."""
    return limit_words(content["promised_days"], content.get("promised_unit"))


@register.filter
def statutory(content: Mapping[str, Any]) -> str:
    """Return the limit by law of a frozen matter in words."""
    return limit_words(content["statutory_days"], content.get("statutory_unit"))


@register.filter
def promise(content: Mapping[str, Any]) -> str:
    """Return what is promised of a frozen matter, as a clause of its own."""
    return promise_words(content["promised_days"], content.get("promised_unit"))


@register.simple_tag
def matter_as_edited(matter: ServiceMatter) -> MatterPage:
    """Return the page of the matter as it stands in the editor."""
    return matter_draft(matter)


@register.simple_tag
def bundle_as_edited(bundle: Bundle) -> BundlePage:
    """Return the page of the bundle as it stands in the editor."""
    return bundle_draft(bundle)
