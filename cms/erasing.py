"""What becomes of the content system's own rows when somebody is made anonymous.

Texts are the centre's: revisions, log and images stay, under the anonymous person. What is the editor's own goes.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from wagtail.admin.models import EditingSession, FormState
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import (
    APIToken,
    Comment,
    CommentReply,
    ModelLogEntry,
    Page,
    PageLogEntry,
    PageSubscription,
    Revision,
    TaskState,
    UploadedFile,
)
from wagtail.users.models import UserProfile

from training.lib.erasing import Fate, Identity, Kind, acts, goes, renamed
from training.people.models import User

from .models import PolicyImport

ACTS = (
    "wagtailcore.Page.owner",
    "wagtailcore.Page.locked_by",
    "wagtailcore.Revision.user",
    "wagtailcore.WorkflowState.requested_by",
    "wagtailcore.TaskState.finished_by",
    "wagtailcore.ModelLogEntry.user",
    "wagtailcore.PageLogEntry.user",
    "wagtailcore.Comment.user",
    "wagtailcore.Comment.resolved_by",
    "wagtailcore.CommentReply.user",
    "wagtaildocs.Document.uploaded_by_user",
    "wagtailimages.Image.uploaded_by_user",
)


def kinds(person: User, identity: Identity) -> Iterator[Kind]:
    """Yield what an editor has of their own, and texts and notes about texts that name them."""
    yield from _own(person)
    for name, title, rows, columns in (
        ("revisions", _("Revisions of texts that name them"), Revision.objects.all(), ("content", "object_str")),
        ("draft-titles", _("Titles of drafts"), Page.objects.all(), ("draft_title",)),
        ("page-log", _("Log of pages"), PageLogEntry.objects.all(), ("label", "data")),
        ("text-log", _("Log of other texts"), ModelLogEntry.objects.all(), ("label", "data")),
        ("comments", _("Comments on texts"), Comment.objects.all(), ("text",)),
        ("replies", _("Answers to comments"), CommentReply.objects.all(), ("text",)),
        ("approvals", _("Comments of approvals"), TaskState.objects.all(), ("comment",)),
        ("images", _("Names of images"), Image.objects.all(), ("title", "description")),
        ("documents", _("Names of documents"), Document.objects.all(), ("title",)),
    ):
        yield renamed(name, title, identity, rows, *columns)
    yield acts(person, *ACTS)


def _own(person: User) -> Iterator[Kind]:
    profiles = UserProfile.objects.filter(user=person)
    yield Kind(
        "editor-profile",
        _("Profile and picture as an editor"),
        Fate.GOES,
        _("Nobody needs it once the person has left."),
        profiles.count,
        ("wagtailusers.UserProfile.user",),
        lambda: _forget_profiles(profiles),
    )
    for name, title, rows, key in (
        ("editing", _("Open editors"), EditingSession.objects.filter(user=person), "wagtailadmin.EditingSession.user"),
        ("policy-imports", _("Texts being taken in"), PolicyImport.objects.filter(by=person), "cms.PolicyImport.by"),
        ("drafts", _("Unsaved forms"), FormState.objects.filter(user=person), "wagtailadmin.FormState.user"),
        ("tokens", _("Keys of the content system"), APIToken.objects.filter(user=person), "wagtailcore.APIToken.user"),
        (
            "subscriptions",
            _("Pages they follow"),
            PageSubscription.objects.filter(user=person),
            "wagtailcore.PageSubscription.user",
        ),
        (
            "uploads",
            _("Uploads not finished"),
            UploadedFile.objects.filter(uploaded_by_user=person),
            "wagtailcore.UploadedFile.uploaded_by_user",
        ),
    ):
        yield goes(name, title, rows, key)


def _forget_profiles(profiles: object) -> None:
    for profile in profiles:  # type: ignore[attr-defined]  # a queryset of a model without annotations
        if profile.avatar:
            profile.avatar.delete(save=False)
        profile.delete()
