"""Where several machines keep one archive: a store of objects under names, of which a disk is one and S3 another."""
