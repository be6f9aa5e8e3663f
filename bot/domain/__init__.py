"""Pure, synchronous rules. They are handed `now` and never speak to the outside."""
