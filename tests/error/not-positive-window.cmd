weft check tests/error/not-positive-window.yaml
