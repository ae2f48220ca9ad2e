// The CellImages library.
