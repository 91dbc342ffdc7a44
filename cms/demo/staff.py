"""The demo's staff list: a file like any other, read by the same import as a centre's own."""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from django.contrib.auth.hashers import make_password

from training.lib.tables import read_table, write_csv
from training.people.models import Department, Role, User
from training.people.services import grant_role, import_staff

from .clock import Clock
from .content import load

PASSWORD = "demo"  # noqa: S105  # the demo's, told to everybody; production never builds a demo
SALT = "thesamesaltforeverydemo"
HEADER = ["staff_number", "name", "latin_name", "department", "position", "section", "window", "starts_on", "roles"]
FIRST_NUMBER = 20401
NEW_DAYS, OLD_DAYS = 20, 700
CLERKS_PER_SENIOR = 4


@dataclass(frozen=True)
class Place:
    """Somewhere a made-up member of staff may stand."""

    department: str
    position: str
    section: str
    window: str


def build_staff(*, number: int, clock: Clock, chance: random.Random) -> None:
    """Import `number` people, the demo accounts among them, and grant the roles a list cannot give."""
    file = io.BytesIO(b"".join(write_csv([HEADER, *_rows(number, clock, chance)])))
    table = read_table(file, name="staff.csv")
    at = clock.at(OLD_DAYS)
    import_staff(table=table, by="build_demo", at=clock.at(0, 6), dry_run=False, password=make_password(PASSWORD, SALT))
    for account in load("names")["account"]:
        person = User.objects.get(staff_number=account["staff_number"])
        for role in (role for role in account["roles"] if role != Role.TEACHER):
            department = _department_of(account) if role == Role.HEAD else None
            grant_role(
                person=person, role=role, department=department, starts_on=at.date(), until=None, by="build_demo", at=at
            )


def _department_of(account: dict[str, Any]) -> Department:
    return Department.objects.get(code=account["department"])


def _rows(number: int, clock: Clock, chance: random.Random) -> Iterator[list[object]]:
    accounts = load("names")["account"]
    windows = {window["number"]: window for window in load("centre")["window"]}
    for account in accounts:
        window = account.get("window", "")
        section = windows[window]["section"] if window else ""
        yield [
            account["staff_number"],
            account["zh"],
            account["latin"],
            account["department"],
            account["position"],
            section,
            window,
            str(clock.ago(NEW_DAYS if account["staff_number"] in ("clerk", "clerk2") else OLD_DAYS)),
            "",
        ]
    names, places = _names(chance), _places(chance)
    for staff_number in range(FIRST_NUMBER, FIRST_NUMBER + number - len(accounts)):
        (name, latin), place = next(names), next(places)
        days = chance.choice((NEW_DAYS, 60, 120, 240, 400, OLD_DAYS))
        where = [place.department, place.position, place.section, place.window]
        yield [staff_number, name, latin, *where, str(clock.ago(days)), ""]


def _names(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield believable names without end; the whole ones, long or rare, first."""
    content = load("names")
    yield from ((row["zh"], row["latin"]) for row in content["whole"])
    while True:
        surname, given = chance.choice(content["surname"]), chance.choice(content["given"])
        yield surname["zh"] + given["zh"], f"{surname['latin']} {given['latin']}"


def _places(chance: random.Random) -> Iterator[Place]:
    """Yield places without end, as often per department as its head count says."""
    content = load("centre")
    parents = {row["code"]: row.get("parent", row["code"]) for row in content["department"]}
    shares = {row["code"]: row["headcount"] for row in content["department"] if "headcount" in row}
    by_top: dict[str, list[Place]] = {code: [] for code in shares}
    for window in content["window"]:
        for position in content["position"]:
            if position.get("at_window") and window["department"] in position["departments"]:
                place = Place(window["department"], position["code"], window["section"], str(window["number"]))
                share = 1 if position["code"] == "senior-clerk" else CLERKS_PER_SENIOR
                by_top[parents[window["department"]]].extend([place] * share)
    for places in by_top.values():
        chance.shuffle(places)
    cycles = {code: cycle(places) for code, places in by_top.items() if places}
    # One round hands out each department's share in turn, so any number of staff keeps the proportions.
    credit = dict.fromkeys(cycles, 0.0)
    while True:
        for code in cycles:
            credit[code] += shares[code]
        best = max(credit, key=lambda code: credit[code])
        credit[best] -= sum(shares[code] for code in cycles)
        yield next(cycles[best])
