"""The message catalogue script: nothing said in the sources may stay untranslated."""

import sys
from pathlib import Path

import pytest

from scripts import catalogue

TEMPLATE = """
{% load i18n %}{# a line that Python's tokenizer would refuse: ' ( [ " #}
  {% translate "Clear filters" %} <b title='{{ _("Help") }}'>
    {% translate "Open" context "verb" %}
{% blocktranslate trimmed count days=days %}
    {{ days }} day left
{% plural %}
    {{ days }} days left
{% endblocktranslate %}
"""
SOURCE = """
TEXT = gettext_lazy("The file is larger than %(limit)d MB.")
OTHER = ngettext("{n} seat", "{n} seats", 2)
"""
EMPTY = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
TRANSLATIONS = """\
Clear filters\t清除筛选
Help\t帮助
Open\t打开
%(days)s day left\t%(days)s days left\t还剩%(days)s天
The file is larger than %(limit)d MB.\t文件大于%(limit)d MB。
{n} seat\t{n} seats\t{n}个座位
"""


@pytest.fixture
def po(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty catalogue in a project of one template and one module."""
    template = tmp_path / "cms" / "templates" / "cms" / "page.html"
    po = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    for path, text in ((template, TEMPLATE), (tmp_path / "cms" / "limits.py", SOURCE), (po, EMPTY)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path / "locale")
    return po


def run(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> None:
    monkeypatch.setattr(sys, "argv", ["catalogue", *map(str, words)])
    catalogue.main()


def translations(tmp_path: Path, text: str = TRANSLATIONS) -> Path:
    file = tmp_path / "zh.tsv"
    file.write_text(text, encoding="utf-8")
    return file


def faults(monkeypatch: pytest.MonkeyPatch) -> str:
    with pytest.raises(SystemExit) as stopped:
        run(monkeypatch, "check")
    return str(stopped.value)


def test_all_that_templates_and_modules_say_is_found(
    po: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "missing")

    said = {tuple(line.split("\t")[:-1]) for line in capsys.readouterr().out.splitlines()}
    assert said == {tuple(line.split("\t")[:-1]) for line in TRANSLATIONS.splitlines()}


def test_a_complete_catalogue_passes_and_stays_as_it_is(po: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "merge", translations(po.parent))
    written = po.read_bytes()

    run(monkeypatch, "check")
    run(monkeypatch, "merge")

    assert po.read_bytes() == written
    assert "还剩%(days)s天" in written.decode()


def test_a_new_message_fails_until_it_is_translated(po: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "merge", translations(po.parent, TRANSLATIONS.replace("Help\t帮助\n", "")))

    assert "not translated: 'Help' (cms/templates/cms/page.html:3)" in faults(monkeypatch)


def test_a_guessed_translation_does_not_count(po: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "merge", translations(po.parent))
    po.write_text(po.read_text().replace('msgid "Help"', '#, fuzzy\nmsgid "Help"'))

    assert "not translated: 'Help'" in faults(monkeypatch)


@pytest.mark.parametrize(
    ("right", "wrong"), [("于%(limit)d MB", "于"), ("{n}个", "{m}个"), ("剩%(days)s", "剩%(day)s")]
)
def test_a_placeholder_that_is_lost_or_misspelt_fails(
    po: Path, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    run(monkeypatch, "merge", translations(po.parent, TRANSLATIONS.replace(right, wrong)))

    assert "placeholders differ" in faults(monkeypatch)


def test_a_message_that_nothing_says_any_more_fails(po: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "merge", translations(po.parent))
    (po.parents[3] / "cms" / "limits.py").write_text("")

    assert "no longer in the sources: 'The file is larger" in faults(monkeypatch)


def test_the_catalogue_is_compiled_when_it_is_newer(po: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "merge", translations(po.parent))

    run(monkeypatch, "compile")

    assert "清除筛选".encode() in po.with_suffix(".mo").read_bytes()
