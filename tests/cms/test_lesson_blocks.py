"""What a lesson is made of: frozen when it is published, read in the preview and the reader alike."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cms.blocks import SectionBlock
from cms.models import LessonPage
from courses.models import UnitVersion
from tests.cms.conftest import browser
from tests.factories.cms import approve, change, clause, course_page, lesson_page, policy_page, section
from tests.factories.matters import matter_draft
from tests.factories.media import lesson_file, mp4, pdf, wav
from tests.factories.practice import practice_exam
from training.matters.services import PublishingError

RICH = '<p onclick="x()">Keep <b>calm</b>.</p><script>x()</script>'
SAFE = "<p>Keep <b>calm</b>.</p>x()"
VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\nGood morning\n"
TABLE = {
    "columns": [{"type": "text", "heading": "Matter"}, {"type": "text", "heading": "Days"}],
    "rows": [{"values": ["Move <b>", "3"]}],
    "caption": "Limits",
}
BRANCHING = {
    "title": "No lease",
    "story": "She has no lease.",
    "steps": [
        {
            "text": "What do you do?",
            "choices": [
                {"text": "Send her away", "outcome": "She comes twice.", "next": None},
                {"text": "Look on", "outcome": "You find more.", "next": 2},
            ],
        },
        {
            "text": "And then?",
            "choices": [
                {"text": "Tell all", "outcome": "She comes once.", "next": None},
                {"text": "Tell one", "outcome": "She comes again.", "next": None},
            ],
        },
    ],
}
DOCUMENT = {
    "title": "Application",
    "story": "Find the faults.",
    "fields": [{"name": "Name", "value": "Wang", "right": False, "why": "The card says Wang Fang."}],
}


def published(editors: SimpleNamespace, *parts: tuple[str, Any]) -> list[dict[str, Any]]:
    """Publish a lesson of one section with these blocks; return what each was frozen to."""
    course = course_page(by=editors.editor)
    body = json.dumps([section("All", *parts)])
    approve(lesson_page(course, by=editors.editor, body=body), editors=editors)
    approve(course, editors=editors)
    return frozen()


def frozen() -> list[dict[str, Any]]:
    """Return what the blocks of the newest version were frozen to."""
    return [block["value"] for block in UnitVersion.objects.latest("pk").sections["en"][0]["blocks"]]


def matter(editors: SimpleNamespace, **facts: Any) -> Any:
    draft = matter_draft(**facts)
    draft.save_revision(user=editors.editor)
    return approve(draft, editors=editors)


def read(editors: SimpleNamespace) -> str:
    """Return the section as somebody who learns it reads it."""
    client: Client = browser(editors.other_reviewer)
    client.post("/courses/queueing/enrol/")
    return client.get("/courses/queueing/lesson/1/").content.decode()


def test_plain_blocks_are_frozen_as_they_are_written_and_hold_no_script(editors: SimpleNamespace) -> None:
    accordion = {"rows": [{"heading": "More", "text": RICH}]}
    found = published(
        editors, ("accordion", accordion), ("table", TABLE), ("branching", BRANCHING), ("document", DOCUMENT)
    )
    assert found == [
        {"rows": [{"heading": "More", "html": SAFE}]},
        {"caption": "Limits", "head": ["Matter", "Days"], "rows": [["Move <b>", "3"]]},
        BRANCHING,
        DOCUMENT,
    ]
    page = read(editors)
    assert "<details><summary>More</summary>" in page
    assert '<th scope="col">Days</th>' in page
    assert '<th scope="row">Move &lt;b&gt;</th>' in page
    assert 'href="#case-3-2"' in page
    assert 'id="case-3-2"' in page
    assert "The card says Wang Fang." in page


def test_steps_and_checklist_stay_as_the_matter_was(editors: SimpleNamespace) -> None:
    moving = matter(editors)
    steps, checklist = published(editors, ("steps", "move"), ("checklist", "move"))
    assert (steps["version"], steps["steps"][0]["name"], steps["steps"][0]["limit_days"]) == (1, "Check", 0.5)
    assert (checklist["version"], checklist["materials"][0]["name"]) == (1, "Identity card")
    row = moving.steps.first()
    row.name = {"en": "Take in"}
    moving.steps = [row]
    moving.save_revision(user=editors.editor)
    approve(moving, editors=editors)
    assert frozen() == [steps, checklist]
    assert '<input type="checkbox"' in read(editors)
    republish(editors)
    assert (frozen()[0]["version"], frozen()[0]["steps"][0]["name"]) == (2, "Take in")


def test_what_changed_stays_as_it_was_when_the_clause_changes_again(editors: SimpleNamespace) -> None:
    first = clause("Within 30 days.")
    policy = approve(policy_page(first, by=editors.editor), editors=editors)
    reworded(policy, first, "Within 60 days.", editors)
    (found,) = published(editors, ("change", {"clause": f"queues/{first['id']}", "note": "Count anew."}))
    assert found["passages"] == [
        {"text": "Within ", "change": ""},
        {"text": "30", "change": "del"},
        {"text": "60", "change": "ins"},
        {"text": " days.", "change": ""},
    ]
    assert (found["since"], found["note"]) == ("2026-01-01", "Count anew.")
    unit = UnitVersion.objects.latest("pk")
    assert [citation.clause_version_id for citation in unit.citations.all()] == [found["clause_version"]]
    reworded(policy, first, "Within 90 days.", editors)
    assert frozen() == [found]
    page = read(editors)
    assert "<del>30</del><ins>60</ins>" in page
    assert "Count anew." in page
    republish(editors)
    assert [one["text"] for one in frozen()[0]["passages"]] == ["Within ", "60", "90", " days."]


def test_a_clause_that_never_changed_keeps_the_course_back(editors: SimpleNamespace) -> None:
    first = clause("Within 30 days.")
    approve(policy_page(first, by=editors.editor), editors=editors)
    with pytest.raises(PublishingError, match="first written"):
        published(editors, ("change", {"clause": f"queues/{first['id']}", "note": ""}))


def test_files_are_shown_by_their_ref_and_noted_for_who_may_open_them(editors: SimpleNamespace) -> None:
    picture, film, words = lesson_file(), lesson_file(mp4(), "a.mp4"), lesson_file(VTT, "a.vtt")
    sound, paper = lesson_file(wav(), "a.wav"), lesson_file(pdf(), "a.pdf")
    found = published(
        editors,
        ("figure", {"file": str(picture.ref), "alt": "A <form>", "caption": "The form"}),
        ("video", {"title": "A day", "file": str(film.ref), "captions": str(words.ref), "transcript": ""}),
        ("sound", {"title": "A call", "file": str(sound.ref), "transcript": "Good morning."}),
        ("pdf", {"title": "The form", "file": str(paper.ref), "note": ""}),
    )
    assert found[0] == {
        "file": str(picture.ref), "width": 30, "height": 20, "alt": "A <form>", "caption": "The form",
    }  # fmt: skip
    assert (found[1]["captions"], found[1]["language"], found[1]["seconds"]) == (str(words.ref), "en", 7.0)
    unit = UnitVersion.objects.latest("pk")
    assert {row.file for row in unit.files.all()} == {picture, film, words, sound, paper}
    page = read(editors)
    assert f'<img src="/lesson-files/{picture.ref}/" width="30" height="20" alt="A &lt;form&gt;"' in page
    assert f'<track kind="captions" srclang="en" label="Captions" src="/lesson-files/{words.ref}/"' in page
    assert f'href="/lesson-files/{paper.ref}/" download' in page


def test_a_file_that_is_gone_keeps_the_course_back(editors: SimpleNamespace) -> None:
    film = lesson_file(mp4(), "a.mp4")
    with pytest.raises(PublishingError, match="deleted"):  # of another kind is as good as gone
        published(editors, ("figure", {"file": str(film.ref), "alt": "A", "caption": ""}))


def test_practice_is_named_and_never_frozen(editors: SimpleNamespace) -> None:
    exam = practice_exam(items=1, asked=1)
    named = {"items": [f"{exam.bank.code}/{exam.bank.items.get().code}"], "competency": "", "number": 3}
    assert published(editors, ("practice", named)) == [named]
    assert "data-practice=" in read(editors)
    shown = browser(editors.editor).get(f"/cms/pages/{LessonPage.objects.get().pk}/view_draft/").content.decode()
    assert f"Here these questions are asked: {named['items'][0]}" in shown


def test_a_question_nobody_can_practise_keeps_the_course_back(editors: SimpleNamespace) -> None:
    with pytest.raises(PublishingError, match="cannot be practised: exams/a-1"):
        published(editors, ("practice", {"items": ["exams/a-1"], "competency": "", "number": 3}))


def test_a_block_of_practice_asks_something(db: None) -> None:
    block = SectionBlock().child_blocks["content"].child_blocks["practice"]
    with pytest.raises(ValidationError) as refusal:
        block.clean(block.to_python({"items": [], "competency": "", "number": 3}))
    assert "Name questions" in str(refusal.value.non_block_errors)


def test_the_preview_shows_every_block(editors: SimpleNamespace) -> None:
    matter(editors)
    course = course_page(by=editors.editor)
    parts = [
        ("branching", BRANCHING),
        ("document", DOCUMENT),
        ("table", TABLE),
        ("steps", "move"),
        ("checklist", "move"),
    ]
    page = lesson_page(course, by=editors.editor, body=json.dumps([section("All", *parts), section("Again", *parts)]))
    response = browser(editors.editor).get(f"/cms/pages/{page.pk}/view_draft/")
    shown = response.content.decode()
    assert response.status_code == 200
    assert all(words in shown for words in ("She has no lease.", "Find the faults.", "Limits", "Step by step: "))
    assert 'href="#case-2-1-2"' in shown  # ids of two sections stay apart


@pytest.mark.parametrize("step", [1, 3])
def test_a_choice_leads_to_another_step_that_there_is(step: int) -> None:
    block = SectionBlock().child_blocks["content"].child_blocks["branching"]
    choices = [{"text": "One", "outcome": "Good.", "next": step}, {"text": "Two", "outcome": "Bad.", "next": None}]
    written = {**BRANCHING, "steps": [{"text": "Now?", "choices": choices}, BRANCHING["steps"][1]]}
    with pytest.raises(ValidationError) as refusal:
        block.clean(block.to_python(written))
    assert f"leads to step {step}" in str(refusal.value.non_block_errors)


def reworded(policy: Any, written: dict[str, Any], text: str, editors: SimpleNamespace) -> None:
    change(policy, by=editors.editor, clauses=[clause(text, uid=written["id"])])
    approve(policy, editors=editors)


def republish(editors: SimpleNamespace) -> None:
    lesson = LessonPage.objects.get()
    change(lesson, by=editors.editor)
    approve(lesson, editors=editors)
