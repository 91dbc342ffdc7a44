"""The demo centre's content is whole: both languages everywhere, every reference resolves, the bank can be marked."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from cms.demo.pictures import PICTURES
from cms.lesson_tables import CITING
from tests.cms.demo_tables import (
    AREAS,
    BUNDLE,
    CLAUSES,
    COMPETENCIES,
    CONTENT,
    COURSES,
    CRITERIA,
    DEPARTMENTS,
    EXERCISE,
    FILES,
    FURTHER,
    ITEMS,
    MATTERS,
    POLICIES,
    POSITIONS,
    PRACTICE,
    WINDOWS,
    Row,
)

ACCOUNTS = {
    *("clerk", "clerk2", "teacher", "teacher2", "hr", "editor", "reviewer"),
    *("examiner", "invigilator", "marker", "head", "director", "auditor", "admin"),
}
HAN = re.compile(r"[\u4e00-\u9fff]")
TAG = re.compile(r"</?([a-z0-9]+)[^>]*>")
TRIED = {"accordion", "table", "branching", "document", "steps", "checklist", "practice"}
PROSE = ("heading", "html", "title", "story", "question", "answer")


def walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every table and every value below it, with the path that leads there."""
    yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from walk(child, f"{path}.{key}")


def pairs() -> list[tuple[str, Row]]:
    """Every text of the demo; a name of a person is no translation and is written zh and latin."""
    return [
        (path, value)
        for name in FILES
        for path, value in walk(CONTENT[name], name)
        if isinstance(value, dict) and {"en", "zh"} & set(value) and "latin" not in value
    ]


def cited() -> list[tuple[str, str]]:
    """Every [policy, clause] that something names."""
    rows = [basis for matter in MATTERS.values() for basis in matter["legal_basis"]]
    rows += [citation for item in (*ITEMS, *PRACTICE, *EXERCISE, *AREAS, *FURTHER) for citation in item["cites"]]
    rows += [cite for rubric in CONTENT["coaching"]["rubric"] for row in rubric["criterion"] for cite in row["cites"]]
    rows += [[part["policy"], part["clause"]] for part in sections() if part["type"] == "clause"]
    rows += [row for part in sections() for html in part.get("html", {}).values() for row in CITING.findall(html)]
    return [(policy, clause) for policy, clause in rows]


def sections() -> list[Row]:
    return [part for _course, lesson in lessons() for part in lesson["section"]]


def lessons() -> list[tuple[str, Row]]:
    return [(slug, lesson) for slug, course in COURSES.items() for lesson in course["lesson"]]


def prose(lesson: Row, language: str) -> str:
    """What a lesson says itself, without what it shows and what is tried out in it."""
    said = [part for part in lesson["section"] if part["type"] in ("text", "callout", "case")]
    parts = [part[field][language] for part in said for field in PROSE if field in part]
    return TAG.sub(" ", " ".join(parts))


# ---------------------------------------------------------------- texts


@pytest.mark.parametrize("name", FILES)
def test_every_text_stands_in_both_languages(name: str) -> None:
    for path, text in pairs():
        if path.startswith(f"{name}."):
            assert set(text) == {"en", "zh"}, path
            assert all(words.strip() for words in text.values()), path
            assert HAN.search(text["zh"]), f"{path}: the Chinese text has no Chinese character"
            assert not HAN.search(text["en"]), f"{path}: the English text has a Chinese character"
            assert not re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", TAG.sub("", text["zh"])), f"{path}: English left in"


def test_no_long_text_stands_outside_a_pair() -> None:
    bare = {
        path
        for name in FILES
        for path, value in walk(CONTENT[name], name)
        if isinstance(value, str) and " " in value and not path.endswith((".en", ".zh", ".latin"))
    }
    assert bare == set()


def test_texts_are_calm_and_chinese_is_punctuated_as_chinese() -> None:
    for path, text in pairs():
        assert not re.search(r"[!！]", text["en"] + text["zh"]), path
        assert not re.search(r"[\u4e00-\u9fff][,;?]", text["zh"]), path
        assert not re.search(r"\b(please|successfully)\b", text["en"], re.IGNORECASE), path


def test_lesson_html_uses_only_simple_closed_tags() -> None:
    for part in sections():
        for language, html in part.get("html", {}).items():
            plain = CITING.sub("<a>", html)
            opened = Counter(re.findall(r"<([a-z]+)>", plain))
            assert opened == Counter(re.findall(r"</([a-z]+)>", html)), html
            assert set(TAG.findall(html)) <= {"p", "ul", "ol", "li", "strong", "a"}, html
            other = part["html"]["en" if language == "zh" else "zh"]
            assert set(opened) == set(re.findall(r"<([a-z]+)>", CITING.sub("<a>", other)))
            assert Counter(CITING.findall(html)) == Counter(CITING.findall(other))


# ---------------------------------------------------------------- references


def test_codes_are_unique() -> None:
    for name, kinds in {
        "centre": ("department", "position", "hall"),
        "framework": ("group", "competency"),
        "policies": ("policy",),
        "matters": ("matter", "bundle"),
        "items": ("item",),
        "practice": ("item",),
        "areas": ("item",),
        "coaching": ("rubric",),
    }.items():
        for kind in kinds:
            codes = [row["code"] for row in CONTENT[name][kind]]
            assert len(codes) == len(set(codes)), kind
    assert len({row["implementing_code"] for row in MATTERS.values()}) == len(MATTERS)
    assert len(WINDOWS) == len(CONTENT["centre"]["window"])


def test_clauses_matters_and_competencies_that_are_named_exist() -> None:
    assert set(cited()) <= CLAUSES
    assert {part["matter"] for part in sections() if "matter" in part} <= set(MATTERS)
    exercises = {f"{CONTENT['exercise']['bank']['code']}/{item['code']}" for item in EXERCISE}
    assert {item for part in sections() for item in part.get("items", ())} <= exercises
    assert {part["competency"] for part in sections() if "competency" in part} <= {
        row["competency"] for row in EXERCISE
    }


def test_every_course_has_something_to_try() -> None:
    for course in COURSES.values():
        assert {part["type"] for lesson in course["lesson"] for part in lesson["section"]} & TRIED, course["slug"]


def test_a_choice_of_a_case_leads_to_a_step_there_is() -> None:
    for part in sections():
        steps = part.get("step", ())
        for number, step in enumerate(steps, start=1):
            leads = {choice.get("next") for choice in step["choices"]} - {None}
            assert leads <= set(range(1, len(steps) + 1)) - {number}, part["title"]["en"]
    named = {code for course in COURSES.values() for code in course["competencies"]}
    named |= {code for _slug, lesson in lessons() for code in lesson["competencies"]}
    named |= {policy["competency"] for policy in CONTENT["policies"]["policy"]}
    named |= {rubric["competency"] for rubric in CONTENT["coaching"]["rubric"]}
    named |= {code for asked in CONTENT["centre"]["targets"].values() for code in asked}
    named |= {row["competency"] for row in CONTENT["items"]["exam"]["blueprint"]}
    assert named <= set(COMPETENCIES)
    assert {policy for course in COURSES.values() for policy in course["policies"]} == POLICIES
    assert CONTENT["items"]["exam"]["course"] in COURSES


def test_every_clause_of_the_service_rules_is_taught_or_tested_except_the_general_ones() -> None:
    general = {"purpose", "scope", "review", "own-window", "keeping"}
    unused = {key for policy, key in CLAUSES - set(cited()) if policy in {"one-time-notice-rules", "first-asked-rules"}}
    assert unused <= general
    cites = Counter(policy for policy, _key in set(cited()))
    assert set(cites) == POLICIES
    assert min(cites.values()) >= 4


def test_one_policy_has_a_later_version_that_changes_what_is_taught_and_served() -> None:
    (policy,) = [row for row in CONTENT["policies"]["policy"] if "later" in row]
    later, now = policy["later"], {row["key"]: row for row in policy["clause"]}
    changed = {row["key"] for row in later["clause"]}
    assert changed < set(now)
    assert all(row["text"] != now[row["key"]]["text"] for row in later["clause"])
    assert {row["grade"] for row in later["clause"]} == {"editorial", "notice", "retrain"}
    assert later["document_number"] != policy["document_number"]
    assert later["effective_in_days"] > 14
    assert later["published_days_ago"] > 0
    taught = {part["clause"] for part in sections() if part.get("policy") == policy["code"]}
    served = {key for row in MATTERS.values() for code, key in row["legal_basis"] if code == policy["code"]}
    assert changed & taught
    assert changed & served


# ---------------------------------------------------------------- the centre


def test_centre_has_the_size_that_is_promised() -> None:
    top = [row for row in DEPARTMENTS.values() if "parent" not in row]
    assert (len(top), len(CONTENT["centre"]["hall"]), len(WINDOWS)) == (6, 2, 24)
    assert sum(row["headcount"] for row in top) == 120
    assert all(4 <= len(hall["sections"]) <= 6 for hall in CONTENT["centre"]["hall"])
    assert {row["parent"] for row in DEPARTMENTS.values() if "parent" in row} <= set(DEPARTMENTS)


def test_windows_stand_in_a_section_and_serve_matters_that_exist() -> None:
    known = {section["code"] for hall in CONTENT["centre"]["hall"] for section in hall["sections"]}
    assert sorted(WINDOWS) == list(range(1, 25))
    for window in WINDOWS.values():
        assert window["section"] in known
        assert window["department"] in DEPARTMENTS
        assert set(window["matters"]) <= set(MATTERS)


def test_every_matter_is_served_at_two_windows_or_more() -> None:
    served = Counter(matter for window in WINDOWS.values() for matter in window["matters"])
    assert {matter for matter in MATTERS if served[matter] < 2} == set()


def test_every_window_position_has_targets_in_levels() -> None:
    targets = CONTENT["centre"]["targets"]
    assert set(targets) <= set(POSITIONS)
    assert {code for code, row in POSITIONS.items() if row["at_window"]} <= set(targets)
    assert all(level in range(1, 6) for asked in targets.values() for level in asked.values())
    assert {code for asked in targets.values() for code in asked} == set(COMPETENCIES)
    assert {code for row in POSITIONS.values() for code in row["departments"]} <= set(DEPARTMENTS)


def test_codes_fit_the_columns_they_go_into() -> None:
    assert all(len(code) <= 20 for code in [*DEPARTMENTS, *POSITIONS])
    assert len(CONTENT["centre"]["centre"]["code"]) <= 8


def test_demo_accounts_hold_a_place_that_exists() -> None:
    accounts = CONTENT["names"]["account"]
    assert {row["staff_number"] for row in accounts} == ACCOUNTS
    for row in accounts:
        assert row["department"] in POSITIONS[row["position"]]["departments"]
        assert HAN.search(row["zh"])
        assert row["latin"].isascii()
        if "window" in row:
            assert WINDOWS[row["window"]]["department"] == row["department"]


def test_names_are_enough_and_different() -> None:
    names = CONTENT["names"]
    for kind, count in {"surname": 60, "given": 120, "whole": 12}.items():
        assert len({row["zh"] for row in names[kind]}) == count
        assert all(HAN.search(row["zh"]) and row["latin"].isascii() for row in names[kind])
    assert {"zh": "阿依古丽·买买提", "latin": "Ayigul Mamat"} in names["whole"]
    assert {"zh": "欧阳文静", "latin": "Ouyang Wenjing"} in names["whole"]


# ---------------------------------------------------------------- framework and policies


def test_framework_has_five_levels_with_rising_cuts() -> None:
    levels = CONTENT["framework"]["level"]
    assert [level["number"] for level in levels] == [1, 2, 3, 4, 5]
    assert [level.get("cut") for level in levels] == [None, -2.0, -0.7, 0.7, 2.0]


def test_sixteen_competencies_in_five_groups_describe_each_level() -> None:
    groups = {group["code"] for group in CONTENT["framework"]["group"]}
    assert (len(COMPETENCIES), len(groups)) == (16, 5)
    assert {row["group"] for row in COMPETENCIES.values()} == groups
    assert all(len(row["levels"]) == 5 for row in COMPETENCIES.values())


@pytest.mark.parametrize("policy", CONTENT["policies"]["policy"], ids=lambda policy: policy["code"])
def test_policy_clauses_are_numbered_in_order(policy: Row) -> None:
    clauses = policy["clause"]
    assert 10 <= len(clauses) <= 16
    assert policy["effective_days_ago"] > 0
    assert [row["label"]["en"] for row in clauses] == [f"Article {number}" for number in range(1, len(clauses) + 1)]
    assert len({row["label"]["zh"] for row in clauses}) == len({row["key"] for row in clauses}) == len(clauses)


# ---------------------------------------------------------------- matters


@pytest.mark.parametrize("matter", MATTERS.values(), ids=lambda matter: matter["code"])
def test_matter_keeps_its_own_promises(matter: Row) -> None:
    assert matter["kind"] in {"permit", "confirmation", "benefit", "filing", "public_service"}
    assert matter["online_depth"] in {"none", "booking", "accepted", "whole"}
    assert matter["department"] in DEPARTMENTS
    assert 0 < matter["promised_days"] <= matter["statutory_days"]
    assert sum(step["limit_days"] for step in matter["steps"]) <= matter["promised_days"] + 1e-9
    assert all(round(step["limit_days"], 1) == step["limit_days"] for step in matter["steps"])
    assert {row["need"] for row in matter["materials"]} <= {"required", "conditional", "secondary"}
    assert {row["form"] for row in matter["materials"]} <= {"original", "copy", "both", "electronic"}
    assert all(matter[rows] for rows in ("conditions", "legal_basis", "faq"))


def test_bundle_figures_and_order() -> None:
    figures = ("days_before", "days", "trips_before", "trips", "materials_before", "materials", "steps_before", "steps")
    assert [BUNDLE[figure] for figure in figures] == [32, 5, 4, 1, 9, 2, 16, 3]
    members = {member["matter"]: member for member in BUNDLE["member"]}
    assert len(members) == 7
    assert sum(MATTERS[code]["statutory_days"] for code in members) == BUNDLE["days_before"]
    assert max(member["ends_on_day"] for member in members.values()) == BUNDLE["days"]
    assert (len(BUNDLE["material_names"]), len(BUNDLE["step_names"])) == (BUNDLE["materials"], BUNDLE["steps"])
    order = list(members)
    for code, member in members.items():
        assert member["department"] == MATTERS[code]["department"]
        assert 1 <= member["starts_on_day"] <= member["ends_on_day"]
        before = member.get("depends_on")
        if before:
            assert order.index(before) < order.index(code)
            assert members[before]["ends_on_day"] <= member["starts_on_day"]


def test_other_nine_matters_are_taught() -> None:
    taught = {part["matter"] for part in sections() if part["type"] == "matter"}
    assert taught == set(MATTERS) - {member["matter"] for member in BUNDLE["member"]}
    assert len(taught) == 9


# ---------------------------------------------------------------- courses


def test_six_courses_of_five_lessons_add_up() -> None:
    assert [len(course["lesson"]) for course in COURSES.values()] == [5] * 6
    for course in COURSES.values():
        assert course["minutes"] == sum(lesson["minutes"] for lesson in course["lesson"])
        assert set(course["competencies"]) == {code for row in course["lesson"] for code in row["competencies"]}
        assert set(course["mandatory_for"]) <= set(POSITIONS)
        assert course.get("exam", "service-rules") == CONTENT["items"]["exam"]["code"]


def test_what_a_course_adds_later_belongs_to_a_lesson_and_tells_of_a_changed_clause() -> None:
    (course,) = [row for row in COURSES.values() if "later" in row]
    later, policy = course["later"], next(row for row in CONTENT["policies"]["policy"] if "later" in row)
    assert later["lesson"] in {lesson["slug"] for lesson in course["lesson"]}
    (change,) = [part for part in later["section"] if part["type"] == "change"]
    assert (change["policy"], change["clause"]) in {(policy["code"], row["key"]) for row in policy["later"]["clause"]}
    assert later["published_days_ago"] < policy["later"]["published_days_ago"]
    assert {part["picture"] for part in later["section"] if "picture" in part} <= set(PICTURES)


@pytest.mark.parametrize("lesson", [lesson for _slug, lesson in lessons()], ids=lambda lesson: lesson["slug"])
def test_lesson_is_long_enough_and_not_longer(lesson: Row) -> None:
    kinds = Counter(part["type"] for part in lesson["section"])
    assert set(kinds) <= {"text", "callout", "case", "clause", "matter", *TRIED}
    assert 350 <= len(prose(lesson, "en").split()) <= 600
    assert 450 <= len(HAN.findall(prose(lesson, "zh"))) <= 1200
    assert 3 <= kinds["text"] + kinds["case"] + kinds["callout"] <= 6
    assert kinds["case"] >= 1
    assert 2 <= kinds["clause"] <= 4
    assert 6 <= lesson["minutes"] <= 15


# ---------------------------------------------------------------- coaching


def test_rubrics_have_six_criteria_with_five_anchors() -> None:
    for rubric in CONTENT["coaching"]["rubric"]:
        assert len(rubric["criterion"]) == 6
        assert all(len(row["anchors"]) == 5 and row["chip"] for row in rubric["criterion"])
    assert len(CRITERIA) == 12


def test_sample_sessions_name_what_exists() -> None:
    coaching = CONTENT["coaching"]
    assert [row["number"] for row in coaching["session_level"]] == [1, 2, 3, 4, 5]
    assert (len(coaching["session"]), len(coaching["observation_comment"])) == (12, 6)
    rubrics = {rubric["code"] for rubric in coaching["rubric"]}
    for session in coaching["session"]:
        assert session["kind"] in {"shadowing", "supervised", "role_play", "debrief"}
        assert session["matter"] in MATTERS
        assert set(session["seen"]) <= CRITERIA
        assert session["kind"] != "shadowing" or "level" not in session
    assert all(row["rubric"] in rubrics and row["rating"] in range(1, 6) for row in coaching["observation_comment"])


def test_sessions_of_one_matter_do_not_all_read_alike() -> None:
    notes = sorted(session["note"]["en"] for session in CONTENT["coaching"]["session"])
    assert all(first[:30] != second[:30] for first, second in pairwise(notes))
