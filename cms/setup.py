"""What editing needs before the first word is written: languages, groups, the workflow, the standing pages."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from wagtail.models import (
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from training.matters.models import Bundle, ServiceMatter
from training.people.models import Centre, Role

from .identity import stable_uid
from .models import CourseIndexPage, HomePage, PolicyIndexPage, SecondPairOfEyes

WORKFLOW = "Approval by a second person"
SNIPPETS: tuple[type[models.Model], ...] = (ServiceMatter, Bundle)
# The groups and the workflow Wagtail brings along: they hold a right to publish that nobody has here.
WAGTAILS_GROUPS = ("Editors", "Moderators")
WAGTAILS_WORKFLOW = "Moderators approval"
HOME_TEXTS = {
    "en": {
        "title": "Training and competency",
        "introduction": (
            "Here the staff of the service centre learn their matters, sit their exams, are coached by career teachers "
            "and see what they may handle alone."
        ),
        "policies": "Policies",
        "courses": "Course pages",
    },
    "zh-hans": {
        "title": "岗位培训与能力",
        "introduction": "中心工作人员在这里学习事项、参加考试、接受带教老师指导，并了解自己可以独立办理哪些事项。",
        "policies": "政策文件",
        "courses": "课程页面",
    },
}


@transaction.atomic
def install_content_roles() -> None:
    """Make languages, groups, workflow and the standing pages; run again, it mends what is missing."""
    locales = [Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.LANGUAGES]
    _install_groups()
    _install_workflow()
    for locale in sorted(locales, key=lambda one: one.language_code != Centre.load().source_language):
        _install_pages(locale)
    _install_site()


def _install_groups() -> None:
    Group.objects.filter(name__in=WAGTAILS_GROUPS).delete()
    editors, reviewers, administrators = (
        Group.objects.get_or_create(name=role.value)[0] for role in (Role.EDITOR, Role.REVIEWER, Role.ADMINISTRATOR)
    )
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    for group in (editors, reviewers, administrators):
        group.permissions.add(access)
    reviewers.permissions.add(*_permissions(SNIPPETS, ("view",)))
    editors.permissions.add(
        *_permissions(SNIPPETS, ("add", "change", "view")),
        Permission.objects.get(content_type__app_label="simple_translation", codename="submit_translation"),
    )
    root = Page.objects.get(depth=1)
    for permission in _permissions([Page], ("add", "change")):
        GroupPagePermission.objects.get_or_create(group=editors, page=root, permission=permission)


def _permissions(kinds: Iterable[type[models.Model]], actions: Iterable[str]) -> list[Permission]:
    names = list(actions)
    return [
        permission
        for kind in kinds
        for permission in Permission.objects.filter(
            content_type=ContentType.objects.get_for_model(kind),
            codename__in=[f"{action}_{kind._meta.model_name}" for action in names],
        )
    ]


def _install_workflow() -> None:
    Workflow.objects.filter(name=WAGTAILS_WORKFLOW).delete()
    Task.objects.filter(name=WAGTAILS_WORKFLOW).delete()
    task, _created = SecondPairOfEyes.objects.get_or_create(name=WORKFLOW)
    task.groups.set([Group.objects.get(name=Role.REVIEWER.value)])
    workflow, _created = Workflow.objects.get_or_create(name=WORKFLOW)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    # On the root, because the home of the second language does not stand under the first one's.
    WorkflowPage.objects.update_or_create(page=Page.objects.get(depth=1), defaults={"workflow": workflow})
    for kind in SNIPPETS:
        WorkflowContentType.objects.update_or_create(
            content_type=ContentType.objects.get_for_model(kind), defaults={"workflow": workflow}
        )


def _install_pages(locale: Locale) -> None:
    texts = HOME_TEXTS[locale.language_code]
    slug = "home" if locale.language_code == Centre.load().source_language else f"home-{locale.language_code}"
    home = _page(Page.objects.get(depth=1), HomePage, locale, slug, texts["title"], texts["introduction"])
    _page(home, PolicyIndexPage, locale, "policies", texts["policies"])
    _page(home, CourseIndexPage, locale, "course-pages", texts["courses"])


def _page(parent: Page, kind: type[Page], locale: Locale, slug: str, title: str, introduction: str = "") -> Page:
    """Return the standing page of that kind in the language; make and publish it if there is none."""
    known = kind.objects.filter(locale=locale, translation_key=stable_uid("page", kind.__name__)).first()
    if known is not None:
        return known
    if Page.objects.child_of(parent).filter(slug=slug).exists():  # Wagtail's own welcome page
        Page.objects.child_of(parent).filter(slug=slug).update(slug=f"{slug}-before")
    page = kind(title=title, slug=slug, locale=locale, translation_key=stable_uid("page", kind.__name__), live=False)
    if introduction:
        page.introduction = introduction
    parent.add_child(instance=page)
    page.save_revision().publish()
    return kind.objects.get(pk=page.pk)


def _install_site() -> None:
    home = HomePage.objects.get(locale__language_code=Centre.load().source_language)
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    before = site.root_page if site.root_page_id else None
    if before is not None and before.specific_class is Page and not before.get_children().exists():
        site.root_page = home
        site.save()
        before.delete()
    elif site.root_page_id is None:
        site.root_page = home
        site.save()
