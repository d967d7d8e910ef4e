"""Backups: written consistent, restored into an empty place only, verified piece by piece.

A backup is a compressed tar of the database, uploads and checkpoints, and a manifest with the hash of each
file, the rows of each table, and how far the trail reached. Keys are in it only where somebody asked.
"""
