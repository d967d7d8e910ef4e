"""Commands of the site, which the ``jiedui`` command finds by entry point: serve, manage, backup and more."""
