"""What a regrade would make of each paper: worked out some hundred at a time, and nothing is written."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from assessments import rules
from assessments.models import Attempt, AttemptEvidence, AttemptItem, Regrade, RegradedResult
from assessments.rules import Standing
from assessments.scoring import marking
from training.certificates.models import Certificate
from training.competencies.models import Competency, Evidence, Framework
from training.competencies.queries.what_if import Pair, levels_then
from training.competencies.rules import Evidence as Seen

from .outcomes import Answered, EvidencePiece, Outcome, observed_on, outcome_of, pieces_of, tree_of, with_marks
from .paper import with_answers
from .rulings import rulings_on

Cause, Change = Regrade.Cause, RegradedResult.Change
RESULT = ("theta", "standard_error", "score", "level", "level_probability", "passed")
# What a paper stands on as far as a regrade of one of its questions goes.
STANDS_ON = (
    "attempt_id", "attempt__state", *(f"attempt__{name}" for name in RESULT), "attempt__certificate_id",
    "mark__credit", "mark__void", "mark__kept",
)  # fmt: skip


@dataclass
class MovedPaper:
    """A paper a regrade moves: its row, and what is needed to write it."""

    row: RegradedResult
    attempt: Attempt
    question: AttemptItem
    standing: Standing
    outcome: Outcome | None = None
    ended: list[AttemptEvidence] = field(default_factory=list)
    pieces: list[EvidencePiece] = field(default_factory=list)


def papers_of(regrade: Regrade) -> QuerySet[AttemptItem]:
    """Return the question on every paper a regrade looks at: handed in, not void, marked, of nobody made anonymous.

    What somebody made anonymous typed is gone, and could only be marked as blank.
    """
    states = (*Attempt.WAITING, Attempt.State.SCORED)
    found = AttemptItem.objects.filter(
        item_version=regrade.item_version_id,
        attempt__state__in=states,
        attempt__person__erased_at=None,
        mark__isnull=False,
    )
    if regrade.exam_id:
        found = found.filter(attempt__exam=regrade.exam_id)
    question = regrade.undoes.question_id if regrade.undoes else regrade.question_id
    return found.filter(pk=question) if question else found


def standing_on(regrade: Regrade, *, among: Sequence[int] | None = None) -> dict[int, str]:
    """Return a digest of each paper as it stands, by attempt: what changes meanwhile makes a preview out of date."""
    papers = papers_of(regrade) if among is None else papers_of(regrade).filter(attempt__in=among)
    rows = papers.order_by("attempt_id").values_list(*STANDS_ON)
    return {row[0]: hashlib.sha256(repr(row).encode()).hexdigest() for row in rows.iterator(chunk_size=5000)}


def digest_of(papers: Mapping[int, str]) -> str:
    """Return one digest of all papers."""
    return hashlib.sha256("".join(papers.values()).encode()).hexdigest()


class WorkingOut:
    """How a regrade marks its question, and what follows from that, for any number of papers.

    A paper is never left without a question that counts: where it would be, it stays as it is.
    """

    def __init__(self, regrade: Regrade, *, today: date) -> None:
        self.regrade, self.today = regrade, today
        undone = regrade.undoes
        self.cause = undone.cause if undone else regrade.cause
        self.rulings = rulings_on([regrade.item_version_id], without=undone)
        self.put_back = dict(
            undone.results.filter(state=RegradedResult.State.APPLIED).values_list("attempt", "mark_before")
            if undone
            else ()
        )
        self.left_alone = 0  # papers on which nothing else would count
        self.waiting = 0  # papers without a result, among those looked at
        self._trees: dict[int, dict[int, Competency]] = {}

    def moved(self, papers: Mapping[int, str], *, lock: bool = False) -> list[MovedPaper]:
        """Return what becomes of these attempts, given with the digest of each; those it leaves alone are not in it."""
        attempts = Attempt.objects.filter(pk__in=list(papers)).order_by("pk")
        if lock:
            attempts = attempts.select_for_update(of=("self",))
        found = list(with_marks(attempts))
        self.waiting += sum(attempt.state != Attempt.State.SCORED for attempt in found)
        answers = self._answers(papers)
        moved = [one for attempt in found if (one := self._one(attempt, answers, papers[attempt.pk]))]
        self._add_evidence([one for one in moved if one.outcome])
        self._add_certificates(moved)
        return moved

    def _answers(self, papers: Iterable[int]) -> dict[int, marking.Answer]:
        """Return what was answered, by attempt: read only where answers are marked anew."""
        if self.cause != Cause.KEY:
            return {}
        asked = AttemptItem.objects.filter(attempt__in=list(papers), item_version=self.regrade.item_version_id)
        return dict(with_answers(asked).values_list("attempt", "answer"))

    def _one(self, attempt: Attempt, answers: Mapping[int, marking.Answer], stands_on: str) -> MovedPaper | None:
        questions = list(attempt.items.all())
        question = next(one for one in questions if one.item_version_id == self.regrade.item_version_id)
        now = standing_of(question)
        then = self._proposed(attempt, question, now, answers)
        if then == now:
            return None
        if then.counted is None and _counting(questions) == [question]:
            self.left_alone += 1
            return None
        row = RegradedResult(regrade=self.regrade, attempt_id=attempt.pk, stands_on=stands_on, mark_before=as_row(now))
        if attempt.state != Attempt.State.SCORED:
            row.change, row.mark_after = Change.WAITING, as_row(then)
            return MovedPaper(row, attempt, question, then)
        before, outcome = result_now(attempt), _outcome(attempt, questions, question, then)
        after = before if outcome is None else {name: getattr(outcome, name) for name in RESULT}
        row.change = rules.change_of(_told(before), _told(after), policy=self.regrade.policy)
        if row.change == Change.KEPT:
            then, outcome = rules.keeping(now, then), None
        row.mark_after, row.before, row.after = as_row(then), before, after
        return MovedPaper(row, attempt, question, then, outcome) if then != now else None

    def _proposed(
        self, attempt: Attempt, question: AttemptItem, now: Standing, answers: Mapping[int, marking.Answer]
    ) -> Standing:
        """Return the mark the regrade asks for, whatever that does to the person's result."""
        if attempt.pk in self.put_back:
            credit, void, kept = self.put_back[attempt.pk]
            return Standing(credit, void, kept)
        if self.cause == Cause.MARKS:
            key = question.item_version.key
            return Standing(marking.credit_of_points(key, self.regrade.points), now.void)
        if self.cause == Cause.VOID:
            void = not self.regrade.undoes_id or self.rulings.is_void(question.item_version_id, attempt.exam_id)
            return Standing(now.credit, void)
        key = self.regrade.key_from.key if self.regrade.key_from else self.rulings.key_of(question.item_version)
        return Standing(marking.credit(question.item_version.shape, key, answers.get(attempt.pk)), now.void)

    def _add_evidence(self, moved: Sequence[MovedPaper]) -> None:
        """Say whose evidence is replaced: the pieces that come out as they were stay, to the last digit."""
        links: dict[int, list[AttemptEvidence]] = {one.attempt.pk: [] for one in moved}
        standing = AttemptEvidence.objects.filter(attempt__in=list(links), ended_at=None)
        for link in standing.select_related("evidence__person", "evidence__competency__framework"):
            links[link.attempt_id].append(link)
        for one in moved:
            pieces = {piece.competency.pk: piece for piece in self._pieces(one)}
            for link in links[one.attempt.pk]:
                piece = pieces.pop(link.competency_id, None)
                if link.evidence.voided_at is not None:
                    continue  # somebody voided it by hand, and it stays so
                if piece is None or (piece.value, piece.variance) != (link.evidence.value, link.evidence.variance):
                    one.ended.append(link)
                    one.pieces += [piece] if piece else []
            one.pieces += pieces.values()
            touched = {*(link.competency_id for link in one.ended), *(piece.competency.pk for piece in one.pieces)}
            one.row.evidence = sorted(touched)
        self._add_levels([one for one in moved if one.row.evidence])

    def _pieces(self, one: MovedPaper) -> list[EvidencePiece]:
        framework = one.attempt.exam.framework_id
        if framework not in self._trees:
            self._trees[framework] = tree_of(framework)
        answers = _answered(list(one.attempt.items.all()), one.question, one.standing)
        return pieces_of(one.attempt, answers, self._trees[framework])

    def _add_levels(self, moved: Sequence[MovedPaper]) -> None:
        for framework in {one.attempt.exam.framework for one in moved}:
            some = [one for one in moved if one.attempt.exam.framework_id == framework.pk]
            levels = _levels(some, framework, self.today)
            for one in some:
                pairs = ((pk, levels.get((one.attempt.person_id, pk), (None, None))) for pk in one.row.evidence)
                one.row.levels = [[pk, before, after] for pk, (before, after) in pairs if before != after]

    def _add_certificates(self, moved: Sequence[MovedPaper]) -> None:
        passing = [one for one in moved if one.row.change == Change.PASSES and one.attempt.exam.achievement_id]
        valid = Certificate.objects.valid_on(self.today).filter(
            holder__in=[one.attempt.person_id for one in passing], superseded_by=None
        )
        held = set(valid.values_list("holder_id", "achievement_id"))
        for one in passing:
            if (one.attempt.person_id, one.attempt.exam.achievement_id) not in held:
                one.row.certificate = "issue"
        for one in moved:
            if one.row.change == Change.FAILS and one.attempt.certificate_id:
                one.row.certificate = self.regrade.certificates


def standing_of(question: AttemptItem) -> Standing:
    """Return the mark of a question as it stands."""
    mark = question.mark
    return Standing(mark.credit, mark.void, mark.kept)


def as_row(standing: Standing) -> list[Any]:
    """Return a mark as a regraded result keeps it."""
    return [standing.credit, standing.void, standing.kept]


def result_now(attempt: Attempt) -> dict[str, Any]:
    """Return the result of an attempt as a regraded result keeps it."""
    return {name: getattr(attempt, name) for name in RESULT}


def _told(result: Mapping[str, Any]) -> tuple[float, int, int, bool]:
    return result["theta"], result["score"], result["level"], result["passed"]


def _outcome(
    attempt: Attempt, questions: Sequence[AttemptItem], question: AttemptItem, then: Standing
) -> Outcome | None:
    """Return what the paper comes to; None where nothing that decides has changed, so that no digit moves."""
    if question.is_pilot:
        return None
    now, counted = standing_of(question).counted, then.counted
    bar = question.item_version.bar
    if now is not None and counted is not None and marking.is_right(now, bar) == marking.is_right(counted, bar):
        return None
    return None if now == counted else outcome_of(attempt, _answered(questions, question, then))


def _answered(questions: Sequence[AttemptItem], question: AttemptItem, then: Standing) -> list[Answered]:
    counted = ((one, then.counted if one.pk == question.pk else one.mark.counted) for one in _scored(questions))
    return [Answered(one, credit) for one, credit in counted if credit is not None]


def _counting(questions: Sequence[AttemptItem]) -> list[AttemptItem]:
    """Return the questions that count or will: those people still mark have no mark yet."""
    return [one for one in _scored(questions) if not hasattr(one, "mark") or one.mark.counted is not None]


def _scored(questions: Iterable[AttemptItem]) -> list[AttemptItem]:
    """Return the questions without those that were only tried out."""
    return [one for one in questions if not one.is_pilot]


def _levels(
    moved: Sequence[MovedPaper], framework: Framework, today: date
) -> dict[Pair, tuple[int | None, int | None]]:
    return levels_then(
        gone=[link.evidence_id for one in moved for link in one.ended],
        new=list(_seen(moved)),
        framework=framework,
        today=today,
    )


def _seen(moved: Sequence[MovedPaper]) -> Iterator[tuple[Pair, Seen]]:
    for one in moved:
        for number, piece in enumerate(one.pieces):
            ident = f"{one.attempt.pk}-{number}"
            seen = Seen(piece.value, piece.variance, observed_on(one.attempt), Evidence.Kind.EXAM, None, ident)
            yield (one.attempt.person_id, piece.competency.pk), seen
