// The CellData library.
