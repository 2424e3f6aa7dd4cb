weft check tests/error/yaml-syntax-open-quote.yaml
