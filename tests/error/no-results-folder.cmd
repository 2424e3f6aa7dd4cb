weft report tests/fixtures
