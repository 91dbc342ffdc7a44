"""How long questions take about, before anybody has answered them."""

BY_KIND = {
    "single": 1.0,
    "true_false": 0.75,
    "multiple": 1.5,
    "ordering": 2.0,
    "matching": 2.0,
    "documents": 3.0,
    "numeric": 1.5,
    "short_text": 1.5,
    "cloze": 2.0,
    "case": 2.0,
    "open": 8.0,
    "scenario": 7.0,
}
READING_A_CASE = 1.0


def minutes_expected(kind: str, parts: int = 0, own: float | None = None) -> float:
    """Return the minutes a question takes about: its `own` where it says so, else by its kind.

    A rule of thumb for who puts a paper together; a case takes its reading and the time of each of its questions.
    """
    if own:
        return own
    return READING_A_CASE + BY_KIND["single"] * parts if kind == "case" and parts else BY_KIND[kind]
