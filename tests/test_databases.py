"""The tests' own ground: a migrated database, and what a committing test leaves behind is gone."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Page, Site

from tests.databases import OwnDatabase


@pytest.mark.django_db
def test_every_migration_is_applied() -> None:
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert {model._meta.db_table for model in apps.get_models()} <= set(connection.introspection.table_names())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_committed_row_is_gone_and_what_migrations_wrote_is_there(turn: str) -> None:
    assert not Group.objects.filter(name="left behind").exists()
    assert Page.objects.filter(depth=1).exists()
    assert Site.objects.exists()
    assert Permission.objects.exists()
    assert ContentType.objects.get_for_model(Page).pk == ContentType.objects.get(model="page").pk

    Group.objects.create(name="left behind")
    Page.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_what_the_copy_holds_can_be_kept_and_come_back(database: OwnDatabase) -> None:
    Group.objects.create(name="kept")
    kept = database.kept_as("kept")
    Group.objects.create(name="after")

    kept.restore()

    assert set(Group.objects.filter(name__in=["kept", "after"]).values_list("name", flat=True)) == {"kept"}
    database.restore()
    assert not Group.objects.filter(name="kept").exists()
