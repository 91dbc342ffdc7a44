"""What a file would do to a bank, question by question. Nothing is written here."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assessments.exchange import Note, Read, ReadFile, Told, canonical, note
from assessments.exchange.likeness import Likeness, words_of
from assessments.models import Bank, Item, ItemVersion
from assessments.queries.drafts import draft_of, media_of
from assessments.rules import ItemDraft, Medium
from assessments.services.items import Written
from assessments.services.media import digest_of
from training.competencies.models import Competency
from training.lib.media import Clean, UnfitFile, clean, visible
from training.matters.models import ClauseVersion

LONGEST_CODE = 60
HASH = 8
MOST_MEDIA = 100  # of one file: each is decoded while somebody waits


@dataclass(frozen=True, slots=True)
class Defaults:
    """What an item gets that names none itself."""

    competency: Competency
    level: int
    judged_p: float


@dataclass(frozen=True, slots=True)
class Twin:
    """A question that says nearly the same: its code, its words, whether it stands in the same file."""

    code: str
    text: str
    in_file: bool
    percent: int


@dataclass
class Row:
    """One question of the file: what comes of it. `number` counts from 1."""

    number: int
    read: Read
    code: str = ""
    state: str = "refused"
    """new, revised, unchanged or refused."""
    written: Written | None = None
    told: list[Note] = field(default_factory=list)
    refusals: list[Note] = field(default_factory=list)
    twin: Twin | None = None
    brought: ItemDraft | None = None
    drops_language: bool = False
    media: dict[str, Clean] = field(default_factory=dict)
    """What is kept of the files it brings, by the digest its draft names them with until they are."""

    @property
    def may_come(self) -> bool:
        """Whether it can be imported at all."""
        return self.state in ("new", "revised")

    @property
    def is_proposed(self) -> bool:
        """Whether it is ticked until somebody says otherwise."""
        return self.may_come and self.twin is None and not self.drops_language

    @property
    def draft(self) -> ItemDraft | None:
        return self.written.draft if self.written else self.read.draft


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole file."""

    file: ReadFile
    rows: list[Row]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def coming(self) -> list[Row]:
        return [row for row in self.rows if row.may_come]

    @property
    def proposed(self) -> list[Row]:
        return [row for row in self.rows if row.is_proposed]


def plan_import(bank: Bank, file: ReadFile, defaults: Defaults) -> Plan:
    """Say what would come of each question of a file, in the same number of statements however many there are."""
    rows = [Row(number, read, told=list(read.losses), refusals=list(read.refusals)) for number, read in _numbered(file)]
    drafts = [row for row in rows if row.read.draft is not None]
    _clean_media(drafts)
    _name(drafts)
    competencies = {one.code: one for one in Competency.objects.filter(framework__is_current=True, children=None)}
    clauses = _clauses(row.read.draft for row in drafts)
    for row in drafts:
        _place(row, defaults, competencies, clauses)
    _compare(bank, [row for row in drafts if not row.refusals])
    _find_twins(bank, [row for row in drafts if row.may_come])
    return Plan(file, rows)


def _clean_media(rows: Sequence[Row]) -> None:
    """Clean what the questions bring; what cannot be kept is told, and so is what is past the limit of a file."""
    count = 0
    for row in rows:
        draft = row.read.draft
        assert draft is not None
        media = []
        for medium in draft.media or ():
            brought = row.read.media[int(medium.ref)]
            count += 1
            try:
                if count > MOST_MEDIA:
                    raise UnfitFile(_("A file of questions brings at most 100 pictures and recordings."))
                kept = clean(brought.data, brought.name)
            except UnfitFile as unfit:
                row.told.append(note(Told.MEDIA_UNFIT, name=visible(brought.name), reason=str(unfit)))
                continue
            row.media[digest_of(kept)] = kept
            media.append(replace(medium, ref=digest_of(kept)))
        row.brought = replace(draft, media=tuple(media) or None)


def _numbered(file: ReadFile) -> Iterable[tuple[int, Read]]:
    return enumerate(file.items, start=1)


def _name(rows: Sequence[Row]) -> None:
    """Give each row a code of the bank's form; the same question gets the same code again."""
    taken: dict[str, ItemDraft] = {}
    for row in rows:
        draft = row.brought
        assert draft is not None
        code = _code_of(draft)
        if code in taken:
            if taken[code] == draft:
                row.refusals.append(note(Told.SAME_NAME, item=code))
                continue
            code = f"{code[: LONGEST_CODE - HASH - 1]}-{_digest(draft)}"
        if draft.code and code != draft.code:
            row.told.append(note(Told.CODE_CHANGED, name=draft.code, item=code))
        taken[code] = draft
        row.code = code


def _code_of(draft: ItemDraft) -> str:
    shortest = LONGEST_CODE - HASH - 1
    try:
        validate_slug(draft.code)
    except ValidationError:
        base = slugify(unicodedata.normalize("NFKC", draft.code))[:shortest].strip("-")
        return f"{base or 'q'}-{_digest(draft)}"
    return draft.code if len(draft.code) <= LONGEST_CODE else f"{draft.code[:shortest]}-{_digest(draft)}"


def _digest(draft: ItemDraft) -> str:
    """Return a few signs made of the question's words, so that the same file makes the same codes."""
    said = repr((draft.kind, sorted(draft.stem.items()), [sorted(one.text.items()) for one in draft.options]))
    return hashlib.sha256(said.encode()).hexdigest()[:HASH]


def _place(
    row: Row, defaults: Defaults, competencies: Mapping[str, Competency], clauses: Mapping[tuple[str, str], int]
) -> None:
    """Say where the item belongs; what the file leaves open gets the defaults, and that is told."""
    draft = row.brought
    assert draft is not None
    competency = competencies.get(draft.competency)
    if draft.competency and competency is None:
        row.refusals.append(note(Told.COMPETENCY_UNKNOWN, item=draft.competency))
        return
    if competency is None:
        competency = defaults.competency
        row.told.append(note(Told.COMPETENCY_SET, name=str(competency)))
    if draft.level is None:
        row.told.append(note(Told.LEVEL_SET, level=defaults.level))
    if draft.judged_p is None:
        row.told.append(note(Told.JUDGED_SET, percent=round(defaults.judged_p * 100)))
    cited = []
    for cite in draft.cites:
        policy, _slash, clause = cite.partition("/")
        found = clauses.get((policy, _normal(clause)))
        if found is None:
            row.told.append(note(Told.CLAUSE_UNKNOWN, clause=cite))
        else:
            cited.append(found)
    level = defaults.level if draft.level is None else draft.level
    chance = defaults.judged_p if draft.judged_p is None else draft.judged_p
    placed = replace(draft, code=row.code, level=level, judged_p=chance, competency=competency.code, cites=())
    row.written = Written(placed, competency, tuple(sorted(set(cited))))


def _clauses(drafts: Iterable[ItemDraft | None]) -> dict[tuple[str, str], int]:
    """Return the newest version of every clause of the policies that are cited, by policy and id or label."""
    slugs = {cite.partition("/")[0] for draft in drafts if draft for cite in draft.cites}
    found: dict[tuple[str, str], int] = {}
    if not slugs:
        return found
    versions = ClauseVersion.objects.filter(clause__policy__slug__in=slugs).select_related("clause__policy")
    for version in versions.order_by("number"):
        for name in (str(version.clause.uid), *version.label.values()):
            found[version.clause.policy.slug, _normal(name)] = version.pk
    return found


def _normal(name: str) -> str:
    try:
        return str(UUID(name))
    except ValueError:
        return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _compare(bank: Bank, rows: Sequence[Row]) -> None:
    """Compare with what the bank has under the same codes, whatever the ids of options are there."""
    newest = {
        version.item.code: version
        for version in ItemVersion.objects.newest()
        .filter(item__bank=bank, item__code__in=[row.code for row in rows])
        .select_related("item__competency")
        .prefetch_related("citations__clause_version__clause__policy", "media__file")
    }
    for row in rows:
        version = newest.get(row.code)
        if version is None:
            row.state = "new"
        elif version.item.state == Item.State.RETIRED:
            row.refusals.append(note(Told.RETIRED, item=row.code))
        else:
            _compare_with(row, version)


def _compare_with(row: Row, version: ItemVersion) -> None:
    assert row.written is not None
    shown = row.written.draft.media and _by_content(version)
    there = canonical(replace(draft_of(version), cites=(), media=shown))
    cited = tuple(sorted(citation.clause_version_id for citation in version.citations.all()))
    same = there == row.written.draft and cited == row.written.clauses
    row.state = "unchanged" if same else "revised"
    missing = sorted(there.stem.keys() - row.written.draft.stem.keys())
    if missing and not same:
        row.drops_language = True
        row.told.extend(note(Told.LANGUAGE_MISSING, language=code) for code in missing)


def _by_content(version: ItemVersion) -> tuple[Medium, ...]:
    """Return what a version shows, each named by its content."""
    digests = [one.file.sha256 for one in version.media.all()]
    return tuple(replace(one, ref=digest) for one, digest in zip(media_of(version), digests, strict=True))


def _find_twins(bank: Bank, rows: Sequence[Row]) -> None:
    """Name the question of the bank or of the file before it that a row says nearly the same as."""
    seen: dict[str, Likeness] = {code: Likeness() for code, _name in settings.LANGUAGES}
    texts: dict[str, tuple[str, bool]] = {}
    stored = ItemVersion.objects.newest().filter(item__bank=bank).exclude(item__state=Item.State.RETIRED)
    for code, kind, stem, options, parts in stored.values_list("item__code", "kind", "stem", "options", "parts"):
        texts[code] = (next(iter(stem.values()), ""), False)
        for language, likeness in seen.items():
            own = () if kind == ItemVersion.Kind.TRUE_FALSE else options
            said = [stem, *(one.get("text") or {} for one in (*parts, *own))]
            likeness.add(code, "\n".join(one[language] for one in said if one.get(language)))
    for row in rows:
        assert row.written is not None
        found = [
            likeness.nearest(words_of(row.written.draft, language), without=row.code)
            for language, likeness in seen.items()
        ]
        best = max((one for one in found if one), key=lambda one: one.share, default=None)
        if best:
            text, in_file = texts[best.name]
            row.twin = Twin(best.name, text, in_file, round(best.share * 100))
        if row.code not in texts:
            texts[row.code] = (next(iter(row.written.draft.stem.values()), ""), True)
            for language, likeness in seen.items():
                likeness.add(row.code, words_of(row.written.draft, language))
