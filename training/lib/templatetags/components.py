"""Components that have a body of their own, or work something out before they are drawn."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

BAND_STARTS = (0.0, 20.0, 40.0, 60.0, 80.0)


def _on_scale(percent: float) -> float:
    return round(min(max(float(percent), 0.0), 100.0), 1)


@register.inclusion_tag("components/level_bar.html")
def level_bar(
    label: str,
    position: float | None = None,
    lo: float | None = None,
    hi: float | None = None,
    target: float | None = None,
    *,
    stale: bool = False,
    bands: Sequence[float] = BAND_STARTS,
) -> dict[str, Any]:
    """Draw where a person stands on the five levels, how sure we are, and what is asked for.

    All numbers are percent of the scale's width; `bands` holds the five starting points. Without `position` only
    the scale and the target are drawn. `label` says the same in words. What lies off the scale is drawn at its end.
    """
    starts = [_on_scale(start) for start in bands]
    ends = [*starts[1:], 100.0]
    return {
        "label": label,
        "bands": [(n, x, round(end - x, 1)) for n, (x, end) in enumerate(zip(starts, ends, strict=True), start=1)],
        "position": None if position is None else _on_scale(position),
        "lo": None if lo is None else _on_scale(lo),
        "hi": None if hi is None else _on_scale(hi),
        "target": None if target is None else _on_scale(target),
        "stale": stale,
    }


@register.inclusion_tag("components/matrix_cell.html")
def matrix_cell(
    name: str, skill: str, held: int | None, target: int | None, url: str, *, provisional: bool = False
) -> dict[str, Any]:
    """Draw one cell of the matrix as a td that reads alone: "Li Na, Queue handling: level 2 of 3 required".

    `held` is 0 to 5, or None without evidence; `target` is None where the position asks for nothing.
    """
    distance = 0 if held is None or target is None else held - target
    return {
        "name": name,
        "skill": skill,
        "held": held,
        "target": target,
        "url": url,
        "provisional": provisional,
        "short": max(-distance, 0),
        "above": max(distance, 0),
    }


@register.simple_block_tag(end_name="endpageheader")
def pageheader(content: str, title: str, **extra: Any) -> SafeString:
    """Head a page: h1 `title`, optional `lede`, `back_url` with `back_label`; the body holds its buttons."""
    actions = SafeString(content.strip())  # rendered, so escaped already; strip() forgets that
    return render_to_string("components/page_header.html", {"title": title, "actions": actions, **extra})


@register.simple_block_tag(end_name="endcard")
def card(content: str, title: str = "", *, level: int = 2, flush: bool = False) -> SafeString:
    """Frame one separate thing; never a card inside a card."""
    return render_to_string("components/card.html", {"body": content, "title": title, "level": level, "flush": flush})


@register.simple_block_tag(end_name="endbanner")
def banner(content: str, tone: str = "", icon: str = "info") -> SafeString:
    """Tell a state of the page above its content; `tone` is "", "soon" or "bad"."""
    return render_to_string("components/banner.html", {"body": content, "tone": tone, "icon": icon})


@register.simple_block_tag(end_name="enddialog")
def dialog(content: str, name: str, title: str) -> SafeString:
    """Ask before an act: a native dialog, opened by any element with ``data-opens="<name>"``.

    Without JavaScript ``<a href="#<name>">`` shows it in its place, because the page can target it.
    """
    return render_to_string("components/dialog.html", {"body": content, "id": name, "title": title})


@register.simple_block_tag(takes_context=True, end_name="endfilterbar")
def filterbar(context: template.Context, content: str, clear_url: str = "", label: str = "") -> SafeString:
    """Wrap filter fields in a GET form, so that the filter lives in the address; `clear_url` empties it."""
    return render_to_string(
        "components/filter_bar.html",
        {"body": content, "clear_url": clear_url, "label": label},
        request=context.get("request"),
    )
