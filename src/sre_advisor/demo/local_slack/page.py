"""The page a person uses: static files, a live snapshot of the workspace, and what they do on it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib import resources

from aiohttp import web

from .nouns import Json, Message, SlackError
from .payloads import message_json, view_json
from .state import SlackState

_STATIC = {
    "page.js": "text/javascript",
    "blocks.js": "text/javascript",
    "mrkdwn.js": "text/javascript",
    "forms.js": "text/javascript",
    "composer.js": "text/javascript",
    "messages.js": "text/javascript",
    "page.css": "text/css",
    "blocks.css": "text/css",
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_UPDATE_INTERVAL_S = 0.05


class Page:
    """Serves `/`, `/static/…` and `/page/…`."""

    def __init__(self, state: SlackState, suggested_question: str | None = None, note: str | None = None) -> None:
        self._state = state
        self._suggested, self._note = suggested_question, note
        self._actions: dict[str, Callable[[Json], Awaitable[object]]] = {
            "post": self._post,
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "stop": self._stop,
            "react": self._react,
            "shortcut": self._shortcut,
        }

    def routes(self) -> list[web.RouteDef]:
        """The routes of the page."""
        return [
            web.get("/", self._index),
            web.get("/static/{name}", self._static),
            web.get("/page/events", self._events),
            web.post("/page/{action}", self._act),
        ]

    def snapshot(self) -> Json:
        """All that the page shows, for the on-call person."""
        state, viewer = self._state, self._state.person
        channels = [c for c in state.channels.values() if viewer.id in c.members and not c.is_archived]
        return {
            "team": state.team.name, "viewer": viewer.id, "bot": state.bot.id, "suggested": self._suggested,
            "note": self._note, "now": state.clock(), "shortcuts": state.config.shortcuts,
            "users": {
                u.id: {"name": u.name, "real_name": u.real_name, "is_bot": u.is_bot, "colour": u.colour}
                for u in state.users.values()
            },
            "channels": [{"id": c.id, "name": c.name, "topic": c.topic, "is_im": c.is_im} for c in channels],
            "messages": {c.id: [self._message(m) for m in self._visible(c.id)] for c in channels},
            "status": {f"{c}/{ts}": self._session(c, ts) for c, ts in state.sessions},
            "views": [self._view(v.id) for v in state.views.values() if v.user == viewer.id],
            "home": view_json(state, state.homes[viewer.id]) if viewer.id in state.homes else None,
        }  # fmt: skip

    def _visible(self, channel: str) -> list[Message]:
        everything = self._state.in_channel(channel)
        return [m for m in everything if m.ephemeral_to in (None, self._state.person.id)]

    def _message(self, message: Message) -> Json:
        body = message_json(self._state, message)
        body["author"] = self._state.author(message)
        body["shows_as_edited"] = message.shows_as_edited
        body["is_app"] = message.bot_id is not None
        body["ephemeral"] = message.ephemeral_to is not None
        body["streaming"] = message.stream is not None and message.stream.open
        if message.thread_ts:
            body["thread_ts"] = message.thread_ts
        return body

    def _session(self, channel: str, thread_ts: str) -> Json:
        session = self._state.session(channel, thread_ts)
        return {
            "text": self._state.status_line(channel, thread_ts), "agent": session.agent_status, "title": session.title,
            "prompts": session.prompts, "loading": session.loading_messages,
        }  # fmt: skip

    def _view(self, view_id: str) -> Json:
        view = self._state.view(view_id)
        return {**view_json(self._state, view), "errors": view.errors}

    async def _index(self, _request: web.Request) -> web.Response:
        return web.Response(text=_asset("index.html"), content_type="text/html", headers=_HEADERS)

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in _STATIC:
            raise web.HTTPNotFound
        return web.Response(text=_asset(name), content_type=_STATIC[name], headers=_HEADERS)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the whole snapshot now, and again whenever something changed."""
        response = web.StreamResponse(headers={**_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        changed = asyncio.Event()
        self._state.on_change.append(changed.set)
        try:
            while True:
                changed.clear()
                data = json.dumps(self.snapshot())
                await response.write(f"data: {data}\n\n".encode())
                await changed.wait()
                await asyncio.sleep(_UPDATE_INTERVAL_S)  # a burst of changes is one update
        except (ConnectionError, asyncio.CancelledError):
            return response
        finally:
            self._state.on_change.remove(changed.set)

    async def _act(self, request: web.Request) -> web.Response:
        """Something the person did. JSON only: another site's form cannot send that without being asked first."""
        action = self._actions.get(request.match_info["action"])
        if action is None:
            raise web.HTTPNotFound
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            answer = await action(await request.json())
        except SlackError as error:
            return web.json_response(error.body(), status=400)
        return web.json_response({"ok": True, "answer": answer})

    async def _post(self, body: Json) -> str:
        state, text, channel = self._state, str(body["text"]), str(body["channel"])
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            await state.person_commands(channel, command, rest)
            return ""
        return (await state.person_types(channel, text, thread_ts=body.get("thread_ts"))).ts

    async def _click(self, body: Json) -> bool:
        value = body.get("value")
        if body.get("view_id"):
            return await self._state.person_clicks_in_view(body["view_id"], body["action_id"], value=value)
        return await self._state.person_clicks(
            body["ts"], body["action_id"], channel=body["channel"], block_id=body.get("block_id"), value=value
        )

    async def _submit(self, body: Json) -> Json:
        return await self._state.person_submits_view(body["view_id"], body["values"])

    async def _close(self, body: Json) -> None:
        await self._state.person_closes_view(body["view_id"])

    async def _home(self, _body: Json) -> None:
        await self._state.person_opens_home()

    async def _stop(self, body: Json) -> None:
        await self._state.person_stops(body["channel"], body["thread_ts"])

    async def _react(self, body: Json) -> None:
        await self._state.person_reacts(body["ts"], body["name"])

    async def _shortcut(self, body: Json) -> bool:
        return await self._state.person_uses_message_shortcut(body["ts"], body["callback_id"])


def _asset(name: str) -> str:
    return resources.files(__package__ or "").joinpath("static", name).read_text(encoding="utf-8")


class FileStore:
    """Serves `/upload/{id}` and `/files/{id}`."""

    def __init__(self, state: SlackState) -> None:
        self._state = state

    async def upload(self, request: web.Request) -> web.Response:
        """Step two of an upload: the bytes, raw or as a form's file."""
        file = self._state.files.get(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        file.data = await request.read()
        if len(file.data) != file.size:
            file.data = None
            return web.Response(status=400, text="the announced length and the bytes differ")
        return web.Response(text=f"OK - {file.size}")

    async def download(self, request: web.Request) -> web.Response:
        """A file's bytes; only images are shown in place, everything else is a download."""
        file = self._state.files.get(request.match_info["file_id"])
        if file is None or file.data is None:
            raise web.HTTPNotFound
        inline = file.mimetype in {"image/png", "image/jpeg", "image/gif", "image/webp"}
        kind = file.mimetype if inline or file.mimetype == "text/plain" else "application/octet-stream"
        headers = {**_HEADERS, "Content-Disposition": "inline" if inline else "attachment"}
        return web.Response(body=file.data, content_type=kind, headers=headers)
