"""Every change of state in this app, one function a change."""
