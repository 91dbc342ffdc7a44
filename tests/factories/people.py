"""Departments, windows and people."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory, Password

from training.lib.names import search_key
from training.people.models import (
    Access,
    ApiKey,
    CalendarDay,
    Centre,
    Department,
    Half,
    Hall,
    Leave,
    Position,
    Posting,
    Role,
    RoleGrant,
    Section,
    Shift,
    User,
    Window,
)
from training.people.services import mirror_roles
from training.people.services.api_keys import digest_of
from training.people.services.roles import MIRRORED

LONG_AGO = date(2020, 1, 1)
PASSWORD = "correct horse"


class CentreFactory(DjangoModelFactory):
    class Meta:
        model = Centre
        django_get_or_create = ("pk",)

    pk = 1
    name = {"en": "Binhai Government Service Centre", "zh-hans": "滨海区政务服务中心"}
    short_name = {"en": "Binhai", "zh-hans": "滨海"}
    code = "BH"


class DepartmentFactory(DjangoModelFactory):
    """A department at the top of the tree, or below `parent`."""

    class Meta:
        model = Department

    code = factory.Sequence(lambda n: f"d{n}")
    name = factory.LazyAttribute(lambda o: {"en": f"Department {o.code}", "zh-hans": f"科室{o.code}"})

    @classmethod
    def _create(cls, model_class: type[Department], *args: Any, **kwargs: Any) -> Department:
        parent = kwargs.pop("parent", None)
        if parent is None:
            return model_class.add_root(**kwargs)
        # treebeard counts children on the object it is asked, which may be older than the row
        return model_class.objects.get(pk=parent.pk).add_child(**kwargs)


class PositionFactory(DjangoModelFactory):
    class Meta:
        model = Position

    code = factory.Sequence(lambda n: f"p{n}")
    name = factory.LazyAttribute(lambda o: {"en": f"Position {o.code}", "zh-hans": f"岗位{o.code}"})


class HallFactory(DjangoModelFactory):
    class Meta:
        model = Hall

    code = factory.Sequence(lambda n: f"h{n}")
    name = {"en": "Hall", "zh-hans": "大厅"}


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = Section

    hall = factory.SubFactory(HallFactory)
    code = factory.Sequence(lambda n: f"s{n}")
    name = factory.LazyAttribute(lambda o: {"en": f"Section {o.code}", "zh-hans": f"区域{o.code}"})


class WindowFactory(DjangoModelFactory):
    class Meta:
        model = Window

    section = factory.SubFactory(SectionFactory)
    number = factory.Sequence(lambda n: n + 1)


class RoleGrantFactory(DjangoModelFactory):
    """A role over the whole centre, without an end, unless told otherwise."""

    class Meta:
        model = RoleGrant

    person = factory.SubFactory("tests.factories.people.UserFactory")
    role = Role.HR
    department = None
    starts_on = LONG_AGO


def role_trait(role: str) -> factory.Trait:
    """A trait that grants a role, as in `UserFactory(hr=True)`; over a part: add `hr_grant__department=part`."""
    return factory.Trait(
        **{f"{role}_grant": factory.RelatedFactory(RoleGrantFactory, factory_related_name="person", role=role)}
    )


class UserFactory(DjangoModelFactory):
    """A member of staff with no role; one trait per role, `suspended`, and `posted` for an open posting."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    # From 20400 on tests give numbers of their own: the sequence leaves out what it would share with them.
    staff_number = factory.Sequence(lambda n: f"{20000 + n if n < 400 else 100000 + n}")
    display_name = factory.Sequence(lambda n: f"员工{n}")
    latin_name = factory.Sequence(lambda n: f"Yuan Gong {'abcdefghij'[n % 10]}")
    search_key = factory.LazyAttribute(lambda o: search_key(o.display_name, o.latin_name))
    department = factory.SubFactory(DepartmentFactory)
    password = Password(PASSWORD)
    email_confirmed_at = factory.LazyAttribute(lambda o: datetime(2026, 1, 5, tzinfo=UTC) if o.email else None)
    email = ""

    class Params:
        suspended = factory.Trait(is_active=False)
        posted = factory.Trait(
            posting=factory.RelatedFactory("tests.factories.people.PostingFactory", factory_related_name="person")
        )
        clerk = role_trait(Role.CLERK)
        teacher = role_trait(Role.TEACHER)
        editor = role_trait(Role.EDITOR)
        reviewer = role_trait(Role.REVIEWER)
        examiner = role_trait(Role.EXAMINER)
        invigilator = role_trait(Role.INVIGILATOR)
        marker = role_trait(Role.MARKER)
        head = role_trait(Role.HEAD)
        hr = role_trait(Role.HR)
        director = role_trait(Role.DIRECTOR)
        auditor = role_trait(Role.AUDITOR)
        administrator = role_trait(Role.ADMINISTRATOR)

    @classmethod
    def _after_postgeneration(cls, instance: User, create: bool, results: dict[str, Any] | None = None) -> None:
        granted = {result.role for result in (results or {}).values() if isinstance(result, RoleGrant)}
        if granted & set(MIRRORED):
            mirror_roles(today=LONG_AGO, people=[instance.pk])
            instance.refresh_from_db()


class PostingFactory(DjangoModelFactory):
    """An open posting in the person's own department."""

    class Meta:
        model = Posting

    person = factory.SubFactory(UserFactory)
    position = factory.SubFactory(PositionFactory)
    department = factory.SelfAttribute("person.department")
    starts_on = LONG_AGO


class AccessFactory(DjangoModelFactory):
    class Meta:
        model = Access

    viewer = factory.SubFactory(UserFactory)
    subject = factory.SubFactory(UserFactory)
    why = "mentorship"
    starts_on = LONG_AGO


class CalendarDayFactory(DjangoModelFactory):
    """A holiday, or with `is_working=True` a make-up working day."""

    class Meta:
        model = CalendarDay

    day = factory.Sequence(lambda n: date(2026, 10, 1) + timedelta(days=n))
    is_working = False
    name = {"en": "National Day", "zh-hans": "国庆节"}


class LeaveFactory(DjangoModelFactory):
    """A week of annual leave."""

    class Meta:
        model = Leave

    person = factory.SubFactory(UserFactory)
    kind = Leave.Kind.ANNUAL
    starts_on = date(2026, 11, 23)
    until = factory.LazyAttribute(lambda o: o.starts_on + timedelta(days=6))


class ShiftFactory(DjangoModelFactory):
    """A morning at a window."""

    class Meta:
        model = Shift

    person = factory.SubFactory(UserFactory)
    window = factory.SubFactory(WindowFactory)
    day = date(2026, 11, 25)
    half = Half.MORNING


class ApiKeyFactory(DjangoModelFactory):
    """A key whose secret is `secret`."""

    class Meta:
        model = ApiKey

    class Params:
        secret = factory.Sequence(lambda n: f"ctk_secret-{n}")

    name = factory.Sequence(lambda n: f"Queue screen {n}")
    hint = factory.LazyAttribute(lambda o: o.secret[:10])
    digest = factory.LazyAttribute(lambda o: digest_of(o.secret))
    made_by = factory.SubFactory(UserFactory, administrator=True)
    made_at = datetime(2026, 1, 5, tzinfo=UTC)
