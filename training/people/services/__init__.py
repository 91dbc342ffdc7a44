"""What is done to staff records: coming, moving, leaving, roles, access, languages, the staff list."""

from .access import end_access, give_access
from .errors import NotAllowedError, PeopleError
from .exports import record_export
from .preferences import choose_language
from .roles import end_role, grant_role, mirror_roles
from .staff import hire, leave, move
from .staff_list import ImportReport, import_staff
from .uploads import discard_expired_uploads, discard_upload, keep_upload, open_upload

__all__ = [
    "ImportReport",
    "NotAllowedError",
    "PeopleError",
    "choose_language",
    "discard_expired_uploads",
    "discard_upload",
    "end_access",
    "end_role",
    "give_access",
    "grant_role",
    "hire",
    "import_staff",
    "keep_upload",
    "leave",
    "mirror_roles",
    "move",
    "open_upload",
    "record_export",
]
