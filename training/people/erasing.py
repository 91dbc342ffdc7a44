"""What becomes of a staff record when somebody is made anonymous; the record itself is `services.forget_person`."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from training.lib.erasing import Fate, Identity, Kind, acts, goes, renamed, stays
from training.operations.models import ImportRun

from .models import Access, Leave, LoginCode, Posting, RoleGrant, SavedView, Shift, User
from .services import importing
from .services.sessions import forget_sessions_of


def kinds(person: User, identity: Identity) -> Iterator[Kind]:
    """Yield what opens the door to the person, files of imports, working time, postings, roles and sight."""
    yield from _sign_in(person)
    kept = ImportRun.objects.filter(finished_at__isnull=False, faulty__gt=0)
    yield Kind(
        "import-files",
        _("Refused rows of imports that are over"),
        Fate.GOES,
        _("They may name the person. Files that still wait for their confirmation are forgotten within eight hours."),
        None,
        (),
        lambda: importing.forget_rejects(kept),
    )
    yield goes("leave", _("Leave"), Leave.objects.filter(person=person), "people.Leave.person")
    views = SavedView.objects.filter(person=person)
    yield goes("saved-views", _("Saved views"), views, "people.SavedView.person")
    others = SavedView.objects.exclude(person=person)
    yield renamed("views-naming", _("Saved views of others that name them"), identity, others, "name", "query")
    yield stays("shifts", _("Shifts"), Shift.objects.filter(person=person), "people.Shift.person")
    yield stays("postings", _("Postings"), Posting.objects.filter(person=person), "people.Posting.person")
    yield stays("roles", _("Roles"), RoleGrant.objects.filter(person=person), "people.RoleGrant.person")
    seen, sees = Access.objects.filter(subject=person), Access.objects.filter(viewer=person)
    yield stays("seen-by", _("Who may see the record by a relation"), seen, "people.Access.subject")
    yield stays("may-see", _("Whose record they may see by a relation"), sees, "people.Access.viewer")
    yield acts(person, "people.ApiKey.made_by", "people.ApiKey.revoked_by", "people.LoginCode.made_by")


def _sign_in(person: User) -> Iterator[Kind]:
    codes = LoginCode.objects.filter(person=person)
    yield goes("login-codes", _("One-time codes"), codes, "people.LoginCode.person")
    sessions = UserSession.objects.filter(user=person)
    yield Kind(
        "sessions",
        _("Sessions"),
        Fate.GOES,
        _("They hold the network address and the device."),
        sessions.count,
        ("usersessions.UserSession.user",),
        lambda: forget_sessions_of(person),
    )
    factors = Authenticator.objects.filter(user=person)
    yield goes("second-factors", _("Second factors"), factors, "mfa.Authenticator.user")
    elsewhere = SocialAccount.objects.filter(user=person)
    yield goes("single-sign-on", _("Accounts of single sign-on"), elsewhere, "socialaccount.SocialAccount.user")
    addresses = EmailAddress.objects.filter(user=person)
    yield goes("addresses", _("E-mail addresses"), addresses, "account.EmailAddress.user")
    groups = User.groups.through.objects.filter(user=person)
    yield goes("groups", _("Groups"), groups, "people.User_groups.user")
    rights = User.user_permissions.through.objects.filter(user=person)
    yield goes("rights", _("Rights of their own"), rights, "people.User_user_permissions.user")
