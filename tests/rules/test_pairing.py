"""Pairing: hard rules hold, the assignment is optimal, load spreads, everyone without a teacher has a reason."""

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentors.rules import (
    ImpossiblePin,
    Mentee,
    PairingSettings,
    Proposal,
    Reason,
    Refusal,
    Teacher,
    hard_refusals,
    score_pieces,
    solve_pairing,
)

SETTINGS = PairingSettings()
MATTERS = ("birth", "business", "housing")
PEOPLE = st.frozensets(st.integers(10, 12))
MENTEE = st.fixed_dictionaries(
    {
        "matters": st.frozensets(st.sampled_from(MATTERS), max_size=1),
        "gaps": st.dictionaries(st.sampled_from("AB"), st.floats(0, 3)),
        "hall": st.sampled_from([None, 1, 2]),
        "shifts": st.frozensets(st.integers(1, 3)),
        "wishes": PEOPLE,
        "failed_with": st.frozensets(st.integers(10, 12), max_size=1),
    }
)
TEACHER = st.fixed_dictionaries(
    {
        "free": st.integers(0, 2),
        "load": st.integers(0, 3),
        "matters": st.frozensets(st.sampled_from(MATTERS), min_size=1),
        "strengths": st.dictionaries(st.sampled_from("AB"), st.floats(0, 1)),
        "hall": st.sampled_from([None, 1, 2]),
        "shifts": st.frozensets(st.integers(1, 3)),
        "record": st.floats(0, 1),
    }
)
MENTEES = st.lists(MENTEE, max_size=4).map(lambda rows: [Mentee(i, **row) for i, row in enumerate(rows)])
TEACHERS = st.lists(TEACHER, max_size=3).map(lambda rows: [Teacher(10 + i, **row) for i, row in enumerate(rows)])


def total(chosen: list[Teacher | None], mentees: list[Mentee]) -> tuple[int, float]:
    """(unmatched, cost) of one complete choice, worked out afresh."""
    cost = 0.0
    used: dict[object, int] = {}
    for mentee, teacher in zip(mentees, chosen, strict=True):
        if teacher is not None:
            score = sum(piece.fit * piece.weight for piece in score_pieces(mentee, teacher))
            cost += 1 - score + SETTINGS.load_surcharge * (teacher.load + used.get(teacher.ident, 0))
            used[teacher.ident] = used.get(teacher.ident, 0) + 1
    return chosen.count(None), cost


def allowed(chosen: tuple[Teacher | None, ...], mentees: list[Mentee], teachers: list[Teacher]) -> bool:
    within = all(chosen.count(teacher) <= teacher.free for teacher in teachers)
    return within and not any(
        teacher and hard_refusals(mentee, teacher) for mentee, teacher in zip(mentees, chosen, strict=True)
    )


@given(mentees=MENTEES, teachers=TEACHERS)
@settings(deadline=None)
def test_no_allowed_choice_is_better(mentees: list[Mentee], teachers: list[Teacher]) -> None:
    proposals = solve_pairing(mentees, teachers)
    by_ident = {teacher.ident: teacher for teacher in teachers}
    chosen = tuple(by_ident[p.teacher] if p.teacher is not None else None for p in proposals)
    assert [proposal.mentee for proposal in proposals] == [mentee.ident for mentee in mentees]
    assert allowed(chosen, mentees, teachers)
    choices = itertools.product([None, *teachers], repeat=len(mentees))
    best = min(total(list(choice), mentees) for choice in choices if allowed(choice, mentees, teachers))
    found = total(list(chosen), mentees)
    assert found[0] == best[0]
    assert found[1] == pytest.approx(best[1], abs=1e-9)


@given(mentees=MENTEES, teachers=TEACHERS)
@settings(deadline=None)
def test_every_line_explains_itself(mentees: list[Mentee], teachers: list[Teacher]) -> None:
    for proposal in solve_pairing(mentees, teachers):
        if proposal.teacher is None:
            assert proposal.pieces == ()
            assert sum(reason.teachers for reason in proposal.reasons) >= len(teachers)
        else:
            assert proposal.reasons == ()
            assert proposal.score == pytest.approx(sum(piece.fit * piece.weight for piece in proposal.pieces))
            assert 0 <= proposal.score <= 1
            assert all(0 <= piece.fit <= 1 for piece in proposal.pieces)


@pytest.mark.parametrize(
    ("mentee", "teacher", "refusal"),
    [
        (Mentee(1), Teacher(1, free=1), Refusal.SAME_PERSON),
        (Mentee(1), Teacher(10, free=1, active=False), Refusal.INACTIVE),
        (Mentee(1, matters=frozenset({"birth"})), Teacher(10, free=1), Refusal.NOT_CERTIFIED),
        (Mentee(1), Teacher(10, free=0), Refusal.NO_CAPACITY),
        (Mentee(1, chain_of_command=frozenset({10})), Teacher(10, free=1), Refusal.CHAIN_OF_COMMAND),
        (Mentee(1, failed_with=frozenset({10})), Teacher(10, free=1), Refusal.FAILED_BEFORE),
    ],
)
def test_each_hard_rule_is_reported_and_never_broken(mentee: Mentee, teacher: Teacher, refusal: Refusal) -> None:
    assert hard_refusals(mentee, teacher) == [refusal]
    (proposal,) = solve_pairing([mentee], [teacher])
    assert proposal == Proposal(mentee.ident, None, 0.0, (), (Reason(refusal, 1),))
    with pytest.raises(ImpossiblePin) as caught:
        solve_pairing([mentee], [teacher], pins={mentee.ident: teacher.ident})
    assert caught.value.refusals == (refusal,)


def test_what_hr_forbids_is_never_proposed() -> None:
    teachers = [Teacher(10, free=1, record=1.0), Teacher(11, free=1, record=0.0)]
    assert solve_pairing([Mentee(1)], teachers)[0].teacher == 10
    assert solve_pairing([Mentee(1)], teachers, forbidden={(1, 10)})[0].teacher == 11
    forbidden = solve_pairing([Mentee(1)], teachers, forbidden={(1, 10), (1, 11)})[0]
    assert forbidden.reasons == (Reason(Refusal.FORBIDDEN, 2),)


def test_nobody_is_left_out_to_improve_somebody_else() -> None:
    # Wanting teacher 10 as much as can be, mentee 1 still gives way: mentee 2 can have no other.
    eager = Mentee(1, gaps={"A": 3}, wishes=frozenset({10}))
    bound = Mentee(2, matters=frozenset({"birth"}))
    teachers = [
        Teacher(10, free=1, matters=frozenset({"birth"}), strengths={"A": 1.0}, wishes=frozenset({1})),
        Teacher(11, free=1, load=40),
    ]
    assert [p.teacher for p in solve_pairing([eager, bound], teachers)] == [11, 10]


def test_equal_mentees_spread_over_equal_teachers() -> None:
    mentees = [Mentee(ident) for ident in range(6)]
    teachers = [Teacher(10 + ident, free=5) for ident in range(3)]
    found = [proposal.teacher for proposal in solve_pairing(mentees, teachers)]
    assert sorted(found) == [10, 10, 11, 11, 12, 12]


def test_whoever_finds_all_places_taken_is_told_so() -> None:
    proposals = solve_pairing([Mentee(1), Mentee(2)], [Teacher(10, free=1)])
    left_out = [proposal for proposal in proposals if proposal.teacher is None]
    assert [proposal.reasons for proposal in left_out] == [(Reason(Refusal.TAKEN, 1),)]


def test_a_pin_stands_and_the_others_move_round_it() -> None:
    mentees = [Mentee(1, wishes=frozenset({10})), Mentee(2)]
    teachers = [Teacher(10, free=1), Teacher(11, free=1)]
    assert [p.teacher for p in solve_pairing(mentees, teachers)] == [10, 11]
    pinned = solve_pairing(mentees, teachers, pins={2: 10})
    assert [(p.teacher, p.pinned) for p in pinned] == [(11, False), (10, True)]
    assert pinned[1].pieces == score_pieces(mentees[1], teachers[0])


def test_pins_beyond_capacity_or_outside_the_round_are_refused() -> None:
    mentees = [Mentee(1), Mentee(2)]
    with pytest.raises(ImpossiblePin) as caught:
        solve_pairing(mentees, [Teacher(10, free=1)], pins={1: 10, 2: 10})
    assert caught.value.refusals == (Refusal.NO_CAPACITY,)
    with pytest.raises(ImpossiblePin, match="not in this round"):
        solve_pairing(mentees, [Teacher(10, free=1)], pins={1: 99})


def test_empty_rounds() -> None:
    assert solve_pairing([], []) == []
    assert solve_pairing([], [Teacher(10, free=1)]) == []
    assert solve_pairing([Mentee(1)], []) == [Proposal(1, None, 0.0, (), ())]


def test_the_same_person_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        solve_pairing([Mentee(1), Mentee(1)], [])


def test_the_pieces_of_a_score() -> None:
    mentee = Mentee(
        1,
        gaps={"A": 2, "B": 1},
        hall=1,
        window=7,
        shifts=frozenset({1, 2}),
        languages=frozenset({"zh"}),
        wishes=frozenset({10}),
    )
    teacher = Teacher(
        10, free=1, load=3, strengths={"A": 0.9}, hall=1, window=8, shifts=frozenset({2}), languages=frozenset({"zh"})
    )
    fits = {piece.name: piece.fit for piece in score_pieces(mentee, teacher)}
    assert fits == pytest.approx(
        {"gap": 0.6, "place": 1 / 3, "shifts": 0.5, "languages": 1, "wishes": 0.5, "teacher": (0.25 + 0.5) / 2}
    )
    assert math.isclose(sum(piece.weight for piece in score_pieces(mentee, teacher)), 1)


@pytest.mark.parametrize("change", [{"gap": 0.5}, {"gap": -0.1, "place": 0.65}, {"load_surcharge": -1}])
def test_weights_that_do_not_add_to_one_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="add to 1"):
        PairingSettings(**change)


def test_the_order_of_rows_does_not_change_the_quality() -> None:
    rng = random.Random(4)
    mentees = [Mentee(i, gaps={"A": rng.random(), "B": rng.random()}, hall=rng.randrange(3)) for i in range(30)]
    teachers = [
        Teacher(100 + i, free=3, strengths={"A": rng.random(), "B": rng.random()}, hall=rng.randrange(3))
        for i in range(12)
    ]
    by_ident = {teacher.ident: teacher for teacher in teachers}

    def cost(rows: list[Mentee], columns: list[Teacher]) -> float:
        proposals = solve_pairing(rows, columns)
        return total([by_ident[proposal.teacher] for proposal in proposals], rows)[1]

    assert cost(mentees[::-1], teachers[::-1]) == pytest.approx(cost(mentees, teachers))
