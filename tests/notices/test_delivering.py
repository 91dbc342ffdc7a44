"""Deliveries and the digest: planned once, sent once, tried again, and never to somebody suspended."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from tests.factories.people import CentreFactory, UserFactory
from tests.notices.receivers import free_port, webhook
from tests.notices.telling import AT, told
from training.notices import services, tasks
from training.notices.channels import Channel, Message, NotSentError
from training.notices.models import Choice, Delivery, Digest, How, Notice
from training.notices.queries import preview_of_digest
from training.notices.services.delivering import LONGEST, PAUSES
from training.operations.models import Job
from training.people.models import User
from training.people.models.staff import UserQuerySet

MONDAY = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
SENT: list[Message] = []


class Loud(Channel):
    """Keeps what it is given; people with an address alone are reached."""

    key, name = "loud", "Loud"

    def problem(self) -> str:
        return ""

    def reach(self, people: UserQuerySet) -> UserQuerySet:
        return people.exclude(email="")

    def send(self, message: Message) -> None:
        SENT.append(message)


class Broken(Loud):
    """Fails in a way that nobody thought of, and its text tells a secret."""

    def send(self, message: Message) -> None:
        raise KeyError("https://hook.example/?key=SECRET")


class Refusing(Loud):
    """Certainly does not send."""

    def send(self, message: Message) -> None:
        raise NotSentError("The receiver answered 500.")


HERE = f"{__name__}."


@pytest.fixture(autouse=True)
def loud(db: None) -> Iterator[None]:
    SENT.clear()
    CentreFactory()
    with override_settings(NOTICE_CHANNELS=[f"{HERE}Loud"], PUBLIC_URL="https://training.example"):
        yield


@pytest.fixture
def person() -> User:
    return UserFactory(email="li.na@example.org")


def sent(at: datetime = AT, channel: str = "Loud", most: int = 100) -> list[Delivery]:
    with override_settings(NOTICE_CHANNELS=[f"{HERE}{channel}"]):
        return list(services.deliver_due(clock=lambda: at, most=most))


def choose(person: User, theme: str, how: How) -> None:
    services.choose(person=person, wanted={(theme, "loud"): how}, at=AT)


def test_urgent_things_go_out_at_once_and_others_wait_for_the_digest(person: User) -> None:
    result = told(person, "exam.scored", path="/exams/1/")
    told(person, "course.assigned")
    delivery = Delivery.objects.get()
    assert delivery.notice == result
    [done] = sent()
    assert done.state == Delivery.State.SENT
    [message] = SENT
    assert message.subject == result.sentence
    assert message.groups[0].items[0].url == "https://training.example/exams/1/"


def test_each_is_told_as_they_chose(person: User) -> None:
    choose(person, "exams", How.NEVER)
    choose(person, "learning", How.NOW)
    told(person, "exam.scored")
    told(person, "course.assigned")
    assert [one.notice.kind for one in Delivery.objects.all()] == ["course.assigned"]


def test_whom_the_channel_does_not_know_is_told_in_the_inbox_alone() -> None:
    told(UserFactory(), "exam.scored")
    assert not Delivery.objects.exists()
    assert Notice.objects.count() == 1


def test_without_channels_telling_costs_nothing_more(person: User) -> None:
    with override_settings(NOTICE_CHANNELS=[]), CaptureQueriesContext(connection) as captured:
        told(person, "exam.scored")
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == 1


def test_the_reader_s_language_is_spoken() -> None:
    told(UserFactory(email="a@example.org", language="zh-hans"), "exam.scored")
    sent()
    assert SENT[0].groups[0].heading == "考试与成绩"


def test_nothing_goes_twice(person: User) -> None:
    notice = told(person, "exam.scored")
    assert len(sent()) == 1
    assert sent() == []
    assert len(SENT) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(person=person, channel="loud", notice=notice, created_at=AT, next_try_at=AT)


def test_two_senders_share_what_is_due(person: User) -> None:
    told(person, "exam.scored")
    told(person, "exam.scored")
    first = services.deliver_due(clock=lambda: AT, most=10)
    next(first)
    assert len(sent()) == 1
    assert list(first) == []
    assert len(SENT) == 2


def test_a_sender_that_was_killed_leaves_nothing_that_goes_twice(person: User) -> None:
    told(person, "exam.scored")
    Delivery.objects.update(state=Delivery.State.SENDING, claimed_at=AT)
    assert services.give_up_broken_off(now=AT + LONGEST) == 0
    assert services.give_up_broken_off(now=AT + LONGEST + timedelta(seconds=1)) == 1
    assert sent(AT + timedelta(days=1)) == []
    assert Delivery.objects.get().state == Delivery.State.UNCERTAIN


def test_a_failure_is_tried_again_with_growing_pauses_and_given_up(person: User) -> None:
    told(person, "exam.scored")
    at = AT
    for pause in PAUSES:
        [tried] = sent(at, "Refusing")
        assert (tried.state, tried.next_try_at) == (Delivery.State.WAITING, at + pause)
        assert sent(at + pause - timedelta(seconds=1), "Refusing") == []
        at += pause
    [last] = sent(at, "Refusing")
    assert (last.state, last.attempts) == (Delivery.State.FAILED, len(PAUSES) + 1)
    assert last.error["en"] == "The receiver answered 500."
    assert SENT == []


def test_it_arrives_once_the_receiver_is_back(person: User) -> None:
    told(person, "exam.scored")
    sent(AT, "Refusing")
    [delivery] = sent(AT + PAUSES[0])
    assert (delivery.state, delivery.error, delivery.attempts) == (Delivery.State.SENT, {}, 2)


def test_a_fault_of_a_channel_stops_no_other_and_tells_no_secret(
    person: User, caplog: pytest.LogCaptureFixture
) -> None:
    told(person, "exam.scored")
    told(person, "exam.scored")
    assert [one.state for one in sent(AT, "Broken")] == [Delivery.State.UNCERTAIN] * 2
    assert "SECRET" not in caplog.text
    assert [one.error["en"] for one in Delivery.objects.all()] == ["KeyError"] * 2


def test_nobody_suspended_is_told(person: User) -> None:
    told(person, "exam.scored")
    told(person, "course.assigned", at=MONDAY - timedelta(days=1))
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert services.plan_digest(now=MONDAY) == 0
    [delivery] = sent()
    assert delivery.state == Delivery.State.DROPPED
    assert SENT == []


def test_a_channel_that_was_taken_away_sends_nothing(person: User) -> None:
    told(person, "exam.scored")
    with override_settings(NOTICE_CHANNELS=[]):
        [delivery] = services.deliver_due(clock=lambda: AT, most=10)
    assert delivery.state == Delivery.State.DROPPED


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T07:59:00+08:00", "2026-11-16T08:00:00+08:00"),
        ("2026-11-23T08:00:00+08:00", "2026-11-23T08:00:00+08:00"),
        ("2026-11-22T23:00:00+08:00", "2026-11-16T08:00:00+08:00"),
        ("2026-11-29T12:00:00+08:00", "2026-11-23T08:00:00+08:00"),
    ],
)
def test_the_digest_is_due_on_its_weekday_and_hour(now: str, due: str) -> None:
    assert services.digest_moment(datetime.fromisoformat(now)) == datetime.fromisoformat(due)


def in_the_week(person: User, kind: str = "course.assigned", **facts: Any) -> Notice:
    return told(person, kind, at=MONDAY - timedelta(days=3), **facts)


def test_one_digest_a_week_in_groups_with_links(person: User) -> None:
    in_the_week(person, path="/courses/a/")
    in_the_week(person, "session.logged", path="/coaching/sessions/1/")
    assert services.plan_digest(now=MONDAY) == 1
    assert services.plan_digest(now=MONDAY + timedelta(hours=1)) == 0
    sent(MONDAY)
    [message] = SENT
    assert message.subject == "Your week: 2 notices to read"
    assert [group.heading for group in message.groups] == ["Coaching and sign-off", "Courses and policies"]
    assert [group.items[0].url for group in message.groups] == [
        "https://training.example/coaching/sessions/1/",
        "https://training.example/courses/a/",
    ]
    assert all(group.unsubscribe_url.startswith("https://training.example/") for group in message.groups)


def test_no_digest_without_something_in_it(person: User) -> None:
    read = in_the_week(person)
    Notice.objects.filter(pk=read.pk).update(read_at=MONDAY)
    told(person, "course.assigned", at=MONDAY - timedelta(days=8))
    told(person, "course.assigned", at=MONDAY)
    in_the_week(person, "exam.scored")
    assert services.plan_digest(now=MONDAY) == 0
    assert Digest.objects.count() == 1


def test_what_is_read_before_the_digest_goes_out_is_left_out(person: User) -> None:
    notice = in_the_week(person)
    services.plan_digest(now=MONDAY)
    Notice.objects.filter(pk=notice.pk).update(read_at=MONDAY)
    [delivery] = sent(MONDAY)
    assert delivery.state == Delivery.State.DROPPED


@pytest.mark.parametrize(("theme", "how", "number"), [("learning", How.NEVER, 0), ("exams", How.DIGEST, 1)])
def test_choices_count_in_the_digest_too(person: User, theme: str, how: How, number: int) -> None:
    choose(person, theme, how)
    in_the_week(person, {"learning": "course.assigned", "exams": "exam.scored"}[theme])
    assert services.plan_digest(now=MONDAY) == number


def test_a_choice_of_another_channel_counts_for_nothing(person: User) -> None:
    Choice.objects.create(person=person, theme="learning", channel="other", how=How.NEVER)
    in_the_week(person)
    assert services.plan_digest(now=MONDAY) == 1


def test_a_server_that_was_down_sends_late_but_not_very_late(person: User) -> None:
    in_the_week(person)
    assert services.plan_digest(now=MONDAY + timedelta(days=3)) == 0
    assert services.plan_digest(now=MONDAY + timedelta(days=1)) == 1


def test_the_preview_says_what_the_digest_would(person: User) -> None:
    in_the_week(person)
    shown = preview_of_digest(person, "loud", now=MONDAY)
    services.plan_digest(now=MONDAY)
    sent(MONDAY)
    assert shown is not None
    assert (shown.subject, shown.groups) == (SENT[0].subject, SENT[0].groups)


def test_planning_for_many_costs_what_planning_for_one_costs(person: User) -> None:
    def planned_at(moment: datetime) -> int:
        with CaptureQueriesContext(connection) as captured:
            services.plan_digest(now=moment)
        return len(captured)

    in_the_week(person)
    for_one = planned_at(MONDAY)
    many = [UserFactory(email=f"{n}@example.org") for n in range(30)]
    Notice.objects.bulk_create(
        Notice(person=one, kind="role.granted", facts={"role": "x"}, created_at=MONDAY + timedelta(days=1))
        for one in many
    )
    assert planned_at(MONDAY + timedelta(days=7)) == for_one
    assert Delivery.objects.filter(digest__up_to=MONDAY + timedelta(days=7)).count() == 30


def test_a_long_digest_says_how_many_more_there_are(person: User) -> None:
    for _course in range(13):
        in_the_week(person)
    services.plan_digest(now=MONDAY)
    sent(MONDAY)
    [group] = SENT[0].groups
    assert (len(group.items), group.more, SENT[0].number) == (10, 3, 13)
    assert "3 more in your inbox" in SENT[0].plain_text


class Counted:
    """A job's progress, as far as these tests look at it."""

    def __init__(self) -> None:
        self.done = 0

    def start(self, total: int) -> None:
        self.total = total

    def advance(self, n: int = 1) -> None:
        self.done += n


def test_the_tick_starts_one_job_and_the_job_sends(person: User) -> None:
    now = timezone.now()
    told(person, "exam.scored", at=now)
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}):
        tasks.send_due(now=now)
        tasks.send_due(now=now)
    assert Job.objects.count() == 1
    progress = Counted()
    assert tasks.deliver(progress=progress) == {"sent": 1}
    assert progress.done == 1
    assert tasks.deliver(progress=Counted()) == {}


def test_the_tick_starts_nothing_when_nothing_waits() -> None:
    tasks.send_due(now=AT)
    assert not Job.objects.exists()


def test_the_whole_way_to_a_robot_that_is_down_at_first(person: User) -> None:
    now = timezone.now()
    told(person, "exam.scored", at=now)
    Delivery.objects.update(channel="webhook")
    channel = {
        "NOTICE_CHANNELS": ["training.notices.channels.webhook.WebhookChannel"],
        "NOTICE_WEBHOOK_FORMAT": "wecom",
        "NOTICE_WEBHOOK_URL": f"http://127.0.0.1:{free_port()}/",
    }
    with override_settings(**channel):
        assert tasks.deliver(progress=Counted()) == {"waiting": 1}
    Delivery.objects.update(next_try_at=now)
    with webhook() as robot, override_settings(**{**channel, "NOTICE_WEBHOOK_URL": robot.url}):
        assert tasks.deliver(progress=Counted()) == {"sent": 1}
        assert tasks.deliver(progress=Counted()) == {}
    assert len(robot.requests) == 1
