"""Every cause the simulator knows, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sre_advisor.evals.simulator.causes import code, quiet, resources, surroundings
from sre_advisor.evals.simulator.day import Day
from sre_advisor.evals.simulator.noise import Noise
from sre_advisor.evals.simulator.told import Told

Cause = Callable[[Day, Noise], Told]

CAUSES: Mapping[str, Cause] = {
    "bad_deploy": code.bad_deploy,
    "config": code.bad_config,
    "slow_query": code.slow_query,
    "memory_leak": code.memory_leak,
    "pool_exhaustion": resources.pool_exhaustion,
    "disk_full": resources.disk_full,
    "noisy_neighbour": resources.noisy_neighbour,
    "clock_skew": resources.clock_skew,
    "certificate_expiry": resources.certificate_expiry,
    "dependency_down": surroundings.dependency_down,
    "dns": surroundings.dns_failure,
    "retry_storm": surroundings.retry_storm,
    "cache_stampede": surroundings.cache_stampede,
    "traffic_surge": surroundings.traffic_surge,
    "nothing": quiet.nothing,
    "not_enough_evidence": quiet.not_enough,
}
