"""The Common Alerting Protocol 1.2 (OASIS Standard, 1 July 2010): values, reading, writing and checking."""
