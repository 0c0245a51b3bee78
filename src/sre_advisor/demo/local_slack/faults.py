"""What may go wrong, on demand: typed hooks for tests, each counting what it really did."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """A way for a Web API call to fail."""

    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    DROP_REQUEST = "drop_request"  # the connection closes before anything was done
    LOSE_RESPONSE = "lose_response"  # it was done, and the connection closes before the caller learns of it
    LATE = "late"
    SLACK_ERROR = "slack_error"


@dataclass
class PlannedFault:
    """One fault for the next `times` calls of a method (`*` is any method)."""

    method: str
    kind: Fault
    times: int = 1
    retry_after_s: int = 1
    delay_s: float = 0.0
    status: int = 500
    error: str = "internal_error"


class Faults:
    """The faults in store; empty by default. `injected` counts those that happened, by kind."""

    def __init__(self) -> None:
        self.injected: Counter[str] = Counter()
        self._planned: list[PlannedFault] = []
        self.drop_acks = 0
        """The next so many acknowledgements are lost on their way to Slack."""
        self.duplicate_events = 0
        """The next so many events are delivered twice."""
        self.hold_events = 0
        """The next so many events are held back and then delivered in reverse order."""
        self.on_lost: list[Callable[[str], object]] = []
        """Called with the address that was asked, after a call was carried out whose answer is about to be lost."""

    def plan(self, fault: PlannedFault) -> None:
        """Add a fault."""
        self._planned.append(fault)

    def rate_limit(self, method: str, times: int = 1, retry_after_s: int = 1) -> None:
        """Answer the next calls with 429 and Retry-After."""
        self.plan(PlannedFault(method, Fault.RATE_LIMITED, times, retry_after_s=retry_after_s))

    def server_error(self, method: str, times: int = 1, status: int = 500) -> None:
        """Answer the next calls with a 5xx and a body that is not JSON."""
        self.plan(PlannedFault(method, Fault.SERVER_ERROR, times, status=status))

    def slack_error(self, method: str, error: str, times: int = 1) -> None:
        """Answer the next calls with `ok: false` and this error."""
        self.plan(PlannedFault(method, Fault.SLACK_ERROR, times, error=error))

    def drop_request(self, method: str, times: int = 1) -> None:
        """Close the connection without doing anything."""
        self.plan(PlannedFault(method, Fault.DROP_REQUEST, times))

    def lose_response(self, method: str, times: int = 1) -> None:
        """Do what was asked, then close the connection without answering."""
        self.plan(PlannedFault(method, Fault.LOSE_RESPONSE, times))

    def late(self, method: str, delay_s: float, times: int = 1) -> None:
        """Answer the next calls only after a while."""
        self.plan(PlannedFault(method, Fault.LATE, times, delay_s=delay_s))

    def clear(self) -> None:
        """No more faults."""
        self._planned.clear()
        self.drop_acks = self.duplicate_events = self.hold_events = 0

    def take(self, method: str) -> PlannedFault | None:
        """The fault for this call, counted as happened; None when it may go well."""
        for fault in self._planned:
            if fault.times > 0 and fault.method in (method, "*"):
                fault.times -= 1
                self.injected[fault.kind] += 1
                return fault
        return None

    def pending(self, method: str) -> bool:
        """Whether a fault waits for a call of this method."""
        return any(fault.times > 0 and fault.method in (method, "*") for fault in self._planned)

    def lost(self, address: str) -> None:
        """A call at this address was carried out, and its caller will not learn of it."""
        for told in self.on_lost:
            told(address)

    def take_dropped_ack(self) -> bool:
        """Whether this acknowledgement gets lost."""
        if self.drop_acks <= 0:
            return False
        self.drop_acks -= 1
        self.injected["dropped_ack"] += 1
        return True

    def take_duplicate(self) -> bool:
        """Whether this event is sent twice."""
        if self.duplicate_events <= 0:
            return False
        self.duplicate_events -= 1
        self.injected["duplicate_event"] += 1
        return True
