"""`python -m tests.wire.run_bot BASE GATEWAY …`: `python -m bot …`, speaking to the Discord at these addresses."""

from __future__ import annotations

import runpy
import sys

from tests.wire.hooks import point_discord_py_at

if __name__ == "__main__":
    point_discord_py_at(sys.argv[1], sys.argv[2])
    sys.argv[1:] = sys.argv[3:]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
