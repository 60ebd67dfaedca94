# The coach as a container: who builds it, and what of it is left at the end. docs/operate.md says how it is run.

FROM python:3.11.15-slim-trixie AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv --without-pip /opt/coach
COPY pyproject.toml constraints.txt ./
# What it depends on first: a change of the code alone does not install it again. No wheel, no build: there is no compiler.
RUN python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' >requirements.txt \
    && python -m pip --python /opt/coach/bin/python install --constraint constraints.txt --only-binary :all: --requirement requirements.txt \
    && python -m pip install --constraint constraints.txt --only-binary :all: hatchling
COPY README.md ./
COPY bot ./bot
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && python -m pip --python /opt/coach/bin/python install --no-deps --no-index dist/*.whl \
    && /opt/coach/bin/coach --version

FROM python:3.11.15-slim-trixie
LABEL org.opencontainers.image.title="Field Coach" \
      org.opencontainers.image.version="0.2.0" \
      org.opencontainers.image.description="A conversational coach for sales reps: answers from lessons, reviews drafts against the field language guide."
# Python's own modules are compiled here, since nothing can be at run time; and what installs packages goes.
RUN python -m pip uninstall --quiet --yes --root-user-action=ignore pip setuptools wheel \
    && python -m compileall -q "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" \
    && groupadd --gid 10001 coach \
    && useradd --uid 10001 --gid coach --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin coach \
    && install --directory --owner=coach --group=coach --mode=0700 /var/lib/coach
COPY --from=builder /opt/coach /opt/coach
COPY knowledge /srv/coach/knowledge
COPY prompts /srv/coach/prompts
ENV PATH=/opt/coach/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    COACH_HOST=0.0.0.0 \
    COACH_PORT=8080 \
    COACH_KNOWLEDGE_DIR=/srv/coach/knowledge \
    COACH_PROMPTS_DIR=/srv/coach/prompts \
    COACH_DATA_DIR=/var/lib/coach
WORKDIR /srv/coach
USER 10001:10001
VOLUME /var/lib/coach
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-m", "bot.probe"]
ENTRYPOINT ["coach"]
CMD ["serve"]
