"""Writing items, one by one or many from a file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import rules
from assessments.models import Bank, Item, ItemCitation, ItemMedia, ItemVersion, ItemWriter, MediaFile
from assessments.permissions import Refused
from assessments.queries.drafts import LANGUAGES, media_of
from assessments.rules import ItemDraft, Problem, ProblemCode
from training.competencies.models import Competency
from training.operations.services import Event, record_many
from training.people.models import User

from .words import problem_sentence

# What no row of the bank may be like; anything else may wait in a draft until its review is asked for.
NEVER_KEPT = frozenset(
    {
        ProblemCode.NO_STEM, ProblemCode.TOO_LONG, ProblemCode.TOO_MANY, ProblemCode.DATES_REVERSED,
        ProblemCode.TOO_MANY_MEDIA, ProblemCode.CHANCE, ProblemCode.BAR,
    }
)  # fmt: skip


class CannotBeKept(Refused):
    """The draft has a fault that not even a draft may have; `problems` says which."""

    code = "cannot_be_kept"

    def __init__(self, draft: ItemDraft, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.draft, self.problems = draft, problems

    def __str__(self) -> str:
        if not self.problems:
            return _("Say the level of the question and the chance somebody just at it has.")
        return " ".join(problem_sentence(problem, self.draft) for problem in self.problems)


class CodeTaken(Refused):
    """Another item of the bank has the code."""

    code = "code_taken"
    message = gettext_lazy("Another item of this bank has this code. Choose another one.")


class ChangedMeanwhile(Refused):
    """Somebody saved the item after it was read."""

    code = "changed_meanwhile"
    message = gettext_lazy("Somebody changed this item while you worked on it. Compare with what stands there now.")


class OutOfUse(Refused):
    """A retired item is not written on."""

    code = "out_of_use"
    message = gettext_lazy("This item is retired. Bring it back before you change it.")


class MediaGone(Refused):
    """A picture or recording that the draft shows is kept no more."""

    code = "media_gone"
    message = gettext_lazy("A picture or recording was not used for two days and is kept no more. Upload it again.")


@dataclass(frozen=True, slots=True)
class Written:
    """An item as somebody wrote it: `clauses` are the ids of the clause versions it was checked against."""

    draft: ItemDraft
    competency: Competency
    clauses: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class ItemsWritten:
    """What came of many: items made, versions added or changed in place, items that stood there already."""

    new: list[ItemVersion] = field(default_factory=list)
    revised: list[ItemVersion] = field(default_factory=list)
    unchanged: list[ItemVersion] = field(default_factory=list)


@transaction.atomic
def write_item(*, bank: Bank, written: Written, by: User, at: datetime) -> ItemVersion:
    """Write a new item, a draft; without a code it gets the next free one.

    Raises `CannotBeKept`, `CodeTaken`, `MediaGone`.
    """
    draft = written.draft
    if draft.code and Item.objects.filter(bank=bank, code=draft.code).exists():
        raise CodeTaken
    try:
        with transaction.atomic():
            return write_items(bank=bank, rows=[written], by=by, at=at).new[0]
    except IntegrityError as error:  # somebody took the code at this very moment
        raise CodeTaken from error


@transaction.atomic
def revise_item(*, item: Item, written: Written, seen: tuple[int, int], by: User, at: datetime) -> ItemVersion:
    """Change a version nobody approved in place, else write the next one, which waits for a review of its own.

    `seen`: number and edits of the newest version as the author read it. Papers keep taking the version in use until
    the new one is approved; the competency changes at once, since it says where the item belongs and not what it asks.
    A request for review that waits is withdrawn: it was about other words. What says the same again changes nothing.
    Raises `CannotBeKept`, `ChangedMeanwhile`, `MediaGone`, `OutOfUse`.
    """
    check_kept(written.draft)
    item = Item.objects.select_for_update().get(pk=item.pk)
    newest = item.versions.prefetch_related("citations", "media__file").latest("number")
    if (newest.number, newest.edits) != seen:
        raise ChangedMeanwhile
    if item.state == Item.State.RETIRED:
        raise OutOfUse
    done = ItemsWritten()
    _revise([(item, newest, written)], by, at, done)
    return (done.revised or done.unchanged)[0]


@transaction.atomic
def write_items(*, bank: Bank, rows: Sequence[Written], by: User, at: datetime) -> ItemsWritten:
    """Write many at once: those whose code the bank has are revised, as `revise_item` says, the others are new drafts.

    In as many statements for a hundred as for one, as far as the database takes that many at once. Raises
    `CannotBeKept`, `MediaGone` or `CodeTaken` (twice in `rows`), and then nothing is written.
    """
    for row in rows:
        check_kept(row.draft)
    codes = [row.draft.code for row in rows if row.draft.code]
    if len(set(codes)) != len(codes):
        raise CodeTaken
    known = {item.code: item for item in Item.objects.select_for_update().filter(bank=bank, code__in=codes)}
    newest = {
        version.item_id: version
        for version in ItemVersion.objects.newest()
        .filter(item__in=known.values())
        .prefetch_related("citations", "media__file")
    }
    done = ItemsWritten()
    _write_new(bank, [row for row in rows if row.draft.code not in known], by, at, done)
    old = [(known[row.draft.code], row) for row in rows if row.draft.code in known]
    if any(item.state == Item.State.RETIRED for item, _row in old):
        raise OutOfUse
    _revise([(item, newest[item.pk], row) for item, row in old], by, at, done)
    return done


def check_kept(draft: ItemDraft) -> None:
    """Raise `CannotBeKept` for a draft that not even the bank's drafts may be like."""
    problems = rules.problems_of(draft, settings.LANGUAGE_CODE, LANGUAGES)
    if draft.level is None or draft.judged_p is None:
        raise CannotBeKept(draft, [])
    if faults := [problem for problem in problems if problem.code in NEVER_KEPT]:
        raise CannotBeKept(draft, faults)


def _write_new(bank: Bank, rows: Sequence[Written], by: User, at: datetime, done: ItemsWritten) -> None:
    free = _free_codes(bank, {row.draft.code for row in rows})
    items = Item.objects.bulk_create(
        Item(bank=bank, code=row.draft.code or next(free), competency=row.competency, author=by) for row in rows
    )
    versions = _create([(item, 1, row) for item, row in zip(items, rows, strict=True)], by, at)
    done.new.extend(versions)
    events = [Event("assessments.item_written", item) for item in items]
    record_many(events, by=by, at=at)


def _revise(rows: Sequence[tuple[Item, ItemVersion, Written]], by: User, at: datetime, done: ItemsWritten) -> None:
    changed = []
    for item, version, told in rows:
        version.item = item
        written = _with_media(told, version)
        if _says(version, item) == _would_say(written):
            done.unchanged.append(version)
        else:
            changed.append((item, version, written))
            item.competency = written.competency
    Item.objects.bulk_update([item for item, _version, _written in changed], ["competency"])
    in_place = [(version, written) for _item, version, written in changed if not version.approved_at]
    _change(in_place, by, at)
    added = _create(
        [(item, version.number + 1, written) for item, version, written in changed if version.approved_at], by, at
    )
    done.revised.extend([*(version for version, _written in in_place), *added])
    record_many(
        [
            *(Event("assessments.item_edited", v.item, after={"version": v.number}) for v, _written in in_place),
            *(Event("assessments.item_revised", v.item, after={"version": v.number}) for v in added),
        ],
        by=by,
        at=at,
    )


def _create(rows: Sequence[tuple[Item, int, Written]], by: User, at: datetime) -> list[ItemVersion]:
    versions = ItemVersion.objects.bulk_create(
        ItemVersion(item=item, number=number, written_at=at, written_by=by, **rules.stored(written.draft))
        for item, number, written in rows
    )
    _sign(versions, by)
    pairs = [(version, written) for version, (_item, _number, written) in zip(versions, rows, strict=True)]
    _cite(pairs)
    _show(pairs)
    return versions


def _change(rows: Sequence[tuple[ItemVersion, Written]], by: User, at: datetime) -> None:
    """Write over versions that nobody approved, so that no paper has them."""
    columns: dict[str, Any] = {}
    for version, written in rows:
        columns = rules.stored(written.draft) | {"written_at": at, "written_by": by, "asked_at": None}
        for name, value in columns.items():
            setattr(version, name, value)
        version.edits += 1
    versions = [version for version, _written in rows]
    if versions:
        ItemVersion.objects.bulk_update(versions, [*columns, "edits"], batch_size=200)
    _sign(versions, by)
    ItemCitation.objects.filter(item_version__in=versions).delete()
    _cite(rows)
    ItemMedia.objects.filter(item_version__in=versions).delete()
    _show(rows)


def _sign(versions: Iterable[ItemVersion], by: User) -> None:
    ItemWriter.objects.bulk_create(
        (ItemWriter(item_version=version, person=by) for version in versions), ignore_conflicts=True
    )


def _cite(rows: Iterable[tuple[ItemVersion, Written]]) -> None:
    ItemCitation.objects.bulk_create(
        ItemCitation(item_version=version, clause_version_id=clause)
        for version, written in rows
        for clause in sorted(set(written.clauses))
    )


def _show(rows: Sequence[tuple[ItemVersion, Written]]) -> None:
    """Let versions show their media. A file that is shown cannot be purged until this stands or falls."""
    wanted = {medium.ref for _version, written in rows for medium in written.draft.media or ()}
    if not wanted:
        return
    files = {str(file.ref): file for file in MediaFile.objects.select_for_update().filter(ref__in=wanted)}
    if wanted - files.keys():
        raise MediaGone
    ItemMedia.objects.bulk_create(
        ItemMedia(
            item_version=version,
            file=files[medium.ref],
            position=position,
            place=medium.place,
            text=rules.spoken(medium.text),
            decorative=medium.is_picture and medium.decorative,
        )
        for version, written in rows
        for position, medium in enumerate(written.draft.media or (), start=1)
    )


def _with_media(written: Written, version: ItemVersion) -> Written:
    """Return what was written, with the media of the version where nothing was said of any."""
    if written.draft.media is not None:
        return written
    return replace(written, draft=replace(written.draft, media=media_of(version)))


def _says(version: ItemVersion, item: Item) -> dict[str, Any]:
    told = {name: getattr(version, name) for name in rules.STORED}
    cited = sorted(citation.clause_version_id for citation in version.citations.all())
    media = _said_media(media_of(version))
    return told | {"competency": item.competency_id, "cited": cited, "media": media}


def _would_say(written: Written) -> dict[str, Any]:
    cited = sorted(set(written.clauses))
    columns = rules.stored(written.draft)
    told = {name: columns[name] for name in rules.STORED}
    media = _said_media(written.draft.media or ())
    return told | {"competency": written.competency.pk, "cited": cited, "media": media}


def _said_media(media: Iterable[rules.Medium]) -> list[tuple[object, ...]]:
    return [(one.ref, one.place, one.is_picture and one.decorative, rules.spoken(one.text)) for one in media]


def _free_codes(bank: Bank, taken: set[str]) -> Iterator[str]:
    """Yield codes "q-1", "q-2", ... that neither the bank nor `taken` has."""
    taken = (taken - {""}) | set(bank.items.filter(code__startswith="q-").values_list("code", flat=True))
    number = len(taken)
    while True:
        number += 1
        if f"q-{number}" not in taken:
            yield f"q-{number}"
