"""Files for people who never open Airflow: the monthly report on quality, the annual statement."""
