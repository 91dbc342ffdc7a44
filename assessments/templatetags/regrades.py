"""How a regrade is said in plain words."""

from django import template
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Regrade, RegradedResult

register = template.Library()

TONES = {"computing": "go", "ready": "soon", "applying": "go", "applied": "good", "discarded": ""}
CHANGE_TONES = {"passes": "good", "fails": "bad", "higher": "good", "lower": "soon", "kept": "plain", "same": "plain"}


@register.filter
def regrade_tone(regrade: Regrade) -> str:
    """Return the tone of its state's tag."""
    return "bad" if regrade.has_stopped else TONES[regrade.state]


@register.filter
def regrade_word(regrade: Regrade) -> str:
    """Return its state in words."""
    return gettext("Stopped") if regrade.has_stopped else str(regrade.get_state_display())


@register.filter
def regrade_percent(regrade: Regrade) -> int:
    """Return how far its job is."""
    return round(100 * (regrade.job_done or 0) / regrade.job_total) if regrade.job_total else 0


@register.filter
def change_tone(row: RegradedResult) -> str:
    """Return the tone of what becomes of a result."""
    return CHANGE_TONES.get(row.change, "")


@register.filter
def regrade_counts(regrade: Regrade) -> str:
    """Return what changes in one sentence: "12 of 80 results change; 2 pass now, 1 no longer."."""
    counts = regrade.counts
    if not counts:
        return ""
    said = {name: counts.get(name, 0) for name in ("changed", "results", "passes", "fails")}
    if not said["changed"]:
        return str(_("None of %(results)d results changes.") % said)
    if not (said["passes"] or said["fails"]):
        return str(_("%(changed)d of %(results)d results change; nobody passes or fails by it.") % said)
    return str(_("%(changed)d of %(results)d results change; %(passes)d pass now, %(fails)d no longer.") % said)


@register.filter
def regrade_details(regrade: Regrade) -> list[str]:
    """Return the rest of what changes, a sentence each; what does not happen is not said."""
    sentences = {
        "kept": lambda n: ngettext(
            "%(n)d person would come out lower and keeps the result.",
            "%(n)d people would come out lower and keep the result.",
            n,
        ),
        "same": lambda n: ngettext(
            "%(n)d result changes behind the point only: score and level stay.",
            "%(n)d results change behind the point only: score and level stay.",
            n,
        ),
        "waiting": lambda n: ngettext(
            "%(n)d paper has no result yet: its answer is marked anew.",
            "%(n)d papers have no result yet: their answers are marked anew.",
            n,
        ),
        "evidence": lambda n: ngettext(
            "Evidence of %(n)d person is voided and replaced.", "Evidence of %(n)d people is voided and replaced.", n
        ),
        "levels": lambda n: ngettext(
            "%(n)d person stands at another level of a competency by it.",
            "%(n)d people stand at another level of a competency by it.",
            n,
        ),
        "issue": lambda n: ngettext("%(n)d certificate is issued.", "%(n)d certificates are issued.", n),
        "lost": lambda n: ngettext(
            "%(n)d certificate belongs to somebody who passes no longer.",
            "%(n)d certificates belong to people who pass no longer.",
            n,
        ),
        "left_alone": lambda n: ngettext(
            "%(n)d paper has no other question that counts, and stays as it is.",
            "%(n)d papers have no other question that counts, and stay as they are.",
            n,
        ),
        "skipped": lambda n: ngettext(
            "%(n)d paper changed meanwhile and was left out. Ask for it again: that finds only that one.",
            "%(n)d papers changed meanwhile and were left out. Ask for it again: that finds only those.",
            n,
        ),
    }
    return [say(n) % {"n": n} for name, say in sentences.items() if (n := regrade.counts.get(name, 0))]
