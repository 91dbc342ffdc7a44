"""Drafts of matters and bundles, for Wagtail's preview."""

from django import template

from training.matters.models import Bundle, ServiceMatter
from training.matters.presentation import BundlePage, MatterPage, bundle_draft, matter_draft

register = template.Library()


@register.simple_tag
def matter_as_edited(matter: ServiceMatter) -> MatterPage:
    """Return the page of the matter as it stands in the editor."""
    return matter_draft(matter)


@register.simple_tag
def bundle_as_edited(bundle: Bundle) -> BundlePage:
    """Return the page of the bundle as it stands in the editor."""
    return bundle_draft(bundle)
