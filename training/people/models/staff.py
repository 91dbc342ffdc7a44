"""Staff members and the postings they hold."""

from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training.lib.names import search_key, search_words

from .organisation import Department, Position, Section, Window


class UserQuerySet(models.QuerySet["User"]):
    """Staff members."""

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def found_by(self, words: str) -> "UserQuerySet":
        """Keep those whose number or either name holds each of the words, or whose name sounds so in pinyin."""
        found = self
        for word in words.split():
            written = (
                models.Q(staff_number__icontains=word)
                | models.Q(display_name__icontains=word)
                | models.Q(latin_name__icontains=word)
            )
            for sound in search_words(word):
                written |= models.Q(search_key__contains=f" {sound}")
            found = found.filter(written)
        return found

    def with_posting(self, day: date) -> "UserQuerySet":
        """Bring each person's department, and in `postings_then` what they are posted to on `day`: their own first."""
        postings = Posting.objects.on(day).select_related("position", "department", "section", "window")
        postings = postings.order_by("is_loan", "-starts_on", "pk")
        return self.select_related("department").prefetch_related(
            models.Prefetch("postings", postings, to_attr="postings_then")
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # built at run time
    """Makes staff members; they sign in by staff number."""

    def create_user(self, staff_number: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(staff_number=staff_number, **fields)
        user.search_key = search_key(user.display_name, user.latin_name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    @transaction.atomic
    def create_superuser(self, staff_number: str, password: str | None = None, **fields: Any) -> "User":
        """Make an administrator: the grant is what counts, being superuser mirrors it."""
        user = self.create_user(staff_number, password, is_superuser=True, **fields)
        user.role_grants.create(role="administrator", starts_on=timezone.localdate())
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(staff_number=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff. Holds no phone and no identity number."""

    staff_number = models.CharField(_("staff number"), max_length=30, unique=True)
    display_name = models.CharField(_("name"), max_length=100, help_text=_("In any script."))
    latin_name = models.CharField(_("name in Latin letters"), max_length=100, blank=True)
    search_key = models.TextField(
        blank=True, default="", editable=False, help_text="How the names sound; written by whatever writes a name"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="staff", verbose_name=_("department")
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    email = models.EmailField(_("e-mail"), blank=True)
    email_confirmed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the person showed that the address is theirs"
    )
    is_active = models.BooleanField(pgettext_lazy("staff", "active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    password_chosen_at = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the person was made anonymous; they cannot come back"
    )

    # Filled by queries that bring them along; absent otherwise.
    postings_then: "list[Posting]"
    grants_then: list[Any]
    grants_ahead: list[Any]

    USERNAME_FIELD = "staff_number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        constraints = [
            # People type their number as they please, so "k7" and "K7" must be one person.
            models.UniqueConstraint(Upper("staff_number"), name="staff_number_is_unique_in_any_case")
        ]
        indexes = [models.Index(fields=["department", "is_active"])]

    def __str__(self) -> str:
        return f"{self.display_name} {self.latin_name}".strip()

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.display_name

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The roles held today, of any department; nobody suspended holds one."""
        if not self.is_active:
            return frozenset()
        return frozenset(grant.role for grant in self.current_grants)

    @cached_property
    def current_grants(self) -> list[Any]:
        """The role grants in force today, each with its department and section."""
        return list(self.role_grants.in_force(timezone.localdate()).select_related("department", "section"))


class PostingQuerySet(models.QuerySet["Posting"]):
    """Postings, by date."""

    def on(self, day: date) -> "PostingQuerySet":
        """Keep the postings in force on `day`."""
        return self.filter(models.Q(until=None) | models.Q(until__gte=day), starts_on__lte=day)

    def own(self) -> "PostingQuerySet":
        """Keep the posts that are people's own: lent elsewhere they keep them."""
        return self.filter(is_loan=False)


class Posting(models.Model):
    """Who held which position in which department, hall section and window, from when until when (both days count).

    A loan stands beside the own posting, with the same department and position, in another section until its last day:
    while it lasts, the head of that section sees the person too.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="postings")
    position = models.ForeignKey(Position, models.PROTECT, related_name="postings")
    department = models.ForeignKey(Department, models.PROTECT, related_name="postings")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="postings")
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="postings")
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    is_loan = models.BooleanField(default=False)
    entered_at = models.DateTimeField(null=True, blank=True, help_text="What was entered today can be taken back")
    ended_loans = models.JSONField(
        default=list, blank=True, editable=False, help_text="Loans that ended with it, to be there again if it is not"
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(until=None), name="one_open_posting_per_person"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("starts_on")),
                name="posting_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(is_loan=False) | models.Q(until__isnull=False, section__isnull=False),
                name="a_loan_has_a_section_and_a_last_day",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "starts_on"]),
            models.Index(fields=["section", "starts_on"]),
        ]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")

    def __str__(self) -> str:
        return f"{self.position}, {self.department}"
