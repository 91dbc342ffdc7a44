from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0010_marking_and_release")]

    operations = [
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["marking", "marked"]), _negated=True),
                    ("finished_at__isnull", False),
                    _connector="OR",
                ),
                name="what_is_marked_was_handed_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["scored", "void"]),
                    models.Q(
                        ("certificate", None),
                        ("level", None),
                        ("passed", None),
                        ("released_at", None),
                        ("score", None),
                        ("theta", None),
                    ),
                    _connector="OR",
                ),
                name="no_result_before_its_release",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "scored"), _negated=True), ("released_at__isnull", False), _connector="OR"
                ),
                name="a_scored_attempt_is_released",
            ),
        ),
    ]
