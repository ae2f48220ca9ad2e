import Testing

@Suite struct CytoselfModelPlaceholder {}
