"""`make bench`: builds a demo centre of BENCH_STAFF people and measures it part by part.

BENCH_VAR names a folder that is kept: a centre that stands there is measured as it is, not built again.
"""

import os
import tempfile
from pathlib import Path

from tests.benchmarks import measuring


def main() -> None:
    from tests.benchmarks import scoring

    scoring.main()
    staff = os.environ.get("BENCH_STAFF", "120")
    kept = os.environ.get("BENCH_VAR")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(VAR_DIR=kept or folder, DJANGO_SETTINGS_MODULE="training.settings.dev")
        if not kept or not (Path(kept) / "training.sqlite3").exists():
            build(staff)
        for part in ("pages", "exam", "lists", "serving"):
            print(f"\n{part}; load {os.getloadavg()[0]:.1f}", flush=True)
            measuring.apart(f"tests.benchmarks.{part}")


def build(staff: str) -> None:
    measuring.manage("migrate", "-v0")
    measuring.manage("collectstatic", "--no-input", "-v0")
    taken = measuring.seconds(lambda: measuring.manage("build_demo", "--staff", staff))
    print(f"demo of {staff} people built in {taken:.1f} s")


if __name__ == "__main__":
    main()
