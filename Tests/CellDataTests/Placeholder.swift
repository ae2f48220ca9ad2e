import Testing

@Suite struct CellDataPlaceholder {}
