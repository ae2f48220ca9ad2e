import Testing

@Suite struct CytoselfAnalysisPlaceholder {}
