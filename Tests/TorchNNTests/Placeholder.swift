import Testing

@Suite struct TorchNNPlaceholder {}
