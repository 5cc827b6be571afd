"""How often somebody may do what costs much or could be guessed at (passwords, new guests, comments)."""

from limits import RateLimitItem, RateLimitItemPerMinute, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request

from server.errors import AppError

SIGN_INS: RateLimitItem = RateLimitItemPerMinute(10)
DOORS: RateLimitItem = RateLimitItemPerMinute(20)
WRITES: RateLimitItem = parse("240/minute")
# Of a limit of their own: reading along must not use up what somebody has for writing.
MARKS: RateLimitItem = parse("600/minute")
CLIPS: RateLimitItem = parse("120/minute")
COMPARISONS: RateLimitItem = parse("60/minute")


class Rates:
    def __init__(self) -> None:
        # Two counters a key; the moving window keeps every hit, and in memory looks through all of them at each one.
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def spend(self, limit: RateLimitItem, *keys: str) -> None:
        """Count one; past the limit, answer 429 with how long to wait."""
        if await self._limiter.hit(limit, *keys):
            return
        error = AppError(429, "too_often", "That was too often in a short time. Wait a minute and try again.")
        error.headers["retry-after"] = str(limit.get_expiry())
        raise error


async def spend(request: Request, limit: RateLimitItem, *keys: str) -> None:
    """One of this address's, or of this key's."""
    rates = request.app.state.rates
    assert isinstance(rates, Rates)
    address = request.client.host if request.client else "nowhere"
    await rates.spend(limit, *(keys or (address,)))
