"""Pages of lists that may be very long: nobody waits for all of it to be counted."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

COUNTED = 1000
"""Things that are counted; of more it is only said that there are more, and the pages go on all the same."""


class LongPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than it must to offer the page after the one that is asked for."""

    def __init__(self, rows: QuerySet[Any], per_page: int, asked: object) -> None:
        super().__init__(rows, per_page)
        number = int(str(asked)) if str(asked).isdecimal() and len(str(asked)) < 10 else 1
        self._bound = max(COUNTED, (number + 1) * per_page)

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        counted: int = rows.order_by().values("pk")[: self._bound + 1].count()
        return counted

    @property
    def count(self) -> int:
        """How many there are, as far as they are counted."""
        return min(self._counted, self._bound)

    @property
    def has_more(self) -> bool:
        """There are more than are counted."""
        return self._counted > self._bound


def page_of(rows: QuerySet[Any], per_page: int, asked: object) -> Page[Any]:
    """The page that was asked for, the first or the last where there is no such page."""
    return LongPaginator(rows, per_page, asked).get_page(asked)  # type: ignore[arg-type]
