"""Every way the notes on the Messages API say that a model can fail, as scripts for the stand-in.

Each row names what goes wrong, how the stand-in plays it, and how it must end: with the model's answer, or without
one (then what is said of the model), after how many requests at the most.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.standins.model_script import Fail, Raw, Say, Step, answer, overloaded, rate_limited, refusal, tool_calls

ANSWER: dict[str, Any] = {
    "verdict": "not_enough_evidence", "summary": "The model has spoken.", "hypotheses": [], "ruled_out": [],
    "not_checked": [], "commands": [],
}  # fmt: skip
GOOD = answer(ANSWER)
CALL = tool_calls(("evidence_on_file", {}), prefix="f")
NO_HOST, NO_PORT, TLS = "http://model.invalid", "http://127.0.0.1:1", "https://127.0.0.1:{port}"


@dataclass(frozen=True)
class Fault:
    """One row: `steps` in turn, then `rest` for ever.

    `says` is a word of the note about the model, None when the model's answer comes all the same; `most` bounds the
    requests for a turn. `model` are settings of the model, `seconds` the question's limit.
    """

    name: str
    steps: tuple[Step, ...] = ()
    rest: Step | Callable[[dict[str, Any]], Step] = GOOD
    says: str | None = None
    most: int = 8
    model: Mapping[str, Any] = field(default_factory=dict[str, Any])
    seconds: float = 180.0

    def settings(self, port: int) -> dict[str, Any]:
        """The model's settings for a stand-in at this port."""
        return {k: v.format(port=port) if isinstance(v, str) else v for k, v in self.model.items()}

    def script(self) -> Callable[[dict[str, Any]], Step]:
        """The rows' steps for a fresh server."""
        left = list(self.steps)

        def step(request: dict[str, Any]) -> Step:
            if left:
                return left.pop(0)
            return self.rest(request) if callable(self.rest) else self.rest

        return step


def always(name: str, step: Step | Callable[[dict[str, Any]], Step], says: str, most: int = 3, **more: Any) -> Fault:
    """It never gets better."""
    return Fault(name, (), step, says, most, **more)


def use(call_id: str, name: str, args: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A call as a block."""
    return {"type": "tool_use", "id": call_id, "name": name, "input": dict(args), "caller": {"type": "direct"}, **more}


def reads_for_ever(request: dict[str, Any]) -> Say:
    """Another reading at each turn, even when it is told that there are no more."""
    return tool_calls(
        ("evidence_on_file", {"from_char": len(request["messages"])}), prefix=str(len(request["messages"]))
    )


def pauses_for_ever(request: dict[str, Any]) -> Say:
    """A turn that never gets on."""
    return Say(({"type": "text", "text": f"so far {len(request['messages'])}"},), "pause_turn")


def sse(*events: tuple[str, str]) -> Raw:
    """A stream as it is written here."""
    return Raw(
        "".join(f"event: {name}\ndata: {data}\n\n" for name, data in events).encode(), content_type="text/event-stream"
    )


ERROR_AT_ONCE = sse(("error", json.dumps({"type": "error", "error": {"type": "overloaded_error", "message": "x"}})))
IN_TWO_HOURS = format_datetime(datetime.now(UTC) + timedelta(hours=2))
BAD_SIGNATURE = Fail(400, "invalid_request_error", "Invalid signature in thinking block: a different conversation")
HALF_REFUSED = replace(GOOD, stop_reason="refusal", stop_details={"type": "refusal", "category": "cyber"})
CUT_CALL = replace(CALL, stop_reason="max_tokens")
CUT_ANSWER = answer(json.dumps(ANSWER), stop_reason="max_tokens")
NOT_JSON = Say((use("toolu_x", "evidence_on_file", {}, raw_input="{]"),), "tool_use")
A_LIST = Say((use("toolu_x", "evidence_on_file", {}, raw_input="[1]"),), "tool_use")

FAULTS: tuple[Fault, ...] = (
    # --- Overload (section 3, 4) ---
    Fault("overloaded once before the stream", (overloaded(),)),
    always("overloaded before the stream", overloaded(), "overloaded"),
    Fault("overloaded once in mid-stream", (GOOD.broken("error_event"),)),
    always("overloaded in mid-stream", GOOD.broken("error_event"), "broke off"),
    always("overloaded at once after the headers", ERROR_AT_ONCE, "broke off"),
    always(
        "an error in mid-stream that cannot pass",
        GOOD.broken("error_event", "invalid_request_error"),
        "refused the request",
    ),
    # --- Broken streams (section 4) ---
    Fault("stream cut once", (GOOD.broken("cut"),)),
    always("stream always cut", GOOD.broken("cut"), "connection"),
    Fault("clean early end once", (GOOD.broken("early_end"),)),
    always("clean early end, no stop reason", GOOD.broken("early_end"), "ended early"),
    Fault("stream cut in the second turn", (CALL, GOOD.broken("cut"))),
    always("socket dropped before headers", Raw(drop=True), "reached"),
    # --- Length limits (section 3, 4) ---
    Fault("tool call cut by max_tokens once", (CUT_CALL,)),
    always("tool call always cut by max_tokens", CUT_CALL, "cut off"),
    Fault("answer cut by max_tokens once", (CUT_ANSWER,)),
    always("answer always cut by max_tokens", CUT_ANSWER, "cut off"),
    always("context window exceeded", replace(GOOD, stop_reason="model_context_window_exceeded"), "outgrown"),
    always(
        "prompt is too long",
        Fail(400, "invalid_request_error", "prompt is too long: 1000001 tokens > 1000000 maximum"),
        "outgrown",
    ),
    always("request above 32 MB", Fail(413, "request_too_large"), "too large"),
    # --- Refusals (section 3, 4) ---
    always("refusal with empty content", refusal("cyber"), "declined"),
    always("refusal after half an answer", HALF_REFUSED, "declined"),
    Fault("refusal after a reading", (CALL,), refusal(), "declined", 2),
    # --- Answers that are none (section 6, issue) ---
    Fault("invalid JSON once", (answer("It is the pool."),)),
    always("invalid JSON twice", answer("It is the pool."), "no usable answer"),
    Fault("JSON in a code fence", (answer(f"```json\n{json.dumps(ANSWER)}\n```"),)),
    Fault("half a JSON object", (answer(json.dumps(ANSWER)[:40]),)),
    Fault("JSON nested too deeply once", (answer("[" * 20_000),)),
    always("JSON always nested too deeply", answer("[" * 20_000), "no usable answer"),
    Fault("JSON of another shape", (answer({"verdict": "sure"}),)),
    Fault("empty content", (Say((), thinks=False),)),
    always("content always empty", Say((), thinks=False), "no usable answer"),
    Fault("thinking and nothing else", (Say(()),)),
    Fault("a block of an unknown type", (Say(({"type": "hologram", "data": "x"}, *GOOD.blocks)),)),
    Fault("an unknown stop reason", (replace(GOOD, stop_reason="because"),)),
    # --- Tools (section 3, 4, 6) ---
    Fault("tool arguments that are no JSON", (NOT_JSON,)),
    always("tool arguments that are never JSON", NOT_JSON, "could not be read"),
    Fault("tool arguments that are a list", (A_LIST,)),
    Fault("tool arguments of wrong types", (tool_calls(("evidence_on_file", {"id": 7, "from_char": "x"})),)),
    Fault("an unknown tool", (tool_calls(("rm_rf", {})),)),
    Fault("a tool name in another case", (tool_calls(("Evidence_On_File", {})),)),
    Fault("parallel calls", (tool_calls(*[("evidence_on_file", {"from_char": n}) for n in range(5)]),)),
    Fault("two calls of one id", (Say((use("toolu_d", "evidence_on_file", {}),) * 2, "tool_use"),)),
    Fault("an id used again in a later turn", (CALL, CALL)),
    Fault("a call in a turn that ended otherwise", (Say((use("toolu_e", "evidence_on_file", {}),), "end_turn"),)),
    Fault("a turn that ended for tools and calls none", (replace(answer("hm"), stop_reason="tool_use"),)),
    always("readings for ever", reads_for_ever, "went on asking", 8),
    always("the same reading for ever", lambda _: CALL, "went on asking", 8),
    Fault("a turn paused once", (Say(({"type": "text", "text": "so far"},), "pause_turn"),)),
    always("turns paused for ever", pauses_for_ever, "limit", 8),
    # --- History (section 6) ---
    Fault("thinking refused as of another conversation", (CALL, BAD_SIGNATURE)),
    always("history refused with no thinking in it", BAD_SIGNATURE, "refused the request", 1),
    # --- Limits of the account (section 3) ---
    Fault("rate limit that passes", (rate_limited("0"),)),
    always("rate limit", rate_limited("0"), "rate limit"),
    *(
        always(f"rate limit, Retry-After {name}", rate_limited(asked), "rate limit", 3)
        for name, asked in {
            **{asked: asked for asked in ("3600", "1e12", "inf", "nan", "-5", "soon", "")},
            "a date in two hours": IN_TWO_HOURS,
        }.items()
    ),
    always(
        "overload that asks for an hour in milliseconds",
        overloaded(headers={"retry-after-ms": "3600000"}),
        "overloaded",
        1,
    ),
    always(
        "rate limit that asks in milliseconds",
        Fail(429, "rate_limit_error", "x", {"retry-after-ms": "3600000"}),
        "rate limit",
        1,
    ),
    always(
        "told to retry what cannot pass",
        Fail(400, "invalid_request_error", "x", {"x-should-retry": "true"}),
        "refused the request",
    ),
    always("spend cap: 429 without Retry-After", rate_limited(None), "spend limit", 1),
    always(
        "spend cap: 400",
        Fail(400, "invalid_request_error", "no", error_code="enforced_spend_limit_reached"),
        "spend limit",
        1,
    ),
    always(
        "credit used up: 400", Fail(400, "invalid_request_error", "Your credit balance is too low"), "spend limit", 1
    ),
    always("payment required", Fail(402, "billing_error"), "credit", 1),
    # --- The other statuses (section 3) ---
    always("wrong key", Fail(401, "authentication_error"), "key", 1),
    always("key without permission", Fail(403, "permission_error"), "key", 1),
    always("unknown model", Fail(404, "not_found_error"), "does not know", 1),
    always("request refused", Fail(400, "invalid_request_error", "messages: bad"), "refused the request", 1),
    always("request not processable", Fail(422), "refused the request", 1),
    *(always(f"HTTP {status}", Fail(status), "model's api", 3) for status in (408, 500, 502, 503, 504)),
    always("HTTP 409", Fail(409), "model's api", 3),
    # --- Not the API at all (brief) ---
    always("a proxy's page with 200", Raw(b"<html>please log in</html>"), "could not be read"),
    always("a proxy's page with 502", Raw(b"<html>bad gateway</html>", 502), "502"),
    always("an empty body with 200", Raw(), "could not be read"),
    always(
        "JSON where a stream was due", Raw(b'{"type":"message"}', content_type="application/json"), "could not be read"
    ),
    always("events that are no JSON", sse(("message_start", "{oops")), "could not be read"),
    always("events in no order", sse(("message_stop", '{"type":"message_stop"}')), "could not be read"),
    always("no such host", GOOD, "reached", 0, model={"base_url": NO_HOST}),
    always("nothing listens", GOOD, "reached", 0, model={"base_url": NO_PORT}),
    always("TLS spoken to a plain port", GOOD, "reached", 0, model={"base_url": TLS}),
    # --- Time (section 2, 4) ---
    always("headers never come", replace(GOOD, first_byte_after_s=60.0), "took too long", 1, seconds=0.8),
    always(
        "headers come later than one may wait",
        replace(GOOD, first_byte_after_s=60.0),
        "stopped answering",
        3,
        model={"timeout_s": 0.3},
    ),
    always("stream hangs", GOOD.broken("hang"), "took too long", 1, seconds=0.8),
    always(
        "stream hangs longer than one may wait", GOOD.broken("hang"), "stopped answering", 3, model={"timeout_s": 0.3}
    ),
    always("slow drip", replace(GOOD, between_events_s=0.5), "took too long", 1, seconds=1.2),
)
