"""Places with codes, and programmes: where and in what everything else happens."""
