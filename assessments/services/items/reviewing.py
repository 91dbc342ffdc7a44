"""A second pair of eyes: asking for a review, giving it, taking it back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Item, ItemReview, ItemVersion
from assessments.permissions import Refused, may_review
from assessments.queries.drafts import draft_of, problems_of_version
from assessments.rules import Problem
from training.operations.services import record
from training.people.models import User

from .words import problem_sentence
from .writing import ChangedMeanwhile, OutOfUse


class NotFinished(Refused):
    """The version cannot be used as it stands; `problems` says why."""

    code = "not_finished"

    def __init__(self, version: ItemVersion, problems: Sequence[Problem]) -> None:
        super().__init__(version, problems)
        self.version, self.problems = version, problems

    def __str__(self) -> str:
        count = len(self.problems)
        first = problem_sentence(self.problems[0], draft_of(self.version))
        more = ngettext("%(n)d more thing is wrong.", "%(n)d more things are wrong.", count - 1) % {"n": count - 1}
        return _("This item is not finished.") + f" {first}" + (f" {more}" if count > 1 else "")


class NothingToReview(Refused):
    """The version is approved already, or a newer one was written."""

    code = "nothing_to_review"
    message = gettext_lazy("Nothing waits for a review here.")


class OwnItem(Refused):
    """Authors and everybody who edited a version do not review it."""

    code = "own_item"
    message = gettext_lazy("You wrote or edited this item. Somebody else has to review it.")


class NoRemark(Refused):
    """Who sends an item back says why."""

    code = "no_remark"
    message = gettext_lazy("Write what has to change before you send the item back.")


class InUse(Refused):
    """The approval cannot be taken back any more."""

    code = "in_use"
    message = gettext_lazy("This version is in use. Suspend or revise the item instead.")


@transaction.atomic
def ask_for_review(*, version: ItemVersion, by: User, at: datetime) -> None:
    """Let others review the newest version; asked twice, the first time counts.

    Raises `NotFinished`, `NothingToReview`, `OutOfUse`.
    """
    version = _newest_locked(version)
    if version.item.state == Item.State.RETIRED:
        raise OutOfUse
    if version.approved_at:
        raise NothingToReview
    if problems := problems_of_version(version):
        raise NotFinished(version, problems)
    if version.asked_at:
        return
    version.asked_at = at
    version.save(update_fields=["asked_at"])
    record(action="assessments.review_asked", by=by, subject=version.item, at=at, after={"version": version.number})


@transaction.atomic
def withdraw_request(*, version: ItemVersion, by: User, at: datetime) -> None:
    """Take the request for a review back. Raises `NothingToReview`."""
    version = _newest_locked(version)
    if not version.asked_at:
        raise NothingToReview
    version.asked_at = None
    version.save(update_fields=["asked_at"])
    after = {"version": version.number}
    record(action="assessments.review_withdrawn", by=by, subject=version.item, at=at, after=after)


@transaction.atomic
def review(*, version: ItemVersion, approve: bool, edits: int, by: User, at: datetime, remark: str = "") -> ItemReview:
    """Approve the version, so that papers take it from now on, or send it back with a remark.

    `edits` says which text the reviewer read. The first approval makes a draft `reviewed`; an item in use stays in the
    state it is in. Raises `ChangedMeanwhile`, `NothingToReview`, `OwnItem`, `NoRemark`.
    """
    version = _newest_locked(version)
    if version.edits != edits:
        raise ChangedMeanwhile
    if not version.asked_at:
        raise NothingToReview
    if not may_review(by, version):
        raise OwnItem
    if not approve and not remark.strip():
        raise NoRemark
    said = ItemReview.objects.create(
        item_version=version, reviewer=by, approved=approve, remark=remark.strip(), edits=edits, at=at
    )
    version.asked_at = None
    if approve:
        _approve(version, by, at)
    version.save(update_fields=["asked_at", "approved_at", "approved_by"])
    action = "assessments.item_approved" if approve else "assessments.item_sent_back"
    record(action=action, by=by, subject=version.item, at=at, after={"version": version.number}, reason=said.remark)
    return said


@transaction.atomic
def take_back_review(*, version: ItemVersion, by: User, at: datetime) -> None:
    """Undo the reviewer's own decision on the newest version, which waits for its review again.

    Not once a paper has it, or while it is the only version of an item in use. Raises `InUse`, `NothingToReview`.
    """
    version = _newest_locked(version)
    said = version.reviews.filter(reviewer=by, edits=version.edits).last()
    if said is None or version.asked_at:
        raise NothingToReview
    item = version.item
    earlier = item.versions.filter(approved_at__isnull=False, number__lt=version.number).order_by("number").last()
    if said.approved:
        if version.attempt_items.exists() or (earlier is None and item.state != Item.State.REVIEWED):
            raise InUse
        version.approved_at = version.approved_by = None
        _use(item, earlier)
    version.asked_at = at
    version.save(update_fields=["asked_at", "approved_at", "approved_by"])
    said.delete()
    before = {"version": version.number, "approved": said.approved}
    record(action="assessments.review_taken_back", by=by, subject=item, at=at, before=before)


def _newest_locked(version: ItemVersion) -> ItemVersion:
    """Return the version as it stands now, with its item locked. Raises `NothingToReview` if there is a newer one."""
    item = Item.objects.select_for_update(of=("self",)).select_related("competency").get(pk=version.item_id)
    newest = item.versions.prefetch_related(
        "citations__clause_version__clause__policy", "media__file", "writers"
    ).latest("number")
    if newest.pk != version.pk:
        raise NothingToReview
    newest.item = item
    return newest


def _approve(version: ItemVersion, by: User, at: datetime) -> None:
    version.approved_at, version.approved_by = at, by
    _use(version.item, version)


def _use(item: Item, version: ItemVersion | None) -> None:
    """Note whose approval the item rests on; without any it is a draft."""
    item.reviewer = version.approved_by if version else None
    if version is None:
        item.state = Item.State.DRAFT
    elif item.state == Item.State.DRAFT:
        item.state = Item.State.REVIEWED
    item.save(update_fields=["reviewer", "state"])
