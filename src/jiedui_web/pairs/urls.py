"""Addresses of the app `pairs`."""
urlpatterns: list[object] = []
