weft check tests/error/empty-table-header.yaml
