"""Domain values become what Discord shows, in the reader's language."""
