"""The training mark is no seal: not red, not round, without a star; and it is the same each time."""

import io

import pytest
from PIL import Image

from training.lib.fonts import SEMIBOLD, chinese, latin
from training.lib.marks import PURPOSE_EN, PURPOSE_ZH, fitted, training_mark

NAMES = ("滨海区政务服务中心", "Binhai District Government Service Centre")


def picture(*names: str) -> Image.Image:
    return Image.open(io.BytesIO(training_mark(*names)))


def test_it_is_print_size_on_transparent_ground() -> None:
    mark = picture(*NAMES)
    assert (mark.mode, mark.size) == ("RGBA", (780, 780))
    assert mark.getpixel((0, 0))[3] == 0
    assert mark.getchannel("A").getextrema() == (0, 255)


def test_no_visible_point_is_red() -> None:
    for _count, (red, green, blue, alpha) in picture(*NAMES).getcolors(1_000_000):
        assert alpha == 0 or red < green < blue


def test_its_outline_has_eight_sides() -> None:
    alpha = picture(*NAMES).getchannel("A")
    box = alpha.getbbox()
    assert box == (0, 0, 780, 780)
    # along the top a straight side of half the width, which a circle touches in a point only
    top = [alpha.getpixel((x, 3)) for x in range(780)]
    assert all(value == 255 for value in top[200:580])
    assert all(value == 0 for value in top[:170] + top[-170:])
    # the slanted side passes the middle between two corners, where a circle would bulge out
    assert alpha.getpixel((96, 96)) == 255
    assert alpha.getpixel((84, 84)) == 0


def test_its_rows_of_text_are_straight() -> None:
    """Between the lines there are rows without ink inside the border; text along a circle would leave none."""
    inside = picture(*NAMES).getchannel("A").crop((120, 100, 660, 690))
    blank = [y for y in range(inside.height) if inside.crop((0, y, inside.width, y + 1)).getbbox() is None]
    gaps = [y for y in blank if y - 1 not in blank]
    assert len(gaps) >= 4


def test_it_says_what_it_is_for() -> None:
    assert (PURPOSE_ZH, PURPOSE_EN) == ("培训专用标识", "Training mark")


def test_equal_names_give_equal_bytes_and_other_names_others() -> None:
    first = training_mark(*NAMES)
    training_mark.cache_clear()
    assert training_mark(*NAMES) == first
    assert training_mark("临江区政务服务中心", NAMES[1]) != first


@pytest.mark.parametrize("names", [("", ""), ("", "Binhai"), ("滨海", "")])
def test_a_missing_name_leaves_its_place_empty(names: tuple[str, str]) -> None:
    assert picture(*names).size == (780, 780)


def test_a_short_name_keeps_its_size_and_one_line() -> None:
    lines, font = fitted("滨海区", chinese(SEMIBOLD), 88, 600)
    assert (lines, font.size) == (["滨海区"], 88)


@pytest.mark.parametrize(
    ("text", "font", "lines"),
    [
        (
            "新疆维吾尔自治区阿克苏地区库车市政务服务管理局",
            chinese,
            ["新疆维吾尔自治区阿克苏地", "区库车市政务服务管理局"],
        ),
        (NAMES[1], latin, ["Binhai District", "Government Service Centre"]),
    ],
)
def test_a_long_name_is_set_in_two_lines_that_fit(text: str, font: object, lines: list[str]) -> None:
    found, size = fitted(text, font(), 88, 600)
    assert found == lines
    assert max(size.getlength(line) for line in found) <= 600.5
