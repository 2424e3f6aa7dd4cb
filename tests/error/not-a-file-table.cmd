weft check tests/error/not-a-file-table.yaml
