"""What the components draw: the promises a screen relies on."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages import constants
from django.template import Context, Template
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parents[2] / "training"
TODAY = date(2026, 11, 23)


class Elements(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str, css_class: str = "") -> list[dict[str, str | None]]:
        return [
            attrs
            for name, attrs in self.found
            if name == tag and (not css_class or css_class in (attrs.get("class") or "").split())
        ]


def drawn(source: str, **context: object) -> str:
    return Template("{% load components %}" + source).render(Context(context))


class SessionForm(forms.Form):
    when = forms.DateField(label="Date", help_text="For example, 2026-11-23")
    note = forms.CharField(label="Note", required=False)
    seen = forms.MultipleChoiceField(
        label="Seen", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    level = forms.ChoiceField(label="Level", choices=[("1", "One")], widget=forms.RadioSelect)


class TestLevelBar:
    def test_draws_bands_estimate_whisker_and_target(self) -> None:
        page = drawn('{% level_bar "Holds 2, needs 3" position=43 lo=35 hi=51 target=40 %}')
        elements = Elements(page)
        assert elements.all("svg", "lb")[0]["aria-label"] == "Holds 2, needs 3"
        assert [band["x"] for band in elements.all("rect")[:5]] == ["0.0%", "20.0%", "40.0%", "60.0%", "80.0%"]
        assert elements.all("circle", "dot")[0]["cx"] == "43.0%"
        assert (elements.all("line", "w")[0]["x1"], elements.all("line", "w")[0]["x2"]) == ("35.0%", "51.0%")
        assert elements.all("line", "t")[0]["x1"] == "40.0%"

    def test_what_lies_off_the_scale_is_drawn_at_its_end(self) -> None:
        elements = Elements(drawn('{% level_bar "x" position=104 lo=-7 hi=130 target=40 %}'))
        assert elements.all("circle", "dot")[0]["cx"] == "100.0%"
        assert (elements.all("line", "w")[0]["x1"], elements.all("line", "w")[0]["x2"]) == ("0.0%", "100.0%")

    def test_without_evidence_there_is_no_dot(self) -> None:
        elements = Elements(drawn('{% level_bar "No evidence yet" target=40 %}'))
        assert not elements.all("circle")
        assert elements.all("line", "t")

    def test_uneven_bands_meet_without_a_gap(self) -> None:
        page = drawn('{% level_bar "x" bands=bands %}', bands=[0, 10, 35, 60, 90])
        bands = [(float(r["x"].rstrip("%")), float(r["width"].rstrip("%"))) for r in Elements(page).all("rect")[:5]]
        assert [x + width for x, width in bands] == [10, 35, 60, 90, 100]


class TestMatrixCell:
    @pytest.mark.parametrize(
        ("held", "target", "words", "css", "mark"),
        [
            (3, 3, "Li Na, Queues: level 3 of 3 required", "", ""),
            (2, 3, "Li Na, Queues: level 2 of 3 required", "gap", "▼1"),
            (1, 3, "Li Na, Queues: level 1 of 3 required", "gap wide", "▼2"),
            (4, 3, "Li Na, Queues: level 4 of 3 required", "", "▲1"),
            (0, 2, "Li Na, Queues: level 0 of 2 required", "gap wide", "▼2"),
            (None, 3, "Li Na, Queues: level not known, 3 required", "unk", ""),
        ],
    )
    def test_reads_alone_and_marks_the_gap(
        self, held: int | None, target: int, words: str, css: str, mark: str
    ) -> None:
        page = drawn('{% matrix_cell "Li Na" "Queues" held target "/e/" %}', held=held, target=target)
        link = Elements(page).all("a")[0]
        assert link["aria-label"] == words
        assert (link.get("class") or "") == css
        assert re.findall("[▼▲][0-9]", page) == ([mark] if mark else [])

    def test_says_when_nothing_is_asked_for(self) -> None:
        page = drawn('{% matrix_cell "Li Na" "Queues" 2 None "/e/" %}')
        assert "not asked for" in page
        assert not Elements(page).all("a")


class TestTaskRow:
    def row(self, **task: object) -> str:
        facts = {"title": "Sit the exam", "why": "One attempt", "url": "/exams/1/", "state": "not_started", **task}
        return render_to_string("components/task_row.html", {"task": facts, "today": TODAY})

    def test_the_whole_row_is_the_link(self) -> None:
        page = self.row(due=date(2026, 11, 20), state="overdue", minutes=45)
        row = Elements(page).all("a")
        assert [link["href"] for link in row] == ["/exams/1/"]
        assert "late" in row[0]["class"].split()
        for words in ("Sit the exam", "One attempt", "45 min", "Fri 20 Nov", "3 days overdue", "Overdue"):
            assert words in page

    def test_one_that_cannot_be_opened_is_no_link_and_says_why(self) -> None:
        page = self.row(url="", state="blocked", why="Opens when you have finished the course")
        assert not Elements(page).all("a")
        assert "Cannot start yet" in page
        assert "Opens when you have finished the course" in page

    def test_a_completed_one_has_no_deadline_and_no_colour(self) -> None:
        page = self.row(state="completed", due=date(2026, 11, 20))
        assert "overdue" not in page
        assert "late" not in Elements(page).all("a")[0]["class"].split()
        assert Elements(page).all("span", "tag-plain")


class TestForms:
    def page(self, data: dict[str, object] | None = None) -> str:
        source = "{% load crispy_forms_filters %}{{ form|crispy }}"
        return Template(source).render(Context({"form": SessionForm(data)}))

    def test_errors_are_summed_up_first_and_lead_to_their_fields(self) -> None:
        page = self.page({"when": "2026-11-31", "note": "kept"})
        elements = Elements(page)
        summary = elements.all("div", "errors")[0]
        assert summary["role"] == "alert"
        assert "autofocus" in summary
        ids = {attrs.get("id") for _tag, attrs in elements.found}
        links = [link["href"] for link in elements.all("a")]
        assert links == ["#id_when", "#id_seen_0", "#id_level_0"]
        assert {link.lstrip("#") for link in links} <= ids

    def test_a_wrong_field_keeps_its_input_and_is_described_by_hint_and_error(self) -> None:
        elements = Elements(self.page({"when": "2026-11-31", "note": "kept"}))
        when = next(box for box in elements.all("input") if box.get("name") == "when")
        assert when["value"] == "2026-11-31"
        assert when["aria-invalid"] == "true"
        assert set(when["aria-describedby"].split()) == {"id_when_helptext", "id_when_error"}
        ids = [attrs.get("id") for _tag, attrs in elements.found]
        assert ids.index("id_when_helptext") < ids.index("id_when_error") < ids.index("id_when")
        assert next(box for box in elements.all("input") if box.get("name") == "note")["value"] == "kept"

    def test_what_may_stay_empty_says_so_and_nothing_has_a_star(self) -> None:
        page = self.page()
        assert page.count("(optional)") == 1
        assert "*" not in page
        assert not Elements(page).all("div", "errors")

    def test_choices_stand_in_a_fieldset_under_their_question(self) -> None:
        elements = Elements(self.page())
        assert len(elements.all("fieldset")) == 2
        assert len([box for box in elements.all("input") if box.get("type") == "checkbox"]) == 2


class TestMessages:
    def page(self, level: int, tag: str) -> str:
        message = SimpleNamespace(level=level, level_tag=tag, __str__=lambda self: "Saved")
        return render_to_string("components/messages.html", {"messages": [message]})

    def test_an_error_is_a_banner_and_the_rest_a_toast(self) -> None:
        assert Elements(self.page(constants.ERROR, "error")).all("div", "banner-bad")
        assert Elements(self.page(constants.SUCCESS, "success")).all("p", "toast")

    def test_the_live_region_is_there_before_anything_is_said(self) -> None:
        region = Elements(render_to_string("components/messages.html", {})).all("div", "messages")[0]
        assert region["role"] == "status"


class TestDialogAndBanner:
    def test_a_dialog_is_named_by_its_heading_and_escapes_it(self) -> None:
        page = drawn('{% dialog "ask" title %}<p>Body</p>{% enddialog %}', title="<b>Revoke</b>")
        dialog = Elements(page).all("dialog")[0]
        assert (dialog["id"], dialog["aria-labelledby"]) == ("ask", "ask-title")
        assert "&lt;b&gt;Revoke" in page
        assert "<p>Body</p>" in page

    def test_what_stands_in_a_body_is_escaped_as_everywhere(self) -> None:
        assert "<script" not in drawn('{% banner "bad" %}{{ name }}{% endbanner %}', name="<script>")


def test_no_template_of_ours_has_inline_style_or_script() -> None:
    """The content security policy would drop them without a word."""
    inline = re.compile(
        r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|<script(?![^>]*(?:\bsrc=|application/json))|javascript:""",
        re.IGNORECASE,
    )
    faults = [
        f"{path.name}: {match.group(0)}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in inline.finditer(path.read_text())
    ]
    assert faults == []


def test_dark_by_choice_and_dark_by_system_are_the_same() -> None:
    css = (ROOT / "static" / "css" / "tokens.css").read_text()
    chosen, by_system = (
        re.findall(r"--[\w-]+: [^;]+;", re.search(start + r"[^{]*\{([^}]*)\}", css, re.DOTALL).group(1))
        for start in (r'\[data-bs-theme="dark"\]', r':root:not\(\[data-bs-theme="light"\]\)')
    )
    assert chosen == by_system
    assert len(chosen) > 30
