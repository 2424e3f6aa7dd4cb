weft check tests/error/bad-table-columns.yaml
