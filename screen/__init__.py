"""The screen server: boards and frames over HTTP and websockets."""
