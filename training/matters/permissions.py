"""Who is shown what rests on a clause; who brings matters in and takes them out as files."""

from training.people.models import Role, User

# Each part of the page about a clause asks for itself whom it may tell.
ASKERS = frozenset(
    {Role.EDITOR, Role.REVIEWER, Role.EXAMINER, Role.HR, Role.HEAD, Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR}
)
FILE_KEEPERS = frozenset({Role.EDITOR, Role.REVIEWER, Role.ADMINISTRATOR})


def may_keep_files(person: User) -> bool:
    """Tell whether the person brings matters in as drafts and takes them out."""
    return person.is_active and bool(FILE_KEEPERS & person.role_names)
