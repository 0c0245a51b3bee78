"""Who am I, who are they, and where to connect: auth, apps, users, team, bots."""

from sre_advisor.demo.local_slack.nouns import Json, SlackError
from sre_advisor.demo.local_slack.payloads import user_json

from .call import Call, Method


async def auth_test(call: Call) -> Json:
    """Who the token belongs to."""
    bot, team = call.state.bot, call.state.team
    return {
        "url": f"{call.url}/", "team": team.name, "user": bot.name, "team_id": team.id, "user_id": bot.id,
        "bot_id": bot.bot_id, "is_enterprise_install": False,
    }  # fmt: skip


async def apps_connections_open(call: Call) -> Json:
    """The address of a new Socket Mode connection."""
    return {"url": f"{call.url.replace('http', 'ws', 1)}/link?ticket={call.hub.issue_ticket()}"}


async def users_info(call: Call) -> Json:
    """One user."""
    user = call.state.users.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user_json(call.state, user)}


async def users_list(call: Call) -> Json:
    """Everybody."""
    members = [user_json(call.state, user) for user in call.state.users.values()]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


async def team_info(call: Call) -> Json:
    """The workspace."""
    team = call.state.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "url": f"{call.url}/"}}


async def bots_info(call: Call) -> Json:
    """One bot."""
    wanted = call.text("bot", call.state.bot.bot_id)
    user = next((user for user in call.state.users.values() if user.bot_id == wanted), None)
    if user is None:
        raise SlackError("bot_not_found")
    bot = {"id": user.bot_id, "app_id": user.app_id, "user_id": user.id, "name": user.real_name, "deleted": False}
    return {"bot": bot}


async def usergroups_users_list(call: Call) -> Json:
    """The members of a user group."""
    members = call.state.usergroups.get(call.text("usergroup"))
    if members is None:
        raise SlackError("no_such_subteam")
    return {"users": sorted(members)}


METHODS = {
    "auth.test": Method(auth_test, tier=4),
    "apps.connections.open": Method(apps_connections_open, tier=1, app_token=True),
    "users.info": Method(users_info, ("users:read",), tier=4),
    "users.list": Method(users_list, ("users:read",), tier=2),
    "team.info": Method(team_info, ("team:read",), tier=3),
    "usergroups.users.list": Method(usergroups_users_list, ("usergroups:read",), tier=2),
    "bots.info": Method(bots_info, ("users:read",), tier=3),
}
