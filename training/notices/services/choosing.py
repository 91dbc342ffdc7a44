"""What people choose about their notices."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from training.notices.models import Choice, How
from training.operations.services import record
from training.people.models import User


@transaction.atomic
def choose(*, person: User, wanted: Mapping[tuple[str, str], How], at: datetime) -> int:
    """Tell the person about each theme by each channel (the keys) as they want. Return how many choices changed."""
    User.objects.select_for_update().get(pk=person.pk)
    known = {(row.theme, row.channel): row for row in person.notice_choices.all()}
    changed = {key: how for key, how in wanted.items() if key not in known or known[key].how != how}
    if not changed:
        return 0
    before = {
        f"{theme} {channel}": known[theme, channel].how for theme, channel in changed if (theme, channel) in known
    }
    for (theme, channel), how in changed.items():
        Choice.objects.update_or_create(person=person, theme=theme, channel=channel, defaults={"how": how})
    record(
        action="notices.chosen",
        by=person,
        subject=person,
        person=person,
        at=at,
        before=before,
        after={f"{theme} {channel}": str(how) for (theme, channel), how in changed.items()},
    )
    return len(changed)
