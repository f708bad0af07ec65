"""What tests of rooms share: events to send, a worker that folds them into a store, and a brute-force count of what must come out."""
