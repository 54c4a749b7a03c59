"""Lists in pages."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 25


@dataclass(frozen=True, kw_only=True)
class PageLinks:
    """What the pagination component needs; addresses keep the filters."""

    items: list[dict[str, Any]]
    previous: str
    next: str


def page_of(queryset: Any, request: HttpRequest, per_page: int = PER_PAGE) -> Page[Any]:
    """The page that the address asks for; the nearest one where it asks for nonsense.

    `page.links` holds the addresses of the other pages with every other query parameter kept.
    """
    page = Paginator(queryset, per_page).get_page(request.GET.get("page"))
    page.links = page_links(page, request)  # type: ignore[attr-defined]
    return page


def page_links(page: Page[Any], request: HttpRequest) -> PageLinks:
    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"{request.path}?{query.urlencode()}"

    items: list[dict[str, Any]] = [
        {"number": number, "href": address(number), "current": number == page.number}
        if isinstance(number, int)
        else {"ellipsis": True}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return PageLinks(
        items=items if page.paginator.num_pages > 1 else [],
        previous=address(page.previous_page_number()) if page.has_previous() else "",
        next=address(page.next_page_number()) if page.has_next() else "",
    )
