# syntax=docker/dockerfile:1
# Built and run without a container engine by `make image-test`, which reads this file itself.

FROM debian:bookworm-slim AS build
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3 python3-venv ca-certificates
WORKDIR /build
COPY requirements.lock requirements-build.lock ./
# The program's environment gets only hashed packages; the tools that build the wheel stay in one of their own.
RUN --mount=type=cache,target=/root/.cache/pip \
    python3 -m venv /opt/sre-advisor \
    && /opt/sre-advisor/bin/pip install --require-hashes -r requirements.lock \
    && python3 -m venv /opt/tools \
    && /opt/tools/bin/pip install --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY prompts prompts
COPY config config
RUN /opt/tools/bin/pip wheel --no-deps --no-index --no-build-isolation --wheel-dir dist . \
    && /opt/sre-advisor/bin/pip install --no-deps --no-index dist/*.whl \
    && /opt/sre-advisor/bin/pip uninstall --yes pip setuptools \
    && /opt/sre-advisor/bin/sre-advisor --version

FROM debian:bookworm-slim
# git reads the local mirror; everything else is Python.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3 git ca-certificates \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/debconf \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin advisor \
    && install -d -o advisor -g advisor /data
COPY --from=build /opt/sre-advisor /opt/sre-advisor
# The root may be read-only: what is written goes to /data (the journal, mirrors, the docs index) and /tmp.
ENV PATH=/opt/sre-advisor/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    MPLCONFIGDIR=/tmp/matplotlib
USER advisor
WORKDIR /data
VOLUME ["/data"]
ENTRYPOINT ["sre-advisor"]
CMD ["run"]
