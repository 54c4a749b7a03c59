"""Rows with a reference that people say: drawn, and drawn again if another row has it."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from buddyscheme.lib.references import make_reference

Row = TypeVar("Row", bound=models.Model)
DRAWS = 5


def create_with_reference(model: type[Row], prefix: str, **fields: Any) -> Row:
    """Insert a row with a fresh reference such as R-7K2M9Q.

    Any other broken constraint comes out as the IntegrityError that it is, with the transaction still usable.
    """
    for _ in range(DRAWS):
        try:
            with transaction.atomic():
                return model._default_manager.create(reference=make_reference(prefix), **fields)
        except IntegrityError as error:
            if "_reference_once" not in str(error):
                raise
    raise RuntimeError("no free reference was drawn")
