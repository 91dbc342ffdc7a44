"""How dates, names and icons are said in both languages."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation
from lucide import IconDoesNotExist

from training.lib.templatetags import words

MONDAY = date(2026, 11, 23)


def drawn(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (date(2026, 11, 25), "Wed 25 Nov", "11月25日 周三"),
        (date(2027, 3, 14), "14 Mar 2027", "2027年3月14日"),
        (None, "", ""),
    ],
)
def test_a_day_names_the_weekday_this_year_and_the_year_otherwise(
    value: date | None, english: str, chinese: str
) -> None:
    assert words.day(value, MONDAY) == english
    with translation.override("zh-hans"):
        assert words.day(value, MONDAY) == chinese


def test_an_instant_late_in_utc_is_the_next_day_at_the_centre() -> None:
    late = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    assert words.day(late, MONDAY) == "Wed 25 Nov"
    assert words.moment(late, MONDAY) == "Wed 25 Nov, 00:30"


def test_the_first_line_of_a_page_says_the_day_in_full() -> None:
    assert words.full_day(MONDAY) == "Monday 23 November 2026"
    with translation.override("zh-hans"):
        assert words.full_day(MONDAY) == "2026年11月23日 星期一"


@pytest.mark.parametrize(
    ("days", "passed", "owed", "tone"),
    [
        (-3, "3 days ago", "3 days overdue", "late"),
        (-1, "yesterday", "1 day overdue", "late"),
        (0, "today", "today", "soon"),
        (1, "tomorrow", "tomorrow", "soon"),
        (3, "in 3 days", "in 3 days", "soon"),
        (4, "in 4 days", "in 4 days", ""),
    ],
)
def test_distance_of_an_event_and_of_a_deadline(days: int, passed: str, owed: str, tone: str) -> None:
    value = date.fromordinal(MONDAY.toordinal() + days)
    assert words.distance(value, MONDAY) == passed
    assert words.deadline(value, MONDAY) == owed
    assert words.due_tone(value, MONDAY) == tone


def test_due_says_date_then_distance() -> None:
    assert drawn("{{ d|due:today }}", d=date(2026, 11, 25), today=MONDAY) == "Wed 25 Nov, in 2 days"
    assert drawn("{{ d|when:today }}", d=date(2026, 11, 19), today=MONDAY) == "Thu 19 Nov, 4 days ago"
    assert drawn("{{ d|due:today }}", d=None, today=MONDAY) == ""


def test_a_translated_field_falls_back_to_the_source_language() -> None:
    texts = {"en": "Window 7", "zh-hans": "7号窗口"}
    assert words.local(texts) == "Window 7"
    with translation.override("zh-hans"):
        assert words.local(texts) == "7号窗口"
        assert words.local({"en": "Window 7"}) == "Window 7"
        assert words.local(None) == ""
    assert words.in_language(texts, "zh-hans") == "7号窗口"
    assert words.in_language({"en": "Window 7"}, "zh-hans") == ""


def test_a_person_has_both_names_each_in_its_script() -> None:
    both = SimpleNamespace(display_name="周敏", latin_name="Zhou Min")
    assert drawn("{% person p %}", p=both) == (
        '<span class="person"><b lang="zh-Hans">周敏</b> <span class="latin" lang="und">Zhou Min</span></span>'
    )
    one = SimpleNamespace(display_name="Anna Keller", latin_name="Anna Keller")
    assert drawn("{% person p %}", p=one) == '<span class="person"><b lang="und">Anna Keller</b></span>'


def test_a_name_with_markup_in_it_is_only_a_name() -> None:
    hostile = SimpleNamespace(display_name="<script>x</script>", latin_name='" onload="x')
    page = drawn("{% person p %}", p=hostile)
    assert "<script" not in page
    assert '"x' not in page


def test_an_icon_is_drawn_beside_words_and_not_read_out() -> None:
    page = drawn('{% icon "house" "sm" %}')
    assert page.startswith("<svg")
    assert 'class="icon icon-sm"' in page
    assert 'aria-hidden="true"' in page
    assert 'stroke-width="1.75"' in page
    with pytest.raises(IconDoesNotExist):
        drawn('{% icon "no-such-icon" %}')


def test_minutes_are_silent_when_unknown() -> None:
    assert words.minutes(12) == "12 min"
    assert words.minutes(None) == words.minutes(0) == ""
