"""Settings, logging, and the files an administrator may edit."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where the topics, the cities and the catalogues lie."""
