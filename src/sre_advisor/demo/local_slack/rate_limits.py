"""Slack's rate limits: a token bucket per method, and about one message a second per channel. Off by default."""

from .nouns import Clock

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}


class RateLimits:
    """Buckets that fill with time; a full minute's worth may be spent at once, as Slack tolerates bursts."""

    def __init__(self, clock: Clock) -> None:
        self.enabled = False
        self.per_minute = dict(PER_MINUTE)
        """Calls a minute by tier."""
        self.channel_per_second = 1.0
        self.channel_burst = 5
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def spend(self, method: str, tier: int, channel: str | None) -> int | None:
        """Take one token; answers the seconds to wait when there is none."""
        if not self.enabled:
            return None
        if method == "chat.postMessage":
            return self._take(f"{method}:{channel}", self.channel_per_second, self.channel_burst)
        most = self.per_minute[tier]
        return self._take(method, most / 60, most)

    def _take(self, key: str, rate: float, most: int) -> int | None:
        now = self._clock()
        level, since = self._buckets.get(key, (float(most), now))
        level = min(most, level + (now - since) * rate)
        if level < 1:
            self._buckets[key] = (level, now)
            return max(1, round((1 - level) / rate))
        self._buckets[key] = (level - 1, now)
        return None
