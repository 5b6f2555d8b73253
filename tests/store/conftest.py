from store.stores import fresh_store, s3  # noqa: F401 - fixtures
