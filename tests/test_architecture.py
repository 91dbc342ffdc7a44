"""What an import linter cannot see: keys named by string, generic keys, signals, what a migration may be."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models

FLOORS = [
    "cms",
    "mentors",
    "courses",
    "assessments",
    "certificates",
    "authorisations",
    "competencies",
    "matters",
    "accountability",
    "notices",
    "people",
    "operations",
    "lib",
]
ROOT = Path(__file__).resolve().parents[1]


def our_models() -> Iterator[type[models.Model]]:
    """Yield every model of our apps, link tables included."""
    for label in FLOORS:
        yield from apps.get_app_config(label).get_models(include_auto_created=True)


def upward_keys(candidates: Iterator[type[models.Model]]) -> list[str]:
    """Return the relations that point from a lower floor to a higher one, as words."""
    floor = {label: len(FLOORS) - place for place, label in enumerate(FLOORS)}
    return [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in candidates
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and floor.get(field.related_model._meta.app_label, 0) > floor[model._meta.app_label]
    ]


def test_keys_point_downwards() -> None:
    assert upward_keys(our_models()) == []


def test_an_upward_key_is_noticed() -> None:
    class Upward(models.Model):
        attempt = models.ForeignKey("assessments.Attempt", models.CASCADE, related_name="+")

        class Meta:
            app_label = "people"

    try:
        assert upward_keys(iter([Upward])) == ["people.Upward.attempt -> assessments.Attempt"]
    finally:
        del apps.all_models["people"]["upward"]
        apps.clear_cache()


def test_no_generic_foreign_key() -> None:
    """Wagtail's own mixins may relate a page to its revisions; nothing of ours is generic."""
    ours = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    ]
    assert ours == []


@pytest.mark.parametrize("label", [label for label in FLOORS if label != "lib"])
def test_one_first_migration(label: str) -> None:
    folder = Path(apps.get_app_config(label).path) / "migrations"
    assert [path.name for path in folder.glob("0001*.py")] == ["0001_initial.py"]


def sources() -> Iterator[Path]:
    for package in ("training", "assessments", "courses", "mentors", "cms"):
        yield from (ROOT / package).rglob("*.py")


def test_no_signal_receivers() -> None:
    assert [str(path) for path in sources() if "@receiver" in path.read_text(encoding="utf-8")] == []


def test_no_save_overrides() -> None:
    assert [model._meta.label for model in our_models() if "save" in vars(model)] == []


def test_rules_read_no_clock() -> None:
    """Services, queries and rules get the time from whoever calls them."""
    clocks = ("timezone.now()", "timezone.localdate()", "datetime.now(", "date.today(")
    silent = ("rules.py", "services.py", "queries.py")
    readers = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.name in silent or path.parent.name in {"services", "scoring", "queries"}
        if any(clock in path.read_text(encoding="utf-8") for clock in clocks)
    ]
    assert readers == []
