"""Chinese numerals, as laws and lists number with them."""

DIGITS = "零一二三四五六七八九"
UNITS = {"十": 10, "百": 100, "千": 1000}
MOST = 9_999
SIGNS = frozenset("〇两" + DIGITS) | UNITS.keys()


def in_chinese(number: int) -> str:
    """Return a number from 1 to 9999 as a law writes it: 十一, 一百零三, 二百一十; plain digits beyond."""
    if not 1 <= number <= MOST:
        return str(number)
    told, gap = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // size % 10
        if digit:
            told += ("零" if gap else "") + DIGITS[digit] + unit
            gap = False
        else:
            gap = bool(told)
    return told.removeprefix("一") if told.startswith("一十") else told


def of_chinese(text: str) -> int | None:
    """Return the number Chinese numerals or digits say: 二十三, 二〇二六, 12; None for anything else."""
    if not text or len(text) > 9:
        return None
    if text.isascii():
        return int(text) if text.isdigit() else None
    if not SIGNS.issuperset(text):
        return None
    if not UNITS.keys() & set(text):
        return int("".join(str(_digit(sign)) for sign in text))
    total, digit = 0, None
    for sign in text:
        if sign in UNITS:
            total += (1 if digit is None else digit) * UNITS[sign]
            digit = None
        else:
            digit = _digit(sign) or None
    return total + (digit or 0)


def _digit(sign: str) -> int:
    return 0 if sign == "〇" else 2 if sign == "两" else DIGITS.index(sign)
