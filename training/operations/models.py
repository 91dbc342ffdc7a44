"""The audit trail, jobs with progress, and what the tick last did. No key to a person: actors stand by id and text."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One personal write, recorded in the transaction that did it; never changed, never deleted."""

    happened_at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=80, db_index=True, help_text="Such as certificates.issued")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, help_text="Whoever did it, or the name of the process")
    person_id = models.BigIntegerField(null=True, help_text="Whom it concerns")
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    subject_name = models.CharField(max_length=300)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["person_id", "happened_at"]),
        ]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d %H:%M} {self.action} {self.subject_name}"


class Job(models.Model):
    """Work that takes longer than a request: started by a person, done by the worker, watched meanwhile."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=200, help_text="Dotted name of a function in some app's tasks.py")
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    started_by_id = models.BigIntegerField(null=True)
    started_by_name = models.CharField(max_length=200)
    queued_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.task} {self.state}"


class TickRun(models.Model):
    """When the tick last ran one of its tasks, and how that ended."""

    task = models.CharField(max_length=200, unique=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.task
