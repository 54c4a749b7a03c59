"""Things that must happen after a commit: `publish()` in the action, handlers registered by the apps above."""
