"""The ways to run livescreen: the command, the embedded stack, the simulator, the replay."""
