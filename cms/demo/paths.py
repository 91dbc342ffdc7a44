"""Learning paths of the demo centre."""

from courses.models import Course
from courses.services.paths import Step, make_path
from training.people.models import Position, User

from .clock import Clock
from .content import load

WRITTEN_DAYS_AGO = 120


def write_paths(clock: Clock) -> None:
    """Let the editor write each path of `paths.toml`."""
    editor = User.objects.get(staff_number="editor")
    courses = {course.slug: course for course in Course.objects.all()}
    for table in load("paths")["path"]:
        steps = [
            Step(courses[row["course"]], is_required=not row.get("optional", False), days=row.get("days"))
            for row in table["steps"]
        ]
        make_path(
            slug=table["slug"],
            title=table["title"],
            summary=table["summary"],
            audience=table["audience"],
            position=Position.objects.get(code=table["position"]) if "position" in table else None,
            steps=steps,
            by=editor,
            at=clock.at(WRITTEN_DAYS_AGO),
        )
