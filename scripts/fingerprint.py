"""A fingerprint of files, to skip work whose inputs have not changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def of_contents(paths: Iterable[Path]) -> str:
    """The same for the same bytes under the same names, whatever the order and the clock."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def of_migrations() -> str:
    """Changes when a migrated database would look different: our migrations, the packages' ones, the list of apps."""
    ours = [
        path
        for pattern in ("*/migrations/*.py", "training/*/migrations/*.py")
        for path in ROOT.glob(pattern)
        if ".venv" not in path.parts
    ]
    return of_contents([*ours, ROOT / "requirements.lock", ROOT / "training" / "settings" / "base.py"])
