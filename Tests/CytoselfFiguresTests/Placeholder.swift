import Testing

@Suite struct CytoselfFiguresPlaceholder {}
