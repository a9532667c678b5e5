# The service: docker build -t loracfg . && docker run --rm -p 127.0.0.1:8000:8000 loracfg

FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/loracfg
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY loracfg loracfg
COPY api api
COPY schema schema
RUN /opt/loracfg/bin/pip install --no-cache-dir '.[api]'

FROM python:3.13-slim
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin loracfg
COPY --from=build /opt/loracfg /opt/loracfg
ENV PATH=/opt/loracfg/bin:$PATH
# by number, as Kubernetes can tell only of numbers that they are not root's
USER 10001:10001
EXPOSE 8000
# without the proxies that the environment may name
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
    CMD ["python", "-I", "-c", "from urllib.request import *; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/readyz', timeout=2)"]
ENTRYPOINT ["loracfg", "serve", "--host", "0.0.0.0"]
