"""What is typed into the set-up assistant."""

from django.urls import reverse

PASSWORD = "a long first word"
CENTRE = {
    "name_en": "Haidong Service Centre",
    "name_zh_hans": "海东区政务服务中心",
    "short_name_en": "Haidong",
    "short_name_zh_hans": "海东",
    "code": "hd",
    "source_language": "zh-hans",
    "help_line_zh_hans": "三楼人事科，内线8012",
}


def departments(*rows: tuple[str, str, str, str]) -> dict[str, str]:
    fields = ("code", "name_en", "name_zh_hans", "parent")
    typed = {
        f"department-{number}-{field}": value
        for number, row in enumerate(rows)
        for field, value in zip(fields, row, strict=True)
    }
    return {"department-TOTAL_FORMS": str(len(rows)), "department-INITIAL_FORMS": "0", **typed}


DAYS = {"working_days": ["1", "2", "3", "4", "5", "6"]}
TREE = departments(("m1", "Registration", "注册科", "market"), ("market", "Market", "市场局", ""), ("", "", "", ""))


def account(prefix: str, number: str, **changes: str) -> dict[str, str]:
    told = {
        "staff_number": number,
        "display_name": "孙蕾",
        "latin_name": "Sun Lei",
        "department": "market",
        "language": "zh-hans",
        "password": PASSWORD,
        "password_again": PASSWORD,
        **changes,
    }
    return {f"{prefix}-{name}": value for name, value in told.items()}


ACCOUNTS = {**account("hr", "10001"), **account("administrator", "10002")}


def step(name: str) -> str:
    return reverse("cms:setup_step", args=[name])
