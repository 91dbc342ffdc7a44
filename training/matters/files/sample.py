"""The filled sample of the template: one matter and one bundle, told with every kind of row."""

from .documents import Document


def _t(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh-hans": chinese}


def sample_documents(department: str, clause: str) -> dict[str, list[Document]]:
    """Return the sample, with a department and a clause that the centre has; without a clause it cites none."""
    return {"matters": [_matter(department, clause)], "bundles": [_bundle(department)]}


def _matter(department: str, clause: str) -> Document:
    return {
        "code": "residence-permit",
        "name": _t("Residence permit", "居住证申领"),
        "kind": "permit",
        "department": department,
        "basic_code": "000109001000",
        "implementing_code": "",
        "service_object": _t("Residents from elsewhere", "外来常住人员"),
        "result": _t("Residence permit", "居住证"),
        "fee": _t("Free of charge", "不收费"),
        "statutory_days": 15,
        "statutory_unit": "calendar_days",
        "promised_days": 5,
        "promised_unit": "working_days",
        "online_depth": "accepted",
        "trips": 1,
        "starts_on": None,
        "until": None,
        **_rows(clause),
    }


def _rows(clause: str) -> Document:
    return {
        "conditions": [{"text": _t("Has lived here for half a year", "在本地居住满半年")}],
        "materials": [
            {
                "name": _t("Identity card", "居民身份证"),
                "need": "required",
                "form": "original",
                "copies": 0,
                "source": _t("The applicant", "申请人"),
                "acceptance": _t("Not expired", "在有效期内"),
                "filling": {},
            }
        ],
        "steps": [
            {
                "name": _t("Check", "审核"),
                "role": _t("Window clerk", "窗口人员"),
                "limit_days": 4,
                "limit_unit": "working_hours",
                "criteria": _t("Address agrees", "地址一致"),
                "result": _t("Accepted", "予以受理"),
            }
        ],
        "legal_bases": [{"clause_version": clause}] if clause else [],
        "questions": [{"question": _t("Must I come?", "必须本人到场吗？"), "answer": _t("Once.", "到场一次。")}],
        "systems": [
            {
                "name": _t("Population register", "人口信息系统"),
                "is_double_entry": True,
                "note": _t("Save before printing", "打印前先保存"),
            }
        ],
    }


def _bundle(department: str) -> Document:
    figures = {"days": (20, 5), "trips": (3, 1), "materials": (6, 2), "steps": (9, 3)}
    member = {
        "matter": "residence-permit",
        "department": department,
        "depends_on": [],
        "starts_on_day": 1,
        "ends_on_day": 5,
        "hand_off_in": _t("The form", "申请表"),
        "hand_off_out": _t("The permit", "居住证"),
        "answers_if_late": _t("Permit section", "居住证科"),
    }
    return {
        "code": "moving-in",
        "name": _t("Moving in", "迁入一件事"),
        "summary": _t("Everything after moving to the district.", "迁入本区后的事项一次办。"),
        "lead_department": department,
        **{f"{name}_before": before for name, (before, _after) in figures.items()},
        **{f"{name}_after": after for name, (_before, after) in figures.items()},
        "materials": [{"name": _t("Identity card", "居民身份证"), "used_by": ["residence-permit"]}],
        "steps": [{"name": _t("Apply", "申请")}],
        "members": [member],
    }
