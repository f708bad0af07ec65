"""What a stranger can do to the server by connections alone, and its bounds: how many, how slow, how large. Before any token is known."""
