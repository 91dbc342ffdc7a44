"""How a calibration is said in plain words."""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Calibration, ItemParameters
from assessments.scoring.calibration import Caution
from assessments.scoring.screening import GRAVE, Trouble

register = template.Library()

NAMED = 5
TONES = {"computing": "go", "ready": "soon", "accepted": "good", "rejected": "", "failed": "bad", "superseded": ""}

TROUBLES: dict[str, Promise] = {
    Trouble.NEGATIVE: _("Rewards the weak"),
    Trouble.DRIFT: _("Drifted"),
    Trouble.RIVAL: _("A wrong option draws the able"),
    Trouble.MISFIT: _("Does not fit"),
    Trouble.NO_ESTIMATE: _("No usable estimate"),
    Trouble.TOO_FEW: _("Too few answers"),
    Trouble.WEAK: _("Hardly tells people apart"),
    Trouble.EXTREME: _("Nearly all alike"),
}
REASONS: dict[str, Promise] = {
    Trouble.NEGATIVE: _(
        "Those who did worse elsewhere get this item right more often. Look at the key first, then at the wording."
    ),
    Trouble.DRIFT: _(
        "It is easier or harder than when it was last calibrated, more than other items. Has it become known? Has the "
        "rule changed?"
    ),
    Trouble.RIVAL: _(
        "People who did well choose this wrong option more than people who did badly. Is it right too, or is the key "
        "wrong?"
    ),
    Trouble.MISFIT: _("People of like ability answer it otherwise than the model expects of them."),
    Trouble.NO_ESTIMATE: _("The answers give no difficulty, or one with no bound. It stays as its author judged it."),
    Trouble.TOO_FEW: _("Fewer answers than an estimate needs. It stays as its author judged it."),
    Trouble.WEAK: _("Whether somebody gets it right says next to nothing about the rest of their paper."),
    Trouble.EXTREME: _("Nearly everybody gets it right, or nearly nobody: it tells little about anyone."),
}
CAUTIONS: dict[str, Promise] = {
    Caution.NO_ANSWERS: _("Nobody answered {items}: nothing can be said about them."),
    Caution.CONSTANT: _("Everybody answered {items} alike: there is no estimate for them."),
    Caution.UNUSED_CATEGORIES: _("Some answer to {items} was never given."),
    Caution.NOBODY_LEFT: _("No item was answered in two different ways: there is nothing to estimate."),
    Caution.EMPTY_ROWS: _("Some papers held none of the items that could be estimated; they change nothing."),
    Caution.FEW_ANSWERS: _("Fewer than 30 people answered {items}: the estimates say little."),
    Caution.DISCONNECTED: _(
        "{items} share nobody with the rest, so that the two groups of items cannot be compared. Nothing of this may "
        "be used."
    ),
    Caution.TOO_FEW_ITEMS: _("Too few items stand together to tell how sharply {items} tell people apart."),
    Caution.NO_VARIANCE: _("The answers show no differences between people. Nothing of this may be used."),
    Caution.DIVERGED: _("The estimates of {items} ran to the limit: the answers put no bound to them."),
    Caution.NOT_CONVERGED: _("The estimation did not come to an end. Nothing of this may be used."),
    Caution.NO_STANDARD_ERRORS: _("How sure the estimates are cannot be told. Nothing of this may be used."),
    Caution.COARSE_NODES: _("Some items tell people apart more sharply than the sums were fine enough for."),
}


@register.filter
def state_tone(calibration: Calibration) -> str:
    """Return the tone of its state's tag."""
    return "bad" if calibration.has_stopped else TONES[calibration.state]


@register.filter
def state_word(calibration: Calibration) -> str:
    """Return its state in words; what was at work when its job ended is not worked out."""
    state = Calibration.State.FAILED if calibration.has_stopped else Calibration.State(calibration.state)
    return str(state.label)


@register.filter
def trouble(name: str) -> str:
    """Return what is wrong with an item, in two or three words."""
    return str(TROUBLES.get(name, name))


@register.filter
def trouble_reason(name: str) -> str:
    """Return what that means and where to look."""
    return str(REASONS.get(name, ""))


@register.filter
def trouble_tone(name: str) -> str:
    """Grave ones stand out; the others are a matter of patience."""
    return "bad" if name in GRAVE else "soon" if name == Trouble.MISFIT else "plain"


@register.filter
def caution(found: dict[str, Any]) -> str:
    """Return a caution as a sentence that names at most five items."""
    items, separator = found.get("items", []), gettext(", ")
    listed = separator.join(items[:NAMED])
    if len(items) > NAMED:
        more = len(items) - NAMED
        listed += ngettext(" and %(n)d more", " and %(n)d more", more) % {"n": more}
    return str(CAUTIONS.get(found.get("caution", ""), "")).format(items=listed)


@register.filter
def figure(value: float | None, places: int = 2) -> SafeString | str:
    """Return a number with so many places, or a dash with "not known" for screen readers."""
    if value is None:
        return format_html('<span aria-hidden="true">–</span><span class="vh">{}</span>', gettext("not known"))
    return number_format(round(value, places) + 0.0, places)


@register.filter
def chance(value: float | None) -> SafeString | str:
    """Return a p-value: "0.042", or "< 0.001" for what is less."""
    return figure(value, 3) if value is None or value >= 0.001 else f"< {figure(0.001, 3)}"


@register.filter
def per_cent(share: float | None) -> SafeString | str:
    """Return a share from 0 to 1 in whole per cent, or a dash."""
    return figure(None) if share is None else f"{round(100 * share)} %"


@register.filter
def fit_word(row: ItemParameters) -> str:
    """Return what the test of fit says, in words."""
    if row.fit_p is None:
        return gettext("cannot be judged")
    if Trouble.MISFIT in row.troubles:
        return gettext("does not fit")
    return gettext("fits")
