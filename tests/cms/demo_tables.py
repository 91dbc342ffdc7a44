"""The demo centre's content as its files hold it, by what rows are known by."""

from typing import Any

from cms.demo.content import tables

Row = dict[str, Any]

FILES = (
    "centre",
    "framework",
    "policies",
    "matters",
    "courses",
    "items",
    "practice",
    "exercise",
    "areas",
    "further",
    "coaching",
    "names",
)
CONTENT: dict[str, Row] = {name: tables(name) for name in FILES}

DEPARTMENTS = {row["code"]: row for row in CONTENT["centre"]["department"]}
POSITIONS = {row["code"]: row for row in CONTENT["centre"]["position"]}
WINDOWS = {row["number"]: row for row in CONTENT["centre"]["window"]}
COMPETENCIES = {row["code"]: row for row in CONTENT["framework"]["competency"]}
CLAUSES = {(policy["code"], row["key"]) for policy in CONTENT["policies"]["policy"] for row in policy["clause"]}
POLICIES = {policy["code"] for policy in CONTENT["policies"]["policy"]}
MATTERS = {row["code"]: row for row in CONTENT["matters"]["matter"]}
BUNDLE = CONTENT["matters"]["bundle"][0]
COURSES = {row["slug"]: row for row in CONTENT["courses"]["course"]}
ITEMS = CONTENT["items"]["item"]
PRACTICE = CONTENT["practice"]["item"]
EXERCISE = CONTENT["exercise"]["item"]
AREAS = CONTENT["areas"]["item"]
FURTHER = CONTENT["further"]["item"]
CHOOSING = [*ITEMS, *(item for item in AREAS if item["kind"] != "numeric")]
CRITERIA = {row["code"] for rubric in CONTENT["coaching"]["rubric"] for row in rubric["criterion"]}
