"""The worked example of docs/scoring.md, worked out by the code: every figure there is one that comes of it."""

import math
import re
from datetime import date
from pathlib import Path

import numpy as np

from assessments.scoring.ability import Ability, wle
from assessments.scoring.standards import level_decided, level_probabilities, reference_score, shown_score
from training.competencies.rules import (
    Evidence,
    EvidenceKind,
    explain,
    filter_evidence,
    held_until,
    level_held,
    predict,
)

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "scoring.md"
CUTS = [-2.0, -0.7, 0.7, 2.0]
DIFFICULTIES = np.round(np.arange(-2.0, 1.9, 0.2), 1)  # twenty items, -2.0 to 1.8
RIGHT = 16
SAT, SEEN, TODAY = date(2026, 9, 1), date(2026, 10, 1), date(2026, 12, 1)


def ability(doubt: float) -> Ability:
    answers = np.arange(20) < RIGHT
    return wle(1.0, -DIFFICULTIES, answers, b_sd=doubt)


def figures() -> dict[str, str]:
    """Return every figure of the example by the name it has in the document's source."""
    judged, calibrated, exact = ability(0.7), ability(0.2), ability(0.0)
    by_level = level_probabilities(judged.theta, judged.se, CUTS)
    evidence = [
        Evidence(judged.theta, judged.se**2, SAT, EvidenceKind.EXAM, ident="exam"),
        Evidence(1.1, 0.55, SEEN, EvidenceKind.OBSERVATION, ident="visit"),
    ]
    after_exam, after_visit = (step.after for step in filter_evidence(evidence))
    today = predict(after_visit, TODAY)
    told = explain(evidence, TODAY, CUTS)
    assert told is not None
    held = level_held(today, CUTS)
    until = held_until(today, CUTS[held - 2])
    shares = {share.evidence.ident: share.weight for share in told.shares}
    return {
        "theta": f"{judged.theta:.2f}",
        "se exact": f"{exact.se:.2f}",
        "se calibrated": f"{calibrated.se:.2f}",
        "se judged": f"{judged.se:.2f}",
        "level": str(level_decided(judged.theta, CUTS)),
        **{f"level {n}": f"{100 * chance:.0f} %" for n, chance in enumerate(by_level, start=1)},
        "score": str(shown_score(reference_score(judged.theta, 1.0, -DIFFICULTIES, CUTS[1]))),
        "exam weight": f"{2.25 / (2.25 + judged.se**2):.2f}",
        "after exam": f"{after_exam.mean:.2f}",
        "after exam sd": f"{math.sqrt(after_exam.variance):.2f}",
        "after visit": f"{after_visit.mean:.2f}",
        "after visit sd": f"{math.sqrt(after_visit.variance):.2f}",
        "today": f"{today.mean:.2f}",
        "today sd": f"{math.sqrt(today.variance):.2f}",
        "at least 3": f"{100 * level_probabilities(today.mean, math.sqrt(today.variance), CUTS)[2:].sum():.0f} %",
        "at least 4": f"{100 * level_probabilities(today.mean, math.sqrt(today.variance), CUTS)[3:].sum():.0f} %",
        "held": str(held),
        "until": f"{until}",
        "share exam": f"{100 * shares['exam']:.0f} %",
        "share visit": f"{100 * shares['visit']:.0f} %",
        "share start": f"{100 * told.start_weight:.0f} %",
        "share baseline": f"{100 * told.baseline_weight:.0f} %",
        "next": told.prospects[0].kind,
        "next sd": f"{told.prospects[0].sd_after:.2f}",
    }


FIGURE = re.compile(r"\| ([^|]+?) <!-- ([a-z0-9 ]+) --> \|")


def test_every_figure_of_the_document_comes_of_the_code() -> None:
    told, worked_out = FIGURE.findall(DOCUMENT.read_text(encoding="utf-8")), figures()
    assert {name for _value, name in told} >= set(worked_out) - {"level 1", "level 2"}
    assert [(name, value) for value, name in told] == [(name, worked_out[name]) for _value, name in told]


def test_the_document_speaks_both_languages_and_its_links_lead_somewhere() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in text.splitlines() if line.startswith("#")}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings
    assert "简单说" in headings
