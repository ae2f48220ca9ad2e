import Testing

@Suite struct CellImagesPlaceholder {}
