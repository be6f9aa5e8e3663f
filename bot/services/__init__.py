"""Use cases: one short transaction each. They speak to ports, never to Discord."""
