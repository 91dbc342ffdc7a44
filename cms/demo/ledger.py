"""Which window serves what, and who was authorised before the platform."""

from training.authorisations.models import Entrustment
from training.authorisations.services import authorise
from training.matters.models import ServiceMatter, WindowMatter
from training.people.models import Posting, User, Window

from .clock import Clock
from .content import load

SETTLED_DAYS = 60
BROUGHT_OVER = {"en": "Decided before the platform, brought over", "zh-hans": "平台启用前决定（补录）"}


def serve_matters(clock: Clock) -> None:
    """Say which window serves which matter."""
    windows = {window.number: window for window in Window.objects.all()}
    matters = {matter.code: matter for matter in ServiceMatter.objects.all()}
    WindowMatter.objects.bulk_create(
        WindowMatter(window=windows[row["number"]], matter=matters[code], starts_on=clock.ago(500))
        for row in load("centre")["window"]
        for code in row["matters"]
    )


def bring_over(clock: Clock) -> None:
    """Authorise everybody who has stood at a window for a while for what that window serves."""
    deciders = [
        {"id": person.pk, "name": str(person), "verdict": "yes", "at": clock.at(90).isoformat()}
        for person in User.objects.filter(staff_number__in=["hr", "director"]).order_by("staff_number")
    ]
    served: dict[int, list[ServiceMatter]] = {}
    for row in WindowMatter.objects.select_related("matter").order_by("matter__code"):
        served.setdefault(row.window_id, []).append(row.matter)
    settled = Posting.objects.filter(until=None, starts_on__lt=clock.ago(SETTLED_DAYS)).exclude(window=None)
    for posting in settled.select_related("person").order_by("person__staff_number"):
        for place, matter in enumerate(served.get(posting.window_id, [])):
            authorise(
                person=posting.person,
                matter=matter,
                entrustment=Entrustment.DISTANT if (posting.pk + place) % 3 else Entrustment.INDIRECT,
                starts_on=clock.ago(90),
                until=clock.ago(90 - 365),
                deciders=deciders,
                evidence_pack={},
                source_label=BROUGHT_OVER,
                source_path="",
                by="build_demo",
                at=clock.at(90),
            )
