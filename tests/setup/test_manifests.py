"""What is run, by Compose files and manifests."""

from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.setup.manifests import workloads

COMPOSE = """
services:
  web:
    build: {context: ../apps/web}
    depends_on: {api: {condition: service_healthy}}
    environment: [API_URL=http://api:8000]
  api:
    build: ./api
    depends_on: [db]
  db: {image: postgres:16}
"""
HELM = """
{{- if .Values.on }}
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app: x
  name: checkout
spec:
  replicas: {{ .Values.replicas }}
---
kind: Service
metadata:
  name: not-run
"""


def test_compose_tells_what_each_service_needs_and_where_it_is_built() -> None:
    web, api, db = workloads("deploy/compose.yaml", COMPOSE)
    assert (web.name, web.needs, web.folder, web.lines) == ("web", ("api",), "apps/web", ("API_URL=http://api:8000",))
    assert (api.needs, api.folder) == (("db",), "deploy/api")
    assert db.folder is None


def test_a_helm_template_names_the_workload_although_it_is_no_yaml() -> None:
    assert [one.name for one in workloads("charts/checkout/templates/deployment.yaml", HELM)] == ["checkout"]


def test_a_build_folder_outside_the_repository_is_left_out() -> None:
    (one,) = workloads("compose.yml", "services: {a: {build: ../../elsewhere}}")
    assert one.folder is None


@given(st.text(max_size=300), st.sampled_from(["compose.yaml", "k8s/x.yaml"]))
def test_any_text_is_read_without_a_crash(text: str, path: str) -> None:
    assert all(one.name for one in workloads(path, text) if one.name)
