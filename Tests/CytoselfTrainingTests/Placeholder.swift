import Testing

@Suite struct CytoselfTrainingPlaceholder {}
