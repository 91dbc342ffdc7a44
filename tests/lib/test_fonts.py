"""The system's fonts where they are, one from a package where they are not, and never a stand-in of another name."""

import io
import logging
import shutil

import pytest
from fontTools.ttLib import TTFont

from training.lib import fonts
from training.lib.qr import qr_svg


@pytest.fixture
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.installed.cache_clear()
    fonts.bundled_chinese.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda _program: None)
    yield
    fonts.installed.cache_clear()
    fonts.bundled_chinese.cache_clear()


def test_a_font_of_another_family_is_not_taken_for_it() -> None:
    assert fonts.installed("No Such Family 4711") is None


def test_the_fonts_of_the_design_are_found_in_their_weight() -> None:
    for family, weight in (
        (fonts.LATIN, fonts.REGULAR),
        (fonts.CHINESE, fonts.REGULAR),
        (fonts.CHINESE, fonts.SEMIBOLD),
    ):
        font = fonts.installed(family, weight)
        assert font is not None
        with TTFont(font.path, fontNumber=font.index, lazy=True) as opened:
            assert family in opened["name"].getDebugName(1)
            assert (opened["OS/2"].usWeightClass >= 600) is (weight == fonts.SEMIBOLD)


def test_without_them_the_package_serves_and_says_so_once(
    no_system_fonts: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        found = {fonts.chinese().path, fonts.chinese(fonts.SEMIBOLD).path, fonts.latin().path}
    assert [path.name for path in found] == ["NotoSerifSC-Regular.otf"]
    assert len(caplog.records) == 1


def test_a_font_cut_down_holds_the_characters_and_little_else() -> None:
    small = fonts.cut_down(fonts.chinese(), "周敏")
    with TTFont(io.BytesIO(small)) as font:
        assert sorted(font.getBestCmap()) == sorted(map(ord, "周敏"))
    assert len(small) < 8_000
    assert small == fonts.cut_down(fonts.chinese(), "敏周")


def test_a_code_for_print_is_a_drawing_without_size_of_its_own() -> None:
    drawing = qr_svg("https://training.example/verify/7K4M/").decode()
    assert drawing.startswith("<svg ")
    assert "viewBox" in drawing
    assert "width=" not in drawing.split(">", 1)[0]
