"""QR codes as scalable drawings."""

import io

import segno

INK = "#14201f"


def qr_svg(text: str) -> bytes:
    """An SVG of `text` that survives the loss of 15 %, without its quiet zone: leave four modules blank around it."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", border=0, dark=INK, omitsize=True, xmldecl=False)
    return drawing.getvalue()
