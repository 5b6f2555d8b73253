# Esep and Airflow in one image: every service of docker-compose.yaml runs it with its own command.
FROM python:3.12-slim

# 1 adds Apache Spark and Java, for ESEP_ENGINE=spark (ESEP_WITH_SPARK in .env).
ARG WITH_SPARK=0
RUN if [ "$WITH_SPARK" = 1 ]; then \
        apt-get update --quiet=2 \
        && apt-get install --quiet=2 --yes --no-install-recommends default-jre-headless \
        && rm -rf /var/lib/apt/lists/*; \
    fi

# Group 0 may write where Esep and Airflow write: so the container may run under the user id that owns the data.
RUN useradd --create-home --uid 50000 --gid 0 esep \
    && chmod g+rwX /home/esep \
    && install -d -o esep -g 0 -m 0775 /opt/esep /opt/airflow /opt/airflow/logs /data

USER esep
WORKDIR /opt/esep

# The environment first: it changes seldom, so that a change of the code builds in seconds.
COPY --chown=esep:0 requirements.txt requirements-spark.txt ./
COPY --chown=esep:0 scripts/find_python.sh scripts/install.sh scripts/
RUN sh scripts/install.sh \
    && if [ "$WITH_SPARK" = 1 ]; then sh scripts/install.sh requirements-spark.txt .venv/.installed-spark; fi \
    && rm -rf /home/esep/.cache

COPY --chown=esep:0 scripts/init_airflow.sh scripts/healthy.py scripts/
COPY --chown=esep:0 bin bin
COPY --chown=esep:0 dags dags
COPY --chown=esep:0 plugins plugins
COPY --chown=esep:0 expectations expectations
COPY --chown=esep:0 sql sql

ENV PATH=/opt/esep/.venv/bin:$PATH \
    HOME=/home/esep \
    USER=esep \
    PYTHONPATH=/opt/esep/plugins \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    ESEP_HOME=/data

# What is written below /data and the logs is for owner and group only, whatever starts the container.
ENTRYPOINT ["sh", "-c", "umask 027 && exec \"$@\"", "sh"]
CMD ["airflow", "version"]
