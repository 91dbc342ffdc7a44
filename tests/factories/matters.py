"""Policies, matters and bundles as somebody has written them, not yet published."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from tests.factories.people import DepartmentFactory
from training.matters.models import (
    Bundle,
    BundleMember,
    Clause,
    ClausePlacement,
    ClauseVersion,
    LegalBasis,
    MatterCondition,
    MatterMaterial,
    MatterQuestion,
    MatterStep,
    Policy,
    PolicyVersion,
    ServiceMatter,
)
from training.matters.services import ClauseDraft, PolicyDraft


def texts(english: str, chinese: str = "") -> dict[str, str]:
    return {"en": english, "zh-hans": chinese} if chinese else {"en": english}


def clause_draft(text: str, *, uid: UUID | None = None, label: str = "Article 1", **facts: Any) -> ClauseDraft:
    written = {"heading": "", "grade": "notice", **facts}
    return ClauseDraft(uid=uid or uuid4(), label=label, text=text, **written)


def policy_draft(*clauses: ClauseDraft, uid: UUID | None = None, **facts: Any) -> PolicyDraft:
    """Return a policy as written; without `uid` a new one."""
    uid = uid or uuid4()
    written = {
        "slug": f"policy-{str(uid)[:8]}",
        "title": "Rules on Queues",
        "issuer": "The centre",
        "summary": "How people wait.",
        "document_number": "No. 1",
        "effective_from": date(2026, 1, 1),
        "expires_on": None,
    }
    return PolicyDraft(uid=uid, clauses=clauses, **{**written, **facts})


def matter_draft(*, cites: tuple[ClauseVersion, ...] = (), **facts: Any) -> ServiceMatter:
    """Save a matter with a row of each kind, not live."""
    written = {
        "code": "move",
        "name": texts("Change of address", "住址变更"),
        "kind": ServiceMatter.Kind.PERMIT,
        "service_object": texts("Residents", "居民"),
        "statutory_days": 5,
        "promised_days": 1,
        "result": texts("A new booklet", "新户口簿"),
        "basic_code": "000101",
    }
    department = facts.pop("department", None) or DepartmentFactory()
    matter = ServiceMatter(live=False, department=department, **{**written, **facts})
    matter.conditions = [MatterCondition(text=texts("Lives here", "在本地居住"))]
    matter.materials = [
        MatterMaterial(
            name=texts("Identity card", "身份证"),
            need=MatterMaterial.Need.SECONDARY,
            copies=0,
            acceptance=texts("Not expired", "未过期"),
        )
    ]
    matter.steps = [MatterStep(name=texts("Check", "审核"), role=texts("Clerk", "窗口人员"), limit_days="0.5")]
    matter.questions = [MatterQuestion(question=texts("Must I come?", "要到场吗？"), answer=texts("Once.", "一次。"))]
    matter.legal_bases = [LegalBasis(clause_version=clause) for clause in cites]
    matter.save()
    return matter


def bundle_draft(*members: tuple[ServiceMatter, int, int], days: int = 5, **facts: Any) -> Bundle:
    """Save a bundle, not live, of matters with their first and last day; each waits for the one before."""
    figures = {"days": (20, days), "trips": (3, 1), "materials": (9, 2), "steps": (12, 3)}
    lead = facts.pop("lead_department", None) or DepartmentFactory()
    bundle = Bundle(
        live=False,
        code=facts.pop("code", "newborn"),
        name=facts.pop("name", texts("Newborn bundle", "出生一件事")),
        lead_department=lead,
        **{f"{name}_before": before for name, (before, _after) in figures.items()},
        **{f"{name}_after": after for name, (_before, after) in figures.items()},
        **facts,
    )
    bundle.members = []
    previous: list[ServiceMatter] = []
    for place, (matter, first, last) in enumerate(members):
        member = BundleMember(
            sort_order=place,
            matter=matter,
            department=matter.department,
            starts_on_day=first,
            ends_on_day=last,
            hand_off_out=texts(f"From {matter.code}"),
        )
        member.depends_on = previous
        bundle.members.add(member)
        previous = [matter]
    bundle.save()
    return bundle


def a_clause(number: int = 1, *, of: Clause | None = None, text: str = "Sign at once.") -> ClauseVersion:
    """Return a version of a clause as it stands in a version of its policy; `of`: an older clause, worded anew."""
    if of is None:
        policy = Policy.objects.create(uid=uuid4(), slug=f"rules-{uuid4()}"[:20])
        of = Clause.objects.create(policy=policy, uid=uuid4())
    version = PolicyVersion.objects.create(
        policy=of.policy,
        number=number,
        title=texts("Rules on Queues", "排队规定"),
        issuer=texts("The centre"),
        effective_from=date(2026, 1, 1),
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    clause = ClauseVersion.objects.create(clause=of, number=number, label=texts("Article 1"), text=texts(text))
    ClausePlacement.objects.create(policy_version=version, clause_version=clause, position=1)
    return clause
