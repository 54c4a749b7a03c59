"""When a change may happen. Rules raise `NotAllowed` with a sentence for the screen."""
