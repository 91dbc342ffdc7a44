"""Freezing what is published: policies, service matters, bundles; which window serves what."""

from .bundles import bundle_content, freeze_bundle
from .errors import PublishingError
from .matters import freeze_matter, matter_content
from .policies import ClauseDraft, PolicyDraft, publish_policy, translate_policy
from .windows import set_window_matters

__all__ = [
    "ClauseDraft",
    "PolicyDraft",
    "PublishingError",
    "bundle_content",
    "freeze_bundle",
    "freeze_matter",
    "matter_content",
    "publish_policy",
    "set_window_matters",
    "translate_policy",
]
