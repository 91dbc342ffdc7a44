"""A matter or a bundle as its page shows it: the frozen content with codes turned into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from training.lib.lanes import Drawing, Piece, draw
from training.lib.texts import text_in

from .models import (
    Bundle,
    BundleVersion,
    ClauseVersion,
    LimitUnit,
    MatterMaterial,
    MatterVersion,
    PolicyVersion,
    ServiceMatter,
)
from .queries import ClauseText, legal_basis, policy_address
from .services import bundle_content, matter_content

Fact = tuple[Any, str]


@dataclass(frozen=True)
class Basis:
    """A clause a matter rests on, with its policy and where to read it there."""

    policy: str
    url: str
    clause: ClauseText


@dataclass(frozen=True)
class MatterPage:
    """Everything a matter's page shows; without number and date it is a draft."""

    code: str
    name: str
    lede: str
    facts: Sequence[Fact]
    conditions: Sequence[str]
    materials: Sequence[Mapping[str, Any]]
    steps: Sequence[Mapping[str, Any]]
    questions: Sequence[Mapping[str, str]]
    basis: Sequence[Basis]
    systems: Sequence[Mapping[str, Any]] = ()
    number: int | None = None
    published_at: datetime | None = None


@dataclass(frozen=True)
class HandOff:
    """What one member of a bundle passes to another that waits for it; numbered as in the drawing."""

    number: int
    giver: Mapping[str, Any]
    taker: Mapping[str, Any]


@dataclass(frozen=True)
class BundlePage:
    """Everything a bundle's page shows; without number and date it is a draft."""

    name: str
    summary: str
    lead: str
    days: int
    figures: Sequence[tuple[Any, int, int]]
    materials: Sequence[Mapping[str, Any]]
    steps: Sequence[str]
    members: Sequence[Mapping[str, Any]]
    hand_offs: Sequence["HandOff"]
    drawing: Drawing
    number: int | None = None
    published_at: datetime | None = None


def matter_page(version: MatterVersion) -> MatterPage:
    """Return the page of a published matter."""
    return _matter_page(
        text_in(version.name),
        version.content,
        legal_basis(version),
        number=version.number,
        published_at=version.published_at,
    )


def matter_draft(matter: ServiceMatter) -> MatterPage:
    """Return the page as the matter being edited would have it."""
    clauses = [basis.clause_version for basis in matter.legal_bases.all()]
    newest = PolicyVersion.objects.filter(placements__clause_version__in=clauses).order_by("number")
    policies = {version.policy_id: version for version in newest.select_related("policy")}
    basis = [(policies[clause.clause.policy_id], clause) for clause in clauses]
    return _matter_page(str(matter), matter_content(matter), basis)


def bundle_page(version: BundleVersion) -> BundlePage:
    """Return the page of a published bundle."""
    return _bundle_page(
        text_in(version.name), version.content, number=version.number, published_at=version.published_at
    )


def bundle_draft(bundle: Bundle) -> BundlePage:
    """Return the page as the bundle being edited would have it."""
    return _bundle_page(str(bundle), bundle_content(bundle))


def limit_words(number: float, unit: str | None = None) -> str:
    """Return "3 working days", "half a working day" as "0.5 working days", and "on the spot" for none."""
    if not number:
        return _("on the spot")
    plural = 1 if number == 1 else 2
    said = {
        LimitUnit.CALENDAR_DAYS.value: ngettext("%(n)s calendar day", "%(n)s calendar days", plural),
        LimitUnit.WORKING_HOURS.value: ngettext("%(n)s working hour", "%(n)s working hours", plural),
    }
    return said.get(unit or "", ngettext("%(n)s working day", "%(n)s working days", plural)) % {"n": f"{number:g}"}


def promise_words(number: float, unit: str | None = None) -> str:
    """Return the promised limit as a clause of its own."""
    if not number:
        return _("Handled on the spot")
    return _("Promised within %(limit)s") % {"limit": limit_words(number, unit)}


def trips(number: int) -> str:
    """Return how often the applicant has to come, in words."""
    if not number:
        return _("no trip to the hall")
    return ngettext("%(n)d trip to the hall", "%(n)d trips to the hall", number) % {"n": number}


def _matter_page(
    name: str, content: Mapping[str, Any], basis: Sequence[tuple[PolicyVersion, ClauseVersion]], **version: Any
) -> MatterPage:
    return MatterPage(
        code=content["code"],
        name=name,
        lede=_("%(promise)s, %(trips)s.")
        % {
            "promise": promise_words(content["promised_days"], content.get("promised_unit")),
            "trips": trips(content["trips"]),
        },
        facts=_matter_facts(content),
        conditions=[text_in(texts) for texts in content["conditions"]],
        materials=[_material(row) for row in content["materials"]],
        steps=[
            {
                "name": text_in(row["name"]),
                "role": text_in(row["role"]),
                "limit": limit_words(row["limit_days"], row.get("limit_unit")),
                "criteria": text_in(row["criteria"]),
                "result": text_in(row.get("result")),
            }
            for row in content["steps"]
        ],
        questions=[
            {"question": text_in(row["question"]), "answer": text_in(row["answer"])} for row in content["questions"]
        ],
        basis=[_basis(policy, ClauseText.of(clause)) for policy, clause in basis],
        systems=[
            {
                "name": text_in(row["name"]),
                "is_double_entry": row["is_double_entry"],
                "note": text_in(row["note"]),
            }
            for row in content.get("systems", ())
        ],
        **version,
    )


def _basis(policy: PolicyVersion, clause: ClauseText) -> Basis:
    return Basis(text_in(policy.title), f"{policy_address(policy.policy.slug)}#{clause.anchor}", clause)


def _matter_facts(content: Mapping[str, Any]) -> list[Fact]:
    facts = [
        (pgettext("service matter", "Department"), text_in(content["department"]["name"])),
        (pgettext("service matter", "Kind"), str(ServiceMatter.Kind(content["kind"]).label)),
        (_("Who may apply"), text_in(content["service_object"])),
        (pgettext("service matter", "Result"), text_in(content["result"])),
        (_("Fee"), text_in(content["fee"])),
        (_("Promised limit"), limit_words(content["promised_days"], content.get("promised_unit"))),
        (_("Statutory limit"), limit_words(content["statutory_days"], content.get("statutory_unit"))),
        (_("Online"), str(ServiceMatter.OnlineDepth(content["online_depth"]).label)),
        (_("Basic code"), content["basic_code"]),
        (_("Implementing code"), content["implementing_code"]),
        (_("Handled from"), _day(content.get("starts_on"))),
        (_("Last day it is handled"), _day(content.get("until"))),
    ]
    return [(name, value) for name, value in facts if value]


def _day(told: str | None) -> str:
    return date_format(date.fromisoformat(told), "DATE_FORMAT") if told else ""


def _material(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": text_in(row["name"]),
        "need": row["need"],
        "needed": MatterMaterial.Need(row["need"]).label,
        "form": MatterMaterial.Form(row["form"]).label,
        "copies": row["copies"],
        "source": text_in(row["source"]),
        "acceptance": text_in(row["acceptance"]),
        "filling": text_in(row.get("filling")),
    }


def _bundle_page(name: str, content: Mapping[str, Any], **version: Any) -> BundlePage:
    figures = content["figures"]
    words = {"days": _("Working days"), "trips": _("Trips"), "materials": _("Materials"), "steps": _("Steps")}
    members = _members(content)
    hand_offs = _hand_offs(members)
    return BundlePage(
        name=name,
        summary=text_in(content["summary"]),
        lead=text_in(content["lead_department"]["name"]),
        days=figures["days"]["after"],
        figures=[(word, figures[key]["before"], figures[key]["after"]) for key, word in words.items()],
        materials=_shared(content, members),
        steps=[text_in(texts) for texts in content["steps"]],
        members=members,
        hand_offs=hand_offs,
        drawing=_drawing(members, hand_offs, content["lead_department"]["code"], figures["days"]["after"]),
        **version,
    )


def _shared(content: Mapping[str, Any], members: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what is handed in once, each with the members that use it; without names all of them do."""
    names = {member["code"]: member["name"] for member in members}
    used = content.get("used_by") or [[] for _row in content["materials"]]
    return [
        {"name": text_in(texts), "used_by": [names[code] for code in codes if code in names]}
        for texts, codes in zip(content["materials"], used, strict=False)
    ]


def _members(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = {row["matter"]: text_in(row["name"]) for row in content["members"]}
    return [
        {
            "code": row["matter"],
            "name": names[row["matter"]],
            "url": reverse("matters:matter", args=[row["matter"]]),
            "department_code": row["department"]["code"],
            "department": text_in(row["department"]["name"]),
            "first": row["first_day"],
            "last": row["last_day"],
            "when": _when(row["first_day"], row["last_day"]),
            "depends_on": row["depends_on"],
            "waits_for": [names.get(code, code) for code in row["depends_on"]],
            **{key: text_in(row[key]) for key in ("hand_off_in", "hand_off_out", "answers_if_late")},
        }
        for row in content["members"]
    ]


def _when(first: int, last: int) -> str:
    if first == last:
        return _("day %(day)d") % {"day": first}
    return _("days %(first)d to %(last)d") % {"first": first, "last": last}


def _hand_offs(members: Sequence[Mapping[str, Any]]) -> list[HandOff]:
    by_code = {member["code"]: member for member in members}
    pairs = [(by_code[code], taker) for taker in members for code in taker["depends_on"] if code in by_code]
    return [HandOff(number, giver, taker) for number, (giver, taker) in enumerate(pairs, start=1)]


def _drawing(members: Sequence[Mapping[str, Any]], hand_offs: Sequence[HandOff], lead: str, days: int) -> Drawing:
    lanes = {member["department_code"]: member["department"] for member in members}
    if lead in lanes:
        lanes[lead] = _("%(department)s (leads)") % {"department": lanes[lead]}
    pieces = [
        Piece(
            one["code"],
            one["department_code"],
            one["name"],
            one["first"],
            one["last"],
            one["depends_on"],
            _passes(one, hand_offs),
        )
        for one in members
    ]
    return draw(pieces, days, lanes)


def _passes(member: Mapping[str, Any], hand_offs: Sequence[HandOff]) -> str:
    """Return the numbers of what a member is handed and hands on: → 1, then 2 →."""
    handed = ", ".join(str(one.number) for one in hand_offs if one.taker is member)
    hands = ", ".join(str(one.number) for one in hand_offs if one.giver is member)
    return "   ".join([*([f"→ {handed}"] if handed else []), *([f"{hands} →"] if hands else [])])
