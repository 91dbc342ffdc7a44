"""What a regrade makes of a mark, and how one result stands to another."""

from dataclasses import dataclass

NOBODY_LOSES = "nobody_loses"


@dataclass(frozen=True, slots=True)
class Standing:
    """A mark: the credit by the key in force, whether the question is void, and what its person keeps."""

    credit: float
    void: bool = False
    kept: float | None = None

    @property
    def counted(self) -> float | None:
        """What the answer counts as in the person's result; None: not at all."""
        if self.kept is not None:
            return self.kept
        return None if self.void else self.credit


def keeping(now: Standing, proposed: Standing) -> Standing:
    """Return the mark of somebody whom the proposed one would cost something: figures move, the person's result stays.

    A question that does not count for the person now goes on not counting; nothing else can say so.
    """
    if now.counted is None:
        return now
    return Standing(proposed.credit, proposed.void, now.counted)


def change_of(before: tuple[float, int, int, bool], after: tuple[float, int, int, bool], *, policy: str) -> str:
    """Name what becomes of a result, each told as (theta, score, level, passed).

    By `NOBODY_LOSES` whoever's theta would be lower keeps what they have: score, level and passing follow theta.
    """
    if policy == NOBODY_LOSES and after[0] < before[0]:
        return "kept"
    if before[3] != after[3]:
        return "passes" if after[3] else "fails"
    if (before[1], before[2]) == (after[1], after[2]):
        return "same"
    return "higher" if after[0] > before[0] else "lower"
