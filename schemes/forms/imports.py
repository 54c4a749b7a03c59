"""Questions of an import: which list, which file, which column holds what, and what to do with rows that are wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, FileField, TickField, WordsField
from buddyscheme.lib.forms import GovukForm
from buddyscheme.lib.sheet_rows import MOST_MEGABYTES
from schemes.imports.reading import LONGEST_CELL
from schemes.imports.registry import Kind

ENDINGS = (".csv", ".txt", ".xlsx")


class ImportForm(GovukForm):
    """Which list it is, and the file."""

    submit_label = "Go on"

    kind = ChoiceField(label="What is in the file?", missing="Select what is in the file")
    file = FileField(
        label="The file", hint=f"CSV or Excel workbook (.xlsx), at most {MOST_MEGABYTES} MB", endings=ENDINGS,
        most_megabytes=MOST_MEGABYTES, missing="Choose the file",
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: Iterable[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            Choice(value=kind.code, text=kind.name, hint=f"{kind.row[:1].upper()}{kind.row[1:]} in each row")
            for kind in kinds
        ]
        self.fields["kind"].offer(choices)


class ColumnsForm(GovukForm):
    """Which column of the file holds each field. Nothing chosen: the file has no such column."""

    submit_label = "Read the rows"

    def __init__(
        self, *args: Any, kind: Kind, headings: Sequence[str], columns: Mapping[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(place), f"{letter_of(place)}: {heading}") for place, heading in enumerate(headings) if heading]
        for field in kind.fields:
            self.fields[field.name] = ChoiceField(
                label=field.label, select=True, required=field.needed, hint=field.meaning,
                nothing_chosen="Select a column" if field.needed else "No column",
                missing=f"Select the column that holds “{field.label}”",
                initial=str(columns[field.name]) if field.name in columns else "",
            )  # fmt: skip
            self.fields[field.name].offer(offered)
        self.names = [field.name for field in kind.fields]

    @property
    def columns(self) -> dict[str, int]:
        """Field → place of its column."""
        return {name: int(self.cleaned_data[name]) for name in self.names if self.cleaned_data.get(name)}


class MendRowForm(GovukForm):
    """One row as it was written, to be mended or left out."""

    submit_label = "Save the row"

    left_out = TickField(label="Leave this row out", required=False)

    def __init__(self, *args: Any, kind: Kind, said: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in kind.fields:
            # Long words stay whole where they can be read.
            lines = 4 if len(said.get(field.name, "")) > 80 else 1
            self.fields[f"cell-{field.name}"] = WordsField(
                label=field.label, hint=field.meaning, max_length=LONGEST_CELL, lines=lines, required=False,
                mark_optional=False, initial=said.get(field.name, ""), autocomplete="off",
            )  # fmt: skip
        self.names = [field.name for field in kind.fields]
        self.order_fields([*(f"cell-{name}" for name in self.names), "left_out"])

    @property
    def said(self) -> dict[str, str]:
        """What the row says now, by field."""
        return {name: self.cleaned_data.get(f"cell-{name}", "") for name in self.names}


class MendedFileForm(GovukForm):
    """The file of the rows to mend, mended."""

    submit_label = "Check these rows"

    file = FileField(
        label="The mended file", hint="CSV or Excel workbook (.xlsx)", endings=ENDINGS, most_megabytes=MOST_MEGABYTES,
        missing="Choose the file",
    )  # fmt: skip


class SaveForm(GovukForm):
    """Save every good row; rows to mend are left out only if the person says so."""

    leave_out = TickField(label="Leave out the rows to mend", required=False)

    def __init__(self, *args: Any, bad: int, good: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if bad:
            rows = "row" if bad == 1 else f"{bad:,} rows"
            self.fields["leave_out"].label = f"Leave out the {rows} to mend"
        else:
            del self.fields["leave_out"]
        self.submit_label = "Save 1 row" if good == 1 else f"Save {good:,} rows"


def letter_of(place: int) -> str:
    """A column's letter in the spreadsheet: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
