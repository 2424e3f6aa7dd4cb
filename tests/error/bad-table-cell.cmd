weft check tests/error/bad-table-cell.yaml
