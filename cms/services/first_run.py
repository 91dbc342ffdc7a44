"""The first set-up of an empty installation, and the code that keeps it from whoever merely comes by first."""

import base64
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from cms.setup import install_content_roles
from training.people.models import Centre, User
from training.people.services import CalendarRow, FirstAccount, FirstDepartment, found

CODE_LETTERS = 12  # of 32: 60 bits, and few may be tried a minute
GROUP = 4


def is_empty() -> bool:
    """Tell whether nobody is here yet, so that the set-up assistant is open."""
    return not User.objects.exists()


def needs_code() -> bool:
    """Tell whether the assistant asks for the set-up code; the demo, which listens to one machine alone, does not."""
    return not getattr(settings, "DEMO", False)


def setup_code() -> str:
    """Return the code of this installation, such as ABCD-EFGH-2345: made from its secret key, stored nowhere."""
    digest = salted_hmac("cms.setup_code", "first run", algorithm="sha256").digest()
    letters = base64.b32encode(digest).decode()[:CODE_LETTERS]
    return "-".join(letters[start : start + GROUP] for start in range(0, CODE_LETTERS, GROUP))


def is_setup_code(typed: str) -> bool:
    """Tell whether somebody typed the code, in any case, with or without dashes and spaces."""
    bare = "".join(typed.split()).replace("-", "").upper()
    return constant_time_compare(bare, setup_code().replace("-", ""))


@transaction.atomic
def set_up(
    *,
    centre: Centre,
    departments: Sequence[FirstDepartment],
    accounts: Sequence[FirstAccount],
    calendar: Sequence[CalendarRow] = (),
    at: datetime,
) -> None:
    """Found the centre and make what editing needs, languages and both home pages included: all of it or nothing.

    Raises what `people.services.found` raises.
    """
    found(centre=centre, departments=departments, accounts=accounts, calendar=calendar, at=at)
    install_content_roles()
