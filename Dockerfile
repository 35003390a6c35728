# One image for all services: the command says which one runs.
#
#   docker build -t revenge .
#   docker run revenge python -m revenge.catalog

FROM python:3.13-slim AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/revenge UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv
WORKDIR /src
COPY . .
RUN uv sync --frozen --no-dev --no-editable --all-packages

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/revenge --create-home revenge \
 && install -d -o revenge -g revenge /var/cache/revenge
COPY --from=build --chown=root:root /opt/revenge /opt/revenge
ENV PATH=/opt/revenge/bin:$PATH PYTHONUNBUFFERED=1 REVENGE_LOGGING_FORMAT=json
USER revenge
WORKDIR /var/lib/revenge
EXPOSE 8096 9096
CMD ["revenge", "--help"]
