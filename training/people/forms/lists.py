"""What people choose about a list they bring in: the file, its columns, which rows."""

from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from training.lib.imports import Import, is_reason
from training.lib.tables import Table, TableError, read_table
from training.operations.models import ImportRun


class ListFileForm(forms.Form):
    """A list to bring in: a workbook or CSV file; `table` is what was read from it."""

    table: Table
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV, up to 10 MB and 20,000 rows."),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.csv,.txt"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> IO[bytes]:
        """Say everything that is wrong with the file itself."""
        file = self.cleaned_data["file"]
        try:
            self.table = read_table(file, name=file.name)
        except TableError as error:
            raise ValidationError(error.messages) from error
        if not self.table.rows:
            raise ValidationError(gettext("%(name)s: there is no row below the headings.") % {"name": file.name})
        return file


class ColumnsForm(forms.Form):
    """Which heading of the file stands for which of our columns; one field for each column."""

    def __init__(self, *args: Any, run: ImportRun, kind: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.headings = [heading for heading in run.headings if not is_reason(heading[0])]
        choices = [(heading, f"{letter} · {heading}") for heading, letter, _cells in self.headings]
        for column in kind.columns:
            self.fields[column.field] = forms.ChoiceField(
                label=column.heading,
                required=column.required,
                choices=[("", _("Choose a heading") if column.required else _("not in the file")), *choices],
                initial=run.places.get(column.field, ""),
                help_text=column.hint,
                error_messages={"required": _("Choose the heading that stands for it: no row can be read without.")},
            )
            self.fields[column.field].widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        """Let each heading stand for one column alone."""
        chosen: dict[str, str] = {}
        for column in self.kind.columns:
            heading = self.cleaned_data.get(column.field)
            if heading and heading in chosen:
                text = gettext("“%(heading)s” stands for “%(column)s” already. Choose another.")
                self.add_error(column.field, text % {"heading": heading, "column": chosen[heading]})
            elif heading:
                chosen[heading] = column.heading
        return self.cleaned_data

    def places(self) -> dict[str, str]:
        """Return the heading of each column that the file has."""
        return {field: heading for field, heading in self.cleaned_data.items() if heading}

    def rows(self) -> list[dict[str, Any]]:
        """Return each field with what stands below its heading in the file, as far as it is chosen."""
        cells = {heading: samples for heading, _letter, samples in self.headings}
        return [
            {"field": self[one.field], "cells": cells.get(self[one.field].value(), [])} for one in self.kind.columns
        ]

    def unused(self) -> list[list[Any]]:
        """Return the headings that nothing is read from, each with its letter and first cells."""
        used = {self[column.field].value() for column in self.kind.columns}
        return [heading for heading in self.headings if heading[0] not in used]


class ApplyForm(forms.Form):
    """Whether all rows are imported or, where some have faults, the others alone."""

    ALL, VALID = "all", "valid"
    rows = forms.ChoiceField(choices=[(ALL, ALL), (VALID, VALID)])
