"""The register of impact assessments of the demo centre."""

from datetime import timedelta

from training.accountability.services import put_in_force, write_assessment
from training.people.models import User

from .clock import Clock
from .content import load

FACTS = ("title", "cause", "processed", "purpose", "risks", "measures", "assessed_by")


def write_register(clock: Clock) -> None:
    """Let HR write each assessment of `impact.toml`; those that are looked at again are in force."""
    hr = User.objects.get(staff_number="hr")
    for table in load("impact")["assessment"]:
        days_ago, review_in = table["days_ago"], table.get("review_in")
        days = {"assessed_on": clock.ago(days_ago)}
        if review_in is not None:
            days["review_on"] = clock.today + timedelta(days=review_in)
        facts = {name: table[name] for name in FACTS}
        assessment = write_assessment(facts={**facts, **days}, by=hr, at=clock.at(days_ago))
        if review_in is not None:
            put_in_force(assessment=assessment, by=hr, at=clock.at(days_ago, 15))
