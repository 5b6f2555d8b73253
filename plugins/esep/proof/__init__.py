"""Proving what is kept: every record, chain, lake file, package byte and accepted reference version by its hash."""
