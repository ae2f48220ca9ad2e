// The ArrayFiles library.
