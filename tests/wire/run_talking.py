"""`tests.wire.run_bot` with our own words for one kind of delivery: everything else is the real program."""

from __future__ import annotations

import runpy
import sys

from bot.messenger.composers import COMPOSERS
from tests.wire.hooks import point_discord_py_at
from tests.wire.sending import KIND, compose

if __name__ == "__main__":
    COMPOSERS[KIND] = compose
    point_discord_py_at(sys.argv[1], sys.argv[2])
    sys.argv[1:] = sys.argv[3:]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
