"""Backups: a consistent copy of database and snapshots, sealed to two people's keys, and the way back.

Keys of the instance are never in a backup: with them beside the data, one stolen file would open everything.
"""
