from store.stores import join_home, s3  # noqa: F401 - fixtures
