"""The local Slack as a program of its own."""

import asyncio
import sys

from slack_sdk.web.async_client import AsyncWebClient


async def test_it_prints_the_environment_with_which_an_advisor_reaches_it() -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sre_advisor.demo.local_slack", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert program.stdout
    try:
        async with asyncio.timeout(20):
            lines = [(await program.stdout.readline()).decode() for _ in range(3)]
        told = dict(word.split("=", 1) for line in lines[1:] for word in line.split()[1:])
        client = AsyncWebClient(token=told["SLACK_BOT_TOKEN"], base_url=told["SRE_ADVISOR_SLACK__API_URL"])
        assert (await client.auth_test())["ok"]
        assert "C0INCIDENT=incidents" in lines[0]
    finally:
        program.terminate()
        await program.wait()
