import Testing

@Suite struct ArrayFilesPlaceholder {}
