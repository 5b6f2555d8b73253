"""Pages of long lists: how many rows a page shows, where it begins, how many there are."""

from __future__ import annotations

ON_A_PAGE = 50


def offset(page: int) -> int:
    """Rows before the page; pages count from 1."""
    return (page - 1) * ON_A_PAGE


def page_count(count: int) -> int:
    """Pages of so many rows; an empty list has one."""
    return max(1, -(-count // ON_A_PAGE))
