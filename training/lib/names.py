"""How names are found by people who cannot, or do not care to, write them as they stand."""

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

# A name of many characters with several readings each would have thousands of spellings; people try the usual ones.
MOST_READINGS = 8
LONGEST_KEY = 2000
TONED = re.compile(r"(?:[a-z]+[1-5])+")
NO_LETTER = re.compile(r"[^a-z0-9]+")
FIRST_IDEOGRAPH, LAST_IDEOGRAPH = "\u3400", "\u9fff"
IDEOGRAPHS = re.compile(f"[{FIRST_IDEOGRAPH}-{LAST_IDEOGRAPH}]+")


def search_key(display_name: str, latin_name: str) -> str:
    """Return the spellings a name is found by, a space before each: 王小红 gives " wangxiaohong xiaohong hong wxh xh".

    Each spelling begins at a syllable or word, so that what is typed needs to fit only its beginning. All readings of a
    character count (曾 ceng and zeng), and "ü" is written both as u and as v. What comes first sorts by sound.
    """
    spellings: dict[str, None] = {}
    for syllables in (*_readings(display_name), _plain(latin_name).split(), _plain(display_name).split()):
        for first in range(len(syllables)):
            spellings["".join(syllables[first:])] = None
        for first in range(len(syllables) - 1):
            spellings["".join(syllable[0] for syllable in syllables[first:])] = None
    key = "".join(f" {spelling}" for spelling in spellings if spelling)
    return key if len(key) <= LONGEST_KEY else key[:LONGEST_KEY].rpartition(" ")[0]


def search_words(text: str) -> list[str]:
    """Return what a typed word may mean in a search key: without tones, marks and apostrophes; nothing for characters.

    "zhāngmǐn", "zhang1min3" and "Zhang'min" all mean zhangmin.
    """
    plain = _plain(text).replace(" ", "")
    if not plain:
        return []
    if TONED.fullmatch(plain):
        return [plain, re.sub(r"[1-5]", "", plain)]
    return [plain]


def address_of(text: str, longest: int = 60) -> str:
    """Return what an address may have for a text, in small Latin letters: 首问责任 gives "shou-wen-ze-ren"."""
    heard = IDEOGRAPHS.sub(lambda run: f" {' '.join(sounds[0] for sounds in _pinyin(run[0]))} ", text)
    whole = "-".join(_plain(heard).split())
    return whole if len(whole) <= longest else whole[: longest + 1].rpartition("-")[0] or whole[:longest]


def has_ideographs(text: str) -> bool:
    """Tell whether Chinese characters stand in a text."""
    return IDEOGRAPHS.search(text) is not None


def _readings(name: str) -> list[list[str]]:
    """Return the ways a name in Chinese characters may sound, the most usual first; other letters are left out."""
    characters = "".join(letter for letter in name if FIRST_IDEOGRAPH <= letter <= LAST_IDEOGRAPH)
    if not characters:
        return []
    usual = _pinyin(characters)
    found = {tuple(_plain(sounds[0]) for sounds in usual): None}
    for one in islice(product(*(sounds for sounds in map(_sounds, characters) if sounds)), MOST_READINGS):
        found[one] = None
    for one in list(found):
        found[tuple(re.sub(r"^([ln])v", r"\1u", sound) for sound in one)] = None
    return [list(one) for one in found]


def _pinyin(characters: str, *, heteronym: bool = False) -> list[list[str]]:
    """Return how each character sounds, in plain letters; nothing for one the dictionary does not have."""
    from pypinyin import Style, pinyin  # its dictionary takes a quarter of a second, which each start would wait for

    return pinyin(characters, style=Style.NORMAL, heteronym=heteronym, errors=lambda _unknown: None)


@lru_cache(maxsize=8192)
def _sounds(character: str) -> tuple[str, ...]:
    """Return every way one character may sound; nothing for one the dictionary does not have."""
    heard = _pinyin(character, heteronym=True)
    return tuple(_plain(sound) for sounds in heard for sound in sounds)


def _plain(text: str) -> str:
    """Return the Latin letters and digits of a text in lower case, without marks; words stay apart."""
    apart = text.casefold().replace("'", "").replace("\u2019", "")
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(letter))
    return NO_LETTER.sub(" ", bare).strip()
