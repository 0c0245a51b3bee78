"""Serving Slack."""

async def run_slack(config: Path | None) -> int:
    """Serve Slack until SIGINT or SIGTERM; 0 on a clean stop."""
    settings, credentials = load_settings(config), Credentials()
    if not settings.has_backends:
        raise SettingsError("nothing to read is configured: run `sre-advisor init` or name a file by --config")
    async with assembled(settings, credentials, None) as parts, slack_service(parts):
        await _until_stopped()
    return 0


@asynccontextmanager
async def slack_service(parts: Assembly) -> AsyncIterator[SlackService]:
    """The advisor, listening in Slack."""
    service = SlackService(
        _needed(parts.credentials, "SLACK_BOT_TOKEN"),
        _needed(parts.credentials, "SLACK_APP_TOKEN"),
        parts.settings.slack,
        parts.journal,
        parts.investigator,
    )
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


def _needed(credentials: Credentials, name: str) -> str:
    value = credentials.get(name)
    if not value:
        raise SettingsError(f"{name} is not set: put the token there, or the path of a file with it in {name}_FILE")
    return value


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()


