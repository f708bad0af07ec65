"""Real servers for tests, each as processes on free ports of 127.0.0.1, ended with the test process at the latest."""
