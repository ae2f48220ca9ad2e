import Testing

@Suite struct TorchPlaceholder {}
