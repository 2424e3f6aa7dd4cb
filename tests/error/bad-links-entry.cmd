weft check tests/error/bad-links-entry.yaml
