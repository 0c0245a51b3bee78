"""The shop: which services there are today, who calls whom, and how each does on an ordinary day."""

from __future__ import annotations

from dataclasses import dataclass, field

from sre_advisor.evals.simulator.noise import Noise

EDGES: tuple[str, ...] = ("frontend", "storefront", "web")
SIDE_EDGES: tuple[str, ...] = ("mobile-gateway", "partner-api", "pos-gateway")
MIDDLES: tuple[str, ...] = (
    "checkout",
    "cart",
    "catalog",
    "search",
    "accounts",
    "orders",
    "recommendations",
    "wishlist",
)
BACKS: tuple[str, ...] = (
    "payments",
    "inventory",
    "shipping",
    "notifications",
    "pricing",
    "reviews",
    "loyalty",
    "media",
    "invoices",
)
OUTSIDE = {"card-provider": "payments", "mail-provider": "notifications", "carrier-api": "shipping"}
"""Companies the shop depends on, and who asks them."""
BATCHES = ("report-builder", "feed-export", "image-resizer")
RESOLVER = "cluster-dns"


@dataclass(frozen=True, slots=True)
class Member:
    """A service on an ordinary day: requests per second, error ratio, p99 in seconds, CPU and memory of its limits."""

    name: str
    tier: int
    traffic: float
    errors: float
    p99_s: float
    cpu: float
    memory: float
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Shop:
    """One variation of the shop; `calls` are (caller, callee, share of the caller's requests that need the callee)."""

    members: tuple[Member, ...]
    calls: tuple[tuple[str, str, float], ...]
    by_name: dict[str, Member] = field(default_factory=dict[str, Member])

    def __post_init__(self) -> None:
        self.by_name.update({m.name: m for m in self.members})

    def callers(self, name: str) -> list[str]:
        """Who calls a service directly."""
        return [caller for caller, callee, _ in self.calls if callee == name]

    def upstream(self, name: str) -> set[str]:
        """Everybody who depends on a service, directly or through others."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for caller in self.callers(waiting.pop()):
                if caller not in found:
                    found.add(caller)
                    waiting.append(caller)
        return found

    def tier(self, *tiers: int) -> list[str]:
        """The services of some tiers: 0 the edge, 1 the middle, 2 the back, 3 outside."""
        return [m.name for m in self.members if m.tier in tiers]


def make_shop(seed: str) -> Shop:
    """The shop of a seed: ten to fourteen services in three tiers, and companies outside."""
    noise = Noise(seed, "shop")
    edges = [noise.one(EDGES), *(noise.some(SIDE_EDGES, 1) if noise.chance(0.6) else [])]
    middles = noise.some(MIDDLES, 5 + noise.below(2))
    backs = noise.some(BACKS, 5 + noise.below(2))
    outside = [name for name, asker in OUTSIDE.items() if asker in backs]
    if not outside:  # somebody always depends on somebody else
        backs, outside = [*backs, "payments"], ["card-provider"]
    calls = _calls(noise, edges, middles, backs, outside)
    members = [
        *(_member(noise, name, 0, noise.between(300, 900)) for name in edges),
        *(_member(noise, name, 1, noise.between(60, 420)) for name in middles),
        *(_member(noise, name, 2, noise.between(25, 180)) for name in backs),
        *(_member(noise, name, 3, noise.between(15, 60)) for name in outside),
    ]
    return Shop(tuple(members), tuple(calls))


def _calls(
    noise: Noise, edges: list[str], middles: list[str], backs: list[str], outside: list[str]
) -> list[tuple[str, str, float]]:
    calls: dict[tuple[str, str], float] = {}
    for middle in middles:
        calls[edges[0], middle] = noise.between(0.25, 0.7)
        if len(edges) > 1 and noise.chance(0.5):
            calls[edges[1], middle] = noise.between(0.2, 0.6)
        for back in noise.some(backs, 1 + noise.below(3)):
            calls[middle, back] = noise.between(0.35, 0.9)
    for back in backs:  # nobody is alone
        if not any(callee == back for _, callee in calls):
            calls[noise.one(middles), back] = noise.between(0.35, 0.9)
    for name in outside:
        calls[OUTSIDE[name], name] = noise.between(0.7, 0.95)
    return [(caller, callee, share) for (caller, callee), share in calls.items()]


def _member(noise: Noise, name: str, tier: int, traffic: float) -> Member:
    slow = {0: (0.5, 1.0), 1: (0.15, 0.6), 2: (0.05, 0.3), 3: (0.2, 0.6)}[tier]
    return Member(
        name, tier, traffic, noise.between(0.0004, 0.003), noise.between(*slow), noise.between(0.15, 0.5),
        noise.between(0.3, 0.6), outside=tier == 3,
    )  # fmt: skip
