"""The centre, its departments, halls, windows and positions, and what positions ask for."""

from training.certificates.models import Achievement, CertificateDesign
from training.competencies.models import Competency, Framework, Level, Target
from training.people.models import Centre, Department, Hall, Position, Section, Window

from .clock import Clock
from .content import load

OPENED_DAYS_AGO = 720


def build_centre() -> Centre:
    """Create the centre with its departments, halls, sections, windows and positions."""
    content = load("centre")
    told = content["centre"]
    centre = Centre.objects.create(
        pk=1,
        name=told["name"],
        short_name=told["short_name"],
        code=told["code"],
        time_zone=told["time_zone"],
        help_line=told["help_line"],
    )
    for row in content["department"]:
        fields = {"code": row["code"], "name": row["name"]}
        if "parent" in row:
            Department.objects.get(code=row["parent"]).add_child(**fields)
        else:
            Department.add_root(**fields)
    for row in content["hall"]:
        hall = Hall.objects.create(code=row["code"], name=row["name"])
        Section.objects.bulk_create(Section(hall=hall, code=one["code"], name=one["name"]) for one in row["sections"])
    sections = {section.code: section for section in Section.objects.all()}
    Window.objects.bulk_create(
        Window(section=sections[row["section"]], number=row["number"], name=row["name"]) for row in content["window"]
    )
    Position.objects.bulk_create(Position(code=row["code"], name=row["name"]) for row in content["position"])
    return centre


def build_framework(clock: Clock) -> Framework:
    """Create the framework with its levels and competencies, and the targets of every position."""
    content = load("framework")
    told = content["framework"]
    framework = Framework.objects.create(code=told["code"], version=told["version"], name=told["name"], is_current=True)
    Level.objects.bulk_create(
        Level(
            framework=framework,
            number=row["number"],
            name=row["name"],
            description=row["description"],
            cut=row.get("cut"),
        )
        for row in content["level"]
    )
    groups = {
        row["code"]: Competency.objects.create(
            framework=framework, code=row["code"], name=row["name"], position=place * 100
        )
        for place, row in enumerate(content["group"], start=1)
    }
    Competency.objects.bulk_create(
        Competency(
            framework=framework,
            parent=groups[row["group"]],
            code=row["code"],
            name=row["name"],
            description=row["description"],
            descriptors={str(number): text for number, text in enumerate(row["levels"], start=1)},
            position=groups[row["group"]].position + place,
        )
        for place, row in enumerate(content["competency"], start=1)
    )
    _build_targets(framework, clock)
    return framework


def build_designs() -> None:
    """Create the two certificates of the demo: mentorship completed, exam level."""
    signatories = [{"name": _director_name(), "title": {"en": "Director", "zh-hans": "中心主任"}}]
    mentorship = CertificateDesign.objects.create(
        code="mentorship",
        heading={"en": "Certificate of Mentorship", "zh-hans": "带教合格证书"},
        wording={
            "en": "has completed the mentorship of a career teacher and was signed off by two people",
            "zh-hans": "经带教老师指导，考核合格，由两人共同签署同意上岗",
        },
        signatories=signatories,
    )
    exam = CertificateDesign.objects.create(
        code="exam",
        heading={"en": "Certificate of Competency", "zh-hans": "岗位能力证书"},
        wording={
            "en": "has passed the exam",
            "zh-hans": "参加考试，成绩合格",
        },
        signatories=signatories,
    )
    Achievement.objects.create(
        code="mentorship-completed",
        kind=Achievement.Kind.MENTORSHIP,
        name={"en": "Mentorship completed", "zh-hans": "完成带教"},
        valid_months=24,
        design=mentorship,
    )
    Achievement.objects.create(
        code="service-rules",
        kind=Achievement.Kind.EXAM_LEVEL,
        name={"en": "Service rules at the window, level 3", "zh-hans": "窗口服务规范（三级）"},
        valid_months=12,
        design=exam,
    )


def _build_targets(framework: Framework, clock: Clock) -> None:
    positions = {position.code: position for position in Position.objects.all()}
    competencies = {one.code: one for one in framework.competencies.all()}
    Target.objects.bulk_create(
        Target(
            position=positions[position],
            competency=competencies[code],
            level=level,
            starts_on=clock.ago(OPENED_DAYS_AGO),
        )
        for position, asked in load("centre")["targets"].items()
        for code, level in asked.items()
    )


def _director_name() -> dict[str, str]:
    director = next(row for row in load("names")["account"] if row["staff_number"] == "director")
    return {"en": director["latin"], "zh-hans": director["zh"]}
