"""What HR of a new centre does first: told on My work until somebody is posted."""

from django.urls import reverse
from django.utils.translation import gettext as _

from training.lib.todo import Todo
from training.people.models import Posting, Role, User


def first_steps(*, person: User, is_posted: bool) -> list[Todo]:
    """Return what the new centre still lacks; nothing to anybody but HR, nor once a first person is posted.

    Where the officer is posted themselves nobody has to look for others.
    """
    if Role.HR not in person.role_names or is_posted or Posting.objects.exists():
        return []
    why = _(
        "Nobody is posted yet. The list names departments, positions and windows by their codes: enter those first."
    )
    title = _("Import the staff list")
    return [Todo(title=title, why=why, url=reverse("people:import"), action=title)]
