"""Who is signed in: allauth's way, with the organisation read at once."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from jiedui_web.accounts.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Finds the user of a session."""

    def get_user(self, user_id: int) -> User | None:
        """Give a user who may sign in, with the organisation: nearly every page asks for both."""
        found = User.objects.select_related("organisation").filter(pk=user_id).first()
        return found if found and self.user_can_authenticate(found) else None
