"""Where somebody stood on a past day, told in two ways: as it was known then, and as it is known now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from training.competencies.rules.filter import DEFAULT_SETTINGS, Evidence, FilterSettings, State, predict
from training.competencies.rules.proficiency import DEFAULT_RULE, EvidenceRule, Proficiency, Status, proficiency


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece of evidence with when it was entered and, if ever, voided. Its own `voided` flag is not asked."""

    evidence: Evidence
    recorded_at: datetime
    voided_at: datetime | None = None

    def counts_at(self, at: datetime) -> bool:
        """Whether it had been entered and not been voided by then."""
        return self.recorded_at <= at and (self.voided_at is None or self.voided_at > at)


@dataclass(frozen=True)
class Policy:
    """The settings in force from a moment on, until the next."""

    since: datetime
    cuts: tuple[float, ...]
    settings: FilterSettings = DEFAULT_SETTINGS
    rule: EvidenceRule = DEFAULT_RULE


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody on a day: the estimate aged to it, the level held then, how far it can be relied on, and the row it is
    from."""

    state: State
    level: int
    status: Status
    row: Proficiency


def as_known_then(entries: Iterable[Entry], policies: Sequence[Policy], *, on: date, at: datetime) -> Standing | None:
    """What the platform said on that day: only what had been entered by `at` (the end of the day, in the centre's
    zone) and was not voided yet, by the settings in force at `at`.

    None where nothing that counts was known. Raises ValueError where no settings were in force yet.
    """
    in_force = [policy for policy in policies if policy.since <= at]
    if not in_force:
        raise ValueError("No settings were in force on that day.")
    known = (entry for entry in entries if entry.counts_at(at))
    return _standing(known, max(in_force, key=lambda policy: policy.since), on)


def as_known_now(entries: Iterable[Entry], policies: Sequence[Policy], *, on: date) -> Standing | None:
    """What is known today of that day: everything observed by then, however late it was entered, without what has been
    voided since, by the newest settings."""
    if not policies:
        raise ValueError("There are no settings.")
    known = (entry for entry in entries if entry.voided_at is None)
    return _standing(known, max(policies, key=lambda policy: policy.since), on)


def _standing(entries: Iterable[Entry], policy: Policy, on: date) -> Standing | None:
    pieces = [entry.evidence._replace(voided=False) for entry in entries if entry.evidence.observed_on <= on]
    row = proficiency(pieces, policy.cuts, policy.settings, policy.rule)
    if row is None:
        return None
    state = predict(State(row.mean, row.variance, row.observed_on), on, policy.settings)
    return Standing(state, row.level_on(on), row.status_on(on), row)
