"""The time of a whole calibration job, from rows of a database to rows of a database: 10,000 people, 60 items.

Everybody answers 42 of the items, drawn at random: 420,000 answers. Writing them is not measured.
"""

import json
import os
import sys
import time
from pathlib import Path

PEOPLE, ITEMS, ASKED = 10_000, 60, 42


def main(folder: str) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "training.settings.dev",
        "DATABASE_URL": f"sqlite:///{Path(folder) / 'calibrating.sqlite3'}",
        "VAR_DIR": folder,
    }
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    from tests.factories.calibrations import Silent, answered_by, asked_for, bank_of

    with transaction.atomic():
        world = bank_of(ITEMS, slopes=True)
        answered_by(world, PEOPLE, asked=ASKED)
    measure(asked_for(world, model="2pl"), Silent())


def measure(calibration: object, progress: object) -> None:
    from assessments.services import estimate
    from tests.benchmarks.scoring import peak_megabytes
    from tests.factories.assessments import NOW

    begun = time.perf_counter()
    estimate(calibration=calibration, progress=progress, at=NOW)  # type: ignore[arg-type]  # known to the caller
    print(json.dumps({"seconds": time.perf_counter() - begun, "peak": peak_megabytes()}))


if __name__ == "__main__":
    main(sys.argv[1])
