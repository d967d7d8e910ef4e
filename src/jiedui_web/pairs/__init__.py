"""Pairs in the browser: proposals compared, decided by four eyes, published."""
