"""How often and how many at once: packages are examined one after the other, and an address may send a few a minute."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import IPv6Address, ip_address

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

RATE = "12/minute"
MOST_WAITING = 4
"""Packages that wait while one is examined."""
_NETWORK_BITS = 64
"""Of IPv6: who has one address of such a network has all of them."""


class BusyError(RuntimeError):
    """More wait already than may wait."""


class Visitors:
    """Counts of one process; nothing of them is written anywhere."""

    def __init__(self, rate: str = RATE) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._rate = parse(rate)
        self._turn = asyncio.Lock()
        self._waiting = 0

    def seconds_to_wait(self, address: str) -> int:
        """0 and counted, or the seconds after which the address may send again."""
        key = _network_of(address)
        if self._limiter.hit(self._rate, key):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(self._rate, key).reset_time - time.time()))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Inside of it no other package is examined; raises BusyError where too many wait."""
        if self._waiting > MOST_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting -= 1


def _network_of(address: str) -> str:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return str(int(parsed) >> (128 - _NETWORK_BITS))
    return str(parsed)
