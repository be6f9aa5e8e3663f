"""Twincord: the bot of an alumni network of public servants."""
