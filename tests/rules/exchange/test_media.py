"""Pictures and recordings in files of questions: in with the words they stood in, out again, told where they cannot."""

import io
import zipfile
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest

from assessments.exchange.gift_writing import write_gift
from assessments.exchange.moodle import read_moodle
from assessments.exchange.moodle_writing import write_moodle
from assessments.exchange.packages import read_package
from assessments.exchange.qti2_writing import write_qti2
from assessments.exchange.report import Read, Told
from assessments.exchange.sheet_writing import write_rows
from assessments.exchange.word import read_word
from assessments.rules import ItemDraft, Medium
from assessments.scoring.marking import ItemKind

from .drafts import OF_KIND, OPTIONS, zh
from .test_text import paragraph

FILES = {
    "red": (b"red", "png", "image/png"),
    "talk": (b"talk", "mp3", "audio/mpeg"),
    "dot": (b"dot", "jpg", "image/jpeg"),
}
ADORNS = Medium("dot", is_picture=True, decorative=True)


def shown(draft: ItemDraft, place: str) -> ItemDraft:
    media = (
        Medium("red", is_picture=True, text=zh('一份 "申请书" & <章>')),
        Medium("talk", is_picture=False, text=zh("您好"), place=place),
        ADORNS,
    )
    return replace(draft, media=media)


def told_of(found: Read) -> list[tuple[Any, bytes, str, bool]]:
    """What a question brings: where it stands, its bytes, its words, whether it only adorns."""
    assert found.draft, found.refusals
    return [
        (one.place, found.media[int(one.ref)].data, one.text.get("zh-hans", ""), one.decorative)
        for one in found.draft.media or ()
    ]


CARRIED = [
    (ItemKind.SINGLE, "o:b"), (ItemKind.MULTIPLE, "o:c"), (ItemKind.ORDERING, "o:a"), (ItemKind.MATCHING, "p:2"),
    (ItemKind.NUMERIC, ""), (ItemKind.SHORT_TEXT, ""), (ItemKind.CLOZE, ""), (ItemKind.OPEN, ""),
    (ItemKind.TRUE_FALSE, ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "place"), CARRIED)
@pytest.mark.parametrize("format_", ["moodle", "qti"])
def test_media_go_out_and_come_back_to_their_place(kind: ItemKind, place: str, format_: str) -> None:
    draft = shown(OF_KIND[kind], place)
    if format_ == "moodle":
        written = write_moodle([draft], language="zh-hans", files=FILES)
        (found,) = read_moodle(written.data, **OPTIONS).items
    else:
        written = write_qti2([draft], language="zh-hans", files=FILES)
        file = read_package(written.data, **OPTIONS)
        (found,) = file.items
        assert not file.notes
    wanted = [("", b"red", '一份 "申请书" & <章>', False), (place, b"talk", "您好", False), ("", b"dot", "", True)]
    assert sorted(told_of(found)) == sorted(wanted)
    assert found.draft
    assert replace(found.draft, media=None) == replace(OF_KIND[kind], media=None)
    assert Told.IMAGE not in [loss.code for loss in found.losses]


def test_what_a_format_cannot_show_is_told() -> None:
    draft = shown(OF_KIND[ItemKind.SINGLE], "o:b")
    for left in (write_gift([draft], language="zh-hans").left, write_rows([draft], language="zh-hans")[2]):
        assert (Told.MEDIA, {"number": 3}) in [(note.code, dict(note.values)) for note in left[0].notes]


def moodle(text: str, *files: tuple[str, bytes], more: str = "") -> Read:
    held = "".join(
        f'<file name="{name}" path="/" encoding="base64">{b64encode(data).decode()}</file>' for name, data in files
    )
    data = f"""<quiz><question type="multichoice"><name><text>Q</text></name><single>true</single>
    <questiontext format="html"><text><![CDATA[{text}]]></text>{held}</questiontext>
    <answer fraction="100"><text>甲</text></answer><answer fraction="0"><text>乙</text></answer>
    {more}</question></quiz>"""
    (found,) = read_moodle(data.encode(), **OPTIONS).items
    return found


def test_a_picture_without_words_comes_in_and_they_are_asked_for() -> None:
    found = moodle('<p>看图<img src="@@PLUGINFILE@@/%E5%9B%BE.png?x=1" alt=""></p>', ("图.png", b"x"))
    assert told_of(found) == [("", b"x", "", False)]
    assert [(loss.code, dict(loss.values)) for loss in found.losses] == [
        (Told.PROBLEM, {"problem": "no_alt", "where": "1"})
    ]


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ('看图<img src="@@PLUGINFILE@@/a.svg">', ("a.svg", b"<svg/>")),
        ('看图<img src="@@PLUGINFILE@@/a.png">', ("b.png", b"x")),
        ('看图<img src="https://example.org/a.png">', ("a.gif", b"x")),
        ('看图<video src="@@PLUGINFILE@@/a.mp4"></video>', ("a.mp4", b"x")),
        ('看图<img src="@@PLUGINFILE@@/a.png">', ("a.png", b"")),
    ],
)
def test_what_cannot_be_kept_is_told_with_its_name(text: str, file: tuple[str, bytes]) -> None:
    found = moodle(text, file)
    assert found.draft
    assert found.draft.media is None
    assert {Told.FILE} <= {loss.code for loss in found.losses} <= {Told.FILE, Told.IMAGE}


def test_an_option_that_is_a_picture_alone_is_called_by_its_words() -> None:
    picture = '<text>&lt;img src="@@PLUGINFILE@@/c.png" alt="盖章的副本"&gt;</text>'
    more = f'<answer fraction="0" format="html">{picture}<file name="c.png" encoding="base64">eA==</file></answer>'
    found = moodle("哪一份？", more=more)
    assert found.draft
    assert found.draft.options[2].text == zh("盖章的副本")
    assert told_of(found) == [("o:c", b"x", "盖章的副本", False)]


def test_a_picture_in_a_rationale_has_no_place_and_a_mark_in_a_text_is_no_picture() -> None:
    held = '<text>&lt;img src="@@PLUGINFILE@@/c.png"&gt;因为</text><file name="c.png" encoding="base64">eA==</file>'
    found = moodle("哪一份\ufde07\ufde1？", more=f'<generalfeedback format="html">{held}</generalfeedback>')
    assert found.draft
    assert found.draft.rationale == zh("因为")
    assert not found.draft.media
    assert [loss.code for loss in found.losses] == [Told.FILE]


def test_pictures_of_a_word_file_come_in_where_they_stand() -> None:
    def drawn(ident: str) -> str:
        return f'<w:r><w:drawing><a:blip r:embed="{ident}"/></w:drawing></w:r>'

    buffer = io.BytesIO()
    body = "".join(
        [
            paragraph("单选题"), paragraph("1. 哪一份有效？", extra=drawn("rId1")),
            paragraph("A. 甲", extra=drawn("rId2")), paragraph("B. 乙", extra=drawn("rId9")), paragraph("答案：A"),
        ]
    )  # fmt: skip
    kinds = 'xmlns:w="w" xmlns:a="a" xmlns:r="r"'
    relation = '<Relationship Id="rId{n}" Target="{target}"/>'
    relations = relation.format(n=1, target="media/image1.png") + relation.format(n=2, target="/word/media/two.jpeg")
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {kinds}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{relations}</Relationships>")
        archive.writestr("word/media/image1.png", b"one")
        archive.writestr("word/media/two.jpeg", b"two")
    (found,) = read_word(buffer.getvalue(), **OPTIONS).items
    assert [(place, data) for place, data, _text, _adorns in told_of(found)] == [("", b"one"), ("o:a", b"two")]
    assert found.draft
    assert [option.text for option in found.draft.options] == [zh("甲"), zh("乙")]
    assert Told.IMAGE in [loss.code for loss in found.losses]
