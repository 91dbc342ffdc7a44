"""Two at once: what must happen once happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from mentors.models import CoachingSession, EntrustmentDecision
from mentors.services import AlreadyDoneError, CoachingError, countersign, decide, log_session, withdraw_session
from tests.factories.mentors import NOW, MentorshipFactory, facts_of, logged, opened_case
from tests.factories.people import UserFactory
from training.authorisations.models import Authorisation
from training.people.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all at the same moment, each with a connection of its own; return what each gave, or its refusal."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except CoachingError as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_session_sent_by_two_taps_is_logged_once() -> None:
    mentorship = MentorshipFactory()
    number, facts, by = uuid4(), facts_of(mentorship), mentorship.teacher.person

    def log() -> int:
        return log_session(client_uuid=number, mentorship=mentorship, facts=facts, by=by, at=NOW).pk

    first, second, third = at_once(log, log, log)

    assert first == second == third == CoachingSession.objects.get().pk


def test_undo_and_answer_do_not_both_win() -> None:
    session = logged(MentorshipFactory())
    mentee, teacher = session.mentorship.mentee, session.logged_by

    given = at_once(
        lambda: withdraw_session(session=session, by=teacher, at=NOW),
        lambda: countersign(session=session, by=mentee, agreed=True, note="", at=NOW),
    )

    saved = CoachingSession.objects.get()
    assert given.count(AlreadyDoneError) == 1
    assert (saved.withdrawn_at is None) != (saved.countersigned_at is None)


def test_two_yes_at_once_make_one_authorisation() -> None:
    mentorship, officer = MentorshipFactory(), UserFactory(hr=True)
    case = opened_case(mentorship, officer)

    def yes(person: User) -> Callable[[], object]:
        return lambda: decide(case=case, decider=person, verdict="yes", note="", at=NOW)

    at_once(yes(mentorship.teacher.person), yes(officer))

    assert Authorisation.objects.count() == 1
    assert EntrustmentDecision.objects.count() == 2


def test_one_person_clicking_twice_decides_once() -> None:
    mentorship, officer = MentorshipFactory(), UserFactory(hr=True)
    case = opened_case(mentorship, officer)

    def yes() -> object:
        return decide(case=case, decider=officer, verdict="yes", note="", at=NOW)

    given = at_once(yes, yes)

    assert given.count(AlreadyDoneError) == 1
    assert not Authorisation.objects.exists()
