"""Encodings of wallet addresses and their checksums, each from its published description."""
