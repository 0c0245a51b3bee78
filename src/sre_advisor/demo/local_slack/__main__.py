"""A local Slack of its own, to try a configuration without a workspace: `python -m sre_advisor.demo.local_slack`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys

from .server import LocalSlack


async def serve(port: int) -> int:
    """Listen until interrupted and say how `sre-advisor` reaches it; 2 when the port is taken."""
    slack = LocalSlack(suggested_question="@advisor what is going on?")
    try:
        await slack.start(port=port)
    except OSError:
        sys.stderr.write(f"port {port} is taken: stop what uses it or choose another (--port N)\n")
        return 2
    channel = slack.state.channel("incidents").id
    sys.stdout.write(
        f"# The channel is at {slack.url} (for init: --channel {channel}=incidents). Where you run sre-advisor:\n"
        f"export SLACK_BOT_TOKEN={slack.bot_token} SLACK_APP_TOKEN={slack.app_token}\n"
        f"export SRE_ADVISOR_SLACK__API_URL={slack.api_url}\n"
    )
    sys.stdout.flush()
    await asyncio.Event().wait()
    return 0


def main() -> int:
    """Read the arguments."""
    parser = argparse.ArgumentParser(prog="python -m sre_advisor.demo.local_slack", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="port of the page and of the API (8765)")
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(serve(parser.parse_args().port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
