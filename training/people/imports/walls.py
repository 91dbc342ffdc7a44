"""Who may import what belongs to the whole centre, and the texts such records have."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from training.lib.imports import Cells, Step
from training.operations.services import Event
from training.people import permissions
from training.people.models import User

LANGUAGES = {"name_en": "en", "name_zh": "zh-hans"}
"""Which language the column of a text is in."""


class WholeCentre:
    """An import of what no department owns: only HR and administrators of the whole centre bring it in."""

    needs = _("Only HR or an administrator of the whole centre imports this list.")

    def may(self, person: User) -> bool:
        return permissions.may_keep(person, None)


def event_of(part: str, step: Step, subject: Model, *, moved_by: Collection[str] = ()) -> Event:
    """Return the audit event of a part: added, closed, opened again, moved by a fact of `moved_by`, else renamed."""
    changed = "moved" if set(moved_by) & step.changed.keys() else "renamed"
    if "until" in step.changed:
        changed = "closed" if step.changed["until"] else "reopened"
    what = "added" if step.before is None else changed
    before = dict(step.before) if step.before else None
    return Event(f"people.{part}_{what}", subject, before=before, after=step.changed)


def names_in(cells: Cells, prefix: str = "") -> dict[str, str | None]:
    """Return the facts of a text in both languages, None where the file has no such column."""
    return {f"{prefix}{field}": cells.text(f"{prefix}{field}") for field in LANGUAGES}


def require_a_name(cells: Cells, facts: Mapping[str, str | None], text: str) -> None:
    """Note a fault when neither language has a name."""
    if not any(facts.values()):
        cells.fault(next(iter(facts)), text)


def names_of(texts: Mapping[str, str], prefix: str = "") -> dict[str, str]:
    """Return a text on record as facts."""
    return {f"{prefix}{field}": texts.get(code, "") for field, code in LANGUAGES.items()}


def texts_from(facts: Mapping[str, Any], before: Mapping[str, str] | None = None, prefix: str = "") -> dict[str, str]:
    """Return the text as it is to be stored: what the facts tell, over what was there before."""
    told = {code: facts.get(f"{prefix}{field}") for field, code in LANGUAGES.items()}
    texts = {**(before or {}), **{code: text for code, text in told.items() if text is not None}}
    return {code: text for code, text in texts.items() if text}
