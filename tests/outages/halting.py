"""`manage.py tick` that stops while it finalises: everything is written for one attempt and nothing committed.

    python -m tests.outages.halting FOLDER NUMBER

says by a file in the folder that it has come to the attempt of that number, and goes no further.
"""

import sys
import time
from pathlib import Path
from typing import Any

import django


def main(folder: Path, number: int) -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from assessments.services import finishing

    tell, told = finishing._tell, []

    def tell_and_halt(*facts: Any) -> None:
        tell(*facts)
        told.append(facts)
        if len(told) == number:
            (folder / "halted").touch()
            time.sleep(600)

    finishing._tell = tell_and_halt
    settings.TICK_TASKS = ["assessments.tasks.finalise_due"]
    call_command("tick", skip_checks=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
