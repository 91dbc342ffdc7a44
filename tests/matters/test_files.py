"""Matters and bundles out to files and in again: nothing lost, every fault with its place."""

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.matters import a_clause, bundle_draft, matter_draft
from tests.factories.people import CentreFactory, DepartmentFactory
from training.lib.tables import Sheet, write_xlsx
from training.matters.files import FACTS, Told, export_sheets, read_json, read_workbook, write_json
from training.matters.files.sample import sample_documents
from training.matters.models import BundleMaterial, MatterSystem, ServiceMatter
from training.matters.queries.drafts import all_documents, drafts_of
from training.matters.services.drafting import Plan, plan_drafts

pytestmark = pytest.mark.django_db

CLAUSE = "queues/00000000-0000-4000-8000-000000000001/3"
# As texts are stored: no outer white space, no controls, none of the marks the readers refuse.
words = (
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Zs"], include_characters=" \n'=+@_x"
        ),
        min_size=1,
        max_size=60,
    )
    .map(str.strip)
    .filter(bool)
)


def workbook(documents: dict[str, list[dict[str, Any]]], language: str = "en") -> bytes:
    file = io.BytesIO()
    with translation.override(language):
        write_xlsx(file, export_sheets(documents))
    return file.getvalue()


def sheets(*told: tuple[str, Sequence[Sequence[object]]]) -> Told:
    file = io.BytesIO()
    write_xlsx(file, [Sheet(title, rows) for title, rows in told])
    return read_workbook(file.getvalue(), name="m.xlsx")


def told_by(told: Told) -> dict[str, list[dict[str, Any]]]:
    return {facts.key: list(told.of(facts.key).values()) for facts in FACTS}


def places(problems: Sequence[Any]) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in problems]


@settings(deadline=None, max_examples=40)
@given(words, words)
def test_any_text_comes_back_from_both_kinds_of_file(english: str, chinese: str) -> None:
    documents = sample_documents("tax", CLAUSE)
    documents["matters"][0]["fee"] = {"en": english, "zh-hans": chinese}
    documents["matters"][0]["conditions"] = [{"text": {"en": chinese}}, {"text": {"en": english}}]
    for told in (read_workbook(workbook(documents), name="m"), read_json(write_json(documents))):
        assert told.problems == []
        assert told_by(told) == documents


@pytest.mark.parametrize("written", ["en", "zh-hans"])
@pytest.mark.parametrize("read", ["en", "zh-hans"])
def test_a_workbook_of_either_language_is_read_in_either(written: str, read: str) -> None:
    documents = sample_documents("tax", CLAUSE)
    data = workbook(documents, written)
    with translation.override(read):
        told = read_workbook(data, name="m")
    assert told.problems == []
    assert told_by(told) == documents


def test_faults_of_a_workbook_have_sheet_line_and_column() -> None:
    told = sheets(
        (
            "Service matters",
            [["code", "kind", "trips", "statutory days"], ["a b", "passport", -1, "x"], ["ok", "", "", 1]],
        ),
        ("Steps", [["Code of the record", "Time limit", "Colour"], ["ok", "0.123", "red"], ["nobody", 1, ""]]),
    )
    assert ("Service matters, line 2, column A", "a b") in places(told.problems)
    assert ("Service matters, line 2, column B", "a b") in places(told.problems)
    assert ("Service matters, line 2, column C", "a b") in places(told.problems)
    assert ("Service matters, line 3, column B", "ok") in places(told.problems)
    assert ("Steps, line 1, column C", "") in places(told.problems)
    assert ("Steps, line 2, column B", "ok") in places(told.problems)
    assert ("Steps, line 3", "nobody") in places(told.problems)


def test_faults_of_json_have_a_path() -> None:
    documents = sample_documents("tax", CLAUSE)
    documents["matters"][0]["steps"][0] |= {"limit_days": "soon", "colour": "red"}
    documents["bundles"][0]["members"] = {}
    told = read_json(json.dumps({"format": "service-matters", "version": 1, **documents}).encode())
    assert sorted(places(told.problems)) == [
        ("bundles[0].members", "moving-in"),
        ("matters[0].steps[0].colour", "residence-permit"),
        ("matters[0].steps[0].limit_days", "residence-permit"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[" * 100_000,
        b'{"format": "service-matters", "version": 2}',
        b'{"format": "service-matters", "version": 1, "matters": {}}',
        b'{"format": "service-matters", "version": 1, "version": 1}',
        b'{"format": "service-matters", "version": NaN}',
        b'{"format": "service-matters", "version": 1, "matters": [' + b"{}," * 1_000_001 + b"{}]}",
        b"\xff\xfe{",
    ],
    ids=["no format", "deep", "another version", "no list", "twice", "no number", "too many", "no UTF-8"],
)
def test_json_that_is_hostile_or_something_else_is_refused_as_a_whole(data: bytes) -> None:
    told = read_json(data)
    assert told.documents == {}
    assert told.problems
    assert all(not problem.code for problem in told.problems)


@pytest.mark.parametrize("data", [b"", b"code,name\na,b", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old"])
def test_no_workbook_is_refused_in_words(data: bytes) -> None:
    told = read_workbook(data, name="m.xlsx")
    assert told.documents == {}
    assert told.problems


class TestRoundTrip:
    @pytest.fixture(autouse=True)
    def _records(self) -> None:
        CentreFactory()
        department = DepartmentFactory(code="tax")
        first = matter_draft(code="a", department=department, cites=(a_clause(),))
        first.systems = [MatterSystem(name={"en": "Register"}, is_double_entry=True)]
        first.save()
        second = matter_draft(code="b", department=department, promised_unit="working_hours")
        bundle = bundle_draft((first, 1, 2), (second, 2, 3), lead_department=department)
        material = BundleMaterial(name={"en": "One form"})
        material.used_by = [second]
        bundle.materials = [material]
        bundle.save()

    def plan(self, documents: dict[str, list[dict[str, Any]]]) -> Plan:
        return plan_drafts(read_json(json.dumps({"format": "service-matters", "version": 1, **documents}).encode()))

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_what_is_exported_changes_nothing(self, language: str) -> None:
        documents = all_documents()
        for told in (read_workbook(workbook(documents, language), name="m"), read_json(write_json(documents))):
            plan = plan_drafts(told)
            assert (plan.problems, plan.intents, plan.unchanged) == ([], [], 3)

    def test_codes_that_name_nothing_and_contradictions_are_told_at_the_record(self) -> None:
        documents = all_documents()
        documents["matters"][0]["department"] = "nowhere"
        documents["matters"][1]["promised_days"] = 400
        documents["bundles"][0]["members"][0]["matter"] = "nothing"
        plan = self.plan(documents)
        assert sorted(problem.code for problem in plan.problems) == ["a", "b", "newborn"]
        assert not plan.refused

    def test_what_a_file_leaves_out_stays_and_an_empty_list_takes_rows_away(self) -> None:
        told = {"format": "service-matters", "version": 1, "matters": [{"code": "a", "trips": 3, "questions": []}]}
        plan = plan_drafts(read_json(json.dumps(told).encode()))
        (intent,) = plan.intents
        before = all_documents()["matters"][0]
        assert intent.document == {**before, "trips": 3, "questions": []}

    def test_a_new_matter_needs_what_a_matter_needs_and_may_be_a_member_at_once(self) -> None:
        documents = {"matters": [], "bundles": []} | sample_documents("tax", "")
        plan = self.plan(documents)
        assert [intent.code for intent in plan.intents if intent.is_new] == ["residence-permit", "moving-in"]
        del documents["matters"][0]["kind"], documents["matters"][0]["name"]
        plan = self.plan(documents)
        assert [problem.code for problem in plan.problems] == ["residence-permit", "moving-in"]
        assert "Name, Kind" in plan.problems[0].text

    def test_drafts_are_read_in_the_same_queries_for_any_number(self, django_assert_max_num_queries: Any) -> None:
        for number in range(8):
            matter_draft(code=f"m{number}", department=ServiceMatter.objects.first().department).save_revision()
        with django_assert_max_num_queries(18):
            assert len(list(drafts_of(FACTS[0]))) == 10
