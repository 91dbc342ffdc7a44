"""Uploads: what is kept of a picture or a recording, and what is not kept at all."""

import io
import struct
import time
import tracemalloc
import zlib
from collections.abc import Iterable

import pytest
from PIL import Image, ImageDraw

from training.lib.media import LARGEST, LARGEST_EDGE, LONGEST, UnfitFile, clean, visible

RLO = "\N{RIGHT-TO-LEFT OVERRIDE}"


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **facts: object) -> bytes:
    image = Image.new(mode, size)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] - 1), fill="red" if mode != "L" else 200)
    file = io.BytesIO()
    image.save(file, kind, **facts)
    return file.getvalue()


def points_of(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize(
    ("kind", "name", "mode", "ending"),
    [
        ("PNG", "a.png", "RGB", "png"), ("PNG", "扫描 1.2.PNG", "RGBA", "png"), ("JPEG", "a.jpg", "RGB", "jpg"),
        ("JPEG", "a.jpeg", "CMYK", "jpg"), ("WEBP", "a.webp", "RGB", "jpg"), ("WEBP", "a.webp", "RGBA", "png"),
        ("PNG", "a.png", "L", "png"),
    ],
)  # fmt: skip
def test_a_picture_is_drawn_anew_and_keeps_its_points(kind: str, name: str, mode: str, ending: str) -> None:
    kept = clean(picture(kind, mode="RGB" if mode == "CMYK" else mode) if mode != "CMYK" else cmyk(), name)
    assert (kept.ending, kept.width, kept.height, kept.seconds) == (ending, 60, 40, None)
    assert points_of(kept.data).format == {"png": "PNG", "jpg": "JPEG"}[ending]
    red, black = (points_of(kept.data).convert("RGB").getpixel(place) for place in ((5, 5), (55, 5)))
    assert isinstance(red, tuple)
    assert isinstance(black, tuple)
    assert red[0] > 150
    assert black[0] < 60


def cmyk() -> bytes:
    file = io.BytesIO()
    Image.open(io.BytesIO(picture())).convert("CMYK").save(file, "JPEG")
    return file.getvalue()


def test_where_and_with_what_it_was_taken_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif[0x0112] = 6  # to be turned by a quarter
    exif.get_ifd(0x8825)[1] = "SECRETNORTH"
    told = picture("JPEG", exif=exif, comment=b"SECRETCOMMENT")
    assert told.count(b"SECRET") == 3
    kept = clean(told + b"<script>SECRET</script>", "photo.jpg")
    assert b"SECRET" not in kept.data
    assert not points_of(kept.data).getexif()
    assert (kept.width, kept.height) == (40, 60)  # upright, since nothing says any more how to turn it


def test_texts_of_a_png_and_its_colour_profile_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "SECRETAUTHOR")
    told = picture(pnginfo=info, icc_profile=b"SECRETPROFILE" * 20)
    assert b"SECRETAUTHOR" in told
    kept = points_of(clean(told, "a.png").data)
    kept.load()
    assert kept.info == {}


def test_a_large_picture_is_made_smaller_and_a_photo_never_stays_a_png() -> None:
    kept = clean(picture("JPEG", (5000, 2500)), "a.jpg")
    assert (kept.width, kept.height) == (LARGEST_EDGE, LARGEST_EDGE // 2)
    noise = Image.effect_noise((1500, 1500), 90).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "PNG")
    assert clean(file.getvalue(), "a.png").content_type == "image/jpeg"


def test_a_drawing_of_few_colours_keeps_its_points_in_a_byte_each() -> None:
    drawing = Image.new("RGB", (256, 300), "white")
    for place in range(200):
        drawing.paste((place, 255 - place // 2, 7), (place, place, 256, place + 1))
    file = io.BytesIO()
    drawing.save(file, "PNG")
    kept = points_of(clean(file.getvalue(), "a.png").data)
    assert kept.mode == "P"
    assert kept.convert("RGB").tobytes() == drawing.tobytes()
    drawing.paste(Image.effect_noise((256, 100), 90).convert("RGB"), (0, 200))
    drawing.paste((1, 2, 3), (0, 0, 9, 9))
    file = io.BytesIO()
    drawing.save(file, "PNG")
    assert points_of(clean(file.getvalue(), "a.png").data).tobytes() == drawing.tobytes(), (
        "more colours than a byte has"
    )


def png_head(width: int, height: int) -> bytes:
    """A PNG of a few bytes that unpacks to as many points as its head says."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    row = zlib.compress(b"\0" * 100_000)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(50_000, 50_000), (8_000, 6_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    tracemalloc.start()
    began = time.monotonic()
    with pytest.raises(UnfitFile, match="40 million"):
        clean(png_head(*size), "a.png")
    assert time.monotonic() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.svg", "PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.png", "no picture"),
        (b"<!doctype html><script>alert(1)</script>", "a.jpg", "no picture"),
        (b"GIF89a/*<script>*/=1;", "a.png", "no picture"),
        (picture("GIF"), "a.png", "no picture"),
        (picture("GIF"), "a.gif", "PNG, JPEG or WebP"),
        (picture("JPEG"), "a.png", "another kind"),
        (picture()[:60], "a.png", "broken"),
        (picture(), "a.php.png", "two endings"),
        (picture(), "a.svg .png", "two endings"),
        (picture(), f"gnp{RLO}.png", "nobody sees"),
        (picture(), "a\0.png", "nobody sees"),
        (picture(), "a" * 200 + ".png", "too long"),
        (picture(), "png", "PNG, JPEG or WebP"),
        (b"", "a.png", "empty"),
        (b"\0" * (LARGEST + 1), "a.png", "10 MB"),
    ],
)
def test_what_is_no_fit_picture_is_refused_with_what_to_do(data: bytes, name: str, told: str) -> None:
    with pytest.raises(UnfitFile, match=told):
        clean(data, name)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(kind: str) -> None:
    file = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    with pytest.raises(UnfitFile, match="moves"):
        clean(file.getvalue(), f"a.{kind.lower()}")


def test_a_name_is_told_back_without_its_tricks() -> None:
    assert RLO not in visible(f"a{RLO}gnp.exe")
    assert len(visible("a" * 300)) <= 60


# ---------------------------------------------------------------- recordings


def wav(seconds: float = 1, *extra: bytes, rate: int = 8000) -> bytes:
    samples = struct.pack("<h", 1000) * int(rate * seconds)
    form = struct.pack("<HHIIHH", 1, 1, rate, rate * 2, 2, 16)
    chunks = b"".join((chunk(b"fmt ", form), *extra, chunk(b"data", samples)))
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def mp3(frames: int = 40) -> bytes:
    """Frames of silence: MPEG 1, layer III, 128 kbit/s, 44.1 kHz, each 417 bytes and 1152 samples."""
    return (b"\xff\xfb\x90\x00" + b"\0" * 413) * frames


def crc(page: bytes) -> int:
    """The checksum of Ogg bit by bit, as its specification writes it."""
    value = 0
    for byte in page:
        value ^= byte << 24
        for _bit in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
            value &= 0xFFFFFFFF
    return value


def page(flags: int, granule: int, number: int, packets: Iterable[bytes], stream: int = 7) -> bytes:
    laces = b"".join(b"\xff" * (len(one) // 255) + bytes([len(one) % 255]) for one in packets)
    head = b"OggS\0" + bytes([flags]) + struct.pack("<qII", granule, stream, number)
    rest = bytes([len(laces)]) + laces + b"".join(packets)
    return head + struct.pack("<I", crc(head + b"\0\0\0\0" + rest)) + rest


def opus(tags: bytes = b"OpusTags" + b"\0" * 8, seconds: int = 2, stream: int = 7) -> bytes:
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48000, 0, 0)
    end = 48_000 * seconds + 312
    sound = page(4, end, 2, [b"\x08" * 20] * 5, stream)
    return page(2, 0, 0, [head], stream) + page(0, 0, 1, [tags], stream) + sound


def vorbis(comments: bytes = b"\x03vorbis" + b"\0" * 8 + b"\1") -> bytes:
    head = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 1, 44_100, 0, 80_000, 0, 0xB8, 1)
    setup = b"\x05vorbis" + b"\x2a" * 3000
    return page(2, 0, 0, [head]) + page(0, 0, 1, [comments, setup]) + page(4, 44_100 * 3, 2, [b"\0" * 30])


@pytest.mark.parametrize(
    ("data", "name", "ending", "seconds"),
    [
        (wav(1.5), "a.wav", "wav", 1.5), (mp3(), "a.mp3", "mp3", 1.0), (opus(), "a.opus", "ogg", 2.0),
        (opus(), "a.ogg", "ogg", 2.0), (vorbis(), "a.oga", "ogg", 3.0),
    ],
)  # fmt: skip
def test_a_recording_stays_as_it_is(data: bytes, name: str, ending: str, seconds: float) -> None:
    kept = clean(data, name)
    assert (kept.data, kept.ending, kept.seconds, kept.is_picture) == (data, ending, seconds, False)


SECRET = b"SECRET was recorded at 31.2 north, 121.5 east by Zhang"


@pytest.mark.parametrize(
    ("told", "bare", "name"),
    [
        (wav(1, chunk(b"LIST", b"INFO" + SECRET)) + SECRET, wav(1), "a.wav"),
        (b"ID3\x04\0\0" + bytes([0, 0, 0, len(SECRET)]) + SECRET + mp3() + b"TAG" + SECRET, mp3(), "a.mp3"),
        (opus(b"OpusTags" + SECRET * 9), opus(), "a.ogg"),
        (vorbis(b"\x03vorbis" + SECRET * 9), vorbis(), "a.ogg"),
    ],
    ids=["wav", "mp3", "opus", "vorbis"],
)
def test_what_is_told_beside_the_sound_is_gone(told: bytes, bare: bytes, name: str) -> None:
    assert SECRET in told
    assert clean(told, name).data == bare


def test_comments_over_several_pages_go_and_the_pages_behind_them_are_numbered_anew() -> None:
    long = b"OpusTags" + SECRET * 2000
    first, rest = long[: 255 * 255], long[255 * 255 :]
    head, sound = opus().split(page(0, 0, 1, [b"OpusTags" + b"\0" * 8]))
    begun = b"OggS\0\0" + struct.pack("<qII", -1, 7, 1)
    body = bytes([255]) + b"\xff" * 255 + first
    broken_over = begun + struct.pack("<I", crc(begun + b"\0\0\0\0" + body)) + body
    later = page(4, 48_000 * 2 + 312, 3, [b"\x08" * 20] * 5)
    told = head + broken_over + page(1, 0, 2, [rest]) + later
    assert later != sound
    assert clean(told, "a.ogg").data == opus()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<script>", "a.mp3"), (mp3(2), "a.mp3"), (mp3() + b"<script>alert(1)</script>", "a.mp3"), (mp3(), "a.wav"),
        (wav(), "a.ogg"), (wav(0), "a.wav"), (wav()[:20], "a.wav"), (opus()[:-3], "a.ogg"), (opus() + b"x", "a.ogg"),
        (opus()[:-1] + b"\xaa", "a.ogg"), (opus() + opus(stream=8), "a.ogg"), (opus(b"NoTags"), "a.ogg"),
        (opus(seconds=0), "a.ogg"), (page(2, 0, 0, [b"\x80theora" + b"\0" * 40]), "a.ogg"), (b"OggS", "a.ogg"),
        (b"RIFF\0\0\0\0AVI LIST", "a.wav"), (b"ID3\x04\0\0\x7f\x7f\x7f\x7f", "a.mp3"),
    ],
)  # fmt: skip
def test_what_is_no_recording_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(UnfitFile, match="no recording"):
        clean(data, name)


def test_a_recording_has_an_end() -> None:
    with pytest.raises(UnfitFile, match="15 minutes"):
        clean(wav(LONGEST + 1, rate=4000), "a.wav")
