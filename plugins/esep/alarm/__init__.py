"""What calls people when something is wrong: messages, what has been said already, and what could not be sent yet.

Imports no Airflow: `orchestration.alarms` sends, `orchestration.notifier` is what Airflow calls.
"""
