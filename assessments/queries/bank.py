"""Items for those who look after them."""

from django.db.models import OuterRef, QuerySet, Subquery

from assessments.models import Item, ItemVersion


def bank_items(filters: dict[str, str]) -> QuerySet[Item]:
    """Return items with their newest version's `kind`, `level` and `stem`; `filters`: bank, competency, state, kind."""
    newest = ItemVersion.objects.filter(item=OuterRef("pk")).order_by("-number")
    items = (
        Item.objects.select_related("bank", "competency")
        .annotate(**{name: Subquery(newest.values(name)[:1]) for name in ("kind", "level", "stem", "judged_p")})
        .order_by("bank__code", "code")
    )
    conditions = {
        "bank": "bank__code",
        "competency": "competency__code",
        "state": "state",
        "kind": "kind",
    }
    return items.filter(**{conditions[name]: value for name, value in filters.items() if value})


def item_preview(bank: str, code: str) -> ItemVersion:
    """Return the newest version of an item with all that is shown about it. Raises ItemVersion.DoesNotExist."""
    versions = ItemVersion.objects.select_related(
        "item__bank", "item__competency", "item__author", "item__reviewer"
    ).prefetch_related("citations__clause_version__clause__policy")
    return versions.filter(item__bank__code=bank, item__code=code).latest("number")
