"""Pages of the administrator and the auditor: people, organisations, roles, settings, the trail."""
