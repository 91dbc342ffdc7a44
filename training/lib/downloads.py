"""Tables sent as files."""

from collections.abc import Iterable, Sequence

from django.http import StreamingHttpResponse

from training.lib.tables import write_csv


def csv_download(rows: Iterable[Sequence[object]], *, filename: str) -> StreamingHttpResponse:
    """Stream `rows` (the first holds the headings) as a CSV file that no cache keeps."""
    return StreamingHttpResponse(
        write_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"},
    )
