// The TorchNN library.
