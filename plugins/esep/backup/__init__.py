"""Backup and restore of the truth below $ESEP_HOME: what cannot be made again from anything else."""
