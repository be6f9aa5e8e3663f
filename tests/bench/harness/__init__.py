"""What every benchmark shares: comparing two ways of doing a thing, measuring in a fresh process, reporting."""
