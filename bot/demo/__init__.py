"""The demo: the real bot in a sandbox of Discord (simcord), with a page of our own in the browser.

`world` says who and what there is, `sandbox` runs the bot in it, `views` and `catalog` say what a person sees there,
`actions` does what she does, `server` puts it on a loopback address, `page/` is the page. `seed` and `tour` fill it.
"""
