"""The relations of sql/ on an Apache Spark cluster, from the same files. Nothing here needs Airflow."""
