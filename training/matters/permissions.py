"""Who is shown what rests on a clause; each part of that page asks for itself whom it may tell."""

from training.people.models import Role

ASKERS = frozenset(
    {Role.EDITOR, Role.REVIEWER, Role.EXAMINER, Role.HR, Role.HEAD, Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR}
)
