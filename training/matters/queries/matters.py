"""Matters and bundles as people read them: the newest version of what is live."""

from django.db.models import OuterRef, Subquery

from training.lib.texts import text_in
from training.matters.models import (
    Bundle,
    BundleVersion,
    ClausePlacement,
    ClauseVersion,
    MatterVersion,
    PolicyVersion,
    ServiceMatter,
)


def _newest_matters() -> "list[MatterVersion]":
    newest = MatterVersion.objects.filter(matter=OuterRef("matter")).order_by("-number").values("pk")[:1]
    live = MatterVersion.objects.filter(pk=Subquery(newest), matter__live=True)
    return list(live.select_related("matter__department").order_by("matter__code"))


def matters_by_department() -> dict[str, list[MatterVersion]]:
    """Return the newest version of each live matter, under its department's name, both by name."""
    groups: dict[str, list[MatterVersion]] = {}
    for version in sorted(_newest_matters(), key=lambda version: text_in(version.name)):
        groups.setdefault(text_in(version.content["department"]["name"]), []).append(version)
    return dict(sorted(groups.items()))


def latest_matter(code: str) -> MatterVersion | None:
    """Return the newest version of the live matter with that code; None if there is none."""
    versions = MatterVersion.objects.filter(matter__code=code, matter__live=True)
    return versions.select_related("matter").order_by("-number").first()


def versions_of_matter(matter: ServiceMatter) -> list[MatterVersion]:
    """Return the versions of a matter, the newest first."""
    return list(matter.versions.order_by("-number"))


def versions_of_bundle(bundle: Bundle) -> list[BundleVersion]:
    """Return the versions of a bundle, the newest first."""
    return list(bundle.versions.order_by("-number"))


def published_bundles() -> list[BundleVersion]:
    """Return the newest version of each live bundle, by name."""
    newest = BundleVersion.objects.filter(bundle=OuterRef("bundle")).order_by("-number").values("pk")[:1]
    live = BundleVersion.objects.filter(pk=Subquery(newest), bundle__live=True).select_related("bundle")
    return sorted(live, key=lambda version: text_in(version.name))


def latest_bundle(code: str) -> BundleVersion | None:
    """Return the newest version of the live bundle with that code; None if there is none."""
    versions = BundleVersion.objects.filter(bundle__code=code, bundle__live=True)
    return versions.select_related("bundle").order_by("-number").first()


def legal_basis(version: MatterVersion) -> list[tuple[PolicyVersion, ClauseVersion]]:
    """Return the clauses a matter version rests on, each with the newest policy version it stands in."""
    clauses = version.clauses.values("pk")
    newest = (
        ClausePlacement.objects.filter(clause_version=OuterRef("clause_version"))
        .order_by("-policy_version__number")
        .values("pk")[:1]
    )
    placements = ClausePlacement.objects.filter(clause_version__in=clauses, pk=Subquery(newest)).select_related(
        "policy_version__policy", "clause_version__clause"
    )
    ordered = placements.order_by("policy_version__policy__slug", "position")
    return [(placement.policy_version, placement.clause_version) for placement in ordered]


def matter_choices() -> list[tuple[str, str]]:
    """Return the live matters as choices: code and name."""
    return [(matter.code, text_in(matter.name)) for matter in ServiceMatter.objects.filter(live=True).order_by("code")]
