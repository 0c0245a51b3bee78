"""The alert tool against a real Alertmanager that a real Prometheus feeds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sre_advisor.connectors.alertmanager.client import AlertmanagerClient
from sre_advisor.connectors.alertmanager.config import AlertmanagerConfig
from sre_advisor.connectors.alertmanager.tools import AlertmanagerConnector
from sre_advisor.connectors.contract import NoData, Reading
from sre_advisor.model import Alert, AlertState
from tests.connectors.metrics.conftest import Shop
from tests.servers.alertmanager import running_alertmanager


async def ask(url: str, **args: Any) -> Reading:
    connector = AlertmanagerConnector(AlertmanagerClient(AlertmanagerConfig(url=url)))
    tool = connector.tools()[0]
    try:
        return await tool.run(tool.args.model_validate(args), datetime.now(UTC))
    finally:
        await connector.close()


async def test_firing_and_inhibited_alerts_are_told_apart_with_what_inhibits(shop: Shop) -> None:
    reading = await ask(shop.alertmanager)
    states = {n.name: (n.state, n.service) for n in reading.nouns if isinstance(n, Alert)}
    assert states["HighErrorRatio"] == (AlertState.FIRING, "orders")
    assert states["PoolBusy"] == (AlertState.INHIBITED, "orders")
    body: Any = reading.body
    row = next(r for r in body["groups"] if r["alert"] == "PoolBusy")
    assert row["inhibited_by"] == "HighErrorRatio (orders)"


async def test_the_runbook_address_of_an_alert_is_kept(shop: Shop) -> None:
    reading = await ask(shop.alertmanager, state="firing")
    alert = next(n for n in reading.nouns if isinstance(n, Alert))
    assert alert.annotations["runbook_url"] == "https://runbooks.example/e"


async def test_alerts_of_an_unknown_service_are_no_data(shop: Shop) -> None:
    with pytest.raises(NoData, match="of 2 active"):
        await ask(shop.alertmanager, service="nobody")


async def test_a_silenced_alert_says_by_whom_until_when_and_why() -> None:
    now = datetime.now(UTC)
    async with running_alertmanager() as server, httpx.AsyncClient(trust_env=False) as client:
        labels = {"alertname": "DiskFull", "app": "store"}
        matchers = [{"name": "alertname", "value": "DiskFull", "isRegex": False, "isEqual": True}]
        silence = {
            "matchers": matchers, "startsAt": f"{now:%FT%TZ}", "endsAt": f"{now + timedelta(hours=2):%FT%TZ}",
            "createdBy": "ada", "comment": "disk is on order",
        }  # fmt: skip
        (await client.post(f"{server.url}/api/v2/silences", json=silence)).raise_for_status()
        (await client.post(f"{server.url}/api/v2/alerts", json=[{"labels": labels}])).raise_for_status()
        reading = await ask(server.url)
    body: Any = reading.body
    row = body["groups"][0]
    assert (row["state"], row["service"], row["silenced_by"]) == ("silenced", "store", "ada")
    assert row["silence_comment"] == "disk is on order"
    assert row["silenced_until"] == f"{now + timedelta(hours=2):%FT%TZ}"


async def test_alertmanager_with_nothing_firing_is_no_data_and_reachable() -> None:
    async with running_alertmanager(path_prefix="/am") as server:
        client = AlertmanagerClient(AlertmanagerConfig(url=server.url))
        assert (await client.ping()).state == "ok"
        wrong = AlertmanagerClient(AlertmanagerConfig(url=server.url.removesuffix("/am")))
        assert (await wrong.ping()).state == "misconfigured"
        with pytest.raises(NoData):
            await ask(server.url)
        await client.close()
        await wrong.close()
