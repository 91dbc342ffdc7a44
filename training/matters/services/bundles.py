"""Bundles become records."""

from datetime import datetime
from typing import Any

from django.db import transaction

from training.matters.models import Bundle, BundleMember, BundleVersion
from training.people.models import User

from .freezing import freeze
from .matters import department_content

FIGURES = ("days", "trips", "materials", "steps")


@transaction.atomic
def freeze_bundle(bundle: Bundle, *, by: User | None, at: datetime) -> BundleVersion:
    """Freeze the bundle as it is now and return its newest version; nothing changed makes none."""
    version: BundleVersion = freeze(
        bundle.versions, action="matters.bundle", name=bundle.name, content=bundle_content(bundle), by=by, at=at
    )
    return version


def bundle_content(bundle: Bundle) -> dict[str, Any]:
    """Return everything about the bundle as JSON: figures, and rows in their order, each text by language."""
    return {
        "code": bundle.code,
        "summary": bundle.summary,
        "lead_department": department_content(bundle.lead_department),
        "figures": {
            name: {"before": getattr(bundle, f"{name}_before"), "after": getattr(bundle, f"{name}_after")}
            for name in FIGURES
        },
        "materials": [row.name for row in bundle.materials.all()],
        "steps": [row.name for row in bundle.steps.all()],
        **_used_by(bundle),
        "members": [_member_content(member) for member in bundle.members.all()],
    }


def _used_by(bundle: Bundle) -> dict[str, Any]:
    """Return which members use each material, in the materials' order; nothing where all use all."""
    used = [sorted(matter.code for matter in row.used_by.all()) for row in bundle.materials.all()]
    return {"used_by": used} if any(used) else {}


def _member_content(member: BundleMember) -> dict[str, Any]:
    return {
        "matter": member.matter.code,
        "name": member.matter.name,
        "department": department_content(member.department),
        "depends_on": [matter.code for matter in member.depends_on.all().order_by("code")],
        "first_day": member.starts_on_day,
        "last_day": member.ends_on_day,
        "hand_off_in": member.hand_off_in,
        "hand_off_out": member.hand_off_out,
        "answers_if_late": member.answers_if_late,
    }
