"""A certificate on paper says exactly what it was given, in letters that can be read, copied and scanned."""

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from html import unescape
from itertools import combinations
from pathlib import Path

import cv2
import pypdf
import pytest

from training.certificates.documents import CertificateFacts, Pair, Signatory, certificate_pdf
from training.lib import fonts
from training.lib.pdf import PdfError

URL = "https://training.binhai.example/verify/7K4M9TQX2RHDW5PAK/"
FACTS = CertificateFacts(
    heading=Pair("岗位能力证书", "Certificate of Competency"),
    holder_name="周敏",
    holder_latin_name="Zhou Min",
    wording=Pair(
        "经理论与实操考核合格，达到人口服务岗位三级（中级）能力标准",
        "has passed the theory and practical papers and holds the standard of Population Services, Level 3",
    ),
    emphasis=Pair("人口服务岗位三级（中级）"),
    number="BH-2025-000418",
    code="7K4M9TQX2RHDW5PAK",
    verify_url=URL,
    issued_on=date(2025, 12, 1),
    expires_on=date(2026, 12, 31),
    issuer=Pair("滨海区政务服务中心", "Binhai District Government Service Centre"),
    source_line=Pair("能力框架第2版", "Framework version 2"),
    signatories=(
        Signatory(Pair("顾明远", "Gu Mingyuan"), Pair("中心主任", "Director")),
        Signatory(Pair("刘芳", "Liu Fang"), Pair("带教老师", "Career Teacher")),
    ),
)
# Three names to a certificate: the holder's and two that sign.
NAMES = [
    ("周敏", "欧阳娜娜", "司马相如"),
    ("阿依古丽·买买提·吐尔逊江", "古力娜扎尔·拜合提亚尔", "次仁卓玛"),
    ("㛃㛄", "𠮷野", "王䶮"),
    ("张喆", "李赟", "陈堃"),
    ("朱祐樘", "刘翀翯", "赵燚"),
    ("鄂尔多斯·巴特尔", "乌兰图雅", "孛儿只斤·铁木真"),
    ("김민수", "ئايگۈل مەمەت", "Бат-Эрдэнэ"),
    ("Jean-Baptiste de la Fontaine", "Þórður Ægisson", "Nguyễn Thị Ánh"),
    ("O’Connor-Šimková", "Ayigul Mamat Tursunjan", "José María Núñez"),
    ("邢傑", "許雙", "鍾鎮濤"),
]
LONG = replace(
    FACTS,
    heading=Pair(
        "窗口综合服务岗位初任培训与带教合格证书",
        "Certificate of Completed Induction Training and Mentorship for Comprehensive Window Services",
    ),
    holder_name=("阿卜杜热合曼·" * 15)[:100],
    holder_latin_name=("Abdurahman " * 10)[:100],
    wording=Pair("经理论与实操考核合格，" * 18, "has passed the theory and practical papers and " * 9),
    issuer=Pair(
        "新疆维吾尔自治区阿克苏地区库车市政务服务和数字化建设管理局",
        "Kuqa City Administration of Government Services and Digital Development, Aksu Prefecture",
    ),
)
MM = 72 / 25.4


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def plain(text: str) -> str:
    """Without white space: spaced headings and line breaks are layout, not text."""
    return "".join(text.split())


@cache
def text_of(pdf: bytes) -> str:
    """The text as a reader copies it, by two programs, which must agree on every name a test looks for."""
    run = subprocess.run(["pdftotext", "-", "-"], input=pdf, check=True, capture_output=True)
    return plain(run.stdout.decode()) + "\n" + plain("".join(page.extract_text() for page in reader(pdf).pages))


def says(pdf: bytes, text: str) -> bool:
    return all(plain(text) in version for version in text_of(pdf).split("\n"))


def words(pdf: bytes) -> Iterator[tuple[str, float, float, float, float]]:
    """Each word with its box in millimetres: left, top, right, bottom; a third of the height is above and below."""
    run = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, check=True, capture_output=True)
    pattern = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    for *edges, word in re.findall(pattern, run.stdout.decode()):
        left, top, right, bottom = (float(edge) / MM for edge in edges)
        spare = (bottom - top) / 3
        yield unescape(word), left, top + spare, right, bottom - spare


def picture(pdf: bytes, folder: Path, dpi: int) -> cv2.typing.MatLike:
    (folder / "page.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", folder / "page.pdf", folder / "page"], check=True
    )
    return cv2.imread(str(folder / "page.png"))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return certificate_pdf(FACTS)


def test_it_says_every_fact(pdf: bytes) -> None:
    for text in (
        *vars(FACTS.heading).values(),
        *vars(FACTS.wording).values(),
        *vars(FACTS.issuer).values(),
        *vars(FACTS.source_line).values(),
        *(text for person in FACTS.signatories for pair in vars(person).values() for text in vars(pair).values()),
        "兹证明 This certifies that",
        "周敏",
        "Zhou Min",
        "编号 No. BH-2025-000418",
        "7K4M-9TQX-2RHD-W5PA-K",
        "training.binhai.example/verify/",
        "发证 Issued 2025-12-01",
        "有效期至 Valid until 2026-12-31",
    ):
        assert says(pdf, text), text


@pytest.mark.parametrize("names", NAMES, ids=lambda names: names[0])
def test_names_can_be_read_back_letter_by_letter(names: tuple[str, str, str]) -> None:
    holder, first, second = names
    signatories = tuple(Signatory(Pair(name), Pair("主任", "Director")) for name in (first, second))
    pdf = certificate_pdf(replace(FACTS, holder_name=holder, holder_latin_name="", signatories=signatories))
    for name in names:
        assert says(pdf, name), name
    assert len(pdf) < 300_000


def test_a_name_that_no_font_can_print_is_refused_not_printed_as_boxes() -> None:
    with pytest.raises(PdfError, match=r"U\+0F5A"):
        certificate_pdf(replace(FACTS, holder_name="ཚེ"))


def test_it_is_one_small_tagged_page_across_with_its_fonts_inside(pdf: bytes) -> None:
    (page,) = reader(pdf).pages
    assert [round(float(edge) / MM) for edge in page.mediabox] == [0, 0, 297, 210]
    assert len(pdf) < 300_000
    assert reader(pdf).trailer["/Root"]["/MarkInfo"]["/Marked"]
    descendants = [font.get_object()["/DescendantFonts"][0] for font in page["/Resources"]["/Font"].values()]
    assert len(descendants) >= 4
    assert all(
        "/FontFile3" in font["/FontDescriptor"] or "/FontFile2" in font["/FontDescriptor"] for font in descendants
    )


def test_the_weights_of_the_design_are_real_fonts(pdf: bytes) -> None:
    page = reader(pdf).pages[0]
    names = {font.get_object()["/BaseFont"].partition("+")[2] for font in page["/Resources"]["/Font"].values()}
    assert names == {"Songti", "Songti-Semi-Bold", "EB-Garamond", "EB-Garamond-Italic"}


def test_its_code_scans_at_150_dpi(pdf: bytes, tmp_path: Path) -> None:
    text, _points, _straight = cv2.QRCodeDetector().detectAndDecode(picture(pdf, tmp_path, 150))
    assert text == URL


def test_nothing_on_it_looks_like_a_red_seal(pdf: bytes, tmp_path: Path) -> None:
    blue, _green, red = cv2.split(picture(pdf, tmp_path, 100).astype(int))
    assert (red - blue).max() < 24


def test_equal_facts_give_equal_bytes(pdf: bytes) -> None:
    assert certificate_pdf(replace(FACTS)) == pdf
    assert certificate_pdf(replace(FACTS, number="BH-2025-000419")) != pdf


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7*7 }}",
        "{% include 'base.html' %}",
        "{{ settings.SECRET_KEY }}",
        "<script>alert(1)</script>",
        "{0.__class__}",
        "%(name)s",
        "<img src='file:///etc/hostname'>",
        "&lt;b&gt;",
        "</style><b>",
        "asset:mark.png",
    ],
)
def test_text_is_printed_as_it_stands(text: str) -> None:
    facts = replace(FACTS, holder_name=f"周敏{text}", holder_latin_name=text, number=text, wording=Pair(text, text))
    pdf = certificate_pdf(facts)
    # holder, Latin name, number, both wordings
    assert [version.count(plain(text)) for version in text_of(pdf).split("\n")] == [5, 5]


def test_a_name_in_latin_letters_only_is_printed_once() -> None:
    for holder, latin in (("", "Jean Fontaine"), ("Jean Fontaine", ""), ("Jean Fontaine", "Jean Fontaine")):
        pdf = certificate_pdf(replace(FACTS, holder_name=holder, holder_latin_name=latin))
        assert [version.count("JeanFontaine") for version in text_of(pdf).split("\n")] == [1, 1]


def test_a_certificate_needs_a_name() -> None:
    with pytest.raises(ValueError, match="needs a name"):
        certificate_pdf(replace(FACTS, holder_name=" ", holder_latin_name=""))


def test_a_certificate_without_end_says_so() -> None:
    pdf = certificate_pdf(replace(FACTS, expires_on=None))
    assert says(pdf, "长期有效 Valid without end date")
    assert not says(pdf, "有效期至")


def test_signatories_are_optional_and_no_more_than_there_is_room_for() -> None:
    assert not says(certificate_pdf(replace(FACTS, signatories=())), "中心主任")
    with pytest.raises(ValueError, match="room for 2"):
        certificate_pdf(replace(FACTS, signatories=FACTS.signatories * 2))


@pytest.mark.parametrize(
    "facts",
    [
        FACTS,
        LONG,
        replace(FACTS, holder_name="阿依古丽·买买提·吐尔逊江", holder_latin_name="Ayigul Mamat Tursunjan"),
        replace(FACTS, holder_name="", holder_latin_name=LONG.holder_latin_name),
        replace(FACTS, heading=Pair("", LONG.heading.en), wording=Pair("", LONG.wording.en)),
    ],
    ids=["usual", "long", "three-part name", "long Latin name", "English only"],
)
def test_every_word_stays_inside_the_frame_and_off_every_other(facts: CertificateFacts) -> None:
    pdf = certificate_pdf(facts)
    assert len(reader(pdf).pages) == 1
    boxes = list(words(pdf))
    for word, left, top, right, bottom in boxes:
        assert left > 20, word
        assert top > 20, word
        assert right < 277, word
        assert bottom < 190, word
    for one, other in combinations(boxes, 2):
        apart = one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2]
        assert apart, (one, other)


def test_words_keep_off_the_code_and_the_mark() -> None:
    boxes = list(words(certificate_pdf(LONG)))
    assert max(bottom for word, _left, _top, _right, bottom in boxes if word == "papers") < 146
    for word, left, top, right, bottom in boxes:
        assert not (left < 56 + 3 and bottom > 155 - 3 and top < 180), word
        assert not (right > 233 and bottom > 147 and top < 181), word


def test_without_the_fonts_of_the_design_it_is_set_in_the_one_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "installed", lambda _family, _weight=fonts.REGULAR: None)
    pdf = certificate_pdf(FACTS)
    names = {font.get_object()["/BaseFont"] for font in reader(pdf).pages[0]["/Resources"]["/Font"].values()}
    assert {name.partition("+")[2] for name in names} >= {"Songti"}
    assert not any("Bold" in name for name in names)
    assert says(pdf, "周敏")
    assert says(pdf, FACTS.wording.zh)
    assert len(pdf) < 300_000
