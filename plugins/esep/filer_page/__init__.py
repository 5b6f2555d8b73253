"""A page on which a pool checks a package before it files: its own process, without Airflow, login, script, cookie.

It reads nothing of an office's data and keeps nothing: what was sent is in a temporary folder until the answer is made.
"""
