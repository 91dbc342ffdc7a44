"""The audit trail, jobs with progress, and what the tick last did. No key to a person: actors stand by id and text."""

import secrets
import uuid
from datetime import datetime

from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from training.lib.texts import TranslatedField, text_in

from .rules import LastRun


def new_salt() -> str:
    """Return 128 random bits, without which nobody can try names against the digest of a redacted event."""
    return secrets.token_hex(16)


class AuditEvent(models.Model):
    """One personal write, recorded in the transaction that did it; never changed, never deleted.

    The names, `before`, `after`, `reason` and `address` are its payload: an erasure empties them and `salt`, once, and
    leaves `payload_digest` in their place. Triggers in the database refuse every other change.
    """

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
    address = models.GenericIPAddressField(null=True, help_text="Of whoever acts; none for jobs, the tick, commands")
    salt = models.CharField(max_length=32, blank=True, default=new_salt)
    payload_digest = models.CharField(max_length=64, blank=True, help_text="Filled when the payload is emptied")
    redacted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["person_id", "happened_at"]),
            models.Index(fields=["actor_id", "happened_at"], name="audit_by_actor"),
            models.Index(fields=["action", "happened_at"], name="audit_by_action"),
            models.Index(
                fields=["address", "happened_at"], condition=models.Q(address__isnull=False), name="audit_by_address"
            ),
            models.Index(fields=["redacted_at"], condition=models.Q(redacted_at__isnull=False), name="audit_redacted"),
        ]
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d %H:%M} {self.action} {self.subject_name}"


def private_storage() -> object:
    """Return the storage of files that only a checking view serves."""
    return storages["private"]


class AuditSeal(models.Model):
    """A link of the chain over the trail: the digest of each event since the link before, and of that link.

    `leaves` holds the id (8 bytes) and the digest (32) of each event, in the order of ids.
    """

    number = models.BigIntegerField(primary_key=True)
    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField()
    count = models.PositiveIntegerField()
    leaves = models.BinaryField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("audit seal")

    def __str__(self) -> str:
        return f"{self.number}: {self.first_event} to {self.last_event}, {self.digest}"


class AuditHead(models.Model):
    """The newest seal, kept a second time: a chain that lost its end shows by it. Who seals holds its lock."""

    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="audit_head_is_one_row")]

    def __str__(self) -> str:
        return f"{self.number}: {self.digest}"


class Job(models.Model):
    """Work that takes longer than a request: started by a person, done by the worker, watched meanwhile."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=200, help_text="Dotted name of a function in some app's tasks.py")
    arguments = models.JSONField(default=dict)
    label = TranslatedField(help_text="What is being done, in the words of whoever started it")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)
    file = models.FileField(storage=private_storage, blank=True, help_text="The result as a file, served by a view")
    file_name = models.CharField(max_length=200, blank=True, help_text="The name it is downloaded under")
    file_type = models.CharField(max_length=100, blank=True)
    error = models.TextField(blank=True, help_text="For operators")
    reason = TranslatedField(blank=True, help_text="Why it failed, for whoever started it")
    started_by_id = models.BigIntegerField(null=True)
    started_by_name = models.CharField(max_length=200)
    queued_at = models.DateTimeField(help_text="When it was started")
    enqueued_at = models.DateTimeField(null=True, help_text="When it was last handed to the workers")
    claim = models.UUIDField(null=True, help_text="The run that may write to it")
    attempts = models.PositiveSmallIntegerField(default=0)
    began_at = models.DateTimeField(null=True, help_text="When the last run began")
    heartbeat_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "queued_at"]),
            models.Index(fields=["started_by_id", "queued_at"]),
            models.Index(fields=["queued_at"]),
        ]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return text_in(self.label) or self.task

    @property
    def has_ended(self) -> bool:
        return self.state not in (self.State.QUEUED, self.State.RUNNING)


class TickRun(models.Model):
    """When the tick last ran one of its tasks and how that ended; the lock of whoever runs it now."""

    task = models.CharField(max_length=200, unique=True)
    due_at = models.DateTimeField(null=True, help_text="Since when it was due when it last began")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    claimed_by = models.CharField(max_length=80, blank=True, help_text="The process that runs it")
    claimed_until = models.DateTimeField(null=True, help_text="Afterwards another may take it over")

    def __str__(self) -> str:
        return self.task

    @property
    def last_run(self) -> LastRun | None:
        """What the rules ask of the last run; None before the first."""
        if self.started_at is None:
            return None
        return LastRun(self.started_at, ended=self.finished_at is not None, failed=bool(self.error))


class ProcessQuerySet(models.QuerySet["Process"]):
    def seen_since(self, moment: datetime) -> "ProcessQuerySet":
        return self.filter(seen_at__gte=moment)

    def workers(self) -> "ProcessQuerySet":
        return self.filter(kind=Process.Kind.WORKER)


class Process(models.Model):
    """A worker or a tick: says every ten seconds that it lives, and is forgotten when it ends as it should."""

    class Kind(models.TextChoices):
        WORKER = "worker", _("Worker")
        TICK = "tick", _("Tick")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=80, unique=True)
    host = models.CharField(max_length=80)
    number = models.PositiveIntegerField(help_text="Of the process, on its host")
    version = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = ProcessQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "seen_at"])]

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One list that somebody brought in: the file's fingerprint, what it would do, what it did. Kept; its file is not.

    The file and the full list of changes lie in private storage until the import is done or called off.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to match")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, not imported")
        QUEUED = "queued", _("Being imported")
        APPLIED = "applied", _("Imported")
        REFUSED = "refused", _("Refused, nothing imported")
        FAILED = "failed", _("Broken off, nothing imported")
        DISCARDED = "discarded", _("Called off, nothing imported")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40, help_text="Such as staff")
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    header_key = models.CharField(max_length=64, help_text="Tells one set of headings from another")
    headings = models.JSONField(default=list, help_text="Heading, letter of the column, and first cells while it waits")
    places = models.JSONField(default=dict, help_text="Which heading stands for which field")
    only_valid = models.BooleanField(default=False, help_text="The rows without faults were to be imported alone")
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0, help_text="Rows")
    faults = models.JSONField(default=list, help_text="The first ones: line, column, sentence")
    job_id = models.UUIDField(null=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "header_key"]), models.Index(fields=["by_id", "uploaded_at"])]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"

    @property
    def is_waiting(self) -> bool:
        """Whether the worker has it."""
        return self.state in (self.State.CHECKING, self.State.QUEUED)

    @property
    def is_open(self) -> bool:
        """Whether it can still be imported: its file is kept."""
        return self.finished_at is None
