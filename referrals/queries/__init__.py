"""Questions about many rows. What the app offers to the apps above it starts here."""
