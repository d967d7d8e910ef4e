"""Commands of ``jiedui manage``."""
