"""The pages inside Airflow's UI: a FastAPI application with server-rendered templates, mounted at /esep.

Imported by Airflow's api-server alone (plugins/esep_plugin.py). Nothing here reads the warehouse by SQL: `esep.answers`
gives values, templates give them words (`esep.texts`).
"""
