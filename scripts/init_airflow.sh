#!/bin/sh
# Sets up Airflow's database, the writer's pool and the first administrator. Run it before every start: it only adds
# what is missing. Reads ESEP_HOME, ESEP_ADMIN_USER, ESEP_ADMIN_PASSWORD, ESEP_ADMIN_EMAIL; as root also ESEP_UID.
set -eu
umask 027

if [ "$(id -u)" = 0 ] && [ "${ESEP_UID:-0}" != 0 ]; then
    # A fresh bind mount belongs to root: give its top to the user the services run as, then go on as that user.
    for folder in "$ESEP_HOME" "$ESEP_HOME/inbox" "$ESEP_HOME/reference" "$AIRFLOW_HOME/logs"; do
        mkdir -p "$folder"
        chown "$ESEP_UID:0" "$folder"
    done
    exec setpriv --reuid "$ESEP_UID" --regid 0 --clear-groups sh "$0"
fi

mkdir -p "$ESEP_HOME/inbox" "$ESEP_HOME/reference"
python -m esep.orchestration.environment
# Says so and changes nothing when the user exists: a password changed in the UI stays.
airflow users create --role Admin --firstname Esep --lastname Administrator \
    --username "$ESEP_ADMIN_USER" --email "$ESEP_ADMIN_EMAIL" --password "$ESEP_ADMIN_PASSWORD"
