"""Pictures: registered by the files that hold them, resized once, and served over HTTP."""
