"""Write down how the names of everybody on record sound, so that they are found by pinyin."""

from typing import Any

from django.db import migrations

from training.lib.names import search_key

AT_ONCE = 500


def fill_search_keys(apps: Any, schema_editor: Any) -> None:
    users = apps.get_model("people", "User").objects.using(schema_editor.connection.alias)
    filled = []
    for person in users.filter(search_key="").only("pk", "display_name", "latin_name").iterator(chunk_size=AT_ONCE):
        person.search_key = search_key(person.display_name, person.latin_name)
        filled.append(person)
    users.bulk_update(filled, ["search_key"], batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_loans_sections_and_search")]

    operations = [migrations.RunPython(fill_search_keys, migrations.RunPython.noop)]
