"""Whether the platform can do its work: a handful of questions, the same few however much it holds."""

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from training.operations.models import Process

# Signs come every ten seconds; a busy database may swallow some.
SEEN_LATELY = timedelta(seconds=60)
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Check:
    """One condition of being ready; `facts` are for whoever looks after the platform and hold no secret."""

    name: str
    ok: bool
    facts: dict[str, Any] = field(default_factory=dict)


def readiness(*, now: datetime) -> list[Check]:
    """Check database, migrations, worker, tick and disk; what cannot be asked is not well."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = missing_migrations()
        seen = dict(Process.objects.values_list("kind").annotate(seen_at=Max("seen_at")).order_by())
    except Error:
        unknown = [Check(name, ok=False, facts={"unknown": True}) for name in ("migrations", "worker", "tick")]
        return [Check("database", ok=False), *unknown, check_disk()]
    return [
        Check("database", ok=True),
        Check("migrations", ok=not missing, facts={"missing": len(missing)}),
        check_seen("worker", seen.get(Process.Kind.WORKER), now),
        check_seen("tick", seen.get(Process.Kind.TICK), now),
        check_disk(),
    ]


def check_seen(name: str, seen_at: datetime | None, now: datetime) -> Check:
    lately = seen_at is not None and seen_at >= now - SEEN_LATELY
    return Check(name, ok=lately, facts={"seen_at": seen_at and seen_at.isoformat(timespec="seconds")})


def check_disk() -> Check:
    limit = settings.DISK_FREE_LIMIT_MB
    try:
        free = shutil.disk_usage(settings.VAR_DIR).free // MEGABYTE
    except OSError:
        return Check("disk", ok=False, facts={"unknown": True})
    return Check("disk", ok=free >= limit, facts={"free_mb": free, "limit_mb": limit})


def missing_migrations() -> list[tuple[str, str]]:
    """Return the last migration of each app that is not applied. Raises `Error` when the table is not there."""
    applied = set(MigrationRecorder.Migration.objects.using(connection.alias).values_list("app", "name"))
    return sorted(_last_migrations() - applied)


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """Those of the code that runs; reading them takes half a second, so it is done once in a process."""
    return frozenset((app, name) for app, name in MigrationLoader(None).graph.leaf_nodes())
