"""Response URLs: where an app may answer an interaction or a command, five times within half an hour."""

from dataclasses import dataclass

from aiohttp import web

from .nouns import Json, SlackError
from .state import SlackState
from .validate import check_message_blocks

MAX_USES = 5
LIFETIME_S = 1800.0


@dataclass
class _Use:
    channel: str
    thread_ts: str | None
    user: str
    message_ts: str | None
    expires: float
    left: int = MAX_USES


class ResponseUrls:
    """Issues and serves `/response/{id}`."""

    def __init__(self, state: SlackState) -> None:
        self.url = ""
        self._state = state
        self._uses: dict[str, _Use] = {}
        state.new_response_url = self.issue

    def issue(self, channel: str, thread_ts: str | None, user: str, message_ts: str | None) -> str:
        """A new response URL."""
        key = self._state.new_id("R0")
        self._uses[key] = _Use(channel, thread_ts, user, message_ts, self._state.clock() + LIFETIME_S)
        return f"{self.url}/response/{key}"

    async def serve(self, request: web.Request) -> web.Response:
        """One answer of the app."""
        use = self._uses.get(request.match_info["key"])
        if use is None or use.left <= 0 or self._state.clock() > use.expires:
            return web.json_response({"ok": False, "error": "used_url" if use else "not_found"}, status=404)
        use.left -= 1
        answer: Json = await request.json()
        try:
            if answer.get("blocks"):
                check_message_blocks(answer["blocks"])
            self._apply(use, answer)
        except SlackError as error:
            return web.json_response(error.body(), status=400)
        return web.Response(text="ok")

    def _apply(self, use: _Use, answer: Json) -> None:
        if use.message_ts and answer.get("delete_original"):
            self._state.remove(self._state.find(use.message_ts, use.channel))
        elif use.message_ts and answer.get("replace_original"):
            message = self._state.find(use.message_ts, use.channel)
            message.text, message.blocks = answer.get("text", ""), answer.get("blocks") or []
            self._state.changed()
        else:
            self._state.app_responds(use.channel, use.thread_ts, use.user, answer)
