// The CytoselfFigures library.
