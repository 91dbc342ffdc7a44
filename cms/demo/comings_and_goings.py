"""A year of postings: who moved, who is lent to another department, who left."""

import random
from datetime import timedelta

from training.lib.names import search_key
from training.operations.services import Event, record_many
from training.people.models import Posting, User, Window
from training.people.services.postings import posting_facts

from .clock import Clock
from .content import load

A_YEAR = 365
MOVED, LENT, LEFT = 0.5, 40, 25
"""The share of those posted within the year who moved; one in 40 is lent; one left for each 25 who are here."""
FIRST_LEFT = 20001
ONE_DAY = timedelta(days=1)


def build_moves(clock: Clock, chance: random.Random) -> None:
    """Give half of those whose posting began within the year one before it, at another window of their section."""
    windows = list(Window.objects.order_by("number"))
    recent = Posting.objects.filter(until=None, starts_on__gt=clock.ago(A_YEAR), starts_on__lt=clock.ago(30))
    recent = recent.exclude(window=None).select_related("person", "section").order_by("person__staff_number")
    before, events = [], []
    for posting in recent:
        elsewhere = [one for one in windows if one.section_id == posting.section_id and one.pk != posting.window_id]
        if not elsewhere or chance.random() > MOVED:
            continue
        earlier = Posting(
            person=posting.person,
            position_id=posting.position_id,
            department_id=posting.department_id,
            section_id=posting.section_id,
            window=chance.choice(elsewhere),
            starts_on=clock.ago(chance.randint(500, 700)),
            until=posting.starts_on - ONE_DAY,
        )
        before.append(earlier)
        facts = posting_facts(earlier), posting_facts(posting)
        events.append(Event("people.moved", posting.person, posting.person, *facts))
    Posting.objects.bulk_create(before, batch_size=500)
    record_many(events, by="build_demo", at=clock.at(0, 7))


def lend_people(clock: Clock, chance: random.Random) -> None:
    """Lend some of the settled to a window of another section for a month, beside their own posting."""
    settled = Posting.objects.filter(until=None, starts_on__lt=clock.ago(A_YEAR), person__staff_number__startswith="2")
    chosen = list(settled.exclude(window=None).select_related("person").order_by("person__staff_number"))[::LENT]
    windows = list(Window.objects.order_by("number"))
    lent, events = [], []
    for posting in chosen:
        host = chance.choice([one for one in windows if one.section_id != posting.section_id])
        loan = Posting(
            person=posting.person,
            position_id=posting.position_id,
            department_id=posting.department_id,
            section_id=host.section_id,
            window=host,
            starts_on=clock.ago(9),
            until=clock.ago(-21),
            is_loan=True,
        )
        lent.append(loan)
        events.append(Event("people.lent", posting.person, posting.person, after=posting_facts(loan)))
    Posting.objects.bulk_create(lent, batch_size=500)
    record_many(events, by="build_demo", at=clock.at(9))


def build_leavers(*, number: int, clock: Clock, chance: random.Random) -> None:
    """Make those who left within the year: suspended, with the posting they held until then."""
    names, like = load("names"), list(Posting.objects.on(clock.today).exclude(window=None).order_by("pk"))
    people, postings = [], []
    for place in range(max(number // LEFT, 2)):
        surname, given = chance.choice(names["surname"]), chance.choice(names["given"])
        was, joined = chance.choice(like), chance.randint(400, 700)
        name, latin = surname["zh"] + given["zh"], f"{surname['latin']} {given['latin']}"
        person = User(
            staff_number=str(FIRST_LEFT + place),
            display_name=name,
            latin_name=latin,
            search_key=search_key(name, latin),
            department_id=was.department_id,
            language="zh-hans",
            is_active=False,
            date_joined=clock.at(joined),
        )
        person.set_unusable_password()
        people.append(person)
        fields = {"position_id": was.position_id, "section_id": was.section_id, "window_id": was.window_id}
        last_day = clock.ago(chance.randint(5, 350))
        postings.append(
            Posting(
                person=person, department_id=was.department_id, starts_on=clock.ago(joined), until=last_day, **fields
            )
        )
    User.objects.bulk_create(people, batch_size=500)
    Posting.objects.bulk_create(postings, batch_size=500)
    events = [
        Event("people.left", row.person, row.person, posting_facts(row), {"last_day": str(row.until)})
        for row in postings
    ]
    record_many(events, by="build_demo", at=clock.at(5))
